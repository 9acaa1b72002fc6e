// Package dirstore keeps core/org's, core/directory's, core/access's and
// core/audit's data: one type for each of their Store interfaces, over one
// database. It decides nothing; rules are core's.
package dirstore

import (
	"time"

	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// ms is how times are kept: milliseconds, 0 for none.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// top sorts behind every text that begins as the one before it.
const top = "\U0010FFFF"

type base struct{ *sqldb.DB }

// exec changes organizations, entries or addresses: what was remembered of them
// no longer counts once t is committed.
func (b base) exec(t *tx.Tx, text string, args ...any) (int64, error) {
	b.NewEdition(t)
	return b.Q(t).Exec(t.Context(), text, args...)
}

func nullIf(s string) any {
	if s == "" {
		return nil
	}
	return s
}
