package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func registerMailDomain(ctx context.Context, _ *call, o *provision.Organization, in *workmail.RegisterMailDomainInput) (*workmail.RegisterMailDomainOutput, error) {
	err := o.Domains.RegisterMailDomain(ctx, *in.DomainName, value(in.ClientToken))
	return &workmail.RegisterMailDomainOutput{}, err
}
