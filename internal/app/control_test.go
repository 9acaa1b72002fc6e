package app_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postroom/internal/app"
	"postroom/internal/base/errs"
)

// The control socket is its owner's alone, and answers what is wrong with a request.
func TestControlSocket(t *testing.T) {
	h := open(t, t.TempDir())
	socket := filepath.Join(h.dir, "control.sock")
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	for _, c := range []struct{ name, line, want string }{
		{"no JSON", "nonsense\n", "The request is no JSON."},
		{"unknown command", `{"command":"erase"}` + "\n", `does not know the command`},
		{"unknown argument", `{"command":"backup","args":{"into":"x"}}` + "\n", "arguments are not understood"},
		{"relative folder", `{"command":"backup","args":{"to":"x"}}` + "\n", "is not an absolute path"},
		{"too long", `{"command":"` + strings.Repeat("x", 70_000) + `"}` + "\n", ""},
		{"no line", "", ""},
		{"good", `{"command":"status"}` + "\n", `"ready":""`},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := net.Dial("unix", socket)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(20 * time.Second))
			conn.Write([]byte(c.line))
			if c.line == "" {
				conn.(*net.UnixConn).CloseWrite()
			}
			answer, _ := bufio.NewReader(conn).ReadString('\n')
			if c.want == "" && answer != "" || !strings.Contains(answer, c.want) {
				t.Errorf("answered %q", answer)
			}
		})
	}
}

// A client that goes away ends its command; the backup that was there stays.
func TestClientLeavesDuringBackup(t *testing.T) {
	h := open(t, t.TempDir())
	if err := h.send(h.Users[0].Email, "one", "text"); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "backup")
	if err := app.Control(t.Context(), h.dir, "backup", app.BackupArgs{To: to}, nil, nil); err != nil {
		t.Fatal(err)
	}
	was, err := app.CheckBackup(t.Context(), to, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	steps := 0
	err = app.Control(ctx, h.dir, "backup", app.BackupArgs{To: to}, nil, func(app.Step) { steps++; cancel() })
	if steps == 0 || err == nil && ctx.Err() == nil {
		t.Fatal(err, steps)
	}
	r := h.srv.Regions[0]
	wait(t, func() bool { held, err := r.Mail.Pinned(t.Context(), time.Now()); return !held && err == nil })
	now, err := app.CheckBackup(t.Context(), to, nil)
	if err != nil {
		t.Fatalf("the backup before is not whole any more: %v (made %v, now %v)", err, was.Made, now.Made)
	}
}

// A backup holds the packs while it runs, on every machine.
func TestBackupHoldsPacks(t *testing.T) {
	h := open(t, t.TempDir())
	r := h.srv.Regions[0]
	held := func() bool {
		t.Helper()
		ok, err := r.Mail.Pinned(t.Context(), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	during := false
	if _, err := h.srv.Backup(t.Context(), filepath.Join(t.TempDir(), "b"), func(app.Step) { during = during || held() }); err != nil {
		t.Fatal(err)
	}
	if !during || held() {
		t.Errorf("held during %v, after %v", during, held())
	}
	// The pin of one that was killed ends with its lease.
	if err := r.Mail.Pin(t.Context(), "dead", time.Now().Add(-time.Second)); err != nil || held() {
		t.Errorf("%v, held %v", err, held())
	}
}

// The path of a data folder may be longer than a socket's address.
func TestControlInLongFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long/", 30))
	h := open(t, dir)
	var s app.Status
	if err := app.Control(t.Context(), h.dir, "status", nil, &s, nil); err != nil || s.PID != os.Getpid() {
		t.Errorf("%v %+v", err, s)
	}
	if err := app.Control(t.Context(), t.TempDir(), "status", nil, &s, nil); !errors.Is(err, app.ErrNoServer) {
		t.Errorf("%v", err)
	}
	if err := app.Control(t.Context(), h.dir, "admin reset", app.AdminName{Name: "nobody"}, nil, nil); !errs.Is(err, errs.NotFound) {
		t.Errorf("%v", err)
	}
}
