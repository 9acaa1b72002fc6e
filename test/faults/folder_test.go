package faults

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postroom/internal/app"
	"postroom/internal/base/errs"
	"postroom/test/house"
)

// store is a folder with some messages that no server holds; the ledger has what
// was answered with 250.
func store(t *testing.T, messages int) (app.Config, *house.Ledger) {
	t.Helper()
	c := house.Config(t, t.TempDir())
	var ledger house.Ledger
	child := house.Start(t, c)
	if err := ledger.DeliverUntilGone(child.Endpoints, func(n int) bool { return n < messages }); err != nil {
		t.Fatal(err)
	}
	child.Stop()
	return c, &ledger
}

// copyOf is a copy of a store, which may be damaged.
func copyOf(t *testing.T, c app.Config) app.Config {
	t.Helper()
	dir := t.TempDir()
	err := filepath.WalkDir(c.Data, func(path string, e fs.DirEntry, err error) error {
		to := dir + strings.TrimPrefix(path, c.Data)
		switch {
		case err != nil:
			return err
		case e.IsDir():
			return os.MkdirAll(to, 0o700)
		case !e.Type().IsRegular(): // a socket
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Data, c.MasterKey = dir, filepath.Join(dir, "master.key")
	return c
}

// refuses opens a store, which must fail with a sentence that has all words.
func refuses(t *testing.T, c app.Config, words ...string) {
	t.Helper()
	a, err := app.New(t.Context(), c, app.Options{Quiet: true})
	if err == nil {
		a.Close(context.WithoutCancel(t.Context()))
		t.Error("the store was opened")
		return
	}
	for _, w := range words {
		if !strings.Contains(errs.Public(err), w) {
			t.Errorf("the refusal %q (%v) does not say %q", errs.Public(err), err, w)
		}
	}
}

// TestRow10DatabaseGone: a database of the store is deleted or emptied. The
// server says which and does not start empty, nor makes the file.
func TestRow10DatabaseGone(t *testing.T) {
	c, ledger := store(t, 3)
	for _, file := range []string{"deployment.db", "deployment-log.db", "regions/us-east-1/region.db", "regions/us-east-1/log.db"} {
		path := filepath.Join(c.Data, file)
		if err := os.Rename(path, path+".kept"); err != nil {
			t.Fatal(err)
		}
		refuses(t, c, path, "missing", "restore")
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s was made anew", file)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		refuses(t, c, path, "empty", "restore")
		if err := os.Rename(path+".kept", path); err != nil {
			t.Fatal(err)
		}
	}
	child := house.Start(t, c)
	ledger.Check(t, child.Endpoints)
}

// TestRow16TwoServers: the second on one folder ends with a sentence and harms
// nothing.
func TestRow16TwoServers(t *testing.T) {
	c := house.Config(t, t.TempDir())
	first := house.Start(t, c)
	var ledger house.Ledger
	if err := ledger.DeliverUntilGone(first.Endpoints, func(n int) bool { return n < 3 }); err != nil {
		t.Fatal(err)
	}
	endpoints, err := os.ReadFile(filepath.Join(c.Data, "endpoints.json"))
	if err != nil {
		t.Fatal(err)
	}
	second := house.Launch(t, c, house.Options{Beside: true})
	if code := second.Exit(20 * time.Second); code != house.ExitRefused {
		t.Errorf("the second ended with %d", code)
	}
	if log := second.Log(); !strings.Contains(log, "Another postroom works on "+c.Data) {
		t.Errorf("the second said %q", log)
	}
	if now, _ := os.ReadFile(filepath.Join(c.Data, "endpoints.json")); !bytes.Equal(now, endpoints) {
		t.Error("the second took away the endpoints.json of the first")
	}
	if err := ledger.DeliverUntilGone(first.Endpoints, func(n int) bool { return n < 6 }); err != nil {
		t.Fatal(err)
	}
	ledger.Check(t, first.Endpoints)
}
