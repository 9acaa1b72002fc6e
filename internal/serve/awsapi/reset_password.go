package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func resetPassword(ctx context.Context, _ *call, o *provision.Organization, in *workmail.ResetPasswordInput) (*workmail.ResetPasswordOutput, error) {
	err := o.ResetPassword(ctx, *in.UserId, *in.Password)
	return &workmail.ResetPasswordOutput{}, err
}
