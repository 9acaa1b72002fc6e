package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func updateGroup(ctx context.Context, _ *call, o *provision.Organization, in *workmail.UpdateGroupInput) (*workmail.UpdateGroupOutput, error) {
	_, err := o.UpdateGroup(ctx, *in.GroupId, in.HiddenFromGlobalAddressList)
	return &workmail.UpdateGroupOutput{}, err
}
