package awsapi

import (
	"context"
	"slices"

	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
)

func listRegions(ctx context.Context, c *call, _ *api.ListRegionsInput) (*api.ListRegionsOutput, error) {
	list, err := c.administration().ListRegions(ctx)
	if err != nil {
		return nil, err
	}
	place := func(r auth.RegionInfo) int {
		if i := slices.Index(c.h.Order, r.Name); i >= 0 {
			return i
		}
		return len(c.h.Order)
	}
	slices.SortStableFunc(list, func(a, b auth.RegionInfo) int { return place(a) - place(b) })
	out := make([]api.Region, 0, len(list)+len(c.h.Links))
	for _, r := range list {
		region := api.Region{Name: text(r.Name), Hosted: true, BaseDomain: text(c.h.BaseDomain), ClientSettings: c.h.Clients}
		if c.h.Console != "" {
			region.ConsoleUrl = text(c.h.Console + r.Name + "/")
		}
		out = append(out, region)
	}
	for _, l := range c.h.Links {
		out = append(out, api.Region{Name: text(l.Region), ConsoleUrl: text(l.ConsoleURL)})
	}
	return &api.ListRegionsOutput{Regions: out}, nil
}
