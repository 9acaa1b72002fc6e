package awsapi

import (
	"context"

	"postroom/internal/core/org"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func findMailDomains(ctx context.Context, _ *call, o *provision.Organization, in *api.FindMailDomainsInput) (*api.FindMailDomainsOutput, error) {
	found, err := o.Domains.FindMailDomains(ctx, org.DomainSearch{
		Query: value(in.Query), States: enums[org.DomainState](in.States), Descending: yes(in.Descending), Offset: page(in.Offset), Limit: page(in.MaxResults),
	})
	if err != nil {
		return nil, err
	}
	out := make([]api.FoundMailDomain, len(found.Domains))
	for i := range found.Domains {
		d := &found.Domains[i]
		out[i] = api.FoundMailDomain{
			DomainName: text(d.Name), State: api.DnsRecordVerificationStatus(d.State), IsDefault: d.Name == found.Default, IsTestDomain: d.Test,
			CreatedDate: date(d.Created), VerifiedDate: date(d.VerifiedAt), CheckedDate: date(d.Checked), Revision: d.Revision,
		}
	}
	return &api.FindMailDomainsOutput{MailDomains: out, Total: int64(found.Total), Unfiltered: int64(found.Unfiltered)}, nil
}
