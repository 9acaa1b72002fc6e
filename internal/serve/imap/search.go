package imap

import (
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
	"postroom/internal/wire/mime"
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
	m := match{q: q, stored: stored.Get().(*mime.Stored)}
	defer m.end()
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
	_, err = q.sel.metas(q.x.ctx, open, q.parsed(), func(n int, e mailbox.Entry, meta *mailbox.Meta) error {
		m.read(n, e, meta)
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
