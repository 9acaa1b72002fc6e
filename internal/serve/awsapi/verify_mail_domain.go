package awsapi

import (
	"context"

	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func verifyMailDomain(ctx context.Context, _ *call, o *provision.Organization, in *api.VerifyMailDomainInput) (*api.VerifyMailDomainOutput, error) {
	d, err := o.Domains.CheckMailDomain(ctx, *in.DomainName)
	return &api.VerifyMailDomainOutput{OwnershipVerificationStatus: api.DnsRecordVerificationStatus(d.State)}, err
}
