package imap

import (
	"math"
	"slices"
	"strconv"
)

// Range is a range of sequence numbers or UIDs, both ends included. 0 stands
// for "*" until Resolve has replaced it.
type Range struct{ First, Last uint32 }

// NumSet is a sequence-set or uid-set (RFC 3501 §9). Whether it holds sequence
// numbers or UIDs, the command says.
type NumSet struct {
	Ranges []Range
	Saved  bool // "$", the result of the last SEARCH (RFC 5182)
}

// ExpectNumSet takes a set of numbers, or "$".
func (d *Decoder) ExpectNumSet(s *NumSet) bool {
	if d.Special('$') {
		s.Saved = true
		return true
	}
	start := d.pos
	text := d.run(classSet)
	if len(text) == 0 {
		return d.Fail("expected a set of numbers")
	}
	var bad int
	if s.Ranges, bad = appendRanges(s.Ranges, text); bad >= 0 {
		d.pos = start + bad
		return d.Fail("bad set of numbers")
	}
	return true
}

// ParseNumSet reads a set from text; it answers false for bad text.
func ParseNumSet(text string) (NumSet, bool) {
	ranges, bad := appendRanges(nil, []byte(text))
	return NumSet{Ranges: ranges}, bad < 0
}

// appendRanges returns the place of the first bad byte, or -1.
func appendRanges(to []Range, text []byte) ([]Range, int) {
	for i := 0; ; i++ {
		first, next := setNumber(text, i)
		if next < 0 {
			return nil, i
		}
		last := first
		if i = next; i < len(text) && text[i] == ':' {
			if last, next = setNumber(text, i+1); next < 0 {
				return nil, i + 1
			}
			i = next
		}
		if first == 0 || last != 0 && last < first {
			first, last = last, first // "*:4" and "9:4" are "4:*" and "4:9"
		}
		to = append(to, Range{first, last})
		if i == len(text) {
			return to, -1
		}
		if text[i] != ',' {
			return nil, i
		}
	}
}

// setNumber reads "*" as 0, or a number from 1; next is -1 if neither is there.
func setNumber(text []byte, i int) (n uint32, next int) {
	if i < len(text) && text[i] == '*' {
		return 0, i + 1
	}
	var v uint64
	start := i
	for ; i < len(text) && text[i]-'0' <= 9; i++ {
		if v = v*10 + uint64(text[i]-'0'); v > math.MaxUint32 {
			return 0, -1
		}
	}
	if i == start || v == 0 {
		return 0, -1
	}
	return uint32(v), i
}

// Resolve returns the set sorted and without overlaps, with "*" replaced by
// top, the largest number in use. "*" of an empty folder (top 0) is dropped.
// The result may name numbers beyond top.
func (s NumSet) Resolve(top uint32) []Range {
	out := make([]Range, 0, len(s.Ranges))
	for _, r := range s.Ranges {
		if r.First == 0 {
			r.First = top
		}
		if r.Last == 0 {
			r.Last = top
		}
		if r.First > r.Last { // "9:*" while top is 5 holds 5 (RFC 3501 §9)
			r.First, r.Last = r.Last, r.First
		}
		if r.Last == 0 {
			continue
		}
		r.First = max(r.First, 1)
		out = append(out, r)
	}
	return mergeRanges(out)
}

func mergeRanges(rs []Range) []Range {
	slices.SortFunc(rs, func(a, b Range) int {
		if a.First < b.First {
			return -1
		} else if a.First > b.First {
			return 1
		}
		return 0
	})
	out := rs[:0]
	for _, r := range rs {
		if n := len(out); n > 0 && uint64(r.First) <= uint64(out[n-1].Last)+1 {
			out[n-1].Last = max(out[n-1].Last, r.Last)
			continue
		}
		out = append(out, r)
	}
	return out
}

// InRanges reports whether n lies in ranges that Resolve returned.
func InRanges(rs []Range, n uint32) bool {
	i, j := 0, len(rs)
	for i < j {
		m := (i + j) / 2
		if rs[m].Last < n {
			i = m + 1
		} else {
			j = m
		}
	}
	return i < len(rs) && rs[i].First <= n
}

// SetOf returns the numbers as ranges, in their order; consecutive ones are
// drawn together (1,2,3,7 is 1:3,7).
func SetOf(nums []uint32) NumSet {
	var s NumSet
	for _, n := range nums {
		s.Add(n)
	}
	return s
}

// Add appends n behind what the set holds.
func (s *NumSet) Add(n uint32) {
	if i := len(s.Ranges) - 1; i >= 0 && s.Ranges[i].Last != math.MaxUint32 && s.Ranges[i].Last+1 == n {
		s.Ranges[i].Last = n
		return
	}
	s.Ranges = append(s.Ranges, Range{n, n})
}

// Append writes the set as IMAP does: 1:3,7,9:*.
func (s NumSet) Append(b []byte) []byte {
	if s.Saved {
		return append(b, '$')
	}
	for i, r := range s.Ranges {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendSetNumber(b, r.First)
		if r.First != r.Last {
			b = append(b, ':')
			b = appendSetNumber(b, r.Last)
		}
	}
	return b
}

func appendSetNumber(b []byte, n uint32) []byte {
	if n == 0 {
		return append(b, '*')
	}
	return strconv.AppendUint(b, uint64(n), 10)
}

func (s NumSet) String() string { return string(s.Append(nil)) }
