package mailflow

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
	"postroom/internal/base/metrics"
	"postroom/internal/core/access"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/statistics"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// Inbox puts messages into mailboxes (core/delivery).
type Inbox interface {
	// Prepare makes the content lasting for one organization, with the trace
	// of the final delivery in front.
	Prepare(ctx context.Context, org ids.Org, sender address.Address, c Content) (*mailbox.Prepared, error)
	// PlaceTx puts it into the Inbox of each mailbox, which come in order of
	// id: all, or errs.OverQuota.
	PlaceTx(ctx context.Context, t *tx.Tx, p *mailbox.Prepared, by mailbox.Origin, to []ids.Mailbox) error
}

// Options are what the Service of one region needs.
type Options struct {
	Region    string
	Host      string // this server's name in trace fields
	Store     Store
	Packs     mailbox.Packs
	Keys      mailbox.Keys
	Mailboxes *mailbox.Service
	Directory *directory.Service
	Access    *access.Service
	Clock     clock.Clock
	Log       *slog.Logger
	Metrics   *metrics.Registry
	Count     *statistics.Recorder // of the organizations' overviews; may be nil
	Workers   int                  // tasks of the queue at once; default 4
	Retry     time.Duration        // before the second attempt, doubled for each more up to an hour; default 5 s
}

// Service is the mail flow of one region.
type Service struct {
	Options
	router  *Router
	inbox   Inbox
	wake    chan struct{}
	stop    context.CancelFunc
	stopped sync.WaitGroup
	queued  metrics.Counter
}

const (
	// now is how many mailboxes get a message before it is answered; a message
	// to more is queued and delivered in slices of as many.
	now = 100
	// maxMembers bounds the expansion of one group.
	maxMembers = 1_000_000
)

// New makes the mail flow of a region and adds it to the router. It takes mail
// once DeliverTo was called; Start begins the work on the queue.
func New(o Options, r *Router) *Service {
	if o.Clock == nil {
		o.Clock = clock.System
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Workers == 0 {
		o.Workers = 4
	}
	if o.Retry == 0 {
		o.Retry = 5 * time.Second
	}
	if o.Host == "" {
		o.Host, _ = os.Hostname()
	}
	s := &Service{Options: o, router: r, wake: make(chan struct{}, 1),
		queued: o.Metrics.Counter("postroom_queue_messages_total", "Messages put into the queue.", "way")}
	o.Metrics.GaugeFunc("postroom_queue_tasks", "Ways out that are in the queue, in whatever state.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		var n int64
		counts, _ := s.Store.Counts(ctx)
		for _, c := range counts {
			n += c
		}
		return float64(n)
	})
	r.add(s)
	return s
}

// DeliverTo names who puts messages into folders.
func (s *Service) DeliverTo(in Inbox) { s.inbox = in }

// View is the mail flow as one actor may use it.
type View struct {
	s     *Service
	actor auth.Actor
}

// For returns the mail flow as actor sees it.
func (s *Service) For(actor auth.Actor) *View { return &View{s, actor} }

// Live and Relocate let the rewriting of packs see the bodies of the queue.
func (s *Service) Live(ctx context.Context, pack int64) ([]mailbox.Place, error) {
	found, err := s.Store.Bodies(ctx, pack)
	places := make([]mailbox.Place, len(found))
	for i, m := range found {
		places[i] = m.At
	}
	return places, err
}

// Relocate follows a body that was copied to another pack; one that is gone is no error.
func (s *Service) Relocate(ctx context.Context, t *tx.Tx, from, to mailbox.Place) error {
	return s.Store.MoveBody(t, from, to)
}

// Bodies calls f for each body in the queue, for a check of all bytes.
func (s *Service) Bodies(ctx context.Context, org ids.Org, f func(id string, at mailbox.Place, wrapped []byte) error) error {
	for after := ""; ; {
		page, err := s.Store.Messages(ctx, org, after, 200)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, m := range page {
			after = m.ID
			if err := f(m.ID, m.At, m.Key); err != nil {
				return err
			}
		}
	}
}

// Purge removes an organization's queue for good, in slices.
func (s *Service) Purge(ctx context.Context, org ids.Org) error {
	for n := 1; n > 0; {
		err := s.Store.Write(ctx, org, func(t *tx.Tx) (err error) {
			n, err = s.Store.Purge(t, org, 20)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
