package mailbox

import (
	"strings"

	"postroom/internal/base/errs"
)

// Flags are an item's flags in one word: bits 0 to 7 are the system flags, each
// bit from 8 on is a keyword of the mailbox, by its place in Keywords.
type Flags uint64

const (
	Seen Flags = 1 << iota
	Answered
	Flagged
	Deleted
	Draft
)

// Hidden marks associated items, which no folder listing shows. Only AddItem sets it.
const Hidden Flags = 1 << 7

const (
	firstKeyword = 8
	maxKeywords  = 62 - firstKeyword
	maxKeyword   = 64 // bytes of a keyword's name
)

// Keywords are the names of a mailbox's keyword bits; the n-th is bit 8+n. They
// are only ever added to.
type Keywords []string

// Bit returns the flag of a keyword, in any case, or 0.
func (k Keywords) Bit(name string) Flags {
	for i, n := range k {
		if strings.EqualFold(n, name) {
			return 1 << (firstKeyword + i)
		}
	}
	return 0
}

// Names returns the keywords set in f.
func (k Keywords) Names(f Flags) []string {
	var names []string
	for i, n := range k {
		if f&(1<<(firstKeyword+i)) != 0 {
			names = append(names, n)
		}
	}
	return names
}

// Full tells whether no keyword can be added any more.
func (k Keywords) Full() bool { return len(k) >= maxKeywords }

// with returns k with names added where they are missing, and their bits.
func (k Keywords) with(op string, names []string) (Keywords, Flags, error) {
	var bits Flags
	for _, n := range names {
		b := k.Bit(n)
		if b == 0 {
			if k.Full() {
				return k, 0, errs.Say(op, errs.Limit, errs.Item, "A mailbox has at most %d different keywords.", maxKeywords)
			}
			if n == "" || len(n) > maxKeyword || strings.ContainsFunc(n, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
				return k, 0, errs.Say(op, errs.Invalid, errs.Item, "A keyword has 1 to %d printable ASCII characters.", maxKeyword)
			}
			k = append(k[:len(k):len(k)], n)
			b = k.Bit(n)
		}
		bits |= b
	}
	return k, bits, nil
}
