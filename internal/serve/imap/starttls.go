package imap

import wire "postroom/internal/wire/imap"

// startTLS is RFC 3501 §6.2.1. Bytes that came behind the command in the clear
// were not sent by who shakes hands (reliability row 76): the session ends.
func (x *session) startTLS(c *wire.Command) (reply, error) {
	switch {
	case x.secure:
		return reply{}, sayBAD("", "TLS is on already")
	case x.srv.cfg.TLS == nil:
		return reply{}, sayNO(wire.CodeUnavailable, "This server has no certificate")
	case x.dec.Buffered() > 0:
		x.depart(goodbye{"injection", "", "Nothing may follow STARTTLS before TLS"})
		return reply{}, sayBAD("", "Nothing may follow STARTTLS before TLS")
	}
	x.enc.Respond(c.Tag, wire.OK, "", "Begin TLS now")
	x.count(c.Name, wire.OK)
	if x.enc.Flush() != nil || !x.shakeHands() {
		x.quit("tls")
	}
	return reply{later: true}, nil
}
