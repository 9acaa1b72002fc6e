package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func finishPasskey(ctx context.Context, c *call, in *api.FinishPasskeyInput) (*api.FinishPasskeyOutput, error) {
	k, codes, err := c.administration().FinishPasskey(ctx, *in.Name, *in.Response)
	if err != nil {
		return nil, err
	}
	return &api.FinishPasskeyOutput{PasskeyId: &k.ID, RecoveryCodes: listOf(codes)}, nil
}
