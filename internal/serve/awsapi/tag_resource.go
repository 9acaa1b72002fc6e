package awsapi

import (
	"context"

	"postroom/internal/core/org"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func tagResource(ctx context.Context, c *call, in *workmail.TagResourceInput) (*workmail.TagResourceOutput, error) {
	o, err := c.tagged(ctx, *in.ResourceARN)
	if err != nil {
		return nil, err
	}
	tags := make([]org.Tag, len(in.Tags))
	for i, t := range in.Tags {
		tags[i] = org.Tag{Key: *t.Key, Value: *t.Value}
	}
	return &workmail.TagResourceOutput{}, c.updateTags(ctx, o, nil, tags)
}
