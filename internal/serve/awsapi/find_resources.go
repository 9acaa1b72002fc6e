package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func findResources(ctx context.Context, _ *call, o *provision.Organization, in *api.FindResourcesInput) (*api.FindResourcesOutput, error) {
	found, err := o.FindResources(ctx, directory.Search{
		Query: value(in.Query), States: enums[directory.State](in.States), SortBy: directory.SortBy(in.SortBy),
		Descending: yes(in.Descending), Offset: page(in.Offset), Limit: page(in.MaxResults),
	})
	out := make([]api.FoundResource, len(found.Entries))
	for i := range found.Entries {
		e := &found.Entries[i]
		out[i] = api.FoundResource{
			Id: text(string(e.ID)), Name: text(e.Name), Email: text(e.Email), Type: api.ResourceType(e.ResourceType),
			State: api.EntityState(e.Shown()), EnabledDate: date(e.EnabledAt), DisabledDate: date(e.DisabledAt), Description: text(e.Description), Revision: e.Revision,
		}
	}
	return &api.FindResourcesOutput{Resources: out, Total: found.Total, Unfiltered: found.Unfiltered, More: found.More}, err
}
