package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func findGroupMembers(ctx context.Context, c *call, o *provision.Organization, in *api.FindGroupMembersInput) (*api.FindGroupMembersOutput, error) {
	found, group, err := o.FindGroupMembers(ctx, *in.GroupId, directory.Related{Query: value(in.Query), Offset: page(in.Offset), Limit: page(in.MaxResults)})
	if err != nil {
		return nil, err
	}
	c.etag(group.Revision)
	return &api.FindGroupMembersOutput{Members: related(found.Entries), Total: found.Total}, nil
}

func related(list []directory.Entry) []api.RelatedEntry {
	out := make([]api.RelatedEntry, len(list))
	for i := range list {
		e := &list[i]
		out[i] = api.RelatedEntry{
			Id: text(string(e.ID)), Type: api.EntityType(e.Kind.String()), Name: text(e.Name), DisplayName: text(e.DisplayName), Email: text(e.Email),
			State: api.EntityState(e.Shown()),
		}
	}
	return out
}
