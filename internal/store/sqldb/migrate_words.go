package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"postroom/internal/core/directory"

	"github.com/pressly/goose/v3"
)

// wordsMigration is region/0010. SQL alone cannot cut the words of what is there.
func wordsMigration(engine Engine) *goose.Migration {
	compact := "" // the key is the row
	if engine == SQLite {
		compact = " WITHOUT ROWID"
	}
	up := func(ctx context.Context, t *sql.Tx) error {
		for _, text := range []string{
			// The words of an entry that begin neither sort_key nor display_key, each behind a space.
			`ALTER TABLE entry ADD COLUMN words TEXT NOT NULL DEFAULT ''`,
			// The same, to be found by; not of Deleted ones.
			`CREATE TABLE entry_word (
				org TEXT NOT NULL,
				word TEXT NOT NULL,
				kind BIGINT NOT NULL,
				entry TEXT NOT NULL,
				PRIMARY KEY (org, word, kind, entry)
			)` + compact,
		} {
			if _, err := t.ExecContext(ctx, text); err != nil {
				return err
			}
		}
		return cutWords(ctx, t)
	}
	down := func(ctx context.Context, t *sql.Tx) error {
		_, err := t.ExecContext(ctx, `DROP TABLE entry_word`)
		if err == nil {
			_, err = t.ExecContext(ctx, `ALTER TABLE entry DROP COLUMN words`)
		}
		return err
	}
	return goose.NewGoMigration(10, &goose.GoFunc{RunTx: up}, &goose.GoFunc{RunTx: down})
}

const cutAtOnce = 500

// cutWords cuts those of all entries, in the order of their key.
func cutWords(ctx context.Context, t *sql.Tx) error {
	for org, id := "", ""; ; {
		rows, err := t.QueryContext(ctx, `SELECT org, id, kind, sort_key, display_key, state FROM entry WHERE (org, id) > ($1, $2) ORDER BY org, id LIMIT $3`,
			org, id, cutAtOnce)
		if err != nil {
			return err
		}
		var cut, found []any
		n := 0
		for ; rows.Next(); n++ {
			var kind int64
			var name, display, state string
			if err := rows.Scan(&org, &id, &kind, &name, &display, &state); err != nil {
				rows.Close()
				return err
			}
			words := directory.LaterWords(name, display)
			if words == "" {
				continue
			}
			cut = append(cut, org, id, words)
			for w := range strings.FieldsSeq(words) {
				if state != string(directory.Deleted) {
					found = append(found, org, w, kind, id)
				}
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
		if err := many(ctx, t, `UPDATE entry SET words = v.column3 FROM (VALUES %s) AS v WHERE entry.org = v.column1 AND entry.id = v.column2`, 3, cut); err != nil {
			return err
		}
		if err := many(ctx, t, `INSERT INTO entry_word (org, word, kind, entry) VALUES %s`, 4, found); err != nil {
			return err
		}
		if n < cutAtOnce {
			return nil
		}
	}
}

// many runs a statement with rows of so many values, some at a time.
func many(ctx context.Context, t *sql.Tx, text string, width int, values []any) error {
	for len(values) > 0 {
		some := values[:min(len(values), width*cutAtOnce)]
		values = values[len(some):]
		var rows strings.Builder
		for i := range some {
			switch {
			case i == 0:
				rows.WriteString("(")
			case i%width == 0:
				rows.WriteString("), (")
			default:
				rows.WriteString(", ")
			}
			fmt.Fprintf(&rows, "$%d", i+1)
		}
		if _, err := t.ExecContext(ctx, fmt.Sprintf(text, rows.String()+")"), some...); err != nil {
			return err
		}
	}
	return nil
}
