package mime

import (
	"encoding/binary"
	"errors"
	"time"

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

// Decode reads what AppendBinary wrote. Damaged bytes give ErrEncoding.
func Decode(data []byte) (*Message, error) {
	if len(data) < 2 || data[0] != encVersion {
		return nil, ErrEncoding
	}
	d := decoder{b: data[1:], s: string(data[1:])}
	flags := d.uint()
	m := &Message{
		HasAttachment: flags&flagAttachment != 0, Truncated: flags&flagTruncated != 0, Ambiguous: flags&flagAmbiguous != 0,
		Size: d.offset(0),
	}
	if flags&flagDate != 0 {
		sec, zone := d.int(), d.int()
		if zone == 0 || zone < -24*60 || zone > 24*60 {
			m.Date = time.Unix(sec, 0).UTC()
		} else {
			m.Date = time.Unix(sec, 0).In(time.FixedZone("", int(zone)*60))
		}
	}
	m.Subject, m.BaseSubject, m.MessageID, m.Preview = d.string(), d.string(), d.string(), d.string()
	m.References = d.strings()
	m.Root = d.part(0, 0)
	if d.bad || m.Root.Envelope == nil || len(d.b) != 0 {
		return nil, ErrEncoding
	}
	return m, nil
}

// decoder reads from b; s is the same bytes once as a string, of which every
// text is a piece.
type decoder struct {
	b     []byte
	s     string
	parts int
	bad   bool
}

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) fail() { d.bad, d.b = true, nil }

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

// offset reads a distance from an offset that is known.
func (d *decoder) offset(from int64) int64 {
	v := d.uint()
	if v > 1<<48 || from > 1<<52 {
		d.fail()
		return from
	}
	return from + int64(v)
}

func (d *decoder) string() string {
	n := d.uint()
	if n > uint64(len(d.b)) {
		d.fail()
		return ""
	}
	at := len(d.s) - len(d.b)
	d.b = d.b[n:]
	return d.s[at : at+int(n)]
}

// count reads how many things follow, each of at least size bytes.
func (d *decoder) count(size int) int {
	n := d.uint()
	if n > uint64(len(d.b)/size) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) strings() []string {
	n := d.count(1)
	if n == 0 {
		return nil
	}
	l := make([]string, n)
	for i := range l {
		l[i] = d.string()
	}
	return l
}

func (d *decoder) params() Params {
	n := d.count(2)
	if n == 0 {
		return nil
	}
	p := make(Params, n)
	for i := range p {
		p[i] = Param{d.string(), d.string()}
	}
	return p
}

func (d *decoder) part(from int64, depth int) *Part {
	p := &Part{}
	if d.parts++; d.bad || depth > MaxDepth || d.parts > MaxParts+MaxDepth {
		d.fail()
		return p
	}
	flags := d.uint()
	p.HeaderStart = d.offset(from)
	p.BodyStart = d.offset(p.HeaderStart)
	p.BodyEnd = d.offset(p.BodyStart)
	p.Lines = d.offset(0)
	p.Type, p.Subtype, p.Encoding = d.string(), d.string(), d.string()
	p.Params = d.params()
	p.Ambiguous = flags&partAmbiguous != 0
	if flags&partExtras != 0 {
		p.Disposition, p.DispositionParams = d.string(), d.params()
		p.ID, p.Description = d.string(), d.string()
		p.Language, p.Location, p.MD5 = d.strings(), d.string(), d.string()
	}
	if flags&partEnvelope != 0 {
		p.Envelope = d.envelope()
	}
	if flags&partMultipart != 0 {
		n := d.count(8)
		if n == 0 {
			d.fail()
		}
		p.Parts = make([]*Part, 0, min(n, MaxParts))
		for i := 0; i < n && !d.bad; i++ {
			p.Parts = append(p.Parts, d.part(p.BodyStart, depth+1))
		}
	}
	if flags&partMessage != 0 {
		p.Message = d.part(p.BodyStart, depth+1)
	}
	return p
}

func (d *decoder) envelope() *Envelope {
	e := &Envelope{Date: d.string(), Subject: d.string(), InReplyTo: d.string(), MessageID: d.string()}
	for _, l := range []*[]address.Mailbox{&e.From, &e.Sender, &e.ReplyTo, &e.To, &e.Cc, &e.Bcc} {
		n := d.count(4)
		if n == 0 {
			continue
		}
		*l = make([]address.Mailbox, n)
		for i := range *l {
			mark := d.uint()
			(*l)[i] = address.Mailbox{Mark: address.Mark(mark >> 1 & 3), Odd: mark&1 != 0, Name: d.string(), Local: d.string(), Host: d.string()}
		}
	}
	return e
}
