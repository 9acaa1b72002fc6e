package awsapi

import (
	"context"

	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
)

// changePassword is the mail users' own door: the old password proves who it is.
func changePassword(ctx context.Context, c *call, in *api.ChangePasswordInput) (*api.ChangePasswordOutput, error) {
	attempt := auth.Attempt{Name: *in.Username, Password: *in.OldPassword, Head: head, Remote: c.remote}
	if t := c.request.TLS; t != nil {
		attempt.ServerName = t.ServerName
	}
	err := c.h.Auth.ChangePassword(ctx, attempt, *in.NewPassword)
	return &api.ChangePasswordOutput{}, err
}
