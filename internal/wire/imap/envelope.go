package imap

import (
	stdmime "mime"

	"postroom/internal/wire/address"
	"postroom/internal/wire/mime"
)

// FetchEnvelope writes ENVELOPE (RFC 3501 §7.4.2).
func (e *Encoder) FetchEnvelope(v *mime.Envelope) {
	e.buf = e.envelope(e.item("ENVELOPE "), v)
}

func (e *Encoder) envelope(b []byte, v *mime.Envelope) []byte {
	if v == nil {
		v = &mime.Envelope{}
	}
	sender, replyTo := v.Sender, v.ReplyTo
	if len(sender) == 0 {
		sender = v.From
	}
	if len(replyTo) == 0 {
		replyTo = v.From
	}
	b = append(e.nstring(append(b, '('), v.Date), ' ')
	b = append(e.nstring(b, v.Subject), ' ')
	b = append(e.addresses(b, v.From), ' ')
	b = append(e.addresses(b, sender), ' ')
	b = append(e.addresses(b, replyTo), ' ')
	b = append(e.addresses(b, v.To), ' ')
	b = append(e.addresses(b, v.Cc), ' ')
	b = append(e.addresses(b, v.Bcc), ' ')
	b = append(e.nstring(b, v.InReplyTo), ' ')
	return append(e.nstring(b, v.MessageID), ')')
}

// addresses appends address structures. A host of NIL would mean a group, so a
// missing host is the empty string.
func (e *Encoder) addresses(b []byte, list []address.Mailbox) []byte {
	if len(list) == 0 {
		return append(b, "NIL"...)
	}
	b = append(b, '(')
	for i := range list {
		switch m := &list[i]; m.Mark {
		case address.GroupStart:
			b = append(e.headerText(append(b, "(NIL NIL "...), m.Name, false), " NIL)"...)
		case address.GroupEnd:
			b = append(b, "(NIL NIL NIL NIL)"...)
		default:
			b = append(e.headerText(append(b, '('), m.Name, true), " NIL "...)
			b = append(e.string(b, m.Local), ' ')
			b = append(e.string(b, m.Host), ')')
		}
	}
	return append(b, ')')
}

// headerText appends decoded text of a header; clients without UTF-8 get
// encoded words (RFC 2047), as the header has them.
func (e *Encoder) headerText(b []byte, s string, nilIfEmpty bool) []byte {
	if s == "" && nilIfEmpty {
		return append(b, "NIL"...)
	}
	if !e.UTF8 && !ascii(s) {
		s = stdmime.QEncoding.Encode("utf-8", s)
	}
	return e.string(b, s)
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
