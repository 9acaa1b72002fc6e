package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func deregisterMailDomain(ctx context.Context, _ *call, o *provision.Organization, in *workmail.DeregisterMailDomainInput) (*workmail.DeregisterMailDomainOutput, error) {
	err := o.DeregisterMailDomain(ctx, *in.DomainName)
	return &workmail.DeregisterMailDomainOutput{}, err
}
