package mime

import (
	"sync/atomic"
	"time"

	"postroom/internal/wire/address"
)

// Decode reads what AppendBinary wrote. Damaged bytes give ErrEncoding.
func Decode(data []byte) (*Message, error) {
	return new(Stored).Message(string(data))
}

// Stored reads the stored form of one message after the other into the same
// memory, so that listing many allocates nothing. What it returns is valid until
// it reads the next; texts are pieces of what was read. The zero value is ready.
type Stored struct {
	msg       Message
	parts     slab[Part]
	links     slab[*Part]
	params    slab[Param]
	mailboxes slab[address.Mailbox]
	envelopes slab[Envelope]
	texts     slab[string]

	s   string // the whole form
	at  int
	n   int // parts so far
	bad bool
}

// Message reads all of a stored message.
func (d *Stored) Message(data string) (*Message, error) {
	if err := d.begin(data); err != nil {
		return nil, err
	}
	d.head()
	d.msg.Root = d.part(0, 0)
	if d.bad || d.msg.Root.Envelope == nil || d.at != len(d.s) {
		return nil, ErrEncoding
	}
	return &d.msg, nil
}

// Envelope reads what stands before the parts: Root has its own fields and no
// part. What comes behind is not looked at.
func (d *Stored) Envelope(data string) (*Message, error) {
	if err := d.begin(data); err != nil {
		return nil, err
	}
	d.head()
	d.msg.Root, _ = d.fields(0)
	if d.bad || d.msg.Root.Envelope == nil {
		return nil, ErrEncoding
	}
	return &d.msg, nil
}

// Head reads what stands before Root, which is nil.
func (d *Stored) Head(data string) (*Message, error) {
	if err := d.begin(data); err != nil {
		return nil, err
	}
	d.head()
	if d.bad {
		return nil, ErrEncoding
	}
	return &d.msg, nil
}

// Clear lets go of all that was read.
func (d *Stored) Clear() {
	_ = d.begin("")
	d.msg = Message{}
	d.parts.clear()
	d.links.clear()
	d.params.clear()
	d.mailboxes.clear()
	d.envelopes.clear()
	d.texts.clear()
}

func (d *Stored) begin(data string) error {
	d.s, d.at, d.n, d.bad = data, 1, 0, false
	d.parts.reset()
	d.links.reset()
	d.params.reset()
	d.mailboxes.reset()
	d.envelopes.reset()
	d.texts.reset()
	if len(data) < 2 || data[0] != encVersion {
		return ErrEncoding
	}
	return nil
}

// slab gives out pieces of memory that is used again.
type slab[T any] struct{ b []T }

// maxSlab is how many elements outlive a Clear.
const maxSlab = 256

// take returns n elements, not cleared.
func (s *slab[T]) take(n int) []T {
	at := len(s.b)
	if at+n > cap(s.b) { // pieces given out keep the old memory
		s.b, at = make([]T, 0, max(n, min(2*cap(s.b), 1024))), 0
	}
	s.b = s.b[:at+n]
	return s.b[at : at+n : at+n]
}

func (s *slab[T]) reset() { s.b = s.b[:0] }

func (s *slab[T]) clear() {
	if cap(s.b) > maxSlab {
		s.b = nil
	}
	clear(s.b[:cap(s.b)])
}

// head reads what AppendBinary writes before the root.
func (d *Stored) head() {
	flags := d.uint()
	m := &d.msg
	*m = Message{
		HasAttachment: flags&flagAttachment != 0, Truncated: flags&flagTruncated != 0, Ambiguous: flags&flagAmbiguous != 0,
		Size: d.offset(0),
	}
	if flags&flagDate != 0 {
		sec, zone := d.int(), d.int()
		m.Date = time.Unix(sec, 0).In(zoneOf(zone))
	}
	m.Subject, m.BaseSubject, m.MessageID, m.Preview = d.string(), d.string(), d.string(), d.string()
	m.References = d.strings()
}

// dateZones are those that Date fields name, by quarters of an hour from UTC-24.
var dateZones [24*4*2 + 1]atomic.Pointer[time.Location]

// zoneOf is a zone so many minutes from UTC; more than a day is UTC.
func zoneOf(minutes int64) *time.Location {
	if minutes == 0 || minutes < -24*60 || minutes > 24*60 {
		return time.UTC
	}
	if minutes%15 != 0 {
		return time.FixedZone("", int(minutes)*60)
	}
	known := &dateZones[(minutes+24*60)/15]
	z := known.Load()
	if z == nil {
		z = time.FixedZone("", int(minutes)*60)
		known.Store(z)
	}
	return z
}

