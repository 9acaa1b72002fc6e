package dirstore_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/sqldb"
)

// What the benchmarks run on is what the store itself would have made: all of
// it is found, in order, by every list.
func TestFillUsers(t *testing.T) {
	const n = 20_000
	db, err := sqldb.Open(t.Context(), sqldb.Options{Path: filepath.Join(t.TempDir(), "region.db"), Schema: sqldb.Region})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	org, s := ids.NewOrg(), dirstore.NewEntries(db)
	for _, upTo := range []int{n / 2, n, n} { // goes on behind what is there
		if err := dirstore.FillUsers(t.Context(), db, org, "bench.example", upTo); err != nil {
			t.Fatal(err)
		}
	}
	for index, want := range map[directory.Index]func(i int) string{
		directory.IndexName:  func(i int) string { return fmt.Sprintf("user%07d", i) },
		directory.IndexState: func(i int) string { return fmt.Sprintf("user%07d", i) },
		directory.IndexEmail: func(i int) string { return fmt.Sprintf("user%07d@bench.example", i) },
	} {
		q := directory.PageQuery{Org: org, Kind: directory.KindUser, Index: index, Limit: 1000}
		if index == directory.IndexState {
			q.Prefix = string(directory.Enabled)
		}
		seen := 0
		for {
			page, keys, err := s.Page(t.Context(), nil, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range keys {
				if key != want(seen) {
					t.Fatalf("%c: %q at %d", index, key, seen)
				}
				seen++
			}
			if len(page) < q.Limit {
				break
			}
			q.AfterKey, q.After = keys[len(keys)-1], page[len(page)-1].ID
		}
		if seen != n {
			t.Fatalf("%c: %d users", index, seen)
		}
	}
	e, found, err := s.EntryByAddress(t.Context(), nil, org, "user0019999@bench.example")
	if err != nil || !found || e.Name != "user0019999" {
		t.Fatal(e, found, err)
	}
}
