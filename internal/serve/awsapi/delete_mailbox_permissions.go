package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func deleteMailboxPermissions(ctx context.Context, c *call, o *provision.Organization, in *workmail.DeleteMailboxPermissionsInput) (*workmail.DeleteMailboxPermissionsOutput, error) {
	if err := o.Grants.DeleteMailboxPermissions(ctx, *in.EntityId, *in.GranteeId); err != nil {
		return nil, err
	}
	c.etag(o.Grants.Revision)
	return &workmail.DeleteMailboxPermissionsOutput{}, nil
}
