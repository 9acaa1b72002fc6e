package faults

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/test/house"
)

// TestRow7ReadOnly: the file system turns read-only under the running server, as
// kernels do after a fault. Mail and changes are refused for now, reading goes on;
// when the disk takes writes again, so does the server, or it has ended.
func TestRow7ReadOnly(t *testing.T) {
	c := house.Config(t, t.TempDir())
	child := house.Start(t, c)
	var ledger house.Ledger
	if err := ledger.DeliverUntilGone(child.Endpoints, func(n int) bool { return n < 5 }); err != nil {
		t.Fatal(err)
	}
	args := []string{"-e", "trace=write,pwrite64,ftruncate,openat,unlinkat,unlink,renameat",
		"-e", "inject=write,pwrite64,ftruncate,unlinkat,unlink,renameat:error=EROFS"}
	// By path: reading goes on and sockets are written to. All that mail needs.
	for _, pattern := range []string{"*.db", "*.db-wal", "regions/*/*.db", "regions/*/*.db-wal", "regions/*/packs", "regions/*/packs/*"} {
		files, err := filepath.Glob(filepath.Join(c.Data, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			args = append(args, "-P", f)
		}
	}
	trace := filepath.Join(t.TempDir(), "trace")
	stop := attach(t, child.Process.Pid, append(args, "-o", trace)...)
	refusesForNow(t, &ledger, child, "4")
	if create(t, child, "n1.") {
		t.Error("a user was made on a disk that cannot be written")
	}
	appendFails(t, child)
	ledger.Check(t, child.Endpoints)
	stop()
	if text, _ := os.ReadFile(trace); strings.Count(string(text), "INJECTED") < 3 {
		t.Fatalf("nothing was refused:\n%.2000s", text)
	}
	start := len(ledger.All())
	if err := ledger.DeliverUntilGone(child.Endpoints, func(n int) bool { return n < start+3 }); err != nil {
		t.Fatalf("writable again: %v\n%s", err, child.Log())
	}
	if !create(t, child, "n2.") {
		t.Error("CreateUser fails on a disk that can be written again")
	}
	ledger.Check(t, child.Endpoints)
	child.Stop()
	sound(t, c)
}
