package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func getMailDomain(ctx context.Context, c *call, o *provision.Organization, in *workmail.GetMailDomainInput) (*workmail.GetMailDomainOutput, error) {
	d, isDefault, records, err := o.Domains.GetMailDomain(ctx, *in.DomainName)
	if err != nil {
		return nil, err
	}
	c.etag(d.Revision)
	out := make([]types.DnsRecord, len(records))
	for i := range records {
		r := &records[i]
		out[i] = types.DnsRecord{Type: &r.Type, Hostname: &r.Hostname, Value: &r.Value}
	}
	return &workmail.GetMailDomainOutput{
		Records: out, IsTestDomain: d.Test, IsDefault: isDefault,
		OwnershipVerificationStatus: types.DnsRecordVerificationStatus(d.State),
		DkimVerificationStatus:      types.DnsRecordVerificationStatusPending, // nothing signs yet
	}, nil
}
