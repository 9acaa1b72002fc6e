package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func registerToWorkMail(ctx context.Context, _ *call, o *provision.Organization, in *workmail.RegisterToWorkMailInput) (*workmail.RegisterToWorkMailOutput, error) {
	err := o.RegisterToWorkMail(ctx, *in.EntityId, *in.Email)
	return &workmail.RegisterToWorkMailOutput{}, err
}
