package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"postroom/internal/base/errs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// sqliteURI names a SQLite file with settings for each connection.
func sqliteURI(path string, pragmas ...string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + url.Values{"_pragma": pragmas}.Encode()
}

// table is one of a schema's tables; the migrations make the same on both engines.
type table struct {
	name    string
	columns []string
	kinds   []string // TEXT, BIGINT, BYTEA, BOOLEAN
	needed  []bool   // NOT NULL
}

// tablesOf lists the tables of a SQLite file, without goose's own.
func tablesOf(ctx context.Context, db *sql.DB) ([]table, error) {
	rows, err := db.QueryContext(ctx, `SELECT m.name, c.name, c.type, c."notnull" FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version' ORDER BY m.name, c.cid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []table
	for rows.Next() {
		var name, column, kind string
		var needed bool
		if err := rows.Scan(&name, &column, &kind, &needed); err != nil {
			return nil, err
		}
		if len(all) == 0 || all[len(all)-1].name != name {
			all = append(all, table{name: name})
		}
		t := &all[len(all)-1]
		t.columns, t.kinds, t.needed = append(t.columns, column), append(t.kinds, kind), append(t.needed, needed)
	}
	return all, rows.Err()
}

func (t table) list() string {
	quoted := make([]string, len(t.columns))
	for i, c := range t.columns {
		quoted[i] = `"` + c + `"`
	}
	return strings.Join(quoted, ", ")
}

func (t table) selects() string { return `SELECT ` + t.list() + ` FROM "` + t.name + `"` }

// values are one row to scan into, and its addresses.
func (t table) values() (row, into []any) {
	row, into = make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range row {
		into[i] = &row[i]
	}
	return row, into
}

// fit turns what SQLite gives into what PostgreSQL takes.
func (t table) fit(row []any) {
	for i, v := range row {
		if n, ok := v.(int64); ok && t.kinds[i] == "BOOLEAN" {
			row[i] = n != 0
		}
		if b, ok := v.([]byte); (v == nil || ok && b == nil) && t.needed[i] && t.kinds[i] == "BYTEA" {
			row[i] = []byte{} // how the driver gives an empty one
		}
	}
}

// copyPostgres makes a SQLite file with the same migrations and copies the rows.
func (s *Snapshot) copyPostgres(ctx context.Context, path string, progress func(done, total int64)) error {
	to, err := Open(ctx, Options{Path: path, Schema: s.db.opt.Schema, Log: s.db.log})
	if err != nil {
		return err
	}
	defer to.Close()
	tables, err := tablesOf(ctx, to.reads)
	if err != nil {
		return err
	}
	w, err := sql.Open("sqlite", sqliteURI(path, "synchronous(OFF)", "busy_timeout(10000)"))
	if err != nil {
		return err
	}
	defer w.Close()
	var done int64
	for _, t := range tables {
		if err := s.copyTable(ctx, w, t, func() {
			if done++; done%10000 == 0 {
				progress(done, 0)
			}
		}); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	progress(done, 0)
	if _, err := w.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return err
	}
	return w.Close()
}

// rowsAtOnce bounds a transaction of the copy.
const rowsAtOnce = 20000

func (s *Snapshot) copyTable(ctx context.Context, w *sql.DB, t table, counted func()) error {
	rows, err := s.conn.QueryContext(ctx, t.selects())
	if err != nil {
		return err
	}
	defer rows.Close()
	insert := `INSERT INTO "` + t.name + `" (` + t.list() + `) VALUES (?` + strings.Repeat(",?", len(t.columns)-1) + `)`
	row, into := t.values()
	for more, first := true, true; more; first = false {
		out, err := w.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		more, err = func() (bool, error) {
			if first { // what the migrations put in
				if _, err := out.ExecContext(ctx, `DELETE FROM "`+t.name+`"`); err != nil {
					return false, err
				}
			}
			stmt, err := out.PrepareContext(ctx, insert)
			if err != nil {
				return false, err
			}
			defer stmt.Close()
			for range rowsAtOnce {
				if !rows.Next() {
					return false, rows.Err()
				}
				if err := rows.Scan(into...); err != nil {
					return false, err
				}
				if _, err := stmt.ExecContext(ctx, row...); err != nil {
					return false, err
				}
				counted()
			}
			return true, nil
		}()
		if err != nil {
			out.Rollback()
			return err
		}
		if err := out.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// Fill puts the rows of a SQLite file of the same schema version into this
// PostgreSQL schema, all or none. It refuses one that has data already. On
// SQLite a restore puts the file itself in place.
func (db *DB) Fill(ctx context.Context, path string, progress func(rows int64)) error {
	const op = "sqldb.Fill"
	if db.engine != Postgres {
		return errs.E(op, errs.Unsupported, errs.Storage, nil)
	}
	from, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro&immutable=1")
	if err != nil {
		return err
	}
	defer from.Close()
	tables, err := tablesOf(ctx, from)
	if err != nil {
		return err
	}
	conn, err := db.writes.Conn(ctx)
	if err != nil {
		return errs.E(op, errs.Unavailable, errs.Storage, err)
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error {
		out, err := driver.(*stdlib.Conn).Conn().Begin(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = out.Rollback(context.WithoutCancel(ctx)) }() // an error once it is committed
		for _, t := range tables {
			if err := db.fillTable(ctx, out, from, t, progress); err != nil {
				return err
			}
		}
		return out.Commit(ctx)
	})
}

// seeded are tables into which the migrations put rows.
var seeded = map[string]bool{"auth_root": true, "region_count": true}

func (db *DB) fillTable(ctx context.Context, out pgx.Tx, from *sql.DB, t table, progress func(int64)) error {
	const op = "sqldb.Fill"
	name := pgx.Identifier{db.opt.Name, t.name}
	if seeded[t.name] {
		if _, err := out.Exec(ctx, `DELETE FROM `+name.Sanitize()); err != nil {
			return err
		}
	}
	var full bool
	if err := out.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM `+name.Sanitize()+`)`).Scan(&full); err != nil {
		return err
	}
	if full {
		return errs.Say(op, errs.InUse, errs.Storage, "The PostgreSQL schema %s has data already (table %s). Drop the schema, or name another database.", db.opt.Name, t.name)
	}
	rows, err := from.QueryContext(ctx, t.selects())
	if err != nil {
		return err
	}
	defer rows.Close()
	row, into := t.values()
	n, err := out.CopyFrom(ctx, name, t.columns, pgx.CopyFromFunc(func() ([]any, error) {
		if !rows.Next() {
			return nil, rows.Err()
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		t.fit(row)
		return row, nil
	}))
	if err != nil {
		return fmt.Errorf("table %s: %w", t.name, err)
	}
	if progress != nil {
		progress(n)
	}
	return nil
}
