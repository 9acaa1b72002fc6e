package search

import (
	"context"
	"errors"
	"slices"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
)

const (
	maxGrams   = 8 // of a text that are looked up
	maxTries   = 4
	needleText = 4 << 10 // bytes of a text that are looked at
)

// Candidates returns the items of a folder in whose header or body text may
// stand, ignoring case: perhaps too many, never too few among the items up to
// through, ascending. ok is false where the index cannot tell: the text is
// shorter than three bytes (runs of white space count as one space), or the
// mailbox is not indexed yet.
func (s *Service) Candidates(ctx context.Context, m *mailbox.Mailbox, folder ids.Folder, text string) (items []ids.Item, through ids.Item, ok bool, err error) {
	want := needle(text[:min(len(text), needleText)], maxGrams)
	if len(want) == 0 {
		return nil, 0, false, nil
	}
	for range maxTries {
		found, st, ok, err := s.search(ctx, m.ID(), want)
		switch {
		case err != nil && s.store.Damaged(err):
			s.damaged.Store(true)
			s.queue.poke()
			return nil, 0, false, err
		case errors.Is(err, errDamaged):
			return nil, 0, false, errors.Join(err, s.rebuildDamaged(ctx, m.ID(), err))
		case err != nil:
			return nil, 0, false, err
		case !ok:
			s.queue.add(m.ID())
			return nil, 0, false, nil
		}
		now, err := s.store.State(ctx, m.ID())
		if err != nil {
			return nil, 0, false, err
		}
		if now.Layout != st.Layout {
			continue // documents changed their place while they were looked at
		}
		items, err = inFolder(ctx, m, folder, found, st.Through)
		return items, st.Through, err == nil, err
	}
	return nil, 0, false, nil
}

func (s *Service) search(ctx context.Context, id ids.Mailbox, want []uint16) (found []ids.Item, st State, ok bool, err error) {
	if st, err = s.store.State(ctx, id); err != nil || st.Layout == 0 || st.Through == Emptying {
		return nil, st, false, err
	}
	box, err := s.boxes.Box(ctx, id)
	if err != nil || st.behind(box) {
		return nil, st, false, err
	}
	err = s.store.Loose(ctx, id, -1, func(d Doc) error {
		holds := !d.Complete
		if !holds {
			var err error
			if holds, err = holdsAll(d.Grams, want); err != nil {
				return err
			}
		}
		if holds {
			found = append(found, d.Item)
		}
		return nil
	})
	if err != nil {
		return nil, st, false, err
	}
	if st.Block > 1 {
		found, err = s.searchBlocks(ctx, id, want, found)
	}
	return found, st, err == nil, err
}

// hits is what of a block may hold the text, after n of the grams were looked at.
type hits struct {
	members
	n int
}

func (s *Service) searchBlocks(ctx context.Context, id ids.Mailbox, want []uint16, found []ids.Item) ([]ids.Item, error) {
	blocks := map[int64]*hits{}
	for at := 0; at < len(want); {
		part, end := uint8(want[at]>>8), at+1
		for end < len(want) && uint8(want[end]>>8) == part {
			end++
		}
		err := s.store.Part(ctx, id, part, func(block int64, p []byte) error {
			h := blocks[block]
			if h == nil && at == 0 {
				h = &hits{}
				for i := range h.members {
					h.members[i] = ^uint64(0)
				}
				blocks[block] = h
			}
			if h == nil || h.n < at {
				return nil // a part before had none
			}
			for _, g := range want[at:end] {
				have, err := postings(p, uint8(g))
				if err != nil {
					return err
				}
				for i := range have {
					h.members[i] &= have[i]
				}
			}
			h.n = end
			return nil
		})
		if err != nil {
			return nil, err
		}
		at = end
	}
	list, err := s.store.Blocks(ctx, id)
	if err != nil {
		return nil, err
	}
	for i := range list {
		b := &list[i]
		hit := bitmapOf(b.Incomplete)
		if h := blocks[b.Number]; h != nil && h.n == len(want) {
			for i := range hit {
				hit[i] |= h.members[i]
			}
		}
		if hit == (members{}) {
			continue
		}
		items, err := b.items()
		if err != nil {
			return nil, err
		}
		for i, item := range items {
			if hit.has(i) {
				found = append(found, item)
			}
		}
	}
	return found, nil
}

// inFolder keeps the items that lie in a folder, ascending, each once.
func inFolder(ctx context.Context, m *mailbox.Mailbox, folder ids.Folder, found []ids.Item, through ids.Item) ([]ids.Item, error) {
	slices.Sort(found)
	found = slices.Compact(found)
	snap, err := m.Snapshot(ctx, folder)
	if err != nil {
		return nil, err
	}
	kept := []ids.Item{}
	snap.Each(1, snap.Len(), func(_ int, e mailbox.Entry) bool {
		if _, there := slices.BinarySearch(found, e.Item); there && e.Item <= through {
			kept = append(kept, e.Item)
		}
		return true
	})
	slices.Sort(kept)
	return kept, nil
}
