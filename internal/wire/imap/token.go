package imap

import (
	"math"
	"strings"
	"unicode/utf8"
)

// Classes of bytes, RFC 3501 §9.
const (
	classAtom    = 1 << iota // ATOM-CHAR
	classAString             // ASTRING-CHAR = ATOM-CHAR / "]"
	classList                // list-char = ATOM-CHAR / "%" / "*" / "]"
	classTag                 // ASTRING-CHAR but "+"
	classSet                 // digits , : *
	classWord                // letters, digits, "." and "-": words of FETCH
)

var classes = func() (t [256]uint8) {
	for c := 0x21; c < 0x7f; c++ {
		if !strings.ContainsRune(`(){%*"\]`, rune(c)) {
			t[c] |= classAtom | classAString | classList | classTag
		}
	}
	t[']'] |= classAString | classList | classTag
	t['%'] |= classList
	t['*'] |= classList
	t['+'] &^= classTag
	for _, c := range "0123456789,:*" {
		t[c] |= classSet
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c] |= classWord
		t[c-32] |= classWord
	}
	for _, c := range "0123456789.-" {
		t[c] |= classWord
	}
	return t
}()

// run takes the longest run of bytes of a class. The bytes live until the next
// line is read.
func (d *Decoder) run(class uint8) []byte {
	if d.err != nil {
		return nil
	}
	start := d.pos
	for d.pos < len(d.line) && classes[d.line[d.pos]]&class != 0 {
		d.pos++
	}
	return d.line[start:d.pos]
}

// wordBuf holds a keyword in upper case without allocating.
type wordBuf [40]byte

// upper copies w in upper case; a word that is longer than any keyword is nil.
func (b *wordBuf) upper(w []byte) []byte {
	if len(w) > len(b) {
		return nil
	}
	for i, c := range w {
		if 'a' <= c && c <= 'z' {
			c -= 32
		}
		b[i] = c
	}
	return b[:len(w)]
}

// keyword takes the word if it is next and ends there; case does not matter.
func (d *Decoder) keyword(word string) bool {
	mark := d.pos
	var b wordBuf
	if w := d.run(classAtom); len(w) > 0 && string(b.upper(w)) == word {
		return true
	}
	d.pos = mark
	return false
}

// Atom takes an atom.
func (d *Decoder) Atom(s *string) bool {
	w := d.run(classAtom)
	if len(w) == 0 {
		return false
	}
	*s = string(w)
	return true
}

// ExpectAtom complains if no atom is next; what names it.
func (d *Decoder) ExpectAtom(s *string, what string) bool {
	return d.Atom(s) || d.Fail("expected %s", what)
}

// Quoted takes a quoted string. Bytes above 127 must be UTF-8: clients send
// passwords and search text so, although RFC 3501 would have a literal.
func (d *Decoder) Quoted(s *string) bool {
	if !d.Special('"') {
		return false
	}
	start := d.pos
	var unescaped []byte
	for d.pos < len(d.line) {
		switch c := d.line[d.pos]; c {
		case '"':
			raw := d.line[start:d.pos]
			if unescaped != nil {
				raw = append(unescaped, raw...)
			}
			if !utf8.Valid(raw) {
				return d.Fail("quoted string is not UTF-8")
			}
			d.pos++
			*s = string(raw)
			return true
		case '\\':
			if d.pos+1 >= len(d.line) || d.line[d.pos+1] != '"' && d.line[d.pos+1] != '\\' {
				return d.Fail(`expected '"' or '\' behind '\'`)
			}
			unescaped = append(unescaped, d.line[start:d.pos]...)
			start = d.pos + 1
			d.pos += 2
		default:
			d.pos++
		}
	}
	return d.Fail("quoted string without end")
}

// String takes a quoted string or a literal.
func (d *Decoder) String(s *string) bool { return d.Quoted(s) || d.Literal(s) }

// ExpectString complains if no string is next; what names it.
func (d *Decoder) ExpectString(s *string, what string) bool {
	return d.String(s) || d.Fail("expected %s as a string", what)
}

// NIL takes the atom NIL.
func (d *Decoder) NIL() bool { return d.keyword("NIL") }

// ExpectNString takes a string or NIL; ok is false for NIL.
func (d *Decoder) ExpectNString(s *string, what string) (ok bool) {
	if d.NIL() {
		*s = ""
		return false
	}
	return d.ExpectString(s, what)
}

// ExpectAString takes an atom or a string; what names it.
func (d *Decoder) ExpectAString(s *string, what string) bool {
	if w := d.run(classAString); len(w) > 0 {
		*s = string(w)
		return true
	}
	return d.String(s) || d.Fail("expected %s", what)
}

// parseInt reads 1 to 18 digits.
func parseInt(b []byte) (int64, bool) {
	if len(b) == 0 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		if n > (math.MaxInt64-9)/10 {
			n = math.MaxInt64 / 16 // stays beyond every limit
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// Number64 takes digits up to 63 bits.
func (d *Decoder) Number64(n *int64) bool {
	start := d.pos
	if d.err != nil {
		return false
	}
	for d.pos < len(d.line) && d.line[d.pos]-'0' <= 9 {
		d.pos++
	}
	digits := d.line[start:d.pos]
	if len(digits) == 0 {
		return false
	}
	if len(digits) > 18 {
		return d.Fail("number with more than 18 digits")
	}
	*n, _ = parseInt(digits)
	return true
}

// ExpectNumber takes a number of 32 bits; what names it.
func (d *Decoder) ExpectNumber(n *uint32, what string) bool {
	var v int64
	if !d.Number64(&v) {
		return d.Fail("expected %s as a number", what)
	}
	if v > math.MaxUint32 {
		return d.Fail("%s is more than 4294967295", what)
	}
	*n = uint32(v)
	return true
}
