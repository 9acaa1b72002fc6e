package main

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// pattern is a model's pattern in a form that Go can match.
type pattern struct {
	source    string
	notPrefix string
	any       bool
	chain     []link // nil: use expr
	expr      string
}

type link struct {
	class    []rune // pairs of first and last
	min, max int    // max -1: any number
}

var (
	unicodeEscape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)
	lookahead     = regexp.MustCompile(`^\^\(\?!([a-zA-Z0-9-]+)\)`)
	longRepeat    = regexp.MustCompile(`(\[[^\]]*\])\{(\d+),(\d+)\}`)
)

// translate turns a Java pattern into RE2's form: \uXXXX, a leading negative
// lookahead for plain text, and repeats above RE2's limit of 1,000.
func translate(source string) (*pattern, error) {
	p := &pattern{source: source}
	expr := unicodeEscape.ReplaceAllString(source, `\x{$1}`)
	if m := lookahead.FindStringSubmatch(expr); m != nil {
		p.notPrefix = m[1]
		expr = "^" + expr[len(m[0]):]
	}
	expr = longRepeat.ReplaceAllStringFunc(expr, func(s string) string {
		m := longRepeat.FindStringSubmatch(s)
		low, _ := strconv.Atoi(m[2])
		high, _ := strconv.Atoi(m[3])
		if high <= 1000 {
			return s
		}
		return fmt.Sprintf("%s{%d,1000}%s{0,%d}", m[1], low, m[1], high-1000)
	})
	p.expr = expr
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("pattern %s: %w", source, err)
	}
	if matchesAll(tree) {
		p.any = true
	} else if chain, ok := chainOf(tree); ok && greedyIsRight(chain) {
		p.chain = chain
	}
	return p, nil
}

// matchesAll finds [\S\s]* alone, as an alternative, or with +: a length of at
// least one is the shape's own rule where there is one.
func matchesAll(tree *syntax.Regexp) bool {
	switch tree.Op {
	case syntax.OpAlternate:
		for _, sub := range tree.Sub {
			if matchesAll(sub) {
				return true
			}
		}
	case syntax.OpStar:
		links, ok := single(tree.Sub[0])
		return ok && len(links) == 2 && links[0] == 0 && links[1] == 0x10FFFF
	}
	return false
}

// single returns the class of an expression that is one character.
func single(tree *syntax.Regexp) ([]rune, bool) {
	switch tree.Op {
	case syntax.OpCharClass:
		return tree.Rune, true
	case syntax.OpAnyChar:
		return []rune{0, 0x10FFFF}, true
	case syntax.OpLiteral:
		if len(tree.Rune) == 1 && tree.Flags&syntax.FoldCase == 0 {
			return []rune{tree.Rune[0], tree.Rune[0]}, true
		}
	case syntax.OpCapture:
		return single(tree.Sub[0])
	}
	return nil, false
}

func chainOf(tree *syntax.Regexp) ([]link, bool) {
	var chain []link
	subs := []*syntax.Regexp{tree}
	if tree.Op == syntax.OpConcat {
		subs = tree.Sub
	}
	for i, sub := range subs {
		switch {
		case sub.Op == syntax.OpBeginText && i == 0, sub.Op == syntax.OpEndText && i == len(subs)-1:
			continue
		}
		links, ok := linksOf(sub)
		if !ok {
			return nil, false
		}
		for _, l := range links {
			chain = appendLink(chain, l)
		}
	}
	return chain, len(chain) > 0
}

func linksOf(tree *syntax.Regexp) ([]link, bool) {
	if tree.Op == syntax.OpLiteral && tree.Flags&syntax.FoldCase == 0 {
		var links []link
		for _, r := range tree.Rune {
			links = append(links, link{[]rune{r, r}, 1, 1})
		}
		return links, true
	}
	if class, ok := single(tree); ok {
		return []link{{class, 1, 1}}, true
	}
	low, high := 0, -1
	switch tree.Op {
	case syntax.OpCapture:
		return linksOf(tree.Sub[0])
	case syntax.OpStar:
	case syntax.OpPlus:
		low = 1
	case syntax.OpQuest:
		high = 1
	case syntax.OpRepeat:
		low, high = tree.Min, tree.Max
	default:
		return nil, false
	}
	class, ok := single(tree.Sub[0])
	return []link{{class, low, high}}, ok
}

// appendLink joins a link to one of the same class before it.
func appendLink(chain []link, l link) []link {
	if n := len(chain) - 1; n >= 0 && string(chain[n].class) == string(l.class) {
		chain[n].min += l.min
		if chain[n].max < 0 || l.max < 0 {
			chain[n].max = -1
		} else {
			chain[n].max += l.max
		}
		return chain
	}
	return append(chain, l)
}

// greedyIsRight tells whether a link of varying length can never take what a
// later one needs.
func greedyIsRight(chain []link) bool {
	for i, l := range chain {
		if l.min == l.max {
			continue
		}
		for _, next := range chain[i+1:] {
			if overlap(l.class, next.class) {
				return false
			}
			if next.min > 0 {
				break
			}
		}
	}
	return true
}

func overlap(a, b []rune) bool {
	for i := 0; i < len(a); i += 2 {
		for j := 0; j < len(b); j += 2 {
			if a[i] <= b[j+1] && b[j] <= a[i+1] {
				return true
			}
		}
	}
	return false
}

// goClass returns the literal of a class of package api.
func goClass(ranges []rune) string {
	var low [2]uint64
	var high []string
	for i := 0; i < len(ranges); i += 2 {
		first, last := ranges[i], ranges[i+1]
		for r := first; r <= last && r < 128; r++ {
			low[r>>6] |= 1 << (r & 63)
		}
		if last >= 128 {
			high = append(high, fmt.Sprintf("%#x, %#x", max(first, 128), last))
		}
	}
	text := fmt.Sprintf("class{low: [2]uint64{%#x, %#x}", low[0], low[1])
	if high != nil {
		text += ", high: []rune{" + strings.Join(high, ", ") + "}"
	}
	return text + "}"
}
