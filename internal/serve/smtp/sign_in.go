package smtp

import (
	"bytes"
	"encoding/base64"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/core/auth"
)

const maxAuthTries = 3

// doAuth is AUTH PLAIN and AUTH LOGIN (RFC 4954, RFC 4616).
func (c *conn) doAuth(rest string) {
	switch {
	case c.s.Port == MX:
		c.refuse("AUTH", answer{502, "5.5.1", "Nobody signs in on this port, use submission"})
		return
	case !c.secure:
		c.refuse("AUTH", answer{538, "5.7.11", "Say STARTTLS first"})
		return
	case c.helo == "":
		c.refuse("AUTH", out("Say EHLO first"))
		return
	case c.view != nil:
		c.refuse("AUTH", out("You are signed in already"))
		return
	case c.mail.open:
		c.refuse("AUTH", out("Not while a message is under way"))
		return
	}
	mechanism, initial, has := strings.Cut(rest, " ")
	var name, password string
	var bad *answer
	switch strings.ToUpper(mechanism) {
	case "PLAIN":
		name, password, bad = c.plain(initial, has)
	case "LOGIN":
		name, password, bad = c.login(initial, has)
	default:
		bad = &answer{504, "5.5.4", "The mechanisms are PLAIN and LOGIN"}
	}
	switch {
	case c.quit:
	case bad != nil:
		c.refuse("AUTH", *bad)
	default:
		c.signIn(name, password)
		return
	}
	c.tried()
}

func (c *conn) tried() {
	if c.authTries++; c.authTries >= maxAuthTries && !c.quit {
		c.bye("4.7.0", "Too many attempts to sign in, closing the connection")
	}
}

// plain reads authzid NUL authcid NUL password. To act for another is refused.
func (c *conn) plain(initial string, has bool) (name, password string, bad *answer) {
	b, bad := c.response(initial, has, "")
	if bad != nil {
		return "", "", bad
	}
	parts := bytes.Split(b, []byte{0})
	if len(parts) != 3 || len(parts[1]) == 0 || len(parts[2]) == 0 {
		return "", "", &answer{501, "5.5.2", "The response is not of the form of RFC 4616"}
	}
	if len(parts[0]) > 0 && !bytes.Equal(parts[0], parts[1]) {
		return "", "", &answer{535, "5.7.8", "To act for another user is not allowed"}
	}
	return string(parts[1]), string(parts[2]), nil
}

func (c *conn) login(initial string, has bool) (name, password string, bad *answer) {
	n, bad := c.response(initial, has, "Username:")
	if bad != nil {
		return "", "", bad
	}
	p, bad := c.response("", false, "Password:")
	if bad != nil {
		return "", "", bad
	}
	if len(n) == 0 || len(p) == 0 || bytes.IndexByte(n, 0) >= 0 || bytes.IndexByte(p, 0) >= 0 {
		return "", "", &answer{501, "5.5.2", "Name and password are needed"}
	}
	return string(n), string(p), nil
}

// response is the initial response, or the line behind a challenge.
func (c *conn) response(initial string, has bool, challenge string) ([]byte, *answer) {
	if !has {
		c.reply(334, "", base64.StdEncoding.EncodeToString([]byte(challenge)))
		line, err := c.readLine(maxAuthLine)
		if err != nil {
			c.endOf(err)
			c.quit = true
			return nil, &answer{}
		}
		initial = string(line)
	}
	switch initial {
	case "*":
		return nil, &answer{501, "5.7.0", "Given up, as you wish"}
	case "=":
		return []byte{}, nil
	}
	b, err := base64.StdEncoding.Strict().DecodeString(initial)
	if err != nil {
		return nil, &answer{501, "5.5.2", "The response is not base64"}
	}
	return b, nil
}

func (c *conn) signIn(name, password string) {
	actor, err := c.s.auth.SignIn(c.ctx, auth.Attempt{Name: name, Password: password, Head: "smtp", Remote: c.remote, ServerName: c.serverName})
	if err == nil {
		if flow, ok := c.s.router.Region(actor.Region()); ok {
			c.actor, c.view = actor, flow.For(actor)
		} else {
			err = errs.Say("smtp.Auth", errs.Unavailable, errs.Region, "Your region is not served here")
		}
	}
	if err != nil {
		a := answerFor(err)
		if k, _ := errs.Of(err); k == errs.Throttled || k == errs.Unavailable {
			a.code, a.enh = 454, "4.7.0" // RFC 4954 §4
		}
		c.refuse("AUTH", a)
		c.tried()
		return
	}
	go c.watch(actor)
	c.idle = 0
	c.reply(235, "2.7.0", "Signed in")
}

// watch ends the connection when the sign-in ends.
func (c *conn) watch(actor auth.Actor) {
	select {
	case <-actor.Done():
		c.wake()
	case <-c.ctx.Done():
	}
}
