package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func listMailDomains(ctx context.Context, _ *call, o *provision.Organization, in *workmail.ListMailDomainsInput) (*workmail.ListMailDomainsOutput, error) {
	after, err := cursor('d', in.NextToken)
	if err != nil {
		return nil, err
	}
	list, def, next, err := o.Domains.ListMailDomains(ctx, after, pageOf(in.MaxResults))
	out := make([]types.MailDomainSummary, len(list))
	for i := range list {
		out[i] = types.MailDomainSummary{DomainName: &list[i].Name, DefaultDomain: list[i].Name == def}
	}
	return &workmail.ListMailDomainsOutput{MailDomains: out, NextToken: token('d', next)}, err
}
