package sqldb_test

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// After some faults of the disk SQLite takes the whole transaction back in the
// middle of a batch. Then what is answered is still what is kept (row 6).
func TestTransactionTakenBack(t *testing.T) {
	db, err := sqldb.Open(t.Context(), sqldb.Options{Path: filepath.Join(t.TempDir(), "x.db"), Schema: sqldb.Region})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx := t.Context()
	started, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		db.Write(ctx, "", func(*tx.Tx) error { close(started); <-release; return nil })
	})
	<-started
	var answers [9]error
	for i := range answers {
		wg.Go(func() {
			answers[i] = db.Write(ctx, "", func(x *tx.Tx) error {
				if err := add(ctx, db, x, int64(100+i), 1); err != nil {
					return err
				}
				if i == 4 {
					db.Q(x).Exec(ctx, `ROLLBACK`)
					return errors.New("as the disk would fail")
				}
				return nil
			})
		})
	}
	for db.Waiting() < len(answers) {
	}
	close(release)
	wg.Wait()
	for i, err := range answers {
		n := count(t, db, int64(100+i))
		if (err == nil) != (n == 1) {
			t.Errorf("function %d was answered %v and has %d rows", i, err, n)
		}
		if i != 4 && err != nil && !errs.Is(err, errs.Unavailable) {
			t.Errorf("function %d: %v", i, err)
		}
	}
	if err := db.Write(ctx, "", func(x *tx.Tx) error { return add(ctx, db, x, 200, 1) }); err != nil || count(t, db, 200) != 1 {
		t.Errorf("the next one: %v", err)
	}
}
