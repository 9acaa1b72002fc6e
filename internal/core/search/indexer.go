package search

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

const (
	batchDocs  = 200                    // documents of one Write
	batchTime  = 100 * time.Millisecond // reading for one Write ends after this
	leastEach  = 8                      // documents of one mailbox in one batch, however many wait
	gather     = 100 * time.Millisecond // how long a Write that would not be full waits for more
	gaugeEvery = 15 * time.Second
	// While mail moves the indexer rests a quarter as long as it worked; beyond
	// rushRate changes a second for each core, over some seconds, mail needs the
	// machine itself, and it rests rushRest times as long.
	movesRate = 20
	rushRate  = 800
	rushRest  = 24
	emptyRows = 500
)

// run is the indexer: one goroutine, short slices.
func (s *Service) run() {
	now := time.Now()
	s.sweeper.due, s.asked = now.Add(s.settle), now
	for {
		if pause := s.queue.idle(time.Now(), s.sweeper.wait(time.Now())); pause > 0 && !s.sleep(pause, s.queue.wake) {
			return
		}
		began := time.Now()
		full, err := s.slice(s.ctx)
		rest := s.rest(time.Since(began))
		switch {
		case s.ctx.Err() != nil:
			return
		case err != nil:
			s.log.Error("the search index cannot be written; mail goes on", "error", err)
			rest = firstBackoff
		case !full:
			rest = max(rest, gather)
		}
		s.gauge()
		if rest > 0 && !s.sleep(rest, nil) {
			return
		}
	}
}

// rest is how long mail gets the machine for itself after so much work.
func (s *Service) rest(worked time.Duration) time.Duration {
	now := time.Now()
	took := max(now.Sub(s.asked).Seconds(), 1e-3)
	s.asked = now
	s.pace += (float64(s.queue.changed())/took - s.pace) * min(1, took/2)
	switch {
	case s.pace > rushRate*float64(runtime.NumCPU()):
		return rushRest * worked
	case s.pace > movesRate:
		return worked / 4
	}
	return 0
}

// sleep waits, and returns false when the service is closed.
func (s *Service) sleep(d time.Duration, wake <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-s.ctx.Done():
		return false
	case <-wake:
	case <-t.C:
	}
	return true
}

// slice does a bounded piece of work; full: more waits already.
func (s *Service) slice(ctx context.Context) (full bool, err error) {
	if s.damaged.Swap(false) {
		if err := s.renew(ctx); err != nil {
			return false, err
		}
	}
	full, err = s.index(ctx)
	if err == nil {
		err = s.sweepPage(ctx)
	}
	if err != nil && s.store.Damaged(err) {
		s.log.Error("the search index is damaged", "error", err)
		return false, s.renew(ctx)
	}
	return full, err
}

// renew begins anew with an empty index.
func (s *Service) renew(ctx context.Context) error {
	if err := s.store.Renew(ctx); err != nil {
		s.damaged.Store(true)
		return err
	}
	s.renewed.Inc(s.region)
	s.log.Warn("the search index was damaged and is being built anew; searches read the messages until then")
	s.sweeper.now()
	return nil
}

// visit is what one batch does for one mailbox.
type visit struct {
	id      ids.Mailbox
	org     ids.Org
	old, st State
	news    []mailbox.News
	docs    []Doc
	more    bool
	stored  bool
}

// index takes the mailboxes whose turn it is, reads what is new in them, and
// writes it at once. full: the Write was as large as it may be.
func (s *Service) index(ctx context.Context) (full bool, err error) {
	began := time.Now()
	var visits []*visit
	var failed []ids.Mailbox
	took := s.queue.next(batchDocs, began)
	defer func() { s.queue.failed(failed, time.Now()) }()
	room := batchDocs
	for i, id := range took {
		if room <= 0 || time.Since(began) > batchTime {
			s.queue.again(took[i:])
			full = true
			break
		}
		v, err := s.visit(ctx, id, max(leastEach, room/(len(took)-i)))
		if err == nil && v != nil {
			err = s.read(ctx, v)
		}
		switch {
		case err != nil && s.store.Damaged(err):
			failed = append(failed, took[i:]...)
			return false, err
		case err != nil:
			failed = append(failed, id)
			s.log.Warn("a mailbox cannot be indexed now", "mailbox", id, "error", err)
		case v == nil:
			s.queue.done(id, false)
		case len(v.docs) == 0:
			s.queue.done(id, v.more)
		default:
			visits = append(visits, v)
			room -= len(v.docs)
			full = full || v.more
		}
	}
	if len(visits) == 0 {
		return full, nil
	}
	if err := s.write(ctx, visits); err != nil {
		for _, v := range visits {
			failed = append(failed, v.id)
		}
		return false, err
	}
	for i, v := range visits {
		if err := s.settleVisit(ctx, v); err != nil {
			for _, v := range visits[i:] {
				failed = append(failed, v.id)
			}
			return false, err
		}
	}
	return full, nil
}

