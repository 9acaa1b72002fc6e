package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func listAliases(ctx context.Context, _ *call, o *provision.Organization, in *workmail.ListAliasesInput) (*workmail.ListAliasesOutput, error) {
	list, next, err := o.ListAliases(ctx, *in.EntityId, value(in.NextToken), page(in.MaxResults))
	if list == nil {
		list = []string{}
	}
	return &workmail.ListAliasesOutput{Aliases: list, NextToken: text(next)}, err
}
