package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func beginPasskey(ctx context.Context, c *call, _ *api.BeginPasskeyInput) (*api.BeginPasskeyOutput, error) {
	options, err := c.administration().BeginPasskey(ctx)
	if err != nil {
		return nil, err
	}
	return &api.BeginPasskeyOutput{Options: &options}, nil
}
