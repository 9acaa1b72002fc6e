package awsapi

import (
	"context"

	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func checkEmailAddress(ctx context.Context, _ *call, o *provision.Organization, in *api.CheckEmailAddressInput) (*api.CheckEmailAddressOutput, error) {
	problem, holder, err := o.CheckEmailAddress(ctx, *in.Email)
	return &api.CheckEmailAddressOutput{Problem: text(problem), EntityId: text(string(holder))}, err
}