func (d *Stored) fail() { d.bad, d.at = true, len(d.s) }

// uint reads an unsigned varint.
func (d *Stored) uint() uint64 {
	if d.at < len(d.s) && d.s[d.at] < 0x80 {
		d.at++
		return uint64(d.s[d.at-1])
	}
	var v uint64
	for shift := 0; shift < 64 && d.at < len(d.s); shift += 7 {
		c := d.s[d.at]
		if shift == 63 && c > 1 {
			break
		}
		d.at++
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return v
		}
	}
	d.fail()
	return 0
}

// int reads a signed varint.
func (d *Stored) int() int64 {
	u := d.uint()
	v := int64(u >> 1)
	if u&1 != 0 {
		v = ^v
	}
	return v
}

// offset reads a distance from an offset that is known.
func (d *Stored) offset(from int64) int64 {
	v := d.uint()
	if v > 1<<48 || from > 1<<52 {
		d.fail()
		return from
	}
	return from + int64(v)
}

func (d *Stored) string() string {
	n := d.uint()
	if n > uint64(len(d.s)-d.at) {
		d.fail()
		return ""
	}
	at := d.at
	d.at += int(n)
	return d.s[at:d.at]
}

// count reads how many things follow, each of at least size bytes.
func (d *Stored) count(size int) int {
	n := d.uint()
	if n > uint64((len(d.s)-d.at)/size) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *Stored) strings() []string {
	n := d.count(1)
	if n == 0 {
		return nil
	}
	l := d.texts.take(n)
	for i := range l {
		l[i] = d.string()
	}
	return l
}

func (d *Stored) parameters() Params {
	n := d.count(2)
	if n == 0 {
		return nil
	}
	p := Params(d.params.take(n))
	for i := range p {
		p[i] = Param{d.string(), d.string()}
	}
	return p
}

// fields reads a part without those in it, which flags tell of.
func (d *Stored) fields(from int64) (p *Part, flags uint64) {
	p = &d.parts.take(1)[0]
	*p = Part{}
	d.n++
	flags = d.uint()
	p.HeaderStart = d.offset(from)
	p.BodyStart = d.offset(p.HeaderStart)
	p.BodyEnd = d.offset(p.BodyStart)
	p.Lines = d.offset(0)
	p.Type, p.Subtype, p.Encoding = d.string(), d.string(), d.string()
	p.Params = d.parameters()
	p.Ambiguous = flags&partAmbiguous != 0
	if flags&partExtras != 0 {
		p.Disposition, p.DispositionParams = d.string(), d.parameters()
		p.ID, p.Description = d.string(), d.string()
		p.Language, p.Location, p.MD5 = d.strings(), d.string(), d.string()
	}
	if flags&partEnvelope != 0 {
		p.Envelope = d.envelope()
	}
	return p, flags
}

func (d *Stored) part(from int64, depth int) *Part {
	if d.bad || depth > MaxDepth || d.n >= MaxParts+MaxDepth {
		d.fail()
		return &Part{}
	}
	p, flags := d.fields(from)
	if flags&partMultipart != 0 {
		n := d.count(8)
		if n == 0 || n > MaxParts+MaxDepth {
			d.fail()
			return p
		}
		p.Parts = d.links.take(n)[:0]
		for i := 0; i < n && !d.bad; i++ {
			p.Parts = append(p.Parts, d.part(p.BodyStart, depth+1))
		}
	}
	if flags&partMessage != 0 {
		p.Message = d.part(p.BodyStart, depth+1)
	}
	return p
}

func (d *Stored) envelope() *Envelope {
	e := &d.envelopes.take(1)[0]
	*e = Envelope{Date: d.string(), Subject: d.string(), InReplyTo: d.string(), MessageID: d.string()}
	e.From, e.Sender, e.ReplyTo = d.addresses(), d.addresses(), d.addresses()
	e.To, e.Cc, e.Bcc = d.addresses(), d.addresses(), d.addresses()
	return e
}

func (d *Stored) addresses() []address.Mailbox {
	n := d.count(4)
	if n == 0 {
		return nil
	}
	l := d.mailboxes.take(n)
	for i := range l {
		mark := d.uint()
		l[i] = address.Mailbox{Mark: address.Mark(mark >> 1 & 3), Odd: mark&1 != 0, Name: d.string(), Local: d.string(), Host: d.string()}
	}
	return l
}
