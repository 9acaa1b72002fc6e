package awsapi

import (
	"context"

	"postroom/internal/core/access"
	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func putMailboxPermissions(ctx context.Context, c *call, o *provision.Organization, in *workmail.PutMailboxPermissionsInput) (*workmail.PutMailboxPermissionsOutput, error) {
	var r access.Rights
	for _, p := range in.PermissionValues {
		switch p {
		case types.PermissionTypeFullAccess:
			r.Full = true
		case types.PermissionTypeSendAs:
			r.SendAs = true
		case types.PermissionTypeSendOnBehalf:
			r.OnBehalf = true
		}
	}
	if err := o.Grants.PutMailboxPermissions(ctx, *in.EntityId, *in.GranteeId, r); err != nil {
		return nil, err
	}
	c.etag(o.Grants.Revision)
	return &workmail.PutMailboxPermissionsOutput{}, nil
}
