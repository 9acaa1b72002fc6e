package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func deleteMailboxPermissions(ctx context.Context, _ *call, o *provision.Organization, in *workmail.DeleteMailboxPermissionsInput) (*workmail.DeleteMailboxPermissionsOutput, error) {
	err := o.Grants.DeleteMailboxPermissions(ctx, *in.EntityId, *in.GranteeId)
	return &workmail.DeleteMailboxPermissionsOutput{}, err
}
