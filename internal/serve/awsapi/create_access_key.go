package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func createAccessKey(ctx context.Context, c *call, in *api.CreateAccessKeyInput) (*api.CreateAccessKeyOutput, error) {
	v := c.administration()
	id, err := c.administrator(ctx, v, in.AdministratorId)
	if err != nil {
		return nil, err
	}
	k, secret, err := v.CreateAccessKey(ctx, id)
	if err != nil {
		return nil, err
	}
	return &api.CreateAccessKeyOutput{
		AccessKeyId: &k.ID, AdministratorId: text(string(k.Admin)), CreatedDate: date(k.Created), SecretAccessKey: &secret, Status: keyStatus(k.Active),
	}, nil
}
