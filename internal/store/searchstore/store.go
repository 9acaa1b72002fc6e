// Package searchstore keeps core/search's index in a database of its own. A
// damaged file is put aside and the index begun anew, since it can be rebuilt.
// It refuses to know what grams and postings mean.
package searchstore

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/search"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Store is a search.Store. It owns its database.
type Store struct {
	opt sqldb.Options
	log *slog.Logger

	renewing sync.Mutex
	mu       sync.RWMutex // of db, held for a moment only
	db       *sqldb.DB
}

var _ search.Store = (*Store)(nil)

// Open opens the index of a region; opt.Schema is set here. A file that is no
// database, or damaged, is renamed to *.damaged and the index begins empty.
func Open(ctx context.Context, opt sqldb.Options) (*Store, error) {
	opt.Schema = sqldb.Search
	s := &Store{opt: opt, log: opt.Log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	db, err := sqldb.Open(ctx, opt)
	if err != nil && opt.Path != "" && damaged(err) {
		s.log.Error("the search index cannot be opened; it is put aside and built anew", "file", opt.Path, "error", err)
		if err := s.putAside(); err != nil {
			return nil, err
		}
		db, err = sqldb.Open(ctx, opt)
	}
	if err != nil {
		return nil, err
	}
	s.db = db
	return s, nil
}

// Close closes the database.
func (s *Store) Close() error {
	s.renewing.Lock()
	defer s.renewing.Unlock()
	return s.now().Close()
}

func (s *Store) now() *sqldb.DB {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.db
}

func (s *Store) q() sqldb.Q { return s.now().Q(nil) }

// in is where statements of a Write run.
func (s *Store) in(t *tx.Tx) sqldb.Q { return s.now().Q(t) }

// Write implements tx.Store.
func (s *Store) Write(ctx context.Context, fair ids.Org, fn func(*tx.Tx) error) error {
	return s.now().Write(ctx, fair, fn)
}

// Damaged implements search.Store. After a failed fsync what was written may be lost.
func (s *Store) Damaged(err error) bool { return damaged(err) || s.now().Failed() != nil }

// damaged knows SQLite's and PostgreSQL's codes: a damaged file, no database, a
// page that cannot be read; data_corrupted, index_corrupted.
func damaged(err error) bool {
	const corrupt, notADB, ioerrRead, ioerrShortRead, ioerrCorruptFS = 11, 26, 266, 522, 8458
	var pg interface{ SQLState() string }
	if errors.As(err, &pg) {
		return pg.SQLState() == "XX001" || pg.SQLState() == "XX002"
	}
	var lite interface{ Code() int }
	if !errors.As(err, &lite) {
		return false
	}
	switch c := lite.Code(); {
	case c&0xff == corrupt, c&0xff == notADB, c == ioerrRead, c == ioerrShortRead, c == ioerrCorruptFS:
		return true
	}
	return false
}

// Renew implements search.Store.
func (s *Store) Renew(ctx context.Context) error {
	s.renewing.Lock()
	defer s.renewing.Unlock()
	old := s.now()
	if old.Engine() == sqldb.Postgres {
		return old.Write(ctx, "", func(t *tx.Tx) error {
			_, err := old.Q(t).Exec(ctx, `TRUNCATE search_box, search_loose, search_block, search_part`)
			return err
		})
	}
	old.Close() // what it says of a damaged file is no news
	if err := s.putAside(); err != nil {
		return err
	}
	db, err := sqldb.Open(ctx, s.opt)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.db = db
	s.mu.Unlock()
	return nil
}

// putAside keeps the last damaged file for who wants to know why.
func (s *Store) putAside() error {
	err := os.Rename(s.opt.Path, s.opt.Path+".damaged")
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	for _, more := range []string{"-wal", "-shm"} {
		if e := os.Remove(s.opt.Path + more); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	if err != nil {
		return errs.E("searchstore.Open", errs.Unavailable, errs.Storage, err)
	}
	return nil
}
