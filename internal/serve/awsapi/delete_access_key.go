package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func deleteAccessKey(ctx context.Context, c *call, in *api.DeleteAccessKeyInput) (*api.DeleteAccessKeyOutput, error) {
	v := c.administration()
	owner, err := v.AccessKeyOwner(ctx, *in.AccessKeyId)
	if err != nil {
		return nil, err
	}
	return &api.DeleteAccessKeyOutput{}, v.DeleteAccessKey(ctx, owner, *in.AccessKeyId)
}
