package imap

import "strconv"

// SectionKind says which text of a message or part a section is.
type SectionKind uint8

// The texts of a section (RFC 3501 §6.4.5).
const (
	SectionAll SectionKind = iota // the whole message, or a part's content
	SectionHeader
	SectionHeaderFields
	SectionHeaderFieldsNot
	SectionText
	SectionMIME
)

var sectionKinds = map[string]SectionKind{
	"HEADER":            SectionHeader,
	"HEADER.FIELDS":     SectionHeaderFields,
	"HEADER.FIELDS.NOT": SectionHeaderFieldsNot,
	"TEXT":              SectionText,
	"MIME":              SectionMIME,
}

var sectionNames = [...]string{"", "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT", "TEXT", "MIME"}

// Limits on one section.
const (
	maxPartDepth = 50
	maxFields    = 100
	maxField     = 200 // bytes of a header field's name
)

// Section is BODY[…]<…> and its relatives.
type Section struct {
	Part   []int // part numbers from 1; empty is the message itself
	Text   SectionKind
	Fields []string // of HEADER.FIELDS and HEADER.FIELDS.NOT
	Peek   bool     // does not set \Seen

	Partial bool  // only Length bytes from Offset
	Offset  int64 // bytes
	Length  int64 // bytes, at least 1

	Label string // RFC822, RFC822.HEADER or RFC822.TEXT if it was asked for so
}

// expectSection takes "[…]" and "<offset.length>".
func (d *Decoder) expectSection(s *Section) bool {
	d.pos++ // "["
	if !d.expectPart(s) {
		return false
	}
	if d.peek() != ']' && !d.expectSectionText(s) || !d.ExpectSpecial(']') {
		return false
	}
	if !d.Special('<') {
		return true
	}
	var off, n uint32
	if !d.ExpectNumber(&off, "an offset") || !d.ExpectSpecial('.') || !d.ExpectNumber(&n, "a length") {
		return false
	}
	if n == 0 {
		return d.Fail("a length of 0")
	}
	s.Partial, s.Offset, s.Length = true, int64(off), int64(n)
	return d.ExpectSpecial('>')
}

// expectPart takes part numbers and the dot behind them, if text follows.
func (d *Decoder) expectPart(s *Section) bool {
	for d.peek()-'0' <= 9 {
		var n uint32
		if !d.ExpectNumber(&n, "a part") {
			return false
		}
		if n == 0 {
			return d.Fail("part numbers begin at 1")
		}
		if len(s.Part) == maxPartDepth {
			return d.Fail("part deeper than %d", maxPartDepth)
		}
		s.Part = append(s.Part, int(n))
		if !d.Special('.') {
			if d.peek() != ']' {
				return d.Fail("expected '.' or ']'")
			}
			return true
		}
		if d.peek() == ']' {
			return d.Fail("expected a part or a section's text")
		}
	}
	return true
}

func (d *Decoder) expectSectionText(s *Section) bool {
	var b wordBuf
	mark := d.pos
	kind := sectionKinds[string(b.upper(d.run(classWord)))]
	if kind == SectionAll || kind == SectionMIME && len(s.Part) == 0 {
		d.pos = mark
		return d.Fail("unknown section")
	}
	s.Text = kind
	if kind != SectionHeaderFields && kind != SectionHeaderFieldsNot {
		return true
	}
	if !d.ExpectSP() {
		return false
	}
	mark = d.pos
	ok := d.ExpectList(maxFields, func() bool {
		var f string
		if !d.ExpectAString(&f, "a header field") {
			return false
		}
		if !validField(f) {
			return d.Fail("not a header field's name")
		}
		s.Fields = append(s.Fields, f)
		return true
	})
	if ok && len(s.Fields) == 0 {
		d.pos = mark
		return d.Fail("expected a header field")
	}
	return ok
}

// validField reports whether f can be a header field's name (RFC 5322 §3.6.8).
func validField(f string) bool {
	if f == "" || len(f) > maxField {
		return false
	}
	for i := 0; i < len(f); i++ {
		if f[i] <= ' ' || f[i] >= 0x7f || f[i] == ':' {
			return false
		}
	}
	return true
}

// Append writes the name of the section in an answer: BODY[1.HEADER]<0>.
func (s *Section) Append(b []byte) []byte {
	if s.Label != "" {
		return append(b, s.Label...)
	}
	b = append(b, "BODY["...)
	for i, n := range s.Part {
		if i > 0 {
			b = append(b, '.')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	if s.Text != SectionAll {
		if len(s.Part) > 0 {
			b = append(b, '.')
		}
		b = append(b, sectionNames[s.Text]...)
	}
	if len(s.Fields) > 0 {
		sep := byte('(')
		b = append(b, ' ')
		for _, f := range s.Fields {
			b = append(b, sep)
			b = appendAString(b, f)
			sep = ' '
		}
		b = append(b, ')')
	}
	b = append(b, ']')
	if s.Partial {
		b = append(b, '<')
		b = strconv.AppendInt(b, s.Offset, 10)
		b = append(b, '>')
	}
	return b
}
