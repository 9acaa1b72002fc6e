package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func deregisterFromWorkMail(ctx context.Context, _ *call, o *provision.Organization, in *workmail.DeregisterFromWorkMailInput) (*workmail.DeregisterFromWorkMailOutput, error) {
	err := o.DeregisterFromWorkMail(ctx, *in.EntityId)
	return &workmail.DeregisterFromWorkMailOutput{}, err
}
