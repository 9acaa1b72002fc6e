package faults

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postroom/test/house"
)

// TestRow5FsyncFails: fsync answers EIO once. From then on nothing is answered
// with 250, the process ends by itself, and after a restart all that was is
// there once. A second fsync, which would succeed, is not believed.
func TestRow5FsyncFails(t *testing.T) {
	for name, file := range map[string]string{"log of the database": "region.db-wal", "pack": "packs"} {
		t.Run(name, func(t *testing.T) {
			c := house.Config(t, t.TempDir())
			child := house.Start(t, c)
			var ledger house.Ledger
			s, err := house.Dial(child.Endpoints)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for range 5 {
				if err := ledger.Deliver(s, child.Endpoints, house.Filler(3)); err != nil {
					t.Fatal(err)
				}
			}
			path := filepath.Join(region(c.Data), file)
			if file == "packs" { // the one that is appended to
				packs, _ := filepath.Glob(filepath.Join(path, "*.pack"))
				if len(packs) == 0 {
					t.Fatal("there is no pack")
				}
				path = packs[len(packs)-1]
			}
			trace := filepath.Join(t.TempDir(), "trace")
			attach(t, child.Process.Pid, "-P", path, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=1", "-o", trace)

			failed := false
			for range 20 {
				err := ledger.Deliver(s, child.Endpoints, house.Filler(3))
				var no *house.Refusal
				switch {
				case err == nil && failed:
					t.Fatal("250 after an fsync that failed")
				case errors.As(err, &no):
					if !strings.HasPrefix(no.Reply, "4") {
						t.Fatalf("the refusal is for good: %s", no.Reply)
					}
					failed = true
					s.Say("RSET\r\n", "250")
				case err != nil:
					failed = true
				}
			}
			if text, _ := os.ReadFile(trace); !strings.Contains(string(text), "INJECTED") {
				t.Fatalf("no fsync failed:\n%s", text)
			}
			if !failed {
				t.Fatal("250 for a message whose fsync failed")
			}
			if code := child.Exit(30 * time.Second); code != house.ExitFault {
				t.Fatalf("it ended with %d:\n%s", code, child.Log())
			}
			if log := child.Log(); !strings.Contains(log, "input/output error") && !strings.Contains(log, "disk I/O error") {
				t.Errorf("the log does not say why:\n%s", log)
			}
			child = house.Start(t, c)
			ledger.Check(t, child.Endpoints)
			if err := ledger.DeliverUntilGone(child.Endpoints, func(n int) bool { return false }); err != nil {
				t.Fatal(err)
			}
			ledger.Check(t, child.Endpoints)
		})
	}
}
