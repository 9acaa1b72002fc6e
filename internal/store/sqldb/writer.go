package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

type org = ids.Org

const (
	batchTime  = 20 * time.Millisecond // a batch takes no more functions after this
	batchCount = 512
	queueLimit = 20000
	walPages   = 20000 // in the log, before they are copied
)

// writer is the one goroutine that writes to SQLite. It takes the functions that
// wait as savepoints of one transaction, commits with one fsync, and then
// answers them: group commit.
type writer struct {
	db    *DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt

	mu     sync.Mutex
	wake   sync.Cond
	queues map[org][]*job
	turn   []org // organizations with waiting functions, next first
	count  int
	closed bool
	since  int           // batches since the size of the log was looked at
	copied int64         // pages that it had when all were copied
	ahead  chan struct{} // closed once most of the log is copied; nil: it does not run
	done   chan struct{}
}

type job struct {
	ctx context.Context
	fn  func(*tx.Tx) error
	t   *tx.Tx
	err error
	end chan struct{}
}

func newWriter(ctx context.Context, db *DB) (*writer, error) {
	conn, err := db.writes.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{db: db, conn: conn, stmts: map[string]*sql.Stmt{}, queues: map[org][]*job{}, done: make(chan struct{})}
	w.wake.L = &w.mu
	go w.run()
	return w, nil
}

func (w *writer) write(ctx context.Context, fair org, fn func(*tx.Tx) error) error {
	j := &job{ctx: ctx, fn: fn, end: make(chan struct{})}
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return errs.Say("sqldb.Write", errs.Unavailable, errs.Storage, "The server is stopping. Try again.")
	}
	if w.count >= queueLimit {
		w.mu.Unlock()
		return errs.Say("sqldb.Write", errs.Unavailable, errs.Storage, "Too many changes are waiting. Try again later.")
	}
	if len(w.queues[fair]) == 0 {
		w.turn = append(w.turn, fair)
	}
	w.queues[fair] = append(w.queues[fair], j)
	w.count++
	w.mu.Unlock()
	w.wake.Signal()
	// The answer is awaited even when ctx ends: what commits must be known.
	<-j.end
	if j.err == nil {
		j.t.Committed()
	}
	return j.err
}

// next takes one function of the organization whose turn it is.
func (w *writer) next(wait bool) *job {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		if len(w.turn) > 0 {
			o := w.turn[0]
			w.turn = w.turn[1:]
			q := w.queues[o]
			j := q[0]
			q[0] = nil
			if len(q) > 1 {
				w.queues[o] = q[1:]
				w.turn = append(w.turn, o)
			} else {
				delete(w.queues, o)
			}
			w.count--
			return j
		}
		if !wait || w.closed {
			return nil
		}
		w.wake.Wait()
	}
}

func (w *writer) run() {
	defer close(w.done)
	var batch []*job
	for {
		j := w.next(true)
		if j == nil {
			return
		}
		batch = w.batch(append(batch[:0], j))
		for i, j := range batch {
			close(j.end)
			batch[i] = nil
		}
		w.checkpoint()
	}
}

// batch runs the first function and those that wait behind it in one
// transaction. Every function gets its own result. Nearly always all succeed or
// fail before they have written, so there are no savepoints at first; where one
// fails later, all is rolled back and run again with them.
func (w *writer) batch(jobs []*job) []*job {
	jobs, again := w.attempt(jobs, false)
	if again {
		jobs, _ = w.attempt(jobs, true)
	}
	return jobs
}

func (w *writer) attempt(jobs []*job, savepoints bool) (_ []*job, again bool) {
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		for _, j := range jobs {
			j.err = errs.E("sqldb.Write", errs.Unavailable, errs.Storage, err)
		}
		return jobs, false
	}
	start := time.Now()
	h := &handle{db: w.db, w: w}
	wrote := 0
	for i := 0; ; i++ {
		j := jobs[i]
		h.wrote = false
		if j.err = j.ctx.Err(); j.err == nil {
			j.err = w.one(j, h, savepoints)
		}
		switch {
		case j.err == nil:
			wrote++
		case h.wrote && !savepoints:
			_ = w.exec("ROLLBACK")
			return jobs, true
		}
		if h.broken { // nothing may be added: it could be kept and answered as lost
			break
		}
		if i+1 < len(jobs) {
			continue
		}
		if len(jobs) >= batchCount || time.Since(start) > batchTime {
			break
		}
		n := w.next(false)
		if n == nil {
			break
		}
		jobs = append(jobs, n)
	}
	var err error
	switch {
	case h.broken:
		err = errors.New("an earlier function of the same transaction took it back")
	case wrote == 0:
		err = w.exec("ROLLBACK")
	default:
		err = w.exec("COMMIT")
	}
	if err == nil {
		return jobs, false
	}
	_ = w.exec("ROLLBACK") // fails where SQLite has rolled back already
	w.fault(err)
	for _, j := range jobs {
		if j.err == nil {
			j.err = errs.Say("sqldb.Write", errs.Unavailable, errs.Storage, "The change could not be stored. Try again later.").Because(err)
		}
	}
	return jobs, false
}

