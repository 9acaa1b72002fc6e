package awsapi

import (
	"context"
	"slices"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func findGroups(ctx context.Context, _ *call, o *provision.Organization, in *api.FindGroupsInput) (*api.FindGroupsOutput, error) {
	found, err := o.FindGroups(ctx, directory.Search{
		Query: value(in.Query), States: enums[directory.State](in.States), SortBy: directory.SortBy(in.SortBy),
		Descending: yes(in.Descending), Offset: page(in.Offset), Limit: page(in.MaxResults),
	})
	if err != nil {
		return nil, err
	}
	var above []ids.Entry
	if in.MemberId != nil {
		list := make([]ids.Entry, len(found.Entries))
		for i := range found.Entries {
			list[i] = found.Entries[i].ID
		}
		if above, err = o.GroupsAbove(ctx, *in.MemberId, list); err != nil {
			return nil, err
		}
	}
	out := make([]api.FoundGroup, len(found.Entries))
	for i := range found.Entries {
		e := &found.Entries[i]
		out[i] = api.FoundGroup{
			Id: text(string(e.ID)), Name: text(e.Name), Email: text(e.Email), State: api.EntityState(e.Shown()),
			EnabledDate: date(e.EnabledAt), DisabledDate: date(e.DisabledAt), Revision: e.Revision, Contains: slices.Contains(above, e.ID),
		}
	}
	return &api.FindGroupsOutput{Groups: out, Total: found.Total, Unfiltered: found.Unfiltered, More: found.More}, nil
}
