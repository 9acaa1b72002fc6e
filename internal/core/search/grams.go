package search

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"strings"
)

// A gram is three bytes of a text in lower case, in which white space is one
// space, as a number of 16 bits. What holds a text holds its grams: so a
// document that lacks one cannot hold it. Two grams may have the same number:
// that only makes candidates.

// gramSet is the grams of one document.
type gramSet struct {
	seen [1 << 16 / 64]uint64
	run  gramRun
}

// gramRun goes over a text that may come in pieces.
type gramRun struct {
	last uint32 // the last three bytes
	n    int
}

func gramOf(three uint32) uint16 { return uint16(three * 0x9e3779b1 >> 16) }

// feed takes a piece of a text.
func (s *gramSet) feed(text string) {
	text = strings.ToLower(text)
	last, n := s.run.last, s.run.n
	for i := 0; i < len(text); i++ {
		b := text[i]
		if b == '\n' || b == '\r' || b == '\t' {
			b = ' '
		}
		if b == ' ' && byte(last) == ' ' {
			continue
		}
		last = (last<<8 | uint32(b)) & 0xffffff
		if n++; n >= 3 {
			g := gramOf(last)
			s.seen[g>>6] |= 1 << (g & 63)
		}
	}
	s.run = gramRun{last, n}
}

// end ends a text: no gram goes over into the next.
func (s *gramSet) end() { s.run = gramRun{} }

func (s *gramSet) clear() { s.seen = [1 << 16 / 64]uint64{}; s.end() }

// appendTo appends the grams, ascending: the first one, then how much each is
// more than the one before, as varints.
func (s *gramSet) appendTo(b []byte) []byte {
	before := 0
	for i, w := range s.seen {
		for ; w != 0; w &= w - 1 {
			g := i<<6 + bits.TrailingZeros64(w)
			b = binary.AppendUvarint(b, uint64(g-before))
			before = g
		}
	}
	return b
}

var errDamaged = errors.New("a row of the search index is damaged")

// eachGram calls f for the grams that appendTo wrote, until it returns false.
func eachGram(b []byte, f func(uint16) bool) error {
	g := uint64(0)
	for len(b) > 0 {
		step, n := uint64(b[0]), 1
		if step >= 0x80 {
			step, n = binary.Uvarint(b)
		}
		if g += step; n <= 0 || step > 1<<16-1 || g > 1<<16-1 {
			return errDamaged
		}
		b = b[n:]
		if !f(uint16(g)) {
			break
		}
	}
	return nil
}

// holdsAll tells whether a document has all of some grams, which ascend.
func holdsAll(grams []byte, want []uint16) (bool, error) {
	err := eachGram(grams, func(g uint16) bool {
		if g == want[0] {
			want = want[1:]
		}
		return len(want) > 0 && g < want[0]
	})
	return len(want) == 0, err
}

// needle returns at most n grams of a text, spread over it, ascending. It is
// empty where the text is too short to have one.
func needle(text string, n int) []uint16 {
	var s gramSet
	s.feed(text)
	var all []uint16
	for i, w := range s.seen {
		for ; w != 0; w &= w - 1 {
			all = append(all, uint16(i<<6+bits.TrailingZeros64(w)))
		}
	}
	// Their numbers are as good as random: every k-th is a fair choice.
	for i := range min(n, len(all)) {
		all[i] = all[i*len(all)/min(n, len(all))]
	}
	return all[:min(n, len(all))]
}