func (s *Service) settleVisit(ctx context.Context, v *visit) error {
	if v.stored {
		s.indexed.Add(float64(len(v.docs)), s.region)
		if v.st.Loose >= BlockSize {
			if err := s.compact(ctx, v.st); err != nil {
				return err
			}
		}
	}
	s.queue.done(v.id, v.more || !v.stored) // not stored: another process was faster; look again
	return nil
}

// visit finds what is new in a mailbox, at most n items. nil: nothing to do.
func (s *Service) visit(ctx context.Context, id ids.Mailbox, n int) (*visit, error) {
	st, err := s.store.State(ctx, id)
	if err != nil {
		return nil, err
	}
	box, err := s.boxes.Box(ctx, id)
	gone := errs.Is(err, errs.NotFound)
	if err != nil && !gone {
		return nil, err
	}
	v := &visit{id: id, org: box.Org, old: st, st: st}
	if st.Layout == 0 {
		if gone {
			return nil, nil
		}
		v.st = State{Mailbox: id, Epoch: box.Epoch, Purged: box.LogFloor, Block: 1, Layout: newLayout()}
	} else if gone || st.Through == Emptying || st.behind(box) {
		v.more = !gone
		return v, s.empty(ctx, st)
	}
	v.news, err = s.boxes.NewItems(ctx, id, v.st.Through, n)
	if err != nil || len(v.news) == 0 {
		return nil, err
	}
	v.more = len(v.news) == n
	v.st.Through = v.news[len(v.news)-1].Item
	v.st.Loose += int64(len(v.news))
	return v, nil
}

// behind tells whether the mailbox was restored to a time before this index.
func (st State) behind(box mailbox.Box) bool {
	return st.Epoch != box.Epoch || st.Through > ids.Item(box.Seq)
}

// read makes the documents of a visit.
func (s *Service) read(ctx context.Context, v *visit) error {
	v.docs = make([]Doc, len(v.news))
	errs := make([]error, len(s.readers))
	each := func(r *reader, from int) error {
		for i := from; i < len(v.news); i += len(s.readers) {
			d, err := r.document(ctx, v.org, v.news[i])
			if err != nil {
				return err
			}
			v.docs[i] = d
			runtime.Gosched()
		}
		return nil
	}
	var wait sync.WaitGroup
	for n, r := range s.readers[1:] {
		wait.Go(func() { errs[n+1] = each(r, n+1) })
	}
	errs[0] = each(s.readers[0], 0)
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			v.docs = nil
			return err
		}
	}
	return nil
}

// write stores what a batch has read. A mailbox whose state is no longer what it
// was at the visit is left out.
func (s *Service) write(ctx context.Context, visits []*visit) error {
	slices.SortFunc(visits, func(a, b *visit) int { return cmp.Compare(a.id, b.id) })
	return s.store.Write(ctx, "", func(t *tx.Tx) error {
		for _, v := range visits {
			var err error
			if v.stored, err = s.store.SetState(t, v.old, v.st); err != nil {
				return err
			}
			if v.stored {
				if err := s.store.AddLoose(t, v.id, v.docs); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// compact makes a block of the oldest loose documents.
func (s *Service) compact(ctx context.Context, st State) error {
	docs := make([]Doc, 0, BlockSize)
	err := s.store.Loose(ctx, st.Mailbox, BlockSize, func(d Doc) error {
		d.Grams = slices.Clone(d.Grams)
		docs = append(docs, d)
		return nil
	})
	if err != nil || len(docs) == 0 {
		return err
	}
	b, err := buildBlock(st.Block, docs)
	if err != nil {
		return s.rebuildDamaged(ctx, st.Mailbox, err)
	}
	next := st
	next.Block, next.Loose, next.Layout = st.Block+1, st.Loose-int64(len(docs)), newLayout()
	return s.store.Write(ctx, "", func(t *tx.Tx) error {
		ok, err := s.store.SetState(t, st, next)
		if err != nil || !ok {
			return err
		}
		if err := s.store.RemoveLoose(t, st.Mailbox, itemsOf(docs)); err != nil {
			return err
		}
		return s.store.AddBlock(t, st.Mailbox, b)
	})
}

func itemsOf(docs []Doc) []ids.Item {
	items := make([]ids.Item, len(docs))
	for i, d := range docs {
		items[i] = d.Item
	}
	return items
}

// rebuildDamaged answers a row that cannot be read: that mailbox begins anew.
func (s *Service) rebuildDamaged(ctx context.Context, id ids.Mailbox, why error) error {
	s.log.Error("a mailbox's search index is damaged and is built anew", "mailbox", id, "error", why)
	return s.Rebuild(ctx, id)
}

// empty removes all documents of a mailbox, and what is known of it, in slices.
func (s *Service) empty(ctx context.Context, st State) error {
	if st.Through != Emptying {
		if err := s.Rebuild(ctx, st.Mailbox); err != nil {
			return err
		}
	}
	for more := true; more; {
		err := s.store.Write(ctx, "", func(t *tx.Tx) (err error) {
			more, err = s.store.Empty(t, st.Mailbox, emptyRows)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
