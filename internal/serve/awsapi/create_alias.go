package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func createAlias(ctx context.Context, _ *call, o *provision.Organization, in *workmail.CreateAliasInput) (*workmail.CreateAliasOutput, error) {
	err := o.CreateAlias(ctx, *in.EntityId, *in.Alias)
	return &workmail.CreateAliasOutput{}, err
}
