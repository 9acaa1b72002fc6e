package awsapi

import (
	"context"

	"postroom/internal/base/ids"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func listOrganizations(ctx context.Context, c *call, in *workmail.ListOrganizationsInput) (*workmail.ListOrganizationsOutput, error) {
	after, err := cursor('o', in.NextToken)
	if err != nil {
		return nil, err
	}
	list, next, err := c.door().ListOrganizations(ctx, ids.Org(after), pageOf(in.MaxResults))
	out := make([]types.OrganizationSummary, len(list))
	for i := range list {
		o := &list[i]
		out[i] = types.OrganizationSummary{
			OrganizationId: text(string(o.ID)), Alias: text(o.Alias), DefaultMailDomain: text(o.DefaultDomain),
			ErrorMessage: text(o.Error), State: text(string(o.State)),
		}
	}
	return &workmail.ListOrganizationsOutput{OrganizationSummaries: out, NextToken: token('o', string(next))}, err
}
