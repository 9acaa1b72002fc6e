package search

import (
	"encoding/binary"
	"math/bits"

	"postroom/internal/base/ids"
)

const (
	// BlockSize is how many documents a block has at most.
	BlockSize = 512
	// PartCount is how many parts the grams of a block lie in: a part has the
	// grams of one upper byte.
	PartCount = 256

	bitmapSize = BlockSize / 8
	asBitmap   = 255
)

// members is a set of a block's documents, by their place in it.
type members [BlockSize / 64]uint64

func (m *members) set(i int)      { m[i>>6] |= 1 << (i & 63) }
func (m *members) has(i int) bool { return m[i>>6]&(1<<(i&63)) != 0 }

func (m *members) count() (n int) {
	for _, w := range m {
		n += bits.OnesCount64(w)
	}
	return n
}

// buildBlock turns at most BlockSize documents, by item, around. A part is for
// each of its 256 grams in order: 0 where no document has it; the length of a
// list, and that list of varints: the first document's place, then how far the
// next is behind the one before; or asBitmap and a bitmap, where that is shorter.
func buildBlock(number int64, docs []Doc) (*Block, error) {
	b := &Block{Number: number, Incomplete: make([]byte, bitmapSize)}
	var starts [1<<16 + 1]int32
	for i, d := range docs {
		if !d.Complete {
			b.Incomplete[i>>3] |= 1 << (i & 7)
		}
		if err := eachGram(d.Grams, func(g uint16) bool { starts[int(g)+1]++; return true }); err != nil {
			return nil, err
		}
	}
	for g := range 1 << 16 {
		starts[g+1] += starts[g]
	}
	places := make([]uint16, starts[1<<16])
	next := starts
	for i, d := range docs {
		_ = eachGram(d.Grams, func(g uint16) bool { places[next[g]] = uint16(i); next[g]++; return true })
	}
	buf := make([]byte, 0, PartCount*(bitmapSize+1))
	for part := range PartCount {
		buf = buf[:0]
		for low := range 256 {
			g := part<<8 | low
			buf = appendPostings(buf, places[starts[g]:starts[g+1]])
		}
		if starts[part<<8] != starts[(part+1)<<8] {
			b.Parts[part] = append([]byte(nil), buf...)
		}
	}
	b.Items = appendItems(nil, docs)
	return b, nil
}

func appendPostings(b []byte, places []uint16) []byte {
	if len(places) == 0 {
		return append(b, 0)
	}
	at := len(b)
	b = append(b, 0)
	before := uint16(0)
	for _, p := range places {
		if b = binary.AppendUvarint(b, uint64(p-before)); len(b)-at-1 > bitmapSize {
			b = append(b[:at], asBitmap)
			var m [bitmapSize]byte
			for _, p := range places {
				m[p>>3] |= 1 << (p & 7)
			}
			return append(b, m[:]...)
		}
		before = p
	}
	b[at] = byte(len(b) - at - 1)
	return b
}

// postings returns the documents of one gram of a part.
func postings(part []byte, low uint8) (m members, err error) {
	for g := 0; ; g++ {
		if len(part) == 0 {
			return m, errDamaged
		}
		n := int(part[0])
		if n == asBitmap {
			n = bitmapSize
		}
		if len(part)-1 < n {
			return m, errDamaged
		}
		if g == int(low) {
			return decodePostings(part[0] == asBitmap, part[1:1+n])
		}
		part = part[1+n:]
	}
}

func decodePostings(bitmap bool, b []byte) (m members, err error) {
	if bitmap {
		return bitmapOf(b), nil
	}
	at := uint64(0)
	for len(b) > 0 {
		step, n := binary.Uvarint(b)
		if at += step; n <= 0 || step >= BlockSize || at >= BlockSize {
			return m, errDamaged
		}
		m.set(int(at))
		b = b[n:]
	}
	return m, nil
}

func bitmapOf(b []byte) (m members) {
	if len(b) == bitmapSize {
		for i := range m {
			m[i] = binary.LittleEndian.Uint64(b[8*i:])
		}
	}
	return m
}

func appendItems(b []byte, docs []Doc) []byte {
	var before ids.Item
	for _, d := range docs {
		b = binary.AppendUvarint(b, uint64(d.Item-before))
		before = d.Item
	}
	return b
}

// items returns the item ids of a block.
func (b *Block) items() ([]ids.Item, error) {
	list := make([]ids.Item, 0, BlockSize)
	var at ids.Item
	for rest := b.Items; len(rest) > 0; {
		step, n := binary.Uvarint(rest)
		if n <= 0 || step == 0 || step > 1<<48 || len(list) == BlockSize {
			return nil, errDamaged
		}
		at += ids.Item(step)
		list = append(list, at)
		rest = rest[n:]
	}
	if len(b.Incomplete) != bitmapSize {
		return nil, errDamaged
	}
	return list, nil
}

// docs turns those documents of a block that keep has back.
func (b *Block) docs(keep *members) ([]Doc, error) {
	items, err := b.items()
	if err != nil {
		return nil, err
	}
	incomplete := bitmapOf(b.Incomplete)
	all := make([]Doc, len(items))
	last := make([]int, len(items))
	for part, p := range b.Parts {
		if len(p) == 0 {
			continue
		}
		for low := range 256 {
			m, err := postings(p, uint8(low))
			if err != nil {
				return nil, err
			}
			for i := range items {
				if m.has(i) && keep.has(i) {
					g := part<<8 | low
					all[i].Grams = binary.AppendUvarint(all[i].Grams, uint64(g-last[i]))
					last[i] = g
				}
			}
		}
	}
	kept := all[:0]
	for i, d := range all {
		if keep.has(i) {
			d.Item, d.Complete = items[i], !incomplete.has(i)
			kept = append(kept, d)
		}
	}
	return kept, nil
}
