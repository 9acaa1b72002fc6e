package mime

import (
	"bytes"
	"io"
	"strings"
)

// Header reads the header of p with its empty line. It is at most four
// times MaxHeader long.
func Header(r io.ReaderAt, p *Part) ([]byte, error) {
	b := make([]byte, p.BodyStart-p.HeaderStart)
	n, err := r.ReadAt(b, p.HeaderStart)
	if n == len(b) {
		err = nil
	}
	return b[:n], err
}

// nextField cuts the first field from a header: its name, its value with the
// folding, all its bytes, and what is left. A line that is no field has name
// nil. An empty line ends the header: field is nil.
func nextField(h []byte) (name, value, field, rest []byte) {
	end := 0
	for {
		i := bytes.IndexByte(h[end:], '\n')
		if i < 0 {
			end = len(h)
			break
		}
		end += i + 1
		if end >= len(h) || h[end] != ' ' && h[end] != '\t' {
			break
		}
	}
	field, rest = h[:end], h[end:]
	if len(field) == 0 || blank(field) {
		return nil, nil, nil, nil
	}
	c := bytes.IndexByte(field, ':')
	if c <= 0 || field[0] == ' ' || field[0] == '\t' {
		return nil, nil, field, rest
	}
	name = bytes.TrimRight(field[:c], " \t") // obsolete syntax, RFC 5322 §4.5
	if len(name) == 0 || bytes.ContainsAny(name, " \t\r\n") {
		return nil, nil, field, rest
	}
	return name, field[c+1:], field, rest
}

func blank(line []byte) bool {
	return len(line) == 1 && line[0] == '\n' || len(line) == 2 && line[0] == '\r' && line[1] == '\n'
}

// unfold makes one line of a field's value (RFC 5322 §2.2.3), cut after
// limit bytes.
func unfold(v []byte, limit int) string {
	v = bytes.TrimSpace(v)
	if len(v) > limit {
		v = v[:limit]
	}
	if bytes.IndexByte(v, '\n') < 0 {
		return string(v)
	}
	b := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		if v[i] == '\n' || v[i] == '\r' && i+1 < len(v) && v[i+1] == '\n' {
			continue
		}
		b = append(b, v[i])
	}
	return string(b)
}

// Get returns the unfolded value of the first field of this name, undecoded;
// "" when there is none.
func Get(header []byte, name string) string {
	for len(header) > 0 {
		n, value, field, rest := nextField(header)
		if field == nil {
			return ""
		}
		if equalFold(n, name) {
			return unfold(value, MaxHeader)
		}
		header = rest
	}
	return ""
}

// Values returns the unfolded values of all fields of this name in order.
func Values(header []byte, name string) []string {
	var out []string
	for len(header) > 0 {
		n, value, field, rest := nextField(header)
		if field == nil {
			break
		}
		if equalFold(n, name) {
			out = append(out, unfold(value, MaxHeader))
		}
		header = rest
	}
	return out
}

// Fields returns the fields with these names byte for byte, or with not set
// all others, and the empty line: BODY[HEADER.FIELDS (…)] and .NOT (RFC 9051
// §6.4.5).
func Fields(header []byte, names []string, not bool) []byte {
	var out []byte
	for len(header) > 0 {
		n, _, field, rest := nextField(header)
		if field == nil {
			break
		}
		found := false
		for _, name := range names {
			found = found || equalFold(n, name)
		}
		if found != not {
			out = append(out, field...)
		}
		header = rest
	}
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, '\r', '\n')
	}
	return append(out, '\r', '\n')
}

// Field is one header field in the order of the message: its name as written
// and its unfolded, undecoded value.
type Field struct{ Name, Value string }

// AllFields lists the fields of a header.
func AllFields(header []byte) []Field {
	var out []Field
	for len(header) > 0 {
		n, value, field, rest := nextField(header)
		if field == nil {
			break
		}
		if n != nil {
			out = append(out, Field{string(n), unfold(value, MaxHeader)})
		}
		header = rest
	}
	return out
}

// equalFold compares ASCII names without allocation.
func equalFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i := range b {
		if b[i] != s[i] && lowerByte(b[i]) != lowerByte(s[i]) {
			return false
		}
	}
	return true
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 32
	}
	return c
}

// messageIDs finds the <ids> in a value; without any, a bare word counts.
func messageIDs(v string) []string {
	var out []string
	for rest := v; len(out) < 4*maxReferences; {
		i := strings.IndexByte(rest, '<')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		j := strings.IndexAny(rest, "<>")
		if j < 0 {
			break
		}
		if rest[j] == '>' {
			if id := cleanID(rest[:j]); id != "" {
				out = append(out, id)
			}
			j++
		}
		rest = rest[j:]
	}
	if out == nil && strings.Contains(v, "@") && !strings.ContainsAny(v, " \t<>\"") {
		if id := cleanID(v); id != "" {
			out = []string{id}
		}
	}
	return out
}

func cleanID(s string) string {
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || r == 0xfffd {
			return -1
		}
		return r
	}, s)
	if len(s) > 998 {
		return ""
	}
	return s
}
