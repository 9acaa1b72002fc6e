package audit

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

const (
	logDelay = 500 * time.Millisecond // a note is written within a second
	logBatch = 500                    // records of one Write
	logLimit = 50000                  // waiting notes; beyond them they are counted, not kept
)

// Log writes the records of reads and refusals to a log database, behind the
// answers that they are about. A crash loses at most the last second.
type Log struct {
	store Store
	clock clock.Clock
	log   *slog.Logger

	mu      sync.Mutex
	waiting []Record
	lost    int
	kick    chan struct{}
	stop    chan struct{}
	done    chan struct{}
	writing sync.Mutex
	once    sync.Once
}

// NewLog starts the writer. Close ends it.
func NewLog(store Store, c clock.Clock, log *slog.Logger) *Log {
	l := &Log{store: store, clock: c, log: log, kick: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
	go l.run()
	return l
}

// Note takes a record. It never blocks.
func (l *Log) Note(r Record) {
	if r.Time.IsZero() {
		r.Time = l.clock.Now()
	}
	l.mu.Lock()
	if len(l.waiting) >= logLimit {
		l.lost++
	} else {
		l.waiting = append(l.waiting, r)
	}
	l.mu.Unlock()
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// Flush writes all that waits.
func (l *Log) Flush(ctx context.Context) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	for {
		l.mu.Lock()
		n := min(len(l.waiting), logBatch)
		batch, lost := l.waiting[:n:n], l.lost
		l.mu.Unlock()
		if lost > 0 {
			l.log.Error("audit notes were not kept: more came than could be written", "count", lost)
		}
		if n == 0 {
			return nil
		}
		err := l.store.Write(ctx, "", func(t *tx.Tx) error {
			taken := map[ids.Org]tip{}
			for _, r := range batch {
				if err := appendTo(t, l.store, r.Time, r, taken); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		l.mu.Lock()
		l.waiting = l.waiting[n:]
		l.lost -= lost
		l.mu.Unlock()
	}
}

// Close writes what waits and ends the writer.
func (l *Log) Close() error {
	var err error
	l.once.Do(func() {
		close(l.stop)
		<-l.done
		err = l.Flush(context.Background())
	})
	return err
}

func (l *Log) run() {
	defer close(l.done)
	for {
		select {
		case <-l.stop:
			return
		case <-l.kick:
		}
		select {
		case <-l.stop:
			return
		case <-time.After(logDelay):
		}
		if err := l.Flush(context.Background()); err != nil {
			l.log.Error("audit notes wait: the log database does not take them", "error", err)
			select {
			case l.kick <- struct{}{}:
			default:
			}
		}
	}
}
