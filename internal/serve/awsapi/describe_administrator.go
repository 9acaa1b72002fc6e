package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func describeAdministrator(ctx context.Context, c *call, in *api.DescribeAdministratorInput) (*api.DescribeAdministratorOutput, error) {
	v := c.administration()
	id, err := c.administrator(ctx, v, in.AdministratorId)
	if err != nil {
		return nil, err
	}
	a, err := v.DescribeAdministrator(ctx, id)
	if err != nil {
		return nil, err
	}
	c.etag(a.Revision)
	out := api.DescribeAdministratorOutput(administratorOf(&a))
	return &out, nil
}
