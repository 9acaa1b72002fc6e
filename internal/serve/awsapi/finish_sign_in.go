package awsapi

import (
	"context"

	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
)

// finishSignIn opens the session of a sign-in that asked for a second factor.
func finishSignIn(ctx context.Context, c *call, in *api.FinishSignInInput) (*api.FinishSignInOutput, error) {
	proof := auth.SecondProof{Code: value(in.Code), RecoveryCode: value(in.RecoveryCode), Passkey: value(in.Passkey)}
	s, err := c.h.Auth.FinishSignIn(ctx, *in.Challenge, proof, c.browser())
	if err != nil {
		return nil, err
	}
	c.opened(&s)
	return &api.FinishSignInOutput{
		AdministratorId: text(string(s.Actor.Admin())), Name: text(s.Actor.Name()), Role: api.AdministratorRole(s.Actor.Rights().Role), ExpiresDate: date(s.Expires),
		RecoveryCodesLeft: int64(s.Codes),
	}, nil
}
