package awsapi

import (
	"context"

	"postroom/internal/core/access"
	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func listMailboxPermissions(ctx context.Context, c *call, o *provision.Organization, in *workmail.ListMailboxPermissionsInput) (*workmail.ListMailboxPermissionsOutput, error) {
	list, owner, next, err := o.Grants.ListMailboxPermissions(ctx, *in.EntityId, value(in.NextToken), page(in.MaxResults))
	if err != nil {
		return nil, err
	}
	c.etag(owner.GrantsRevision)
	out := make([]types.Permission, len(list))
	for i := range list {
		out[i] = types.Permission{
			GranteeId: text(string(list[i].Grantee)), GranteeType: types.MemberType(list[i].To.Kind.String()), PermissionValues: permissions(list[i].Rights),
		}
	}
	return &workmail.ListMailboxPermissionsOutput{Permissions: out, NextToken: text(next)}, nil
}

func permissions(r access.Rights) []types.PermissionType {
	list := []types.PermissionType{}
	if r.Full {
		list = append(list, types.PermissionTypeFullAccess)
	}
	if r.SendAs {
		list = append(list, types.PermissionTypeSendAs)
	}
	if r.OnBehalf {
		list = append(list, types.PermissionTypeSendOnBehalf)
	}
	return list
}
