package imap

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// search is SEARCH and UID SEARCH (RFC 3501 §6.4.4) with RETURN (RFC 4731). What
// flags and numbers decide comes from the snapshot; the rest of the messages is
// read in pages, bodies only where nothing else decides, and few at once.
func (x *session) search(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.Search)
	sel := x.sel
	q := query{x: x, sel: sel}
	if err := q.compile(&a.Key, &q.root); err != nil {
		return reply{}, err
	}
	if q.root.needs >= needContent {
		select {
		case x.srv.reading <- struct{}{}:
			defer func() { <-x.srv.reading }()
		case <-x.ctx.Done():
			return reply{}, x.ctx.Err()
		}
	}
	hits, err := q.run()
	if err != nil {
		return reply{}, err
	}
	number := func(n int) uint32 { return uint32(n) }
	if a.UID {
		number = func(n int) uint32 { return uint32(sel.snap.At(n).UID) }
	}
	if a.Extended {
		x.enc.ESearch(c.Tag, a.UID, a.Return, searchData(hits, number, a.Return))
		return reply{}, nil
	}
	nums := make([]uint32, len(hits))
	for i, n := range hits {
		nums[i] = number(int(n))
	}
	x.enc.Search(nums)
	return reply{}, nil
}

func searchData(hits []uint32, number func(int) uint32, want wire.SearchReturn) *wire.SearchData {
	d := &wire.SearchData{Count: uint32(len(hits))}
	if len(hits) == 0 {
		return d
	}
	d.Min, d.Max = number(int(hits[0])), number(int(hits[len(hits)-1]))
	if want&wire.ReturnAll != 0 {
		for _, n := range hits {
			d.All.Add(number(int(n)))
		}
	}
	return d
}

// run returns the sequence numbers that match, ascending.
func (q *query) run() (hits []uint32, err error) {
	var open []span
	snap := q.sel.snap
	m := match{q: q}
	snap.Each(1, snap.Len(), func(n int, e mailbox.Entry) bool {
		m.n, m.e = n, e
		switch q.root.look(&m) {
		case yes:
			hits = append(hits, uint32(n))
		case unknown:
			if k := len(open) - 1; k >= 0 && open[k].hi == n-1 {
				open[k].hi = n
			} else {
				open = append(open, span{n, n})
			}
		}
		return true
	})
	if q.failed != nil || len(open) == 0 {
		return hits, q.failed
	}
	sure := hits
	hits = make([]uint32, 0, len(sure))
	read := q.sel.metas
	if q.rows {
		read = func(ctx context.Context, spans []span, f func(int, mailbox.Entry, *mailbox.Item) error) error {
			_, err := q.sel.items(ctx, spans, q.root.needs >= needMeta, f)
			return err
		}
	}
	err = read(q.x.ctx, open, func(n int, e mailbox.Entry, it *mailbox.Item) error {
		m = match{q: q, n: n, e: e, it: it, folded: m.folded[:0]}
		found := q.root.look(&m) == yes
		m.close()
		if q.failed == nil {
			q.failed = q.x.ctx.Err()
		}
		if !found {
			return q.failed
		}
		for len(sure) > 0 && int(sure[0]) < n {
			hits, sure = append(hits, sure[0]), sure[1:]
		}
		hits = append(hits, uint32(n))
		return q.failed
	})
	return append(hits, sure...), err
}

// metas is items for who asks for envelopes alone. It holds the store while it
// looks, since it writes nothing and opens no content.
func (s *selected) metas(ctx context.Context, spans []span, f func(int, mailbox.Entry, *mailbox.Item) error) error {
	var it mailbox.Item
	for _, p := range joined(spans) {
		n := p.lo
		r := mailbox.Range{First: s.snap.At(p.lo).UID, Last: s.snap.At(p.hi).UID}
		err := s.box.Metas(ctx, s.folder, r, func(uid ids.UID, meta []byte) error {
			if n > s.snap.Len() || s.snap.At(n).UID != uid {
				n = s.snap.Find(uid) // some have left
			}
			if !inSpans(spans, n) || s.snap.At(n).UID != uid {
				return nil
			}
			e := s.snap.At(n)
			it = mailbox.Item{ID: e.Item, UID: uid, Meta: meta}
			n++
			return f(n-1, e, &it)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// joined draws spans together that are near each other.
func joined(spans []span) []span {
	out := []span{spans[0]}
	for _, p := range spans[1:] {
		if k := len(out) - 1; p.lo-out[k].hi <= nearby {
			out[k].hi = p.hi
		} else {
			out = append(out, p)
		}
	}
	return out
}
