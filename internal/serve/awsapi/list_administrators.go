package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func listAdministrators(ctx context.Context, c *call, in *api.ListAdministratorsInput) (*api.ListAdministratorsOutput, error) {
	after, err := cursor('a', in.NextToken)
	if err != nil {
		return nil, err
	}
	list, next, err := c.administration().ListAdministrators(ctx, after, page(in.MaxResults))
	out := make([]api.Administrator, len(list))
	for i := range list {
		out[i] = administratorOf(&list[i])
	}
	return &api.ListAdministratorsOutput{Administrators: out, NextToken: token('a', next)}, err
}
