package sqldb

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

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

// unnamed writes ? for $1, $2 … where they come in this order, each once. To
// SQLite $N is a name, and the driver asks for each at each run, which reads the
// list of names up to it.
func unnamed(text string) string {
	var b strings.Builder
	for n, rest := 1, text; ; n++ {
		before, behind, found := strings.Cut(rest, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		var ours bool
		if rest, ours = strings.CutPrefix(behind, strconv.Itoa(n)); !ours || rest != "" && '0' <= rest[0] && rest[0] <= '9' {
			return text
		}
		b.WriteByte('?')
	}
}
