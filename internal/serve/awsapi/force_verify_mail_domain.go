package awsapi

import (
	"context"

	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func forceVerifyMailDomain(ctx context.Context, _ *call, o *provision.Organization, in *api.ForceVerifyMailDomainInput) (*api.ForceVerifyMailDomainOutput, error) {
	err := o.Domains.ForceMailDomain(ctx, *in.DomainName)
	return &api.ForceVerifyMailDomainOutput{}, err
}
