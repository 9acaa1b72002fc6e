package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func deleteAdministrator(ctx context.Context, c *call, in *api.DeleteAdministratorInput) (*api.DeleteAdministratorOutput, error) {
	v := c.administration()
	id, err := c.administrator(ctx, v, in.AdministratorId)
	if err != nil {
		return nil, err
	}
	return &api.DeleteAdministratorOutput{}, v.DeleteAdministrator(ctx, id)
}
