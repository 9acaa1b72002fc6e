package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func findGroups(ctx context.Context, _ *call, o *provision.Organization, in *api.FindGroupsInput) (*api.FindGroupsOutput, error) {
	found, err := o.FindGroups(ctx, directory.Search{
		Query: value(in.Query), States: enums[directory.State](in.States), SortBy: directory.SortBy(in.SortBy),
		Descending: yes(in.Descending), Offset: page(in.Offset), Limit: page(in.MaxResults),
	})
	out := make([]api.FoundGroup, len(found.Entries))
	for i := range found.Entries {
		e := &found.Entries[i]
		out[i] = api.FoundGroup{
			Id: text(string(e.ID)), Name: text(e.Name), Email: text(e.Email), State: api.EntityState(e.Shown()),
			EnabledDate: date(e.EnabledAt), DisabledDate: date(e.DisabledAt), Revision: e.Revision,
		}
	}
	return &api.FindGroupsOutput{Groups: out, Total: found.Total, More: found.More}, err
}
