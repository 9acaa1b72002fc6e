package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func changeOwnPassword(ctx context.Context, c *call, in *api.ChangeOwnPasswordInput) (*api.ChangeOwnPasswordOutput, error) {
	err := c.administration().ChangeOwnPassword(ctx, *in.OldPassword, *in.NewPassword)
	return &api.ChangeOwnPasswordOutput{}, err
}
