package imap

import wire "postroom/internal/wire/imap"

// noop is NOOP and CHECK (RFC 3501 §6.1.2, §6.4.1): what has changed is
// announced, and what was answered with OK is lasting anyway.
func (x *session) noop(*wire.Command) (reply, error) { return reply{}, nil }
