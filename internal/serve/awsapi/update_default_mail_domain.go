package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func updateDefaultMailDomain(ctx context.Context, _ *call, o *provision.Organization, in *workmail.UpdateDefaultMailDomainInput) (*workmail.UpdateDefaultMailDomainOutput, error) {
	err := o.Domains.UpdateDefaultMailDomain(ctx, *in.DomainName)
	return &workmail.UpdateDefaultMailDomainOutput{}, err
}
