package faults

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"postroom/internal/app"
	"postroom/internal/base/errs"
	"postroom/test/house"
)

// TestRow8LogCut: the log of the region's database is cut, or has a torn sector,
// at some 512 bytes of its last 64 KiB: what a power loss may leave of writes that
// no fsync covered. The server starts with what was complete before that place,
// all whole, and accepts more.
func TestRow8LogCut(t *testing.T) {
	c := house.Config(t, t.TempDir())
	wal := filepath.Join(region(c.Data), "region.db-wal")
	child := house.Start(t, c)
	var ledger house.Ledger
	// length of the log after each message: what was complete at a place
	type mark struct {
		size  int64
		taken map[string]string
	}
	var marks []mark
	err := ledger.DeliverUntilGone(child.Endpoints, func(n int) bool {
		info, err := os.Stat(wal)
		if err != nil {
			t.Error(err)
			return false
		}
		marks = append(marks, mark{info.Size(), ledger.All()})
		return n < 12
	})
	if err != nil {
		t.Fatal(err)
	}
	child.Kill()
	whole, err := os.ReadFile(wal)
	if err != nil {
		t.Fatal(err)
	}
	end := marks[len(marks)-1].size
	for range rounds(8) {
		cut := max(0, end-64<<10) + rand.Int64N(128)*sector
		torn := rand.IntN(2) == 0
		damaged := copyOf(t, c)
		os.Remove(filepath.Join(region(damaged.Data), "region.db-shm"))
		text := append([]byte(nil), whole[:end]...)
		if torn {
			for i := cut; i < min(cut+sector, end); i++ {
				text[i] ^= 0x5a
			}
		} else {
			text = text[:cut]
		}
		if err := os.WriteFile(filepath.Join(region(damaged.Data), "region.db-wal"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		var taken map[string]string
		for _, m := range marks {
			if m.size <= cut {
				taken = m.taken
			}
		}
		a, e, err := app.Dev(t.Context(), damaged, nil)
		if err != nil {
			t.Fatalf("cut at %d of %d: %v", cut, end, err)
		}
		house.CheckTaken(t, e, taken)
		var more house.Ledger
		if err := more.DeliverUntilGone(e, func(int) bool { return false }); err != nil {
			t.Errorf("cut at %d of %d: nothing more is accepted: %v", cut, end, err)
		}
		a.Close(context.WithoutCancel(t.Context()))
		sound(t, damaged)
		if t.Failed() {
			t.Fatalf("cut at %d of %d, torn %v, %d promised", cut, end, torn, len(taken))
		}
	}
}

// TestRow8PageDamaged: pages of a database are overwritten. The server does not
// start as if nothing had been there: it refuses with a sentence, or it runs and
// what it reads is either right or an error, and verify names the damage.
func TestRow8PageDamaged(t *testing.T) {
	c, ledger := store(t, 20)
	const page = 4096
	size := func(file string) int64 {
		info, err := os.Stat(filepath.Join(c.Data, file))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	for _, file := range []string{"regions/us-east-1/region.db", "deployment.db"} {
		pages := size(file) / page
		for i := range rounds(5) {
			damaged := copyOf(t, c)
			at := rand.Int64N(pages)
			if i < 2 {
				at = int64(i) // the header, the first table
			}
			garbage := make([]byte, page)
			for i := range garbage {
				garbage[i] = byte(rand.Uint32())
			}
			f, err := os.OpenFile(filepath.Join(damaged.Data, file), os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteAt(garbage, at*page); err != nil {
				t.Fatal(err)
			}
			f.Close()
			a, err := app.New(t.Context(), damaged, app.Options{Quiet: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
			if err != nil {
				var ours *errs.Error
				if said := errs.Public(err); !errors.As(err, &ours) || !strings.Contains(said, damaged.Data) || !strings.Contains(said, "damaged") {
					t.Errorf("page %d of %s: %q (%v)", at, file, said, err)
				}
				continue
			}
			report, err := a.Verify(t.Context(), nil)
			db := a.DB
			if strings.HasSuffix(file, "region.db") {
				db = a.Regions[0].DB
			}
			var found string
			if check := db.Q(nil).QueryRow(t.Context(), `PRAGMA integrity_check(1)`).Scan(&found); check != nil {
				found = check.Error()
			}
			if found == "ok" && err == nil && report.Damaged == 0 && report.Bodies != int64(2*len(ledger.All())) {
				t.Errorf("page %d of %s: %d bodies are left and nobody says so", at, file, report.Bodies)
			}
			if found != "ok" && err == nil && report.Damaged == 0 {
				t.Errorf("page %d of %s: verify finds nothing, SQLite finds %s", at, file, found)
			}
			a.Close(context.WithoutCancel(t.Context()))
		}
	}
}
