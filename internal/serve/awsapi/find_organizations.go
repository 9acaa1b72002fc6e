package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func findOrganizations(ctx context.Context, c *call, _ *api.FindOrganizationsInput) (*api.FindOrganizationsOutput, error) {
	list, err := c.door().FindOrganizations(ctx)
	out := make([]api.FoundOrganization, len(list))
	for i := range list {
		o := &list[i]
		out[i] = api.FoundOrganization{
			OrganizationId: text(string(o.ID)), Alias: text(o.Alias), DefaultMailDomain: text(o.DefaultDomain),
			ErrorMessage: text(o.Error), State: text(string(o.State)), EnabledUsers: o.EnabledUsers,
		}
	}
	return &api.FindOrganizationsOutput{Organizations: out}, err
}
