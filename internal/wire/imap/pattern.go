package imap

import "strings"

// Pattern matches mailbox names: "*" is any text, "%" any text without the
// delimiter (RFC 3501 §6.3.8).
type Pattern struct {
	text  string // without repeated wildcards
	delim byte
	plain int // bytes before the first wildcard

	now, next []bool // states: now[i] means that text[:i] has matched
}

// NewPattern returns a Pattern. reference is put before the pattern as it is.
// A Pattern is used by one goroutine at a time.
func NewPattern(reference, pattern string, delim byte) *Pattern {
	full := reference + pattern
	var sb strings.Builder
	for i := 0; i < len(full); i++ {
		c := full[i]
		if s := sb.String(); s != "" && (c == '*' || c == '%') {
			switch last := s[len(s)-1]; {
			case last == '*', last == '%' && c == '%':
				continue // "**", "*%" and "%%" say no more than the first
			}
		}
		sb.WriteByte(c)
	}
	p := &Pattern{text: sb.String(), delim: delim}
	if p.plain = strings.IndexAny(p.text, "*%"); p.plain < 0 {
		p.plain = len(p.text)
	}
	return p
}

// Match reports whether the whole name matches, in time len(name)·len(pattern)
// at most. The first level INBOX matches in any case.
func (p *Pattern) Match(name string) bool {
	fold := 0
	if name == Inbox || len(name) > len(Inbox) && name[:len(Inbox)] == Inbox && name[len(Inbox)] == p.delim {
		fold = len(Inbox)
	}
	if len(name) < p.plain {
		return false
	}
	for i := 0; i < p.plain; i++ {
		if !same(p.text[i], name[i], i < fold) {
			return false
		}
	}
	rest := p.text[p.plain:]
	switch rest {
	case "":
		return len(name) == p.plain
	case "*":
		return true
	case "%":
		return strings.IndexByte(name[p.plain:], p.delim) < 0
	}
	return p.run(rest, name[p.plain:], fold-p.plain)
}

// run walks all states at once, so no pattern makes it try again and again.
func (p *Pattern) run(text, name string, fold int) bool {
	if p.now == nil {
		p.now, p.next = make([]bool, len(p.text)+1), make([]bool, len(p.text)+1)
	}
	now, next := p.now[:len(text)+1], p.next[:len(text)+1]
	clear(now)
	now[0] = true
	skip(now, text)
	for i := 0; i < len(name); i++ {
		clear(next)
		alive := false
		for j := 0; j < len(text); j++ {
			if !now[j] {
				continue
			}
			switch c := text[j]; {
			case c == '*', c == '%' && name[i] != p.delim:
				next[j], alive = true, true
			case c != '%' && same(c, name[i], i < fold):
				next[j+1], alive = true, true
			}
		}
		if !alive {
			return false
		}
		skip(next, text)
		now, next = next, now
	}
	return now[len(text)]
}

// skip lets wildcards match nothing.
func skip(states []bool, text string) {
	for j := 0; j < len(text); j++ {
		if states[j] && (text[j] == '*' || text[j] == '%') {
			states[j+1] = true
		}
	}
}

func same(a, b byte, fold bool) bool {
	if fold {
		return upperByte(a) == upperByte(b)
	}
	return a == b
}

func upperByte(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - 32
	}
	return c
}
