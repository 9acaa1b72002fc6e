package imap

import "strings"

// SystemFlags is a set of the flags that begin with a backslash (RFC 3501 §2.3.2).
type SystemFlags uint8

// The system flags; Recent is only ever sent by the server.
const (
	Seen SystemFlags = 1 << iota
	Answered
	Flagged
	Deleted
	Draft
	Recent
)

// AllSystemFlags are those that a client may set.
const AllSystemFlags = Seen | Answered | Flagged | Deleted | Draft

// systemFlagNames is in the order of the bits.
var systemFlagNames = [...]string{`\Seen`, `\Answered`, `\Flagged`, `\Deleted`, `\Draft`, `\Recent`}

// Flags are system flags and keywords; keywords keep the client's case.
type Flags struct {
	System   SystemFlags
	Keywords []string
}

// Limits on what one command may name.
const (
	MaxKeyword  = 64  // bytes of a keyword
	MaxKeywords = 100 // flags in one list
)

// ExpectFlagList takes a parenthesised list of flags, perhaps empty.
func (d *Decoder) ExpectFlagList(f *Flags) bool {
	return d.ExpectList(MaxKeywords, func() bool { return d.expectFlag(f) })
}

func (d *Decoder) expectFlag(f *Flags) bool {
	start := d.pos
	if d.Special('\\') {
		var b wordBuf
		switch string(b.upper(d.run(classAtom))) {
		case "SEEN":
			f.System |= Seen
		case "ANSWERED":
			f.System |= Answered
		case "FLAGGED":
			f.System |= Flagged
		case "DELETED":
			f.System |= Deleted
		case "DRAFT":
			f.System |= Draft
		case "RECENT":
			d.pos = start
			return d.Fail(`\Recent cannot be set`)
		default:
			d.pos = start
			return d.Fail("unknown system flag")
		}
		return true
	}
	k, ok := d.expectKeyword()
	if !ok {
		return false
	}
	for _, have := range f.Keywords {
		if strings.EqualFold(have, k) {
			return true
		}
	}
	f.Keywords = append(f.Keywords, k)
	return true
}

func (d *Decoder) expectKeyword() (string, bool) {
	w := d.run(classAtom)
	if len(w) == 0 {
		return "", d.Fail("expected a flag")
	}
	if len(w) > MaxKeyword {
		return "", d.Fail("keyword longer than %d bytes", MaxKeyword)
	}
	return string(w), true
}

// AppendFlags writes the flags with single spaces between, without parentheses.
func AppendFlags(b []byte, f SystemFlags, keywords []string) []byte {
	sep := false
	for i, name := range systemFlagNames {
		if f&(1<<i) == 0 {
			continue
		}
		if sep {
			b = append(b, ' ')
		}
		sep = true
		b = append(b, name...)
	}
	for _, k := range keywords {
		if sep {
			b = append(b, ' ')
		}
		sep = true
		b = append(b, k...)
	}
	return b
}
