package mailbox

import (
	"context"
	"errors"
	"slices"
	"time"

	"postroom/internal/base/ids"
)

// Meta is what stays the same of a message as long as it lies where it lies. A
// move, or a change of its content, gives it another uid.
type Meta struct {
	UID      ids.UID
	Body     ids.Body // 0: no content
	Size     int64
	Received time.Time // INTERNALDATE
	Sent     time.Time
	Parsed   string // wire/mime's form; empty where not asked for, and for an item without content
}

// Metas calls f for the messages with the numbers lo to hi of a snapshot, by
// number, with what was parsed at delivery where parsed is set. Those that now,
// a newer snapshot or the same, has no more are passed over. meta does not change
// and may be kept. The store is not held while f runs, and what was read before
// comes from memory.
func (m *Mailbox) Metas(ctx context.Context, of, now *Snapshot, lo, hi int, parsed bool, f func(n int, e Entry, meta *Meta) error) error {
	room := max(0, min(hi-lo+1, pageRows))
	p := metaPage{m: m, of: of, now: now, parsed: parsed, entries: make([]Entry, 0, room), metas: make([]*Meta, 0, room)}
	for lo, hi = max(lo, 1), min(hi, of.n); lo <= hi; {
		upTo, err := p.read(ctx, lo, min(hi, lo+pageRows-1))
		if err != nil {
			return err
		}
		for i := range p.entries[:upTo-lo+1] {
			if meta := p.metas[i]; meta != nil {
				if err := f(lo+i, p.entries[i], meta); err != nil {
					return err
				}
			}
		}
		lo = upTo + 1
	}
	return nil
}

const (
	pageRows  = 128
	pageBytes = 1 << 20 // of what was parsed
)

var errPageFull = errors.New("page full")

// metaPage reads pages of metas.
type metaPage struct {
	m       *Mailbox
	of, now *Snapshot
	parsed  bool

	entries []Entry
	metas   []*Meta // of entries; nil: it has left
	rows    []Meta  // from the store, by uid
	text    []byte
}

// read makes the page those of the numbers lo to hi, or as many of them as it
// holds, and returns the last.
func (p *metaPage) read(ctx context.Context, lo, hi int) (int, error) {
	p.entries, p.metas = p.entries[:0], p.metas[:0]
	from, to := -1, -1 // of entries that are not in memory
	var block []Meta
	at, loaded := 0, ids.UID(0)
	p.of.Each(lo, hi, func(_ int, e Entry) bool {
		p.entries, p.metas = append(p.entries, e), append(p.metas, nil)
		if p.now != p.of && !p.now.has(e.UID) {
			return true
		}
		if b := e.UID>>blockLog + 1; b != loaded {
			block, at, loaded = p.m.s.metas.block(p.key(e.UID)), 0, b
		}
		for at < len(block) && block[at].UID < e.UID {
			at++
		}
		i := len(p.metas) - 1
		if at < len(block) && block[at].UID == e.UID {
			p.metas[i] = &block[at]
			return true
		}
		if to = i; from < 0 {
			from = i
		}
		return true
	})
	if from < 0 {
		return hi, nil
	}
	upTo, err := p.load(ctx, from, to)
	if upTo < to { // the page is full
		hi = lo + upTo
	}
	return hi, err
}

func (p *metaPage) key(uid ids.UID) metaKey {
	return metaKey{p.m.id, p.of.Folder, p.of.UIDValidity, uint32(uid) >> blockLog}
}

// load reads those of the entries from to to that memory lacks, and returns the
// last that was looked for.
func (p *metaPage) load(ctx context.Context, from, to int) (int, error) {
	p.rows, p.text = make([]Meta, 0, to-from+1), p.text[:0]
	i := from
	ends := make([]int, 0, to-from+1) // of what was parsed, in text
	r := Range{p.entries[from].UID, p.entries[to].UID}
	err := p.m.s.store.Metas(ctx, p.m.id, p.of.Folder, r, p.parsed, func(meta Meta, parsed []byte) error {
		for i < to && p.entries[i].UID < meta.UID {
			i++
		}
		if len(p.text) > pageBytes {
			return errPageFull
		}
		if p.entries[i].UID == meta.UID && p.metas[i] == nil {
			p.text = append(p.text, parsed...)
			p.rows, ends = append(p.rows, meta), append(ends, len(p.text))
		}
		return nil
	})
	switch {
	case err == nil:
		i = to
	case errors.Is(err, errPageFull):
		i-- // what lies at it was not taken
	default:
		return from, err
	}
	p.keep(ends)
	k := from
	for j := range p.rows {
		for p.entries[k].UID < p.rows[j].UID {
			k++
		}
		p.metas[k] = &p.rows[j]
	}
	return i, nil
}

// keep gives the metas their texts, one for each block, and puts them into memory.
func (p *metaPage) keep(ends []int) {
	begin := 0
	for i := 0; i < len(p.rows); {
		key := p.key(p.rows[i].UID)
		j := i + 1
		for j < len(p.rows) && p.key(p.rows[j].UID) == key {
			j++
		}
		text, base := string(p.text[begin:ends[j-1]]), begin
		for k := i; k < j; k++ {
			p.rows[k].Parsed = text[begin-base : ends[k]-base]
			begin = ends[k]
		}
		if p.parsed {
			p.m.s.metas.add(key, slices.Clone(p.rows[i:j]))
		}
		i = j
	}
}

// has tells whether a message is there.
func (s *Snapshot) has(uid ids.UID) bool {
	n := s.Find(uid)
	return n <= s.n && s.At(n).UID == uid
}
