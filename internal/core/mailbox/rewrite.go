package mailbox

import (
	"cmp"
	"context"
	"slices"
	"time"

	"postroom/internal/core/tx"
)

// Holder keeps contents outside of mailboxes: the queue.
type Holder interface {
	// Live returns the places in a pack that it refers to, by offset.
	Live(ctx context.Context, pack int64) ([]Place, error)
	// Relocate points what refers to one place to another.
	Relocate(ctx context.Context, t *tx.Tx, from, to Place) error
}

// Rewrite moves what lives in packs that are more than half dead into new ones,
// and removes packs in which nothing has lived for grace. Only packs that have
// not grown for grace are looked at: longer than the oldest reader, a content
// that has no row yet, and a backup. pinned tells which packs a backup holds.
func (s *Service) Rewrite(ctx context.Context, grace time.Duration, pinned func(pack int64) bool, others ...Holder) error {
	holders := append([]Holder{s.store}, others...)
	packs, err := s.packs.List(ctx)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	for _, p := range packs {
		if p.Changed.After(now.Add(-grace)) || pinned(p.Pack) {
			continue
		}
		live, err := allLive(ctx, holders, p.Pack)
		if err != nil {
			return err
		}
		if len(live) == 0 {
			since, known := s.emptied[p.Pack]
			if !known {
				s.emptied[p.Pack] = now
			} else if !since.After(now.Add(-grace)) {
				if err := s.packs.Remove(ctx, p.Pack); err != nil {
					return err
				}
				delete(s.emptied, p.Pack)
			}
			continue
		}
		var bytes int64
		for _, l := range live {
			bytes += l.Length
		}
		if bytes*2 <= p.Length {
			if err := s.empty(ctx, holders, live); err != nil {
				return err
			}
			s.emptied[p.Pack] = now
		}
	}
	return nil
}

// empty moves contents elsewhere. A row that a COPY makes meanwhile may still
// name the old place; the next turn finds it.
func (s *Service) empty(ctx context.Context, holders []Holder, live []Place) error {
	for len(live) > 0 {
		n := min(len(live), 200)
		moved, err := s.packs.Move(ctx, live[:n])
		if err != nil {
			return err
		}
		err = s.store.Write(ctx, "", func(t *tx.Tx) error {
			for i := range moved {
				for _, h := range holders {
					if err := h.Relocate(ctx, t, live[i], moved[i]); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		live = live[n:]
	}
	return nil
}

func allLive(ctx context.Context, holders []Holder, pack int64) ([]Place, error) {
	var all []Place
	for _, h := range holders {
		live, err := h.Live(ctx, pack)
		if err != nil {
			return nil, err
		}
		all = append(all, live...)
	}
	slices.SortFunc(all, func(a, b Place) int { return cmp.Compare(a.Offset, b.Offset) })
	return slices.Compact(all), nil
}
