package awsapi

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func untagResource(ctx context.Context, c *call, in *workmail.UntagResourceInput) (*workmail.UntagResourceOutput, error) {
	o, err := c.tagged(ctx, *in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &workmail.UntagResourceOutput{}, c.updateTags(ctx, o, in.TagKeys, nil)
}
