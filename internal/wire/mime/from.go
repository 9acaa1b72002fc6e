package mime

import (
	"bytes"
	"strings"

	"postroom/internal/wire/address"
)

// FromCheck is what the header says about who wrote a message, and what in it
// another reader might understand differently.
type FromCheck struct {
	FromFields, SenderFields int
	From, Sender             []address.Mailbox // of all such fields
	Problems                 []FromProblem     // in no order, each once
}

// FromProblem is a way in which a header can show one author to a filter and
// another to a person (espoofer A8–A19, client A1–A2).
type FromProblem string

const (
	NoFrom          FromProblem = "no From field"
	SeveralFrom     FromProblem = "several From fields"
	SeveralSender   FromProblem = "several Sender fields"
	SeveralAuthors  FromProblem = "several addresses in From"
	SpaceBeforeFrom FromProblem = "From is not at the beginning of its line"
	SpaceBeforeEnd  FromProblem = "a space between From and its colon"
	FoldedName      FromProblem = "a From field that begins with an empty line"
	GroupInFrom     FromProblem = "a group in From"
	OddFrom         FromProblem = "the From address is not well formed"
	ControlInFrom   FromProblem = "control characters in From"
	EncodedAddress  FromProblem = "an encoded address in From"
)

// OK is true when there is exactly one author and nothing to doubt.
func (c FromCheck) OK() bool { return len(c.Problems) == 0 }

// Has says whether p was found.
func (c FromCheck) Has(p FromProblem) bool {
	for _, x := range c.Problems {
		if x == p {
			return true
		}
	}
	return false
}

func (c *FromCheck) add(p FromProblem) {
	if !c.Has(p) {
		c.Problems = append(c.Problems, p)
	}
}

// CheckFrom looks at the From and Sender fields of a header.
func CheckFrom(header []byte) FromCheck {
	var c FromCheck
	for first := true; len(header) > 0; first = false {
		name, value, field, rest := nextField(header)
		if field == nil {
			break
		}
		header = rest
		if name == nil {
			if first && looksLikeFrom(field) {
				c.add(SpaceBeforeFrom)
			}
			continue
		}
		if bytes.ContainsAny(field, "\x00") || bareCR(field) {
			if looksLikeFrom(field) || bytes.Contains(bytes.ToLower(field), []byte("\rfrom")) {
				c.add(ControlInFrom)
			}
		}
		switch {
		case equalFold(name, "From"):
			c.FromFields++
			c.from(field, value)
		case equalFold(name, "Sender"):
			c.SenderFields++
			c.Sender = append(c.Sender, address.ParseList(unfold(value, MaxHeader))...)
		case looksLikeFrom(field): // bytes that some readers drop stand around the name
			c.add(SpaceBeforeFrom)
		}
	}
	if c.FromFields == 0 {
		c.add(NoFrom)
	}
	if c.FromFields > 1 {
		c.add(SeveralFrom)
	}
	if c.SenderFields > 1 {
		c.add(SeveralSender)
	}
	return c
}

func (c *FromCheck) from(field, value []byte) {
	if i := bytes.IndexByte(field, ':'); field[i-1] == ' ' || field[i-1] == '\t' {
		c.add(SpaceBeforeEnd)
	}
	line, _, folded := bytes.Cut(value, []byte("\n"))
	if folded && len(bytes.TrimSpace(line)) == 0 && len(bytes.TrimSpace(value)) > 0 {
		c.add(FoldedName)
	}
	text := unfold(value, MaxHeader)
	if strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) >= 0 {
		c.add(ControlInFrom)
	}
	list := address.ParseList(text)
	authors := 0
	for _, m := range list {
		switch {
		case m.Mark != address.Plain:
			c.add(GroupInFrom)
			continue
		case m.Odd:
			c.add(OddFrom)
		default:
			if _, err := m.Parsed(); err != nil {
				c.add(OddFrom)
			}
		}
		if strings.Contains(m.Local, "=?") || strings.Contains(m.Host, "=?") {
			c.add(EncodedAddress)
		}
		authors++
	}
	if authors == 0 {
		c.add(OddFrom)
	}
	if authors > 1 {
		c.add(SeveralAuthors)
	}
	c.From = append(c.From, list...)
}

// looksLikeFrom ignores what careless readers ignore around a field's name.
func looksLikeFrom(field []byte) bool {
	name, _, ok := bytes.Cut(field, []byte(":"))
	if !ok || len(name) > 100 {
		return false
	}
	name = bytes.TrimFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0xfeff || r == 0xfffd || r == 0xa0 })
	return equalFold(name, "From")
}

func bareCR(b []byte) bool {
	for i := 0; i < len(b); i++ {
		if b[i] == '\r' && (i+1 == len(b) || b[i+1] != '\n') {
			return true
		}
	}
	return false
}
