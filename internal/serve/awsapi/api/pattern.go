package api

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// pattern is the pattern of a string shape; a value must match as a whole. Most
// are chains of character classes, matched by hand; the rest are regular
// expressions, compiled at first use, so that a start does not pay for them.
type pattern struct {
	source    string // as the model has it, for the error
	notPrefix string // Java's (?!…) at the front, which RE2 has not
	chain     []link
	expr      string // RE2, where there is no chain
	any       bool   // matches everything
	once      sync.Once
	re        *regexp.Regexp
}

// link is a run of min to max (-1: any number) characters of a class. The
// generator makes a chain only where each link ends before the next begins for
// sure, so that taking as much as one can is right.
type link struct {
	class    *class
	min, max int
}

// class is a set of characters: a bit for each below 128, ranges for the rest.
type class struct {
	low  [2]uint64
	high []rune // pairs of first and last
}

func (c *class) has(r rune) bool {
	if r < utf8.RuneSelf {
		return c.low[r>>6]>>(r&63)&1 == 1
	}
	for i := 0; i < len(c.high); i += 2 {
		if r >= c.high[i] && r <= c.high[i+1] {
			return true
		}
	}
	return false
}

func (p *pattern) matches(s string) bool {
	switch {
	case p.any:
		return true
	case p.notPrefix != "" && strings.HasPrefix(s, p.notPrefix):
		return false
	case p.chain != nil:
		return matchChain(p.chain, s)
	}
	p.once.Do(func() { p.re = regexp.MustCompile(`\A(?:` + p.expr + `)\z`) })
	return p.re.MatchString(s)
}

func matchChain(chain []link, s string) bool {
	for _, l := range chain {
		n := 0
		for s != "" && (l.max < 0 || n < l.max) {
			r, size := rune(s[0]), 1
			if r >= utf8.RuneSelf {
				r, size = utf8.DecodeRuneInString(s)
			}
			if !l.class.has(r) {
				break
			}
			s = s[size:]
			n++
		}
		if n < l.min {
			return false
		}
	}
	return s == ""
}
