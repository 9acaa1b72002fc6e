package awsapi

import (
	"context"
	"net/http"
	"time"

	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
)

// signIn opens a session of the console. Its token is in the cookie alone, which
// no script reads and no other site's page sends.
func signIn(ctx context.Context, c *call, in *api.SignInInput) (*api.SignInOutput, error) {
	actor, token, expires, err := c.h.Auth.AdminSignIn(ctx, *in.Username, *in.Password, auth.Browser{Remote: c.remote, Agent: c.request.UserAgent()})
	if err != nil {
		return nil, err
	}
	c.actor = actor
	c.setCookie(token, expires)
	return &api.SignInOutput{
		AdministratorId: text(string(actor.Admin())), Name: text(actor.Name()), Role: api.AdministratorRole(actor.Rights().Role), ExpiresDate: date(expires),
	}, nil
}

func (c *call) setCookie(token string, expires time.Time) {
	cookie := &http.Cookie{
		Name: cookieName, Value: token, Path: "/", Expires: expires, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: c.request.TLS != nil,
	}
	if token == "" {
		cookie.MaxAge = -1
	}
	c.answer.Add("Set-Cookie", cookie.String())
}
