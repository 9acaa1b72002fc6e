package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func listAccessKeys(ctx context.Context, c *call, in *api.ListAccessKeysInput) (*api.ListAccessKeysOutput, error) {
	after, err := cursor('k', in.NextToken)
	if err != nil {
		return nil, err
	}
	v := c.administration()
	id, err := c.administrator(ctx, v, in.AdministratorId)
	if err != nil {
		return nil, err
	}
	list, err := v.ListAccessKeys(ctx, id) // few: core bounds how many there are
	if err != nil {
		return nil, err
	}
	out, next := []api.AccessKey{}, ""
	for i := range list {
		if list[i].ID <= after {
			continue
		}
		if len(out) == pageOf(in.MaxResults) {
			next = *out[len(out)-1].AccessKeyId
			break
		}
		out = append(out, accessKeyOf(&list[i]))
	}
	return &api.ListAccessKeysOutput{AccessKeys: out, NextToken: token('k', next)}, nil
}
