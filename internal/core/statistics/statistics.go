package statistics

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Kind is something that is counted.
type Kind uint8

const (
	MailIn         Kind = iota // messages that an organization got
	MailOut                    // messages that its users sent
	MailRefused                // recipients that were refused
	SignIns                    // of mail users, by whatever protocol
	SignInsRefused             // of mail users that exist
	kinds
)

// Counts are numbers by Kind.
type Counts [kinds]int64

// Usage is what an organization uses at a moment.
type Usage struct {
	Storage int64 // bytes in its mailboxes
	Users   int64 // enabled users
}

// Steps of what is kept, and how long.
const (
	Hour = time.Hour
	Day  = 24 * time.Hour

	keepHours = 8 * Day
	keepDays  = 400 * Day
)

// Row is one interval of an organization, or of several together.
type Row struct {
	Org    ids.Org // "" for several
	At     time.Time
	Counts Counts
	Usage  *Usage // nil: nobody looked
}

// Store keeps rows in a region's database.
type Store interface {
	tx.Store

	// Add adds to the rows of these organizations at an interval.
	Add(t *tx.Tx, step time.Duration, at time.Time, counts map[ids.Org]Counts) error
	// SetUsage writes what is used at an interval.
	SetUsage(t *tx.Tx, step time.Duration, at time.Time, usage map[ids.Org]Usage) error
	// Rows are in order of time, from a time on; several organizations, or all
	// of them for nil, are added up.
	Rows(ctx context.Context, orgs []ids.Org, step time.Duration, from time.Time) ([]Row, error)
	// Usage is what each organization uses now.
	Usage(ctx context.Context) (map[ids.Org]Usage, error)
	// Prune deletes at most limit rows of a step that are older.
	Prune(t *tx.Tx, step time.Duration, before time.Time, limit int) (int64, error)
}

const (
	flushEvery  = 15 * time.Second
	sampleEvery = 10 * time.Minute
	pruneEvery  = time.Hour
	batch       = 200              // organizations of one Write
	usageFresh  = 15 * time.Second // how long what is used now is believed
	maxCounting = 100_000          // organizations in memory; beyond them all share what is not counted
)

// Recorder counts for one region. A nil Recorder counts nothing.
type Recorder struct {
	store Store
	clock clock.Clock
	log   *slog.Logger

	mu    sync.RWMutex
	count map[ids.Org]*[kinds]atomic.Int64

	usage struct {
		sync.Mutex
		now  map[ids.Org]Usage
		read time.Time
	}

	writing sync.Mutex // one Flush, Sample or Prune at once
	sampled map[ids.Org]Usage
	hour    time.Time // that sampled is of

	stop chan struct{}
	done chan struct{}
	once sync.Once
}

// New starts writing behind; Close ends it.
func New(store Store, c clock.Clock, log *slog.Logger) *Recorder {
	r := &Recorder{store: store, clock: c, log: log, count: map[ids.Org]*[kinds]atomic.Int64{}, stop: make(chan struct{}), done: make(chan struct{})}
	go r.run()
	return r
}

// Add counts. It never waits for the store.
func (r *Recorder) Add(org ids.Org, k Kind, n int64) {
	if r == nil || org == "" || k >= kinds {
		return
	}
	r.mu.RLock()
	c := r.count[org]
	r.mu.RUnlock()
	if c == nil {
		r.mu.Lock()
		if c = r.count[org]; c == nil && len(r.count) < maxCounting {
			c = &[kinds]atomic.Int64{}
			r.count[org] = c
		}
		r.mu.Unlock()
		if c == nil {
			return
		}
	}
	c[k].Add(n)
}

// take empties the counters.
func (r *Recorder) take() map[ids.Org]Counts {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := map[ids.Org]Counts{}
	for org, c := range r.count {
		var n Counts
		for k := range c {
			n[k] = c[k].Swap(0)
		}
		if n != (Counts{}) {
			out[org] = n
		}
	}
	return out
}

// Flush writes what was counted. What cannot be written is counted again.
func (r *Recorder) Flush(ctx context.Context) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	now := r.clock.Now().UTC()
	var failed error
	for _, part := range parts(r.take()) {
		if failed == nil {
			failed = r.store.Write(ctx, "", func(t *tx.Tx) error {
				if err := r.store.Add(t, Hour, now.Truncate(Hour), part); err != nil {
					return err
				}
				return r.store.Add(t, Day, now.Truncate(Day), part)
			})
			if failed == nil {
				continue
			}
		}
		for org, c := range part {
			for k, n := range c {
				r.Add(org, Kind(k), n)
			}
		}
	}
	return failed
}

// parts cuts a map into what one Write takes, in order of the organizations, so
// that two processes lock rows in one order.
func parts[V any](all map[ids.Org]V) (list []map[ids.Org]V) {
	orgs := make([]ids.Org, 0, len(all))
	for o := range all {
		orgs = append(orgs, o)
	}
	slices.SortFunc(orgs, cmp.Compare)
	for slice := range slices.Chunk(orgs, batch) {
		part := make(map[ids.Org]V, len(slice))
		for _, o := range slice {
			part[o] = all[o]
		}
		list = append(list, part)
	}
	return list
}

// Sample writes what is used now, where it is not written yet for this hour.
func (r *Recorder) Sample(ctx context.Context) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	usage, err := r.store.Usage(ctx)
	if err != nil {
		return err
	}
	now := r.clock.Now().UTC()
	if hour := now.Truncate(Hour); !hour.Equal(r.hour) {
		r.hour, r.sampled = hour, map[ids.Org]Usage{}
	}
	for o, u := range usage {
		if have, ok := r.sampled[o]; ok && have == u {
			delete(usage, o)
		}
	}
	for _, part := range parts(usage) {
		err := r.store.Write(ctx, "", func(t *tx.Tx) error {
			if err := r.store.SetUsage(t, Hour, now.Truncate(Hour), part); err != nil {
				return err
			}
			return r.store.SetUsage(t, Day, now.Truncate(Day), part)
		})
		if err != nil {
			return err
		}
		for o, u := range part {
			r.sampled[o] = u
		}
	}
	return nil
}

// Prune deletes what is older than anybody asks for.
func (r *Recorder) Prune(ctx context.Context) error {
	now := r.clock.Now().UTC()
	for _, p := range []struct {
		step, keep time.Duration
	}{{Hour, keepHours}, {Day, keepDays}} {
		for n := int64(1); n > 0; {
			err := r.store.Write(ctx, "", func(t *tx.Tx) (err error) {
				n, err = r.store.Prune(t, p.step, now.Add(-p.keep), 500)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Recorder) run() {
	defer close(r.done)
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	var sampled, pruned time.Time
	for {
		select {
		case <-r.stop:
			return
		case <-tick.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		now := time.Now()
		r.tell("statistics could not be written; they are tried again", r.Flush(ctx))
		if now.Sub(sampled) >= sampleEvery {
			sampled = now
			r.tell("usage could not be written", r.Sample(ctx))
		}
		if now.Sub(pruned) >= pruneEvery {
			pruned = now
			r.tell("old statistics could not be deleted", r.Prune(ctx))
		}
		cancel()
	}
}

func (r *Recorder) tell(what string, err error) {
	if err != nil {
		r.log.Error(what, "error", err)
	}
}

// Close writes what was counted and ends the writing.
func (r *Recorder) Close() error {
	var err error
	r.once.Do(func() {
		close(r.stop)
		<-r.done
		err = r.Flush(context.Background())
	})
	return err
}
