package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func deleteGroup(ctx context.Context, _ *call, o *provision.Organization, in *workmail.DeleteGroupInput) (*workmail.DeleteGroupOutput, error) {
	err := o.DeleteGroup(ctx, *in.GroupId)
	return &workmail.DeleteGroupOutput{}, err
}
