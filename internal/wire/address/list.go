package address

import (
	"mime"
	"strings"

	"postroom/internal/wire/mime/charset"
)

// MaxList is how many mailboxes ParseList reads from one header field.
const MaxList = 1000

// Mark tells a mailbox from the two ends of a group (RFC 9051 §7.5.2 env-from).
type Mark uint8

const (
	Plain      Mark = iota
	GroupStart      // Name is the group's name; ENVELOPE writes (NIL NIL "name" NIL)
	GroupEnd        // all empty; ENVELOPE writes (NIL NIL NIL NIL)
)

// Mailbox is one entry of an address list as a header has it. Name is decoded
// and free of control characters. Local and Host are as written, without
// quotes; Host is "" where the writer gave none. Odd says that the text was
// not well formed, so that another reader may see another address in it.
type Mailbox struct {
	Name, Local, Host string
	Mark              Mark
	Odd               bool
}

// Address is the mailbox's address, with Local quoted where needed; "" for a
// group mark.
func (m Mailbox) Address() string {
	if m.Mark != Plain || m.Host == "" {
		return Quote(m.Local)
	}
	return Quote(m.Local) + "@" + m.Host
}

// Parsed is the address by the strict rules of Parse.
func (m Mailbox) Parsed() (Address, error) {
	if m.Mark != Plain {
		return Address{}, ErrSyntax
	}
	return build(m.Local, m.Host, true)
}

// Format writes a mailbox for a header that we make: the name as a quoted
// string or encoded words, the address in angle brackets.
func Format(name string, a Address) string {
	name = charset.Clean(name)
	spec := "<" + a.String() + ">"
	switch {
	case name == "":
		return spec
	case isASCII(name):
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `" ` + spec
	}
	if strings.ContainsAny(name, "\"#$%&'(),.:;<>@[]^`{|}~") { // Q leaves specials as they are
		return mime.BEncoding.Encode("utf-8", name) + " " + spec
	}
	return mime.QEncoding.Encode("utf-8", name) + " " + spec
}

// ParseList reads the value of From, To, … (RFC 5322 §3.4) as tolerantly as
// people's mail programs write it. It is linear, stops after MaxList entries
// and never fails.
func ParseList(header string) []Mailbox {
	p := listParser{s: header}
	for p.i < len(p.s) && len(p.out) < MaxList {
		p.entry()
	}
	if p.group {
		p.out = append(p.out, Mailbox{Mark: GroupEnd})
	}
	return p.out
}

type listParser struct {
	s     string
	i     int
	out   []Mailbox
	group bool

	// of the entry at hand
	phrase  []byte // words as read, one space between
	spec    []byte // the same without spaces and with quotes kept: local@host
	comment string
	quoted  bool
	words   int
}

// entry reads up to and with the next "," ";" or the ":" of a group.
func (p *listParser) entry() {
	p.phrase, p.spec, p.comment, p.quoted, p.words = p.phrase[:0], p.spec[:0], "", false, 0
	var m Mailbox
	angle := false
	for p.i < len(p.s) {
		switch c := p.s[p.i]; c {
		case ' ', '\t', '\r', '\n':
			p.i++
		case '(':
			p.comment = p.readComment()
		case ',':
			p.i++
			p.finish(m, angle)
			return
		case ';':
			p.i++
			p.finish(m, angle)
			if p.group {
				p.out = append(p.out, Mailbox{Mark: GroupEnd})
				p.group = false
			}
			return
		case ':':
			p.i++
			if !p.group && !angle && strings.IndexByte(string(p.spec), '@') < 0 {
				p.group = true
				p.out = append(p.out, Mailbox{Name: charset.DecodeHeader(string(p.phrase)), Mark: GroupStart})
				return
			}
			m.Odd = true
		case '<':
			if angle {
				m.Odd = true
				p.skipAngle()
				continue
			}
			angle = true
			p.readAngle(&m)
		case '"':
			if angle {
				m.Odd = true
			}
			p.readQuoted(angle)
		default:
			if angle {
				m.Odd = true
			}
			p.readAtom(angle)
		}
	}
	p.finish(m, angle)
}

func (p *listParser) finish(m Mailbox, angle bool) {
	phrase := charset.DecodeHeader(string(p.phrase))
	switch {
	case angle:
		if m.Local == "" && m.Host == "" {
			m.Local, m.Odd = phrase, true
			if phrase == "" {
				return
			}
		} else if m.Name = phrase; phrase == "" {
			m.Name = p.comment
		}
	case len(p.spec) == 0:
		return
	default:
		odd := m.Odd
		m.Local, m.Host, m.Odd = splitSpec(string(p.spec))
		m.Odd = m.Odd || odd || p.words > 1 && !strings.Contains(string(p.spec), "@")
		m.Name = p.comment
		if m.Host == "" {
			m.Local, m.Odd = phrase, true
		}
	}
	m.Local, m.Host = charset.Clean(m.Local), charset.Clean(m.Host)
	if m.Local == "" && m.Host == "" {
		return
	}
	p.out = append(p.out, m)
}

