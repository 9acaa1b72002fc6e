package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func deleteUser(ctx context.Context, _ *call, o *provision.Organization, in *workmail.DeleteUserInput) (*workmail.DeleteUserOutput, error) {
	err := o.DeleteUser(ctx, *in.UserId)
	return &workmail.DeleteUserOutput{}, err
}
