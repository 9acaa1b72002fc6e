package statstore_test

import (
	"path/filepath"
	"testing"

	"postroom/internal/core/statistics"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
	"postroom/internal/store/statstore"
	"postroom/internal/store/storetest"
	"postroom/test/services"
)

func TestSQLite(t *testing.T) {
	storetest.Statistics(t, func(t *testing.T) statistics.Store { return statstore.New(sqlite(t)) })
}

func TestPostgres(t *testing.T) {
	storetest.Statistics(t, func(t *testing.T) statistics.Store { return statstore.New(postgres(t)) })
}

func sqlite(t *testing.T) *sqldb.DB {
	return open(t, sqldb.Options{Path: filepath.Join(t.TempDir(), "region.db")})
}

func postgres(t *testing.T) *sqldb.DB {
	return open(t, sqldb.Options{DSN: services.Postgres(t, services.NoFsync)})
}

func open(t *testing.T, o sqldb.Options) *sqldb.DB {
	o.Schema = sqldb.Region
	db, err := sqldb.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// TestUsage: what the rows of organizations, mailboxes and entries say together.
func TestUsage(t *testing.T) {
	for name, db := range map[string]func(t *testing.T) *sqldb.DB{"SQLite": sqlite, "PostgreSQL": postgres} {
		t.Run(name, func(t *testing.T) {
			d := db(t)
			err := d.Write(t.Context(), "", func(x *tx.Tx) error {
				for _, text := range []string{
					`INSERT INTO organization (id, alias, alias_key, state, directory_id, directory_type, default_domain, error, created_at, completed_at, revision)
						VALUES ('m-1', 'a', 'a', 'ACTIVE', '', '', '', '', 0, 0, 1), ('m-2', 'b', 'b', 'ACTIVE', '', '', '', '', 0, 0, 1), ('m-3', 'c', NULL, 'DELETED', '', '', '', '', 0, 0, 1)`,
					`INSERT INTO mailbox (id, org, entry, epoch, seq, log_floor, uidvalidity, size, quota, warned, keywords, created_at, detached_at)
						VALUES (1, 'm-1', 'e1', 1, 1, 0, 1, 3000000000, 9, FALSE, '', 0, 0), (2, 'm-1', 'e2', 1, 1, 0, 1, 5, 9, FALSE, '', 0, 0), (3, 'm-3', 'e1', 1, 1, 0, 1, 5, 9, FALSE, '', 0, 0)`,
					`INSERT INTO entry_count (org, kind, shown, role, n) VALUES ('m-1', 1, 'ENABLED', 'USER', 7), ('m-1', 1, 'DISABLED', 'USER', 8), ('m-1', 2, 'ENABLED', '', 9)`,
				} {
					if _, err := d.Q(x).Exec(t.Context(), text); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			got, err := statstore.New(d).Usage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 2 || got["m-1"] != (statistics.Usage{Storage: 3000000005, Users: 7}) || got["m-2"] != (statistics.Usage{}) {
				t.Error(got)
			}
		})
	}
}
