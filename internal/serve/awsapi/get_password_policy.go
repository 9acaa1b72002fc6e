package awsapi

import (
	"context"

	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func getPasswordPolicy(ctx context.Context, _ *call, o *provision.Organization, in *api.GetPasswordPolicyInput) (*api.GetPasswordPolicyOutput, error) {
	p, err := o.PasswordPolicy(ctx, value(in.UserId))
	return &api.GetPasswordPolicyOutput{
		Known: p.Known, Name: text(p.Name), MinLength: int64(p.MinLength), MaxLength: int64(p.MaxLength), Complexity: p.Complexity, History: int64(p.History),
		MinAgeSeconds: int64(p.MinAge.Seconds()), MaxAgeSeconds: int64(p.MaxAge.Seconds()), LockAfter: int64(p.LockAfter), Writable: p.Writable,
		NoPassword: p.NoPassword,
	}, err
}
