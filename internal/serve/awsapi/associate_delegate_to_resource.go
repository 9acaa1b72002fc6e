package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func associateDelegateToResource(ctx context.Context, _ *call, o *provision.Organization, in *workmail.AssociateDelegateToResourceInput) (*workmail.AssociateDelegateToResourceOutput, error) {
	err := o.AssociateDelegateToResource(ctx, *in.ResourceId, *in.EntityId)
	return &workmail.AssociateDelegateToResourceOutput{}, err
}
