package awsapi

import (
	"context"

	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func listHeldPermissions(ctx context.Context, _ *call, o *provision.Organization, in *api.ListHeldPermissionsInput) (*api.ListHeldPermissionsOutput, error) {
	list, next, err := o.Grants.ListHeldPermissions(ctx, *in.EntityId, value(in.NextToken), page(in.MaxResults))
	if err != nil {
		return nil, err
	}
	out := make([]api.HeldPermission, len(list))
	for i := range list {
		h := &list[i]
		out[i] = api.HeldPermission{
			EntityId: text(string(h.Owner.ID)), EntityName: text(h.Owner.Name), DisplayName: text(h.Owner.DisplayName),
			EntityType: api.EntityType(h.Owner.Kind.String()), Email: text(h.Owner.Email), State: api.EntityState(h.Owner.Shown()),
			GranteeId: text(string(h.To.ID)), GranteeName: text(h.To.Name),
		}
		for _, p := range permissions(h.Rights) {
			out[i].PermissionValues = append(out[i].PermissionValues, api.PermissionType(p))
		}
	}
	return &api.ListHeldPermissionsOutput{Permissions: out, NextToken: text(next)}, nil
}
