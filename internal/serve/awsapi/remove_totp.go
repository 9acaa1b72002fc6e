package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func removeTotp(ctx context.Context, c *call, in *api.RemoveTotpInput) (*api.RemoveTotpOutput, error) {
	return &api.RemoveTotpOutput{}, c.administration().RemoveTOTP(ctx, *in.Password)
}
