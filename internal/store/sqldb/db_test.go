package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
	"postroom/test/services"
)

// both runs a story on each engine.
func both(t *testing.T, story func(t *testing.T, db *sqldb.DB)) {
	for name, opt := range map[string]func(t *testing.T) sqldb.Options{
		"SQLite":     func(t *testing.T) sqldb.Options { return sqldb.Options{Path: filepath.Join(t.TempDir(), "x.db")} },
		"PostgreSQL": func(t *testing.T) sqldb.Options { return sqldb.Options{DSN: services.Postgres(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			o := opt(t)
			o.Schema = sqldb.Region
			db, err := sqldb.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			story(t, db)
		})
	}
}

func add(ctx context.Context, db *sqldb.DB, t *tx.Tx, mailbox, id int64) error {
	_, err := db.Q(t).Exec(ctx, `INSERT INTO folder_gone (mailbox, id, seq) VALUES ($1,$2,0)`, mailbox, id)
	return err
}

func count(t *testing.T, db *sqldb.DB, mailbox int64) (n int) {
	t.Helper()
	if err := db.Q(nil).QueryRow(t.Context(), `SELECT COUNT(*) FROM folder_gone WHERE mailbox = $1`, mailbox).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Functions that fail, panic or are cancelled take nothing with them, whatever
// else was in their batch.
func TestEachFunctionHasItsOwnResult(t *testing.T) {
	both(t, func(t *testing.T, db *sqldb.DB) {
		boom := errors.New("boom")
		var wg sync.WaitGroup
		var hooks atomic.Int64
		for i := range int64(200) {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				err := db.Write(ctx, ids.Org(fmt.Sprint(i%7)), func(x *tx.Tx) error {
					x.AfterCommit(func() { hooks.Add(1) })
					if err := add(ctx, db, x, 1, i); err != nil {
						return err
					}
					switch i % 4 {
					case 1:
						return boom
					case 2:
						panic("bad function")
					}
					return nil
				})
				switch i % 4 {
				case 1:
					if !errors.Is(err, boom) {
						t.Errorf("%d: %v", i, err)
					}
				case 2:
					if !errs.Is(err, errs.Internal) || !strings.Contains(err.Error(), "bad function") {
						t.Errorf("%d: %v", i, err)
					}
				default:
					if err != nil {
						t.Errorf("%d: %v", i, err)
					}
				}
			})
		}
		wg.Wait()
		if n := count(t, db, 1); n != 100 || hooks.Load() != 100 {
			t.Fatalf("%d rows, %d hooks, want 100", n, hooks.Load())
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := db.Write(ctx, "", func(x *tx.Tx) error { return add(ctx, db, x, 2, 1) }); !errors.Is(err, context.Canceled) {
			t.Fatalf("a cancelled Write answers %v", err)
		}
		if count(t, db, 2) != 0 {
			t.Fatal("a cancelled Write left a row")
		}
	})
}

func TestReadsDoNotSeeWhatIsNotCommitted(t *testing.T) {
	both(t, func(t *testing.T, db *sqldb.DB) {
		err := db.Write(t.Context(), "", func(x *tx.Tx) error {
			if err := add(t.Context(), db, x, 3, 1); err != nil {
				return err
			}
			var inside int
			if err := db.Q(x).QueryRow(t.Context(), `SELECT COUNT(*) FROM folder_gone WHERE mailbox = 3`).Scan(&inside); err != nil {
				return err
			}
			if outside := count(t, db, 3); inside != 1 || outside != 0 {
				t.Errorf("inside %d, outside %d", inside, outside)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Q(nil).Exec(t.Context(), `DELETE FROM folder_gone`); err == nil {
			t.Fatal("a statement wrote outside of Write")
		}
	})
}

func TestUnique(t *testing.T) {
	both(t, func(t *testing.T, db *sqldb.DB) {
		again := func(x *tx.Tx) error { return add(t.Context(), db, x, 4, 1) }
		if err := db.Write(t.Context(), "", again); err != nil {
			t.Fatal(err)
		}
		if err := db.Write(t.Context(), "", again); !sqldb.IsUnique(err) {
			t.Fatalf("a double key is %v", err)
		}
	})
}

// One organization's flood does not hold up another's change.
func TestTurnsAreFair(t *testing.T) {
	db, err := sqldb.Open(t.Context(), sqldb.Options{Path: filepath.Join(t.TempDir(), "x.db"), Schema: sqldb.Region})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	started, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		db.Write(t.Context(), "flood", func(*tx.Tx) error { close(started); <-release; return nil })
	})
	<-started
	var order []string
	queued := make(chan struct{}, 3000)
	push := func(org ids.Org) {
		wg.Go(func() {
			queued <- struct{}{}
			if err := db.Write(t.Context(), org, func(*tx.Tx) error { order = append(order, string(org)); return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	for range 1000 {
		push("flood")
	}
	for range 1000 {
		<-queued
	}
	push("other")
	<-queued
	deadline := time.Now().Add(10 * time.Second)
	for db.Waiting() < 1001 && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	close(release)
	wg.Wait()
	for i, who := range order {
		if who == "other" && i > 2 {
			t.Fatalf("the other organization came as number %d of %d", i, len(order))
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := sqldb.Open(t.Context(), sqldb.Options{Path: path, Schema: sqldb.Region})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	_, err = sqldb.Open(t.Context(), sqldb.Options{Path: path, Schema: sqldb.Region})
	if !errs.Is(err, errs.Config) || !strings.Contains(errs.Public(err), "newer Postroom") {
		t.Fatalf("opened a newer schema: %v", err)
	}
}

func TestCollationIsChecked(t *testing.T) {
	dsn := services.Postgres(t)
	raw, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec(`CREATE DATABASE sorted TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`); err != nil {
		t.Fatal(err)
	}
	defer raw.Exec(`DROP DATABASE sorted`)
	var name string
	if err := raw.QueryRow(`SELECT current_database()`).Scan(&name); err != nil {
		t.Fatal(err)
	}
	_, err = sqldb.Open(t.Context(), sqldb.Options{DSN: strings.Replace(dsn, "/"+name, "/sorted", 1), Schema: sqldb.Region})
	if !errs.Is(err, errs.Config) || !strings.Contains(errs.Public(err), "CREATE DATABASE") {
		t.Fatalf("a database that does not sort by bytes: %v", err)
	}
}