func (w *writer) one(j *job, h *handle, savepoint bool) error {
	if savepoint {
		if err := w.exec("SAVEPOINT one"); err != nil {
			return errs.E("sqldb.Write", errs.Unavailable, errs.Storage, err)
		}
	}
	j.t = tx.New(j.ctx, h, func(string) error { return nil })
	if err := guarded(j.t, j.fn); err != nil {
		if savepoint {
			// It fails where SQLite has taken the whole transaction back, as after
			// some faults of the disk.
			if back := errors.Join(w.exec("ROLLBACK TO one"), w.exec("RELEASE one")); back != nil {
				h.broken = true
				w.db.log.Error("a savepoint was not rolled back", "error", back)
			}
		}
		w.fault(err)
		return wrapped("sqldb.Write", err)
	}
	if savepoint {
		if err := w.exec("RELEASE one"); err != nil {
			h.broken = true
			return errs.E("sqldb.Write", errs.Unavailable, errs.Storage, err)
		}
	}
	return nil
}

func (w *writer) exec(text string) error {
	s, err := w.stmt(text)
	if err == nil {
		_, err = s.ExecContext(context.Background())
	}
	return err
}

func (w *writer) stmt(text string) (*sql.Stmt, error) {
	if s := w.stmts[text]; s != nil {
		return s, nil
	}
	s, err := w.conn.PrepareContext(context.Background(), unnamed(text))
	if err != nil {
		return nil, err
	}
	w.stmts[text] = s
	return s, nil
}

// fault ends all writing after an fsync that failed.
func (w *writer) fault(err error) {
	if fsyncFailed(err) {
		w.db.failed.CompareAndSwap(nil, &err)
		w.db.log.Error("fsync failed: nothing is accepted any more; start the server again once the disk is sound", "error", err)
	}
}

// checkpoint copies the log into the database once it has grown, without waiting
// for readers. Most of it is copied beside the writing; what came meanwhile follows
// between two batches, and the log begins anew.
func (w *writer) checkpoint() {
	if w.ahead == nil {
		if w.since++; w.since < 16 { // the size costs a statement
			return
		}
		w.since = 0
		pages, err := w.copyLog(w.conn, "NOOP")
		if pages < w.copied {
			w.copied = 0 // it has begun anew
		}
		if err != nil || pages < walPages || pages < w.copied+walPages/4 {
			return
		}
		ahead := make(chan struct{})
		w.ahead = ahead
		go func() {
			defer close(ahead)
			w.copyLog(w.db.copies, "PASSIVE") //nolint:errcheck // said there
		}()
	}
	select {
	case <-w.ahead:
		w.ahead = nil
		w.copied, _ = w.copyLog(w.conn, "PASSIVE")
	default:
	}
}

// copyLog runs a checkpoint and answers how many pages the log has.
func (w *writer) copyLog(on interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, kind string) (pages int64, err error) {
	var busy, copied int64
	err = on.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+kind+")").Scan(&busy, &pages, &copied)
	if err != nil {
		w.fault(err)
		w.db.log.Warn("checkpoint", "error", err)
	}
	return pages, err
}

func (w *writer) stop() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.wake.Broadcast()
	<-w.done
	if w.ahead != nil {
		<-w.ahead
	}
	w.copyLog(w.conn, "TRUNCATE") //nolint:errcheck // said there
	for _, s := range w.stmts {
		s.Close()
	}
	w.conn.Close()
}

// lockRow locks a root of tx.Lock on PostgreSQL.
func (h *handle) lockRow(ctx context.Context, root string) error {
	text, arg := `SELECT 1 FROM organization WHERE id = $1 FOR UPDATE`, any(root[1:])
	if strings.HasPrefix(root, "m") {
		n, err := strconv.ParseInt(root[1:], 16, 64)
		if err != nil {
			return err
		}
		text, arg = `SELECT 1 FROM mailbox WHERE id = $1 FOR UPDATE`, n
	}
	_, err := h.pg.ExecContext(ctx, text, arg)
	return err
}

// Waiting is how many functions wait for their turn; 0 on PostgreSQL.
func (db *DB) Waiting() int {
	if db.writer == nil {
		return 0
	}
	db.writer.mu.Lock()
	defer db.writer.mu.Unlock()
	return db.writer.count
}
