package mime

import (
	"encoding/binary"
	"errors"

	"postroom/internal/wire/address"
)

// encVersion is the first byte of the stored form. A reader knows all earlier
// ones; today there is one.
const encVersion = 1

// ErrEncoding says that bytes are no stored message of a known version.
var ErrEncoding = errors.New("mime: not a stored message structure")

const (
	flagAttachment = 1 << iota
	flagTruncated
	flagAmbiguous
	flagDate
)

const (
	partMultipart = 1 << iota
	partMessage
	partEnvelope
	partAmbiguous
	partExtras // disposition, id, description, language, location, MD5
)

// AppendBinary appends the message in the stored form that Decode reads.
func (m *Message) AppendBinary(b []byte) []byte {
	b = append(b, encVersion)
	var flags uint64
	for i, on := range []bool{m.HasAttachment, m.Truncated, m.Ambiguous, !m.Date.IsZero()} {
		if on {
			flags |= 1 << i
		}
	}
	b = binary.AppendUvarint(b, flags)
	b = binary.AppendUvarint(b, uint64(m.Size))
	if !m.Date.IsZero() {
		_, zone := m.Date.Zone()
		b = binary.AppendVarint(b, m.Date.Unix())
		b = binary.AppendVarint(b, int64(zone/60))
	}
	for _, s := range []string{m.Subject, m.BaseSubject, m.MessageID, m.Preview} {
		b = appendString(b, s)
	}
	b = appendStrings(b, m.References)
	return m.Root.append(b, 0)
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendStrings(b []byte, l []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(l)))
	for _, s := range l {
		b = appendString(b, s)
	}
	return b
}

func appendParams(b []byte, p Params) []byte {
	b = binary.AppendUvarint(b, uint64(len(p)))
	for _, x := range p {
		b = appendString(appendString(b, x.Name), x.Value)
	}
	return b
}

// append writes offsets as distances: a part begins behind from.
func (p *Part) append(b []byte, from int64) []byte {
	var flags uint64
	extras := p.Disposition != "" || p.DispositionParams != nil || p.ID != "" || p.Description != "" || p.Language != nil || p.Location != "" || p.MD5 != ""
	for i, on := range []bool{len(p.Parts) > 0, p.Message != nil, p.Envelope != nil, p.Ambiguous, extras} {
		if on {
			flags |= 1 << i
		}
	}
	b = binary.AppendUvarint(b, flags)
	b = binary.AppendUvarint(b, uint64(p.HeaderStart-from))
	b = binary.AppendUvarint(b, uint64(p.BodyStart-p.HeaderStart))
	b = binary.AppendUvarint(b, uint64(p.BodyEnd-p.BodyStart))
	b = binary.AppendUvarint(b, uint64(p.Lines))
	b = appendString(appendString(appendString(b, p.Type), p.Subtype), p.Encoding)
	b = appendParams(b, p.Params)
	if extras {
		b = appendParams(appendString(b, p.Disposition), p.DispositionParams)
		b = appendString(appendString(b, p.ID), p.Description)
		b = appendString(appendString(appendStrings(b, p.Language), p.Location), p.MD5)
	}
	if p.Envelope != nil {
		b = p.Envelope.append(b)
	}
	if len(p.Parts) > 0 {
		b = binary.AppendUvarint(b, uint64(len(p.Parts)))
		for _, c := range p.Parts {
			b = c.append(b, p.BodyStart)
		}
	}
	if p.Message != nil {
		b = p.Message.append(b, p.BodyStart)
	}
	return b
}

func (e *Envelope) append(b []byte) []byte {
	for _, s := range []string{e.Date, e.Subject, e.InReplyTo, e.MessageID} {
		b = appendString(b, s)
	}
	for _, l := range [][]address.Mailbox{e.From, e.Sender, e.ReplyTo, e.To, e.Cc, e.Bcc} {
		b = binary.AppendUvarint(b, uint64(len(l)))
		for _, m := range l {
			mark := byte(m.Mark) << 1
			if m.Odd {
				mark |= 1
			}
			b = append(b, mark)
			b = appendString(appendString(appendString(b, m.Name), m.Local), m.Host)
		}
	}
	return b
}
