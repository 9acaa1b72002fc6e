package awsapi

import (
	"context"
	"net/http"
	"time"

	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
)

// signIn opens a session of the console, or asks for the second factor. The
// session's token is in the cookie alone, which no script reads and no other
// site's page sends.
func signIn(ctx context.Context, c *call, in *api.SignInInput) (*api.SignInOutput, error) {
	s, err := c.h.Auth.AdminSignIn(ctx, *in.Username, *in.Password, c.browser())
	if err != nil {
		return nil, err
	}
	if len(s.Factors) > 0 {
		return &api.SignInOutput{SecondFactor: factorsOf(s.Factors), Challenge: text(s.Challenge), PasskeyOptions: text(s.PasskeyOptions)}, nil
	}
	c.opened(&s)
	return &api.SignInOutput{
		AdministratorId: text(string(s.Actor.Admin())), Name: text(s.Actor.Name()), Role: api.AdministratorRole(s.Actor.Rights().Role), ExpiresDate: date(s.Expires),
		SecondFactor: []api.SecondFactor{},
	}, nil
}

// browser is where the call comes from.
func (c *call) browser() auth.Browser {
	return auth.Browser{Remote: c.remote, Agent: c.request.UserAgent()}
}

// opened makes the call one of the session that it opened.
func (c *call) opened(s *auth.SignedIn) {
	c.actor = s.Actor
	c.setCookie(s.Token, s.Expires)
}

func factorsOf(list []auth.Factor) []api.SecondFactor {
	out := make([]api.SecondFactor, len(list))
	for i, f := range list {
		out[i] = api.SecondFactor(f)
	}
	return out
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
