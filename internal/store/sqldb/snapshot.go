package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"

	"postroom/internal/base/errs"

	"modernc.org/sqlite"
)

// Snapshot is one committed state of a database, held for a backup. Writing
// goes on meanwhile; on SQLite its log grows until Close.
type Snapshot struct {
	db   *DB
	conn *sql.Conn
}

// Snapshot takes the state as it is now.
func (db *DB) Snapshot(ctx context.Context) (*Snapshot, error) {
	conn, err := db.reads.Conn(ctx)
	if err != nil {
		return nil, errs.E("sqldb.Snapshot", errs.Unavailable, errs.Storage, err)
	}
	begin, first := `BEGIN`, `SELECT COUNT(*) FROM sqlite_master`
	if db.engine == Postgres {
		begin, first = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`, `SELECT COUNT(*) FROM pg_class`
	}
	// The first statement that reads fixes the state.
	var n int64
	if _, err = conn.ExecContext(ctx, begin); err == nil {
		err = conn.QueryRowContext(ctx, first).Scan(&n)
	}
	s := &Snapshot{db, conn}
	if err != nil {
		s.Close()
		return nil, errs.E("sqldb.Snapshot", errs.Unavailable, errs.Storage, err)
	}
	return s, nil
}

// Close lets the state go.
func (s *Snapshot) Close() error {
	_, err := s.conn.ExecContext(context.Background(), `ROLLBACK`)
	return errors.Join(err, s.conn.Close())
}

// Each runs a statement on the state, as Q.Each.
func (s *Snapshot) Each(ctx context.Context, text string, args []any, scan func(scan func(...any) error) error) error {
	rows, err := s.conn.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// CopyTo writes the state into a new SQLite file, whichever engine it comes from,
// and returns when that is lasting. progress, which may be nil, gets bytes on
// SQLite and rows on PostgreSQL (whose total is not known: 0).
func (s *Snapshot) CopyTo(ctx context.Context, path string, progress func(done, total int64)) error {
	const op = "sqldb.CopyTo"
	if progress == nil {
		progress = func(int64, int64) {}
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return errs.Say(op, errs.Exists, errs.Storage, "There is a file %s already.", path)
	}
	copied := s.copySQLite
	if s.db.engine == Postgres {
		copied = s.copyPostgres
	}
	if err := copied(ctx, path, progress); err != nil {
		return errs.E(op, errs.Unavailable, errs.Storage, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Sync(), f.Close())
}

// pagesAtOnce is how much is copied between two looks at ctx.
const pagesAtOnce = 1024

// copySQLite copies page by page. The open read transaction keeps the state for
// all steps: without it a write would begin the copy anew.
func (s *Snapshot) copySQLite(ctx context.Context, path string, progress func(done, total int64)) error {
	return s.conn.Raw(func(driver any) error {
		b, err := driver.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		}).NewBackup(sqliteURI(path, "synchronous(OFF)"))
		if err != nil {
			return err
		}
		for more := true; more; {
			if err = ctx.Err(); err == nil {
				more, err = b.Step(pagesAtOnce)
			}
			if err != nil {
				return errors.Join(err, b.Finish())
			}
			total := int64(b.PageCount())
			progress((total-int64(b.Remaining()))*4096, total*4096)
		}
		return b.Finish()
	})
}
