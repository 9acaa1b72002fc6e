package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func disassociateDelegateFromResource(ctx context.Context, c *call, o *provision.Organization, in *workmail.DisassociateDelegateFromResourceInput) (*workmail.DisassociateDelegateFromResourceOutput, error) {
	if err := o.DisassociateDelegateFromResource(ctx, *in.ResourceId, *in.EntityId); err != nil {
		return nil, err
	}
	c.etag(o.Revision)
	return &workmail.DisassociateDelegateFromResourceOutput{}, nil
}