func (p *listParser) readAtom(skip bool) {
	start := p.i
	p.i += encodedWord(p.s[p.i:])
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n(),;:<\"", p.s[p.i]) < 0 {
		p.i++
	}
	if p.i == start { // a ")" alone
		p.i++
	}
	if skip {
		return
	}
	word := p.s[start:p.i]
	if p.words > 0 && start > 0 && strings.IndexByte(" \t\r\n)", p.s[start-1]) >= 0 {
		p.phrase = append(p.phrase, ' ')
	}
	p.phrase = append(p.phrase, word...)
	p.spec = append(p.spec, word...)
	p.words++
}

// encodedWord is the length of the encoded word at the start of s, or 0: some
// writers leave "," and ":" in it.
func encodedWord(s string) int {
	if !strings.HasPrefix(s, "=?") {
		return 0
	}
	s = s[:min(len(s), 512)]
	marks := 0
	for i := 2; i < len(s); i++ {
		switch s[i] {
		case '?':
			if marks++; marks > 2 {
				if i+1 < len(s) && s[i+1] == '=' {
					return i + 2
				}
				return 0
			}
		case ' ', '\t', '\r', '\n', '<', '"':
			return 0
		}
	}
	return 0
}

func (p *listParser) readQuoted(skip bool) {
	start := p.i
	p.i++
	if !skip && p.words > 0 && strings.IndexByte(" \t\r\n)", p.s[start-1]) >= 0 {
		p.phrase = append(p.phrase, ' ')
	}
	for p.i < len(p.s) && p.s[p.i] != '"' {
		if p.s[p.i] == '\\' && p.i+1 < len(p.s) {
			p.i++
		}
		if !skip {
			p.phrase = append(p.phrase, p.s[p.i])
		}
		p.i++
	}
	p.i = min(p.i+1, len(p.s))
	if !skip {
		p.spec = append(p.spec, p.s[start:p.i]...)
		p.words++
	}
}

// readComment reads a comment with its nested ones and returns the text.
func (p *listParser) readComment() string {
	start, depth := p.i+1, 0
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case '\\':
			p.i++
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				text := p.s[start:p.i]
				p.i++
				return charset.DecodeHeader(strings.TrimSpace(strings.ReplaceAll(text, `\`, "")))
			}
		}
		p.i++
	}
	p.i = len(p.s)
	return ""
}

func (p *listParser) skipAngle() {
	for p.i++; p.i < len(p.s) && p.s[p.i] != '>' && p.s[p.i] != ','; p.i++ {
	}
	if p.i < len(p.s) && p.s[p.i] == '>' {
		p.i++
	}
}

// readAngle reads <spec>; without a ">" it ends at the next comma.
func (p *listParser) readAngle(m *Mailbox) {
	p.i++
	start, quoted := p.i, false
	route := p.i < len(p.s) && p.s[p.i] == '@'
	for ; p.i < len(p.s); p.i++ {
		c := p.s[p.i]
		switch {
		case c == '\\' && quoted:
			p.i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ':' && route:
			start, route, m.Odd = p.i+1, false, true
		case c == '>':
			m.fill(p.s[start:p.i])
			p.i++
			return
		case c == ',' && !route:
			m.fill(p.s[start:p.i])
			m.Odd = true
			return
		}
	}
	p.i = len(p.s)
	m.fill(p.s[min(start, len(p.s)):])
	m.Odd = true
}

func (m *Mailbox) fill(spec string) {
	if strings.ContainsAny(spec, " \t\r\n(") {
		spec = stripSpace(spec)
	}
	var odd bool
	m.Local, m.Host, odd = splitSpec(spec)
	m.Odd = m.Odd || odd
}

// stripSpace drops white space and comments outside quotes.
func stripSpace(s string) string {
	var b strings.Builder
	quoted, depth := false, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && (quoted || depth > 0):
			if depth == 0 {
				b.WriteByte(c)
			}
			if i++; i < len(s) && depth == 0 {
				b.WriteByte(s[i])
			}
			continue
		case c == '"' && depth == 0:
			quoted = !quoted
		case c == '(' && !quoted:
			depth++
			continue
		case c == ')' && depth > 0:
			depth--
			continue
		case depth > 0 || !quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n'):
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// splitSpec divides local@host at the "@" behind the quotes; where there are
// several, at the last, and says that this is odd.
func splitSpec(s string) (local, host string, odd bool) {
	if strings.HasPrefix(s, `"`) {
		text, rest, ok := unquote(s)
		if ok && strings.HasPrefix(rest, "@") {
			host = rest[1:]
			return text, host, strings.ContainsAny(host, "@\"<>()") || host == ""
		}
	}
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return s, "", true
	}
	local, host = s[:i], s[i+1:]
	return local, host, host == "" || !isDotAtom(local) || strings.ContainsAny(host, "\"<>()")
}
