package mailbox

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// slice is how many messages one Write changes at most.
const slice = 1000

// slices cuts the messages of snap that lie in set into ranges of uids with at
// most slice messages each, and calls f for each.
func (s *Snapshot) slices(set []Range, f func(Range) error) error {
	for _, r := range set {
		if r.First > r.Last {
			r.First, r.Last = r.Last, r.First
		}
		lo, hi := s.Find(r.First), s.n
		if r.Last < 1<<32-1 {
			hi = s.Find(r.Last+1) - 1
		}
		for ; lo <= hi; lo += slice {
			end := min(lo+slice-1, hi)
			if err := f(Range{s.At(lo).UID, s.At(end).UID}); err != nil {
				return err
			}
		}
	}
	return nil
}

// batches groups consecutive ranges so that each group holds at most slice
// messages: one Write each.
func (s *Snapshot) batches(set []Range, f func([]Range) error) error {
	var group []Range
	count := 0
	flush := func() error {
		if len(group) == 0 {
			return nil
		}
		err := f(group)
		group, count = nil, 0
		return err
	}
	err := s.slices(set, func(r Range) error {
		n := s.Find(r.Last) - s.Find(r.First) + 1
		if count+n > slice {
			if err := flush(); err != nil {
				return err
			}
		}
		group, count = append(group, r), count+n
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// SetFlags sets and clears flags and keywords of the messages in set. With
// clear all bits ^0 the flags become exactly set. Large sets go in slices; each
// slice is whole. Keywords that the mailbox lacks are added.
func (m *Mailbox) SetFlags(ctx context.Context, folder ids.Folder, set []Range, on, off Flags, keywordsOn, keywordsOff []string) error {
	const op = "mailbox.SetFlags"
	snap, err := m.Snapshot(ctx, folder)
	if err != nil {
		return err
	}
	off |= snapBits(snap, keywordsOff)
	on, off = on&^Hidden, off&^Hidden
	keywordsOn = cleanKeywords(keywordsOn)
	return snap.batches(set, func(group []Range) error {
		return m.write(ctx, op, func(t *tx.Tx, c *changing) error {
			var bits Flags
			if len(keywordsOn) > 0 {
				var err error
				if bits, err = c.keywords(op, keywordsOn); err != nil {
					return err
				}
			}
			for _, r := range group {
				base, err := c.take(int64(r.Last-r.First) + 1)
				if err != nil {
					return err
				}
				old, err := m.s.store.SetFlags(ctx, t, m.id, folder, r, on|bits, off&^(on|bits), base, c.now)
				if err != nil {
					return err
				}
				for _, e := range old {
					c.old = appendOldFlags(c.old, e)
				}
			}
			return nil
		})
	})
}

func snapBits(snap *Snapshot, names []string) Flags {
	var bits Flags
	for _, n := range names {
		bits |= snap.Keywords.Bit(n)
	}
	return bits
}
