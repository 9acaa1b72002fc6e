package imap

import (
	"bytes"
	"encoding/base64"
	"strings"

	wire "postroom/internal/wire/imap"
)

// authenticate is RFC 3501 §6.2.2 with the mechanisms PLAIN (RFC 4616) and
// LOGIN, over TLS only.
func (x *session) authenticate(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.Authenticate)
	if a.Mechanism != "PLAIN" && a.Mechanism != "LOGIN" {
		return reply{}, sayNO(wire.CodeCannot, "Mechanisms are PLAIN and LOGIN")
	}
	if !x.secure {
		return reply{}, needsTLS()
	}
	first := a.Initial
	if !a.HasInitial {
		challenge := ""
		if a.Mechanism == "LOGIN" {
			challenge = "Username:"
		}
		var err error
		if first, err = x.challenge(challenge); err != nil {
			return reply{}, err
		}
	}
	if a.Mechanism == "LOGIN" {
		password, err := x.challenge("Password:")
		if err != nil {
			return reply{}, err
		}
		return x.signIn(string(first), string(password))
	}
	return x.plain(first)
}

// plain takes the message of PLAIN. Acting for another is not a matter of the
// password's owner's wish: an authorization identity is himself or nobody.
func (x *session) plain(message []byte) (reply, error) {
	parts := bytes.Split(message, []byte{0})
	if len(parts) != 3 || len(parts[1]) == 0 {
		return reply{}, sayBAD("", "AUTHENTICATE: not a message of PLAIN")
	}
	if authz := string(parts[0]); authz != "" && !strings.EqualFold(authz, string(parts[1])) {
		return reply{}, sayNO(wire.CodeAuthzFailed, "One user cannot sign in as another")
	}
	return x.signIn(string(parts[1]), string(parts[2]))
}

// challenge asks the client and reads its answer.
func (x *session) challenge(text string) ([]byte, error) {
	x.enc.Continue(base64.StdEncoding.EncodeToString([]byte(text)))
	if err := x.enc.Flush(); err != nil {
		return nil, err
	}
	answer, cancelled, err := wire.ReadSASL(x.dec)
	switch {
	case cancelled:
		return nil, sayBAD("", "AUTHENTICATE cancelled")
	case err != nil && wire.IsFatal(err):
		x.complain(wire.Command{}, err)
		return nil, sayBAD("", "AUTHENTICATE broken off")
	}
	return answer, err
}
