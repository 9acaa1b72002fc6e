package imap

import (
	"postroom/internal/base/errs"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// login is RFC 3501 §6.2.3, over TLS only.
func (x *session) login(c *wire.Command) (reply, error) {
	if !x.secure {
		return reply{}, needsTLS()
	}
	a := c.Args.(*wire.Login)
	return x.signIn(a.Username, a.Password)
}

func needsTLS() error { return sayNO(wire.CodePrivacyRequired, "Sign in over TLS: use STARTTLS first") }

// signIn proves the user and opens the mailbox. Whatever was wrong about name
// or password, the answer is the same.
func (x *session) signIn(name, password string) (reply, error) {
	actor, err := x.srv.cfg.SignIn.SignIn(x.ctx, auth.Attempt{Name: name, Password: password, Head: "imap", Remote: x.remote, ServerName: x.sni})
	switch {
	case errs.Is(err, errs.Unauthenticated):
		if x.bad++; x.bad >= min(maxSignIns, x.srv.cfg.BadCommands) {
			x.depart(goodbye{"sign-ins", "", "Too many failed sign-ins"})
		}
		return reply{}, sayNO(wire.CodeAuthFailed, "Name or password is wrong, or the user may not sign in")
	case err != nil:
		return reply{}, err
	}
	region, ok := x.srv.cfg.Region(actor.Region())
	if !ok {
		actor.Release()
		return reply{}, sayNO(wire.CodeUnavailable, "This server does not serve the mailbox's region")
	}
	view := region.Mailboxes.For(actor)
	own, err := view.Own(x.ctx)
	if err != nil {
		actor.Release()
		return reply{}, err
	}
	if !x.srv.enter(actor) {
		actor.Release()
		return reply{}, sayNO(wire.CodeLimit, "The user has too many connections open")
	}
	x.signedIn(actor, region, view, own)
	x.log().Info("imap sign-in", "org", string(actor.Org()), "entry", string(actor.Entry()))
	return reply{code: wire.CodeCapability(x.capabilities()), text: "Signed in"}, nil
}

func (x *session) signedIn(actor auth.Actor, region Region, view *mailbox.View, own *mailbox.Mailbox) {
	x.actor, x.region, x.view, x.own = actor, region, view, own
	x.state, x.bad = wire.Authenticated, 0
	x.dec.SetLimits(wire.LimitsAfterLogin(x.srv.cfg.MaxMessage))
	x.raw.setRead(x.srv.cfg.IdleTimeout, noEnd)
	x.unguarded = actor.OnDone(func() { x.end(goodbyeRevoked) })
}
