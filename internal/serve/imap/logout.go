package imap

import wire "postroom/internal/wire/imap"

// logout is RFC 3501 §6.1.3.
func (x *session) logout(*wire.Command) (reply, error) {
	x.enc.Respond("", wire.BYE, "", "Goodbye")
	x.closing = true
	return reply{}, nil
}
