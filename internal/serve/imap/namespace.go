package imap

import wire "postroom/internal/wire/imap"

// namespace is RFC 2342.
func (x *session) namespace(*wire.Command) (reply, error) {
	x.enc.Namespaces([]wire.Namespace{{Delim: delim}}, []wire.Namespace{{Prefix: otherUsers + "/", Delim: delim}}, nil)
	return reply{}, nil
}
