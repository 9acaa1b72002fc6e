package awsapi

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func listTagsForResource(ctx context.Context, c *call, in *workmail.ListTagsForResourceInput) (*workmail.ListTagsForResourceOutput, error) {
	o, err := c.tagged(ctx, *in.ResourceARN)
	if err != nil {
		return nil, err
	}
	list, revision, err := o.Domains.Tags(ctx)
	if err != nil {
		return nil, err
	}
	c.etag(revision)
	out := make([]types.Tag, len(list))
	for i := range list {
		out[i] = types.Tag{Key: &list[i].Key, Value: &list[i].Value}
	}
	return &workmail.ListTagsForResourceOutput{Tags: out}, nil
}
