package imap

import wire "postroom/internal/wire/imap"

// enable is RFC 5161. Nothing of what is served here waits to be enabled, so
// what a client names is passed over, as it must be.
func (x *session) enable(*wire.Command) (reply, error) {
	x.enc.Enabled(nil)
	return reply{}, nil
}
