package searchstore_test

import (
	"os"
	"path/filepath"
	"testing"

	"postroom/internal/store/mailstore"
	"postroom/internal/store/pack"
	"postroom/internal/store/searchstore"
	"postroom/internal/store/sqldb"
	"postroom/internal/store/storetest"
	"postroom/test/services"
)

func TestSQLite(t *testing.T) {
	storetest.Search(t, func(t *testing.T) storetest.SearchStores {
		dir := t.TempDir()
		return open(t, sqldb.Options{Path: filepath.Join(dir, "region.db")}, sqldb.Options{Path: filepath.Join(dir, "search.db")})
	})
}

func TestPostgres(t *testing.T) {
	storetest.Search(t, func(t *testing.T) storetest.SearchStores {
		dsn := services.Postgres(t, services.NoFsync)
		return open(t, sqldb.Options{DSN: dsn}, sqldb.Options{DSN: dsn})
	})
}

func open(t testing.TB, region, index sqldb.Options) (s storetest.SearchStores) {
	region.Schema = sqldb.Region
	db, err := sqldb.Open(t.Context(), region)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	packs, err := pack.OpenDir(t.TempDir(), pack.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { packs.Close() })
	search, err := searchstore.Open(t.Context(), index)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { search.Close() })
	return storetest.SearchStores{Search: search, Mailboxes: mailstore.New(db), Packs: packs}
}

func TestFileThatIsNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "search.db")
	junk := make([]byte, 64<<10)
	for i := range junk {
		junk[i] = byte(i * 7)
	}
	if err := os.WriteFile(path, junk, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := searchstore.Open(t.Context(), sqldb.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if kept, err := os.ReadFile(path + ".damaged"); err != nil || len(kept) != len(junk) {
		t.Fatal("the damaged file is not kept", err)
	}
	if _, err := s.State(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
}
