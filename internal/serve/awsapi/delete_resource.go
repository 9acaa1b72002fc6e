package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func deleteResource(ctx context.Context, _ *call, o *provision.Organization, in *workmail.DeleteResourceInput) (*workmail.DeleteResourceOutput, error) {
	err := o.DeleteResource(ctx, *in.ResourceId)
	return &workmail.DeleteResourceOutput{}, err
}
