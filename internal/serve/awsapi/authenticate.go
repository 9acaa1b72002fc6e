package awsapi

import (
	"context"
	"net/http"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
	"postroom/internal/wire/awsjson"
	"postroom/internal/wire/sigv4"
)

const (
	cookieName   = "postroom_session"
	regionHeader = "X-Postroom-Region"
	// adminHeader names whose page calls. A browser has one cookie for all its tabs:
	// the page of one administrator calls nothing in the session of another.
	adminHeader = "X-Postroom-Administrator"
	// polledHeader is in what a page asks again by itself, where nobody has acted
	// since the session was used: such a call is no use of it.
	polledHeader = "X-Postroom-Polled"
)

// authenticate finds out who calls and in which region: by the signature, else
// by the console's cookie. Operations that anyone may call need neither.
func (h *Handler) authenticate(ctx context.Context, c *call) error {
	if c.op.Role == api.RoleNone {
		return h.fromBrowser(c)
	}
	if len(c.request.Header["Authorization"]) == 0 {
		if token, ok := sessionToken(c.request); ok {
			return h.bySession(ctx, c, token)
		}
	}
	return h.bySignature(ctx, c)
}

func (h *Handler) bySignature(ctx context.Context, c *call) error {
	p, err := sigv4.Parse(c.request)
	if err != nil {
		return err
	}
	if err := p.Scope(service, h.names...); err != nil {
		return err
	}
	secret, actor, err := h.Auth.AccessKey(ctx, p.KeyID)
	switch {
	case errs.Is(err, errs.Unauthenticated):
		return h.verifier.Refuse(p, c.body, h.Clock.Now())
	case err != nil:
		return err
	}
	if err := h.verifier.Verify(p, secret, c.body, h.Clock.Now()); err != nil {
		return err
	}
	c.actor, c.region = actor.Via(head, c.remote), h.regions[p.Region]
	return nil
}

func (h *Handler) bySession(ctx context.Context, c *call, token string) error {
	if err := h.fromBrowser(c); err != nil {
		return err
	}
	session := h.Auth.AdminSession
	if c.request.Header.Get(polledHeader) != "" {
		session = h.Auth.PolledAdminSession
	}
	actor, err := session(ctx, token)
	if err != nil {
		return err
	}
	if whose := c.request.Header.Get(adminHeader); whose != "" && whose != string(actor.Admin()) {
		actor.Release()
		return errs.Say("awsapi.bySession", errs.Unauthenticated, errs.Session, "This browser is signed in as another administrator. Sign in again.")
	}
	c.actor, c.session = actor.Via(head, c.remote), true
	if c.op.Scope == api.ScopeDeployment {
		return nil
	}
	name := c.request.Header.Get(regionHeader)
	if c.region = h.regions[name]; c.region == nil {
		text := "This operation needs the header " + regionHeader + " with the region."
		if name != "" {
			text = "The region '" + printable(name) + "' is not served here."
		}
		return &refusal{validation, text, errs.Invalid}
	}
	return nil
}

// fromBrowser refuses what another site's page sent: by Sec-Fetch-Site and
// Origin, and by a content type that no form can have.
func (h *Handler) fromBrowser(c *call) error {
	if err := h.origins.Check(c.request); err != nil {
		return &refusal{accessDenied, "The call came from a page of another site.", errs.Denied}
	}
	t := c.request.Header.Get("Content-Type")
	if !strings.HasPrefix(t, "application/") || strings.HasPrefix(t, "application/x-www-form-urlencoded") {
		return &refusal{serialization, "The Content-Type must be " + awsjson.ContentType + ".", errs.Invalid}
	}
	return nil
}

func sessionToken(r *http.Request) (string, bool) {
	cookie, err := r.Cookie(cookieName)
	if err != nil || cookie.Value == "" {
		return "", false
	}
	return cookie.Value, true
}

// authorize decides by the role that the model gives the operation; whether the
// organization is one of the caller's, core decides when it is opened.
func (c *call) authorize() error {
	if allowed(c.op.Operation, c.actor) {
		return nil
	}
	return &refusal{accessDenied, "Administrator " + c.actor.Name() + " is not authorized to perform " + c.op.name + ".", errs.Denied}
}

// allowed is the matrix of roles and operations. What it does not know, nobody may.
func allowed(op *api.Operation, a auth.Actor) bool {
	if op.Role == api.RoleNone {
		return true
	}
	if a.Kind() != auth.Administrator || op.AllOrganizations && !a.AllOrgs() {
		return false
	}
	switch op.Role {
	case api.RoleFull:
		return !a.ReadOnly()
	case api.RoleRead, api.RoleSelf:
		return true
	}
	return false
}
