package search

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/base/metrics"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

// Options are what a Service needs.
type Options struct {
	Store     Store
	Mailboxes *mailbox.Service
	Region    string // label of the metrics
	Readers   int    // contents read at once; default 1. More where each waits for a network
	Clock     clock.Clock
	Log       *slog.Logger
	Metrics   *metrics.Registry
	Settle    time.Duration // after Start until mailboxes are compared; default 2 s
	Sweep     time.Duration // between comparings; default 10 min
}

// Service is the search index of one region.
type Service struct {
	store  Store
	boxes  *mailbox.Service
	clock  clock.Clock
	log    *slog.Logger
	settle time.Duration
	every  time.Duration
	queue  *queue

	readers []*reader
	sweeper sweeper
	damaged atomic.Bool // seen by a search: the indexer begins anew

	ctx  context.Context
	stop context.CancelFunc
	work sync.WaitGroup

	region    string
	indexed   metrics.Counter
	renewed   metrics.Counter
	documents metrics.Gauge
	oldest    metrics.Gauge
	gauged    time.Time
	asked     time.Time // when the queue was asked last how much has changed
	pace      float64   // changes a second, lately
}

// New makes a service that can be searched; Start begins the indexing.
func New(o Options) *Service {
	if o.Settle == 0 {
		o.Settle = 2 * time.Second
	}
	if o.Sweep == 0 {
		o.Sweep = 10 * time.Minute
	}
	if o.Clock == nil {
		o.Clock = clock.System
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{store: o.Store, boxes: o.Mailboxes, clock: o.Clock, log: o.Log, settle: o.Settle, every: o.Sweep, queue: newQueue(), region: o.Region,
		indexed:   o.Metrics.Counter("postroom_search_indexed_total", "Documents written to the search index.", "region"),
		renewed:   o.Metrics.Counter("postroom_search_renewed_total", "Times that a damaged search index was begun anew.", "region"),
		documents: o.Metrics.Gauge("postroom_search_behind_documents", "Documents that are not in the search index yet.", "region"),
		oldest:    o.Metrics.Gauge("postroom_search_behind_seconds", "Age of the oldest document that is not in the search index yet.", "region"),
	}
	for range max(o.Readers, 1) {
		s.readers = append(s.readers, &reader{s: s})
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Start begins the indexing: of what changes from now on at once, and of what an
// earlier process left after a while.
func (s *Service) Start() {
	s.boxes.OnChange(func(_ ids.Org, id ids.Mailbox) { s.queue.add(id) })
	s.work.Go(s.run)
}

// Close ends the indexing. What is not indexed yet is found at the next Start.
func (s *Service) Close() {
	s.stop()
	s.work.Wait()
}

// Rebuild throws away what is known of a mailbox; it is indexed anew behind the
// mail. Until then searches read its messages.
func (s *Service) Rebuild(ctx context.Context, id ids.Mailbox) error {
	old, err := s.store.State(ctx, id)
	if err != nil {
		return err
	}
	if old.Layout == 0 || old.Through == Emptying {
		s.queue.add(id)
		return nil
	}
	st := old
	st.Through, st.Layout = Emptying, newLayout()
	err = s.store.Write(ctx, "", func(t *tx.Tx) error {
		ok, err := s.store.SetState(t, old, st)
		if err == nil && !ok {
			err = errs.Say("search.Rebuild", errs.Conflict, errs.Mailbox, "The mailbox is being indexed. Try again.")
		}
		return err
	})
	if err == nil {
		s.queue.add(id)
	}
	return err
}

func newLayout() int64 { return rand.Int64N(1<<62) + 1 }
