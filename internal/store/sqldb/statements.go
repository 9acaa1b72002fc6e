package sqldb

import (
	"context"
	"maps"
	"slices"

	"postroom/internal/core/tx"
)

// Statements are the texts that were prepared so far on SQLite, for tests that
// look at their plans; nil on PostgreSQL.
func (db *DB) Statements(ctx context.Context) ([]string, error) {
	if db.engine == Postgres {
		return nil, nil
	}
	all := map[string]bool{}
	db.stmts.mu.RLock()
	for text := range db.stmts.byText {
		all[text] = true
	}
	db.stmts.mu.RUnlock()
	// The writer's are its own: they are read where it runs.
	err := db.Write(ctx, "", func(t *tx.Tx) error {
		for text := range t.Handle().(*handle).w.stmts {
			all[text] = true
		}
		return nil
	})
	return slices.Sorted(maps.Keys(all)), err
}
