package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func setUpTotp(ctx context.Context, c *call, _ *api.SetUpTotpInput) (*api.SetUpTotpOutput, error) {
	secret, uri, err := c.administration().SetUpTOTP(ctx)
	if err != nil {
		return nil, err
	}
	return &api.SetUpTotpOutput{Secret: &secret, Uri: &uri}, nil
}
