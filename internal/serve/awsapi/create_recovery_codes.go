package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func createRecoveryCodes(ctx context.Context, c *call, in *api.CreateRecoveryCodesInput) (*api.CreateRecoveryCodesOutput, error) {
	codes, err := c.administration().CreateRecoveryCodes(ctx, *in.Password)
	if err != nil {
		return nil, err
	}
	return &api.CreateRecoveryCodesOutput{RecoveryCodes: codes}, nil
}
