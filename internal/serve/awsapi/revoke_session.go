package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func revokeSession(ctx context.Context, c *call, in *api.RevokeSessionInput) (*api.RevokeSessionOutput, error) {
	v := c.administration()
	id, err := c.administrator(ctx, v, in.AdministratorId)
	if err != nil {
		return nil, err
	}
	return &api.RevokeSessionOutput{}, v.RevokeSession(ctx, id, *in.SessionId)
}
