package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"postroom/internal/app"
	"postroom/internal/base/errs"
)

// A store of an older version has no check of its key: an organization's key
// tells, and the check is there from then on.
func TestKeyOfOlderStore(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir)
	h.close()
	mark, key := filepath.Join(dir, "STORE"), filepath.Join(dir, "master.key")
	text, err := os.ReadFile(mark)
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^key .*\n`)
	if !line.Match(text) {
		t.Fatalf("no check in %s", text)
	}
	old := line.ReplaceAll(text, nil)
	right, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	put := func(name string, data []byte) {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(mark, old)
	put(key, []byte(strings.Repeat("x", 32)))
	if known, err := app.CheckKey(h.srv.Config); known || err != nil {
		t.Errorf("%v %v", known, err)
	}
	for range 2 { // the first refusal writes nothing
		if _, err := app.New(t.Context(), h.srv.Config, app.Options{Quiet: true}); !errs.Is(err, errs.Config) || !strings.Contains(errs.Public(err), "is not the one that this store was made under") {
			t.Fatal(err)
		}
	}
	put(key, right)
	a, err := app.New(t.Context(), h.srv.Config, app.Options{Quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	a.Close(t.Context())
	if known, err := app.CheckKey(h.srv.Config); !known || err != nil {
		t.Errorf("%v %v", known, err)
	}
}

// Another machine on the same PostgreSQL needs the key of the first: one that it
// makes is no key of this store, and does not stay.
func TestKeyOfSecondMachine(t *testing.T) {
	h := open(t, t.TempDir(), elsewhere(t))
	c := h.srv.Config
	c.Data = t.TempDir()
	c.MasterKey = filepath.Join(c.Data, "master.key")
	if _, err := app.New(t.Context(), c, app.Options{Quiet: true}); !errs.Is(err, errs.Config) || !strings.Contains(err.Error(), "Put a copy of theirs there") {
		t.Fatal(err)
	}
	for _, name := range []string{"master.key", "STORE"} {
		if _, err := os.Stat(filepath.Join(c.Data, name)); err == nil {
			t.Errorf("%s stays", name)
		}
	}
	c.MasterKey = h.srv.Config.MasterKey
	a, err := app.New(t.Context(), c, app.Options{Quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	a.Close(t.Context())
}
