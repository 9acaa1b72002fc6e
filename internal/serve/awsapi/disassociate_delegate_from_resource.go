package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func disassociateDelegateFromResource(ctx context.Context, _ *call, o *provision.Organization, in *workmail.DisassociateDelegateFromResourceInput) (*workmail.DisassociateDelegateFromResourceOutput, error) {
	err := o.DisassociateDelegateFromResource(ctx, *in.ResourceId, *in.EntityId)
	return &workmail.DisassociateDelegateFromResourceOutput{}, err
}
