package app_test

import (
	"bytes"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/internal/app"
	"postroom/internal/base/errs"
)

// A port that is taken stops the start before a store, key or administrator is
// made, and says what to do.
func TestPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for name, start := range map[string]func(app.Config) error{
		"listen.smtp": func(c app.Config) error { _, err := app.New(t.Context(), c, app.Options{}); return err },
		"--ports":     func(c app.Config) error { _, _, err := app.Dev(t.Context(), c, nil); return err },
	} {
		dir := filepath.Join(t.TempDir(), "data")
		c, err := app.DevConfig(dir, 0)
		if err != nil {
			t.Fatal(err)
		}
		c.Listen.SMTP = l.Addr().String()
		if err := start(c); !errs.Is(err, errs.Config) || !strings.Contains(errs.Public(err), name) {
			t.Errorf("%s: %v", name, err)
		}
		for _, file := range []string{"STORE", "master.key", "deployment.db"} {
			if _, err := os.Stat(filepath.Join(dir, file)); err == nil {
				t.Errorf("%s: %s was made", name, file)
			}
		}
	}
}

// What others may open is closed to them, with a word in the log.
func TestStoreIsPrivate(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir)
	h.close()
	open := []string{".", "master.key", "deployment.db", "regions/us-east-1/region.db"}
	for _, name := range open {
		mode := os.FileMode(0o644)
		if name == "." {
			mode = 0o755
		}
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	var says bytes.Buffer
	c := h.srv.Config
	c.Host = "mail.other.example"
	a, err := app.New(t.Context(), c, app.Options{Quiet: true, Log: slog.New(slog.NewTextHandler(&says, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close(t.Context())
	for _, name := range open {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", name, err, info.Mode())
		}
	}
	if n := strings.Count(says.String(), "other users could open this"); n < len(open) {
		t.Errorf("only %d lines: %s", n, &says)
	}
	if !strings.Contains(says.String(), "the certificate is for another name than host") {
		t.Errorf("no word about the certificate: %s", &says)
	}
}
