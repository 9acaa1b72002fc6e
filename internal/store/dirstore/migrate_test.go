package dirstore_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/sqldb"
	"postroom/test/services"
)

// A database of before entry_word, with entries in it, is found in by any word once it is migrated.
func TestWordsOfOldEntries(t *testing.T) {
	for name, options := range map[string]func(t *testing.T) sqldb.Options{
		"SQLite":     func(t *testing.T) sqldb.Options { return sqldb.Options{Path: filepath.Join(t.TempDir(), "x.db")} },
		"PostgreSQL": func(t *testing.T) sqldb.Options { return sqldb.Options{DSN: services.Postgres(t, services.NoFsync)} },
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			o.Schema = sqldb.Region
			open := func() *sqldb.DB {
				db, err := sqldb.Open(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				return db
			}
			db, org := open(), ids.NewOrg()
			list := make([]dirstore.Filled, 1203)
			for i := range list {
				e := &list[i].Entry
				*e = directory.Entry{
					Org: org, ID: ids.NewEntry(), Kind: directory.KindUser, Role: directory.RoleUser, Name: fmt.Sprintf("u%d", i), DisplayName: fmt.Sprintf("Zoë Müller%d (Ä–%[1]d)", i),
					State: directory.Enabled, Dir: directory.DirActive, Version: 1, Revision: 1, GrantsRevision: 1,
				}
				switch i {
				case 3:
					e.DisplayName = "Alone"
				case 5:
					e.State, e.DeletedAt = directory.Deleted, e.DeletedAt.AddDate(2026, 0, 0)
				}
			}
			if err := dirstore.FillEntries(t.Context(), db, org, list); err != nil {
				t.Fatal(err)
			}
			want := words(t, db)
			db.Close()
			back(t, o)

			db = open()
			defer db.Close()
			if got := words(t, db); got != want || strings.Count(got, "\n") != 3*(len(list)-2)+len(list)-1 {
				t.Fatalf("%d lines after migrating, %d before", strings.Count(got, "\n"), strings.Count(want, "\n"))
			}
			s := dirstore.NewEntries(db)
			e, _, err := s.EntryByName(t.Context(), nil, org, "u7")
			if err != nil {
				t.Fatal(err)
			}
			e.DisplayName = "Zoë Meyer" // what was cut is known to who changes it
			if err := s.Write(t.Context(), org, func(t *tx.Tx) error { return s.Update(t, &e) }); err != nil {
				t.Fatal(err)
			}
			for word, n := range map[string]int{"müller12": 14, "müller7": 110, "meyer": 1} {
				list, err := s.Lookup(t.Context(), nil, directory.LookupQuery{Org: org, Beginning: directory.Beginning{Key: word, Words: []string{word}}, Limit: 1000})
				if err != nil || len(list) != n {
					t.Errorf("%s: %d entries, %v; want %d", word, len(list), err, n)
				}
			}
		})
	}
}

// words are those of all entries and what they are found by.
func words(t *testing.T, db *sqldb.DB) string {
	var b strings.Builder
	for _, text := range []string{`SELECT id, words FROM entry WHERE words <> '' ORDER BY id`, `SELECT entry, word FROM entry_word ORDER BY entry, word`} {
		err := db.Q(nil).Each(t.Context(), text, nil, func(scan func(...any) error) error {
			var entry, words string
			err := scan(&entry, &words)
			b.WriteString(entry + words + "\n")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// back undoes the migration.
func back(t *testing.T, o sqldb.Options) {
	engine, dsn := "sqlite", o.Path
	if o.DSN != "" {
		engine, dsn = "pgx", o.DSN+"&search_path="+string(o.Schema)
	}
	raw, err := sql.Open(engine, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, text := range []string{`DROP TABLE entry_word`, `ALTER TABLE entry DROP COLUMN words`, `DELETE FROM goose_db_version WHERE version_id = 10`} {
		if _, err := raw.Exec(text); err != nil {
			t.Fatal(text, err)
		}
	}
}
