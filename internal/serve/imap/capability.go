package imap

import wire "postroom/internal/wire/imap"

var (
	capsAlways   = []string{"IMAP4rev1", "LITERAL+", "SASL-IR", "ID", "ENABLE"}
	capsSignedIn = []string{
		"IDLE", "UIDPLUS", "MOVE", "NAMESPACE", "SPECIAL-USE", "LIST-EXTENDED", "LIST-STATUS", "STATUS=SIZE",
		"UNSELECT", "CHILDREN", "ESEARCH",
	}
)

// capabilities are those of the connection's state.
func (x *session) capabilities() []string {
	caps := append([]string(nil), capsAlways...)
	switch {
	case x.state != wire.NotAuthenticated:
		return append(caps, capsSignedIn...)
	case x.secure:
		return append(caps, "AUTH=PLAIN", "AUTH=LOGIN")
	case x.srv.cfg.TLS != nil:
		caps = append(caps, "STARTTLS")
	}
	return append(caps, "LOGINDISABLED")
}

// capability is RFC 3501 §6.1.1.
func (x *session) capability(*wire.Command) (reply, error) {
	x.enc.Capability(x.capabilities())
	return reply{}, nil
}
