package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func resetSecondFactor(ctx context.Context, c *call, in *api.ResetSecondFactorInput) (*api.ResetSecondFactorOutput, error) {
	v := c.administration()
	id, err := c.administrator(ctx, v, in.AdministratorId)
	if err != nil {
		return nil, err
	}
	_, err = v.ResetSecondFactor(ctx, id)
	return &api.ResetSecondFactorOutput{}, err
}
