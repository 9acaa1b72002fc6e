package searchstore_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/search"
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

// A file that is damaged inside is found out by its use, put aside, and all is
// indexed anew.
func TestFileDamagedInside(t *testing.T) {
	c := filled(t, 400, 2)
	c.drain(t).Close()
	c.Search.(*searchstore.Store).Close()
	file, err := os.ReadFile(c.file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 8 << 10; i < len(file); i++ {
		file[i] ^= 0x5a
	}
	if err := os.WriteFile(c.file, file, 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := searchstore.Open(t.Context(), sqldb.Options{Path: c.file})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	s := search.New(search.Options{Store: store, Mailboxes: c.boxes, Settle: time.Millisecond, Sweep: 10 * time.Millisecond})
	s.Start()
	defer s.Close()
	m, err := c.boxes.OpenFor(t.Context(), c.ids[0], auth.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		items, _, ok, err := s.Candidates(t.Context(), m, mailbox.FolderOf(mailbox.Inbox), "reader@example.test")
		if ok && len(items) == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("not indexed anew", len(items), ok, err)
		}
	}
	if _, err := os.Stat(c.file + ".damaged"); err != nil {
		t.Fatal(err)
	}
}
