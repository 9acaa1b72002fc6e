package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func updatePrimaryEmailAddress(ctx context.Context, _ *call, o *provision.Organization, in *workmail.UpdatePrimaryEmailAddressInput) (*workmail.UpdatePrimaryEmailAddressOutput, error) {
	err := o.UpdatePrimaryEmailAddress(ctx, *in.EntityId, *in.Email)
	return &workmail.UpdatePrimaryEmailAddressOutput{}, err
}
