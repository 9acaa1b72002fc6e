package awsapi

import (
	"context"

	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
)

func listPasskeys(ctx context.Context, c *call, in *api.ListPasskeysInput) (*api.ListPasskeysOutput, error) {
	f, err := c.secondFactors(ctx, in.AdministratorId)
	if err != nil {
		return nil, err
	}
	return &api.ListPasskeysOutput{Passkeys: passkeysOf(f.Passkeys)}, nil
}

// secondFactors are those of an administrator, or of the caller.
func (c *call) secondFactors(ctx context.Context, admin *string) (auth.Factors, error) {
	v := c.administration()
	id, err := c.administrator(ctx, v, admin)
	if err != nil {
		return auth.Factors{}, err
	}
	return v.SecondFactors(ctx, id)
}

// passkeysOf are few: core bounds how many there are.
func passkeysOf(list []auth.Passkey) []api.Passkey {
	out := make([]api.Passkey, len(list))
	for i, k := range list {
		out[i] = api.Passkey{PasskeyId: text(k.ID), Name: text(k.Name), CreatedDate: date(k.Created), LastUsedDate: date(k.Used)}
	}
	return out
}
