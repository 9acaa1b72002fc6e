package sqldb_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
	"postroom/test/services"
)

// A copy has the state of its Snapshot while writing goes on, in whichever
// engine it is read again (rows 13 and 14 stand on this).
func TestCopyWhileWriting(t *testing.T) {
	both(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		write := func(fn func(q sqldb.Q) error) {
			t.Helper()
			if err := db.Write(ctx, "", func(x *tx.Tx) error { return fn(db.Q(x)) }); err != nil {
				t.Fatal(err)
			}
		}
		write(func(q sqldb.Q) error {
			for i := range 3000 {
				if _, err := q.Exec(ctx, `INSERT INTO property (mailbox, item, part, tag, value) VALUES (1,$1,0,7,$2)`, i, []byte(fmt.Sprint("wert", i))); err != nil {
					return err
				}
			}
			_, err := q.Exec(ctx, `INSERT INTO property (mailbox, item, part, tag, value) VALUES (2,1,0,7,$1)`, []byte{})
			return err
		})
		write(func(q sqldb.Q) error {
			_, err := q.Exec(ctx, `INSERT INTO mailbox (id, org, entry, epoch, seq, log_floor, uidvalidity, size, quota, warned, keywords, created_at, detached_at)
				VALUES (1,'m-1','grün',1,1,0,5,0,0,$1,'',0,0)`, true)
			return err
		})
		snap, err := db.Snapshot(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer snap.Close()

		stop, cancel := context.WithCancel(ctx)
		var writing sync.WaitGroup
		writing.Go(func() {
			for i := int64(0); stop.Err() == nil; i++ {
				if err := db.Write(ctx, "", func(x *tx.Tx) error { return add(ctx, db, x, 1, i) }); err != nil {
					t.Error(err)
					return
				}
			}
		})
		for count(t, db, 1) < 50 {
		}
		path := filepath.Join(t.TempDir(), "copy.db")
		calls := 0
		err = snap.CopyTo(ctx, path, func(done, total int64) { calls++ })
		cancel()
		writing.Wait()
		if err != nil || calls == 0 {
			t.Fatal(err, calls)
		}
		if err := snap.CopyTo(ctx, path, nil); !errs.Is(err, errs.Exists) {
			t.Errorf("over a file: %v", err)
		}

		copied, err := sqldb.Open(ctx, sqldb.Options{Path: path, Schema: sqldb.Region})
		if err != nil {
			t.Fatal(err)
		}
		same(t, copied)
		if n := count(t, copied, 1); n != 0 {
			t.Errorf("%d rows of after the snapshot are in the copy", n)
		}
		copied.Close()
		if db.Engine() == sqldb.SQLite {
			if err := db.Fill(ctx, path, nil); !errs.Is(err, errs.Unsupported) {
				t.Errorf("Fill on SQLite: %v", err)
			}
		}
		into, err := sqldb.Open(ctx, sqldb.Options{DSN: services.Postgres(t), Schema: sqldb.Region, Name: "elsewhere"})
		if err != nil {
			t.Fatal(err)
		}
		defer into.Close()
		if err := into.Fill(ctx, path, nil); err != nil {
			t.Fatal(err)
		}
		same(t, into)
		if err := into.Fill(ctx, path, nil); !errs.Is(err, errs.InUse) {
			t.Errorf("over data: %v", err)
		}
	})
}

func same(t *testing.T, db *sqldb.DB) {
	t.Helper()
	var n, empty, organizations int64
	var entry string
	var warned bool
	q := db.Q(nil)
	for _, err := range []error{
		q.QueryRow(t.Context(), `SELECT COUNT(*) FROM property WHERE mailbox = 1`).Scan(&n),
		q.QueryRow(t.Context(), `SELECT COUNT(*) FROM property WHERE mailbox = 2 AND length(value) = 0`).Scan(&empty),
		q.QueryRow(t.Context(), `SELECT entry, warned FROM mailbox WHERE id = 1`).Scan(&entry, &warned),
		q.QueryRow(t.Context(), `SELECT organizations FROM region_count`).Scan(&organizations),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if n != 3000 || empty != 1 || entry != "grün" || !warned {
		t.Errorf("%d rows, %d empty values, entry %q, warned %v", n, empty, entry, warned)
	}
}
