package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func deleteAlias(ctx context.Context, _ *call, o *provision.Organization, in *workmail.DeleteAliasInput) (*workmail.DeleteAliasOutput, error) {
	err := o.DeleteAlias(ctx, *in.EntityId, *in.Alias)
	return &workmail.DeleteAliasOutput{}, err
}
