package search

import (
	"context"
	"math"
	"slices"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

const (
	sweepBoxes = 200
	sweepItems = 10_000
	slimRows   = 300
)

// sweeper compares all mailboxes with the index, page by page between slices:
// what an earlier process or another machine left, what was purged.
type sweeper struct {
	due     time.Time
	running bool
	after   ids.Mailbox
}

func (w *sweeper) wait(now time.Time) time.Duration { return max(w.due.Sub(now), 0) }

// now has the next comparing begin at once, from the first mailbox.
func (w *sweeper) now() { w.due, w.after, w.running = time.Now(), 0, true }

// sweepPage compares the next mailboxes where it is time to.
func (s *Service) sweepPage(ctx context.Context) error {
	w := &s.sweeper
	began := time.Now()
	if began.Before(w.due) {
		return nil
	}
	if !w.running {
		w.running, w.after = true, 0
	}
	boxes, err := s.boxes.Boxes(ctx, w.after, sweepBoxes)
	if err != nil {
		s.log.Warn("mailboxes cannot be compared with the search index now", "error", err)
		w.due = began.Add(firstBackoff)
		return nil
	}
	last := ids.Mailbox(math.MaxInt64)
	if len(boxes) == sweepBoxes {
		last = boxes[len(boxes)-1].ID
	}
	states, err := s.states(ctx, w.after, last)
	if err != nil {
		return err
	}
	for _, b := range boxes {
		st := states[b.ID]
		delete(states, b.ID)
		if err := s.compare(ctx, b, st); err != nil {
			return err
		}
	}
	for id := range states { // no mailbox any more, or one that was made meanwhile
		s.queue.add(id)
	}
	w.after = last
	w.due = began.Add(2 * time.Since(began)) // half of the time at most
	if len(boxes) < sweepBoxes {
		w.running, w.due = false, time.Now().Add(s.every)
	}
	return nil
}

func (s *Service) states(ctx context.Context, after, last ids.Mailbox) (map[ids.Mailbox]State, error) {
	all := map[ids.Mailbox]State{}
	for {
		list, err := s.store.States(ctx, after, last, sweepBoxes)
		if err != nil {
			return nil, err
		}
		for _, st := range list {
			all[st.Mailbox] = st
			after = st.Mailbox
		}
		if len(list) < sweepBoxes {
			return all, nil
		}
	}
}

// compare queues a mailbox that has something new, and looks for purged items
// where its log was cut since.
func (s *Service) compare(ctx context.Context, b mailbox.Box, st State) error {
	if st.Layout != 0 && st.Through != Emptying && !st.behind(b) {
		if b.LogFloor > st.Purged {
			if err := s.slim(ctx, b, st); err != nil {
				return err
			}
		}
		news, err := s.boxes.ItemIDs(ctx, b.ID, st.Through, 1)
		if err == nil && len(news) == 0 {
			return nil
		}
	}
	s.queue.add(b.ID)
	return nil
}

// slim takes out what stands for items that were purged: loose documents at
// once, and those of a block when they are more than half of it.
func (s *Service) slim(ctx context.Context, b mailbox.Box, st State) error {
	var loose, gone []ids.Item
	if err := s.store.Loose(ctx, b.ID, -1, func(d Doc) error { loose = append(loose, d.Item); return nil }); err != nil {
		return err
	}
	blocks, err := s.store.Blocks(ctx, b.ID)
	if err != nil {
		return err
	}
	// Read behind the documents: what is not in it was purged.
	live, err := s.live(ctx, b.ID)
	if err != nil {
		s.log.Warn("items cannot be compared with the search index now", "mailbox", b.ID, "error", err)
		return nil
	}
	for _, item := range loose {
		if !live[item] {
			gone = append(gone, item)
		}
	}
	for part := range slices.Chunk(gone, slimRows) {
		ok, err := s.relay(ctx, &st, -int64(len(part)), func(t *tx.Tx) error { return s.store.RemoveLoose(t, b.ID, part) })
		if err != nil || !ok {
			return err
		}
	}
	for i := range blocks {
		ok, err := s.slimBlock(ctx, &st, &blocks[i], live)
		if err != nil || !ok {
			return err
		}
	}
	done := st
	done.Purged = b.LogFloor
	return s.store.Write(ctx, "", func(t *tx.Tx) error {
		_, err := s.store.SetState(t, st, done)
		return err
	})
}

// slimBlock makes loose documents of what lives in a block, where that is half of it or less.
func (s *Service) slimBlock(ctx context.Context, st *State, b *Block, live map[ids.Item]bool) (ok bool, err error) {
	items, err := b.items()
	if err != nil {
		return false, s.rebuildDamaged(ctx, st.Mailbox, err)
	}
	var keep members
	for i, item := range items {
		if live[item] {
			keep.set(i)
		}
	}
	if 2*keep.count() > len(items) {
		return true, nil
	}
	if err := s.store.FillParts(ctx, st.Mailbox, b); err != nil {
		return false, err
	}
	docs, err := b.docs(&keep)
	if err != nil {
		return false, s.rebuildDamaged(ctx, st.Mailbox, err)
	}
	return s.relay(ctx, st, int64(len(docs)), func(t *tx.Tx) error {
		if err := s.store.RemoveBlock(t, st.Mailbox, b.Number); err != nil {
			return err
		}
		return s.store.AddLoose(t, st.Mailbox, docs)
	})
}

// relay changes where documents lie, if the state is still st; loose is by how
// many the count of loose ones changes.
func (s *Service) relay(ctx context.Context, st *State, loose int64, change func(*tx.Tx) error) (ok bool, err error) {
	next := *st
	next.Loose, next.Layout = st.Loose+loose, newLayout()
	err = s.store.Write(ctx, "", func(t *tx.Tx) (err error) {
		if ok, err = s.store.SetState(t, *st, next); err != nil || !ok {
			return err
		}
		return change(t)
	})
	if ok && err == nil {
		*st = next
	}
	return ok && err == nil, err
}

func (s *Service) live(ctx context.Context, id ids.Mailbox) (map[ids.Item]bool, error) {
	live := map[ids.Item]bool{}
	for after := ids.Item(0); ; {
		list, err := s.boxes.ItemIDs(ctx, id, after, sweepItems)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		for _, item := range list {
			live[item] = true
			after = item
		}
		if len(list) < sweepItems {
			return live, nil
		}
	}
}
