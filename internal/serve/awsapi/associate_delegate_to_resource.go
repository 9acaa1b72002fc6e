package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func associateDelegateToResource(ctx context.Context, c *call, o *provision.Organization, in *workmail.AssociateDelegateToResourceInput) (*workmail.AssociateDelegateToResourceOutput, error) {
	if err := o.AssociateDelegateToResource(ctx, *in.ResourceId, *in.EntityId); err != nil {
		return nil, err
	}
	c.etag(o.Revision)
	return &workmail.AssociateDelegateToResourceOutput{}, nil
}
