package mailflow

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"postroom/internal/base/errs"
)

// Content is a message as it came: lines end in CRLF. A reader at random, so
// that it can be read once for each organization.
type Content interface {
	io.ReaderAt
	Size() int64
}

// MaxHeader and MaxFields bound the header of a message.
const (
	MaxHeader = 256 << 10
	MaxFields = 2000
)

// MaxReceived is how many servers a message may have passed (RFC 5321 §6.3).
const MaxReceived = 100

// Field is one field of a header: its name in lower case, all its bytes with
// folding and line end. Name is "" where the line is no field.
type Field struct {
	Name string
	Raw  []byte
}

// Value is the field's value, unfolded.
func (f Field) Value() string {
	_, v, _ := bytes.Cut(f.Raw, []byte(":"))
	if bytes.IndexByte(v, '\n') >= 0 {
		v = bytes.ReplaceAll(bytes.ReplaceAll(v, []byte("\r\n"), nil), []byte("\n"), nil)
	}
	return strings.TrimSpace(string(v))
}

// Header is what stands before the first empty line.
type Header struct {
	Fields []Field
	End    int64 // first byte of the empty line, or of the content's end
}

// ReadHeader reads the header of c. errs.TooLarge, Message: it is longer than a
// header may be.
func ReadHeader(c Content) (Header, error) {
	buf := make([]byte, min(c.Size(), 4<<10))
	for have := 0; ; {
		n, err := c.ReadAt(buf[have:], int64(have))
		if have += n; have < len(buf) && err != nil && !errors.Is(err, io.EOF) {
			return Header{}, err
		}
		h, done, err := split(buf[:have], int64(have) == c.Size())
		if err != nil || done {
			return h, err
		}
		if have > MaxHeader {
			return Header{}, errs.Say("mailflow.ReadHeader", errs.TooLarge, errs.Message, "The header of the message is longer than %d bytes.", MaxHeader)
		}
		grown := make([]byte, min(c.Size(), int64(8*len(buf)), MaxHeader+1))
		copy(grown, buf[:have])
		buf = grown
	}
}

// split cuts fields off b; done: the header ends in it.
func split(b []byte, all bool) (h Header, done bool, err error) {
	if i := bytes.Index(b, []byte("\r\n\r\n")); i >= 0 {
		b = b[:i+2]
	} else if bytes.HasPrefix(b, []byte("\r\n")) {
		return Header{}, true, nil
	} else if !all {
		return Header{}, false, nil
	}
	h.Fields = make([]Field, 0, bytes.Count(b, []byte("\n")))
	for len(b) > 0 {
		if len(h.Fields) == MaxFields {
			return h, true, errs.Say("mailflow.ReadHeader", errs.TooLarge, errs.Message, "The header of the message has more than %d fields.", MaxFields)
		}
		end := 0
		for end < len(b) {
			i := bytes.IndexByte(b[end:], '\n')
			if i < 0 {
				end = len(b)
				break
			}
			if end += i + 1; end < len(b) && b[end] != ' ' && b[end] != '\t' {
				break
			}
		}
		h.Fields = append(h.Fields, Field{fieldName(b[:end]), b[:end]})
		h.End += int64(end)
		b = b[end:]
	}
	return h, true, nil
}

// fieldName is the name of a well-formed field (RFC 5322 §3.6.8), in lower case.
func fieldName(raw []byte) string {
	i := bytes.IndexByte(raw, ':')
	if i <= 0 {
		return ""
	}
	for _, c := range raw[:i] {
		if c <= ' ' || c >= 0x7f {
			return ""
		}
	}
	return strings.ToLower(string(raw[:i]))
}

// All returns the fields of a name.
func (h Header) All(name string) []Field {
	var all []Field
	for _, f := range h.Fields {
		if f.Name == name {
			all = append(all, f)
		}
	}
	return all
}

// Without cuts fields out of c and puts lines in front: what it answers shares
// c's bytes behind the header.
func (h Header) Without(c Content, lines string, names ...string) Content {
	drop := func(f Field) bool {
		for _, n := range names {
			if f.Name == n {
				return true
			}
		}
		return false
	}
	cut := false
	for _, f := range h.Fields {
		cut = cut || drop(f)
	}
	if !cut {
		return Prefixed(lines, c)
	}
	head := make([]byte, 0, len(lines)+int(h.End))
	head = append(head, lines...)
	for _, f := range h.Fields {
		if !drop(f) {
			head = append(head, f.Raw...)
		}
	}
	return &spliced{head, c, h.End, int64(len(head)) + c.Size() - h.End}
}

// Prefixed is c with lines in front.
func Prefixed(lines string, c Content) Content {
	if lines == "" {
		return c
	}
	return &spliced{[]byte(lines), c, 0, int64(len(lines)) + c.Size()}
}

// spliced is head, then rest from off on.
type spliced struct {
	head []byte
	rest io.ReaderAt
	off  int64
	size int64
}

func (s *spliced) Size() int64 { return s.size }

func (s *spliced) ReadAt(p []byte, off int64) (n int, err error) {
	if off < int64(len(s.head)) {
		n = copy(p, s.head[off:])
	}
	if n == len(p) {
		return n, nil
	}
	off += int64(n)
	if off >= s.size {
		return n, io.EOF
	}
	m, err := s.rest.ReadAt(p[n:], off-int64(len(s.head))+s.off)
	return n + m, err
}
