package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func deletePasskey(ctx context.Context, c *call, in *api.DeletePasskeyInput) (*api.DeletePasskeyOutput, error) {
	return &api.DeletePasskeyOutput{}, c.administration().DeletePasskey(ctx, *in.PasskeyId, *in.Password)
}
