// Package mailstore keeps core/mailbox's data in a database: the mailbox, its
// folders, items, placements, bodies and log. It decides nothing: numbers,
// limits and rules come from core.
package mailstore

import (
	"context"
	"errors"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Store implements mailbox.Store.
type Store struct{ db *sqldb.DB }

// New returns the store of a region's database.
func New(db *sqldb.DB) *Store { return &Store{db} }

var _ mailbox.Store = (*Store)(nil)

// Write implements tx.Store.
func (s *Store) Write(ctx context.Context, fair ids.Org, fn func(*tx.Tx) error) error {
	return s.db.Write(ctx, fair, fn)
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// found turns "no row" into the house's error.
func found(err error, op string, subject errs.Subject) error {
	if errors.Is(err, sqldb.ErrNoRow) {
		return errs.E(op, errs.NotFound, subject, nil)
	}
	return err
}

func keywords(text string) mailbox.Keywords {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
