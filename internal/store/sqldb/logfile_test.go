package sqldb_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

func mustPut(t *testing.T, db *sqldb.DB, x *tx.Tx, i int, value []byte) {
	t.Helper()
	if _, err := db.Q(x).Exec(context.Background(), `INSERT INTO property (mailbox, item, part, tag, value) VALUES (1,$1,0,0,$2)`, i, value); err != nil {
		t.Error(err)
	}
}

// A transaction that is greater than the writer's cache goes through the log and
// is read back from it before it is committed; nobody else sees any of it.
func TestTransactionBeyondTheCache(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.db")
	open := func() *sqldb.DB {
		db, err := sqldb.Open(t.Context(), sqldb.Options{Path: file, Schema: sqldb.Region})
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	db := open()
	value := bytes.Repeat([]byte("0123456789abcdef"), 4<<10) // 64 KiB
	const n = 1000
	rows := func(x *tx.Tx) (n int) {
		var v tx.View
		if x != nil {
			v = x
		}
		if err := db.Q(v).QueryRow(t.Context(), `SELECT COUNT(*) FROM property WHERE mailbox = 1 AND length(value) = 65536`).Scan(&n); err != nil {
			t.Error(err)
		}
		return n
	}
	for _, keep := range []bool{false, true} {
		err := db.Write(t.Context(), "", func(x *tx.Tx) error {
			for i := range n {
				mustPut(t, db, x, i, value)
			}
			if in, out := rows(x), rows(nil); in != n || out != 0 {
				t.Errorf("inside %d rows, outside %d", in, out)
			}
			if !keep {
				return context.Canceled
			}
			return nil
		})
		if (err == nil) != keep || rows(nil) != map[bool]int{true: n}[keep] {
			t.Fatal(keep, err, rows(nil))
		}
	}
	if faults, err := db.Check(t.Context()); err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	db.Close()
	db = open()
	defer db.Close()
	if rows(nil) != n {
		t.Fatal(rows(nil))
	}
}

// The log is copied into the database and begins anew, however long the writing
// goes on, also beside readers.
func TestLogStaysBounded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.db")
	db, err := sqldb.Open(t.Context(), sqldb.Options{Path: file, Schema: sqldb.Region})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	value := bytes.Repeat([]byte("0123456789abcdef"), 16<<10) // 256 KiB
	var written, most int64
	for i := range 1200 { // 300 MiB
		if err := db.Write(t.Context(), "", func(x *tx.Tx) error { mustPut(t, db, x, i, value); return nil }); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := db.Q(nil).QueryRow(t.Context(), `SELECT COUNT(*) FROM property WHERE mailbox = 1 AND item = $1`, i).Scan(&n); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		log, err := os.Stat(file + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		written, most = written+int64(len(value)), max(most, log.Size())
	}
	if most > written/2 {
		t.Fatalf("the log grew to %d MiB for %d MiB written", most>>20, written>>20)
	}
}

// Whoever reads while others write finds whole commits, each as soon as its
// Write has answered.
func TestReadersBesideTheLog(t *testing.T) {
	db, err := sqldb.Open(t.Context(), sqldb.Options{Path: filepath.Join(t.TempDir(), "x.db"), Schema: sqldb.Region})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 60 {
				n := w*1000 + i
				value := bytes.Repeat(fmt.Append(nil, n), 20<<(i%10))
				if err := db.Write(t.Context(), ids.Org(fmt.Sprint(w)), func(x *tx.Tx) error { mustPut(t, db, x, n, value); return nil }); err != nil {
					t.Error(err)
				}
				var got []byte
				if err := db.Q(nil).QueryRow(t.Context(), `SELECT value FROM property WHERE mailbox = 1 AND item = $1`, n).Scan(&got); err != nil || !bytes.Equal(got, value) {
					t.Error(n, len(got), err)
				}
			}
		})
	}
	wg.Wait()
}

// An edition lasts until something that it covers is changed, and a change that
// fails is none.
func TestEdition(t *testing.T) {
	both(t, func(t *testing.T, db *sqldb.DB) {
		before, known := db.Edition()
		if known != (db.Engine() == sqldb.SQLite) {
			t.Fatal(known)
		}
		fail := func(x *tx.Tx) error { db.NewEdition(x); return context.Canceled }
		db.Write(t.Context(), "", fail) //nolint:errcheck // it is to fail
		db.Write(t.Context(), "", func(*tx.Tx) error { return nil })
		if n, _ := db.Edition(); n != before {
			t.Fatal("an edition without a change")
		}
		if err := db.Write(t.Context(), "", func(x *tx.Tx) error { db.NewEdition(x); return nil }); err != nil {
			t.Fatal(err)
		}
		if n, _ := db.Edition(); n == before {
			t.Fatal("the same edition after a change")
		}
	})
}
