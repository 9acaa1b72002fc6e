package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func confirmTotp(ctx context.Context, c *call, in *api.ConfirmTotpInput) (*api.ConfirmTotpOutput, error) {
	codes, err := c.administration().ConfirmTOTP(ctx, *in.Code)
	if err != nil {
		return nil, err
	}
	return &api.ConfirmTotpOutput{RecoveryCodes: listOf(codes)}, nil
}

// listOf is a list of an answer: empty, not absent.
func listOf(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
