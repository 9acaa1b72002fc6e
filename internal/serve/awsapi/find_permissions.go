package awsapi

import (
	"context"

	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func findPermissions(ctx context.Context, c *call, o *provision.Organization, in *api.FindPermissionsInput) (*api.FindPermissionsOutput, error) {
	list, owner, next, err := o.Grants.ListMailboxPermissions(ctx, *in.EntityId, value(in.NextToken), page(in.MaxResults))
	if err != nil {
		return nil, err
	}
	c.etag(owner.GrantsRevision)
	out := make([]api.GivenPermission, len(list))
	for i := range list {
		g := &list[i]
		out[i] = api.GivenPermission{
			GranteeId: text(string(g.To.ID)), GranteeType: api.EntityType(g.To.Kind.String()), GranteeName: text(g.To.Name),
			DisplayName: text(g.To.DisplayName), Email: text(g.To.Email), State: api.EntityState(g.To.Shown()),
			PermissionValues: enums[api.PermissionType](permissions(g.Rights)),
		}
	}
	return &api.FindPermissionsOutput{Permissions: out, NextToken: text(next)}, nil
}
