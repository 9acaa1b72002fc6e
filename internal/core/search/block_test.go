package search

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"postroom/internal/base/ids"
)

func gramsOf(texts ...string) []byte {
	var s gramSet
	for _, t := range texts {
		s.feed(t)
		s.end()
	}
	return s.appendTo(nil)
}

func TestGramsOfAPart(t *testing.T) {
	long := gramsOf("The quick  brown\r\n\tFox jumps", "over the lazy dog")
	for text, holds := range map[string]bool{
		"quick": true, "QUICK BROWN FOX": true, "brown\tfox": true, "own fo": true, "lazy": true, "ps over": false, "jumps over": false, "cat": false,
	} {
		if got, err := holdsAll(long, needle(text, 8)); err != nil || got != holds {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
	if n := needle("ab", 8); len(n) != 0 {
		t.Error("two bytes have", n)
	}
	if n := needle(strings.Repeat("a long needle with many grams ", 10), 8); len(n) != 8 || !slices.IsSorted(n) {
		t.Error(n)
	}
}

func TestTextInPiecesIsOneText(t *testing.T) {
	var s gramSet
	for _, piece := range []string{"Sub", "ject", ": ", "Hi\n", "To: x"} {
		s.feed(piece)
	}
	if want := gramsOf("subject: hi to: x"); !slices.Equal(s.appendTo(nil), want) {
		t.Error("pieces have other grams")
	}
}

// A block has what its documents had, from both sides.
func TestBlockTurnsAroundAndBack(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{1, 7, 64, 300, BlockSize} {
		docs := make([]Doc, n)
		has := make([]map[uint16]bool, n)
		for i := range docs {
			has[i] = map[uint16]bool{}
			docs[i] = Doc{Item: ids.Item(10 + i*i), Complete: i%3 != 0}
			for range r.IntN(300) {
				has[i][uint16(r.IntN(1+r.IntN(1<<16)))] = true
			}
			all := make([]uint16, 0, len(has[i]))
			for g := range has[i] {
				all = append(all, g)
			}
			slices.Sort(all)
			docs[i].Grams = appendGrams(all)
		}
		b, err := buildBlock(4, docs)
		if err != nil {
			t.Fatal(err)
		}
		for range 500 {
			g := uint16(r.IntN(1 + r.IntN(1<<16)))
			var m members
			if p := b.Parts[g>>8]; p != nil {
				if m, err = postings(p, uint8(g)); err != nil {
					t.Fatal(err)
				}
			}
			for i := range docs {
				if m.has(i) != has[i][g] {
					t.Fatalf("%d documents: gram %d of document %d is %v", n, g, i, m.has(i))
				}
			}
		}
		var keep members
		var want []Doc
		for i, d := range docs {
			if i%5 != 1 {
				keep.set(i)
				want = append(want, d)
			}
		}
		back, err := b.docs(&keep)
		if err != nil || !slices.EqualFunc(back, want, func(a, b Doc) bool {
			return a.Item == b.Item && a.Complete == b.Complete && slices.Equal(a.Grams, b.Grams)
		}) {
			t.Fatalf("%d documents do not come back: %v", n, err)
		}
	}
}

func appendGrams(all []uint16) (b []byte) {
	before := uint16(0)
	for _, g := range all {
		b = binary.AppendUvarint(b, uint64(g-before))
		before = g
	}
	return b
}

// A row that something has damaged is an error, never a panic.
func FuzzRows(f *testing.F) {
	b, _ := buildBlock(1, []Doc{{Item: 3, Grams: gramsOf("some text")}, {Item: 9, Complete: true, Grams: gramsOf("another text")}})
	for _, p := range b.Parts {
		if p != nil {
			f.Add(p, b.Items, gramsOf("some text"))
			break
		}
	}
	f.Add([]byte{asBitmap}, []byte{0x80}, []byte{0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, part, items, grams []byte) {
		for _, low := range []uint8{0, 7, 255} {
			postings(part, low)
		}
		b := Block{Items: items, Incomplete: make([]byte, bitmapSize)}
		b.Parts[7] = part
		var keep members
		keep.set(0)
		b.docs(&keep)
		if eachGram(grams, func(uint16) bool { return true }) == nil {
			if _, err := buildBlock(1, []Doc{{Item: 1, Grams: grams}}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
