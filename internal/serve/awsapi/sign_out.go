package awsapi

import (
	"context"
	"time"

	"postroom/internal/serve/awsapi/api"
)

// signOut ends the session that the call was made in; a signed call has none.
func signOut(ctx context.Context, c *call, _ *api.SignOutInput) (*api.SignOutOutput, error) {
	if !c.session {
		return &api.SignOutOutput{}, nil
	}
	if err := c.h.Auth.SignOut(ctx, c.actor); err != nil {
		return nil, err
	}
	c.setCookie("", time.Time{})
	return &api.SignOutOutput{}, nil
}
