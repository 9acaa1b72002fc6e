package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"

	"postroom/internal/core/tx"
)

// handle is what a tx.Tx carries: the writer's connection or a transaction.
type handle struct {
	db *DB
	w  *writer
	pg *sql.Tx
	// wrote: the running function has changed something, or may have.
	wrote bool
	// broken: the transaction is not the one that began, or cannot be trusted.
	broken bool
}

// Q runs statements inside a Write (view is its *tx.Tx) or, where view is nil,
// on a reading connection. SQL has $1… and is the same for both engines;
// statements are prepared once for each connection.
type Q struct {
	db *DB
	h  *handle
}

// Q returns where statements of view run.
func (db *DB) Q(view tx.View) Q {
	if t, ok := view.(*tx.Tx); ok && t != nil {
		return Q{db: db, h: t.Handle().(*handle)}
	}
	return Q{db: db}
}

// ErrNoRow is what Row.Scan answers where nothing was found.
var ErrNoRow = sql.ErrNoRows

// Exec runs a statement and returns the count of rows it changed.
func (q Q) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	var r sql.Result
	var err error
	switch {
	case q.h == nil:
		return 0, errors.New("sqldb: a statement that writes runs inside Write")
	case q.h.pg != nil:
		r, err = q.h.pg.ExecContext(ctx, text, args...)
	default:
		q.h.wrote = true
		var s *sql.Stmt
		if s, err = q.h.w.stmt(text); err == nil {
			r, err = s.ExecContext(context.Background(), args...)
		}
	}
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Query runs a statement that returns rows.
func (q Q) Query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	switch {
	case q.h == nil && q.db.engine == Postgres:
		return q.db.reads.QueryContext(ctx, text, args...)
	case q.h == nil:
		s, err := q.db.readStmt(ctx, text)
		if err != nil {
			return nil, err
		}
		// A context that can end costs the driver a goroutine for each query;
		// long readings look at theirs in Each.
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return s.QueryContext(context.Background(), args...)
	case q.h.pg != nil:
		return q.h.pg.QueryContext(ctx, text, args...)
	}
	if !strings.HasPrefix(text, "SELECT") {
		q.h.wrote = true // … RETURNING
	}
	s, err := q.h.w.stmt(text)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}

// Row is the first row of an answer.
type Row struct {
	rows *sql.Rows
	err  error
}

// QueryRow runs a statement of which one row is wanted.
func (q Q) QueryRow(ctx context.Context, text string, args ...any) Row {
	rows, err := q.Query(ctx, text, args...)
	return Row{rows, err}
}

// Scan reads the row, or answers ErrNoRow.
func (r Row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return ErrNoRow
	}
	if err := r.rows.Scan(into...); err != nil {
		return err
	}
	return r.rows.Close()
}

// Found runs QueryRow and Scan and tells whether there was a row.
func (q Q) Found(ctx context.Context, text string, args []any, into ...any) (bool, error) {
	err := q.QueryRow(ctx, text, args...).Scan(into...)
	if errors.Is(err, ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}

// Each runs a statement and calls scan for each row; scan gets rows.Scan.
func (q Q) Each(ctx context.Context, text string, args []any, scan func(scan func(...any) error) error) error {
	rows, err := q.Query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for n := 0; rows.Next(); n++ {
		if n&255 == 255 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := scan(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// stmts are the prepared statements of the reading connections.
type stmts struct {
	mu     sync.RWMutex
	byText map[string]*sql.Stmt
}

func (db *DB) readStmt(ctx context.Context, text string) (*sql.Stmt, error) {
	db.stmts.mu.RLock()
	s := db.stmts.byText[text]
	db.stmts.mu.RUnlock()
	if s != nil {
		return s, nil
	}
	fresh, err := db.reads.PrepareContext(ctx, unnamed(text))
	if err != nil {
		return nil, err
	}
	db.stmts.mu.Lock()
	defer db.stmts.mu.Unlock()
	if s = db.stmts.byText[text]; s != nil {
		fresh.Close()
		return s, nil
	}
	if db.stmts.byText == nil {
		db.stmts.byText = map[string]*sql.Stmt{}
	}
	db.stmts.byText[text] = fresh
	return fresh, nil
}

// IsUnique tells whether err is a violated unique key.
func IsUnique(err error) bool {
	var pg interface{ SQLState() string }
	if errors.As(err, &pg) {
		return pg.SQLState() == "23505"
	}
	var c interface{ Code() int }
	return errors.As(err, &c) && (c.Code() == 2067 || c.Code() == 1555)
}
