package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func updateAccessKey(ctx context.Context, c *call, in *api.UpdateAccessKeyInput) (*api.UpdateAccessKeyOutput, error) {
	v := c.administration()
	owner, err := v.AccessKeyOwner(ctx, *in.AccessKeyId)
	if err != nil {
		return nil, err
	}
	return &api.UpdateAccessKeyOutput{}, v.UpdateAccessKey(ctx, owner, *in.AccessKeyId, in.Status == api.AccessKeyStatusActive)
}
