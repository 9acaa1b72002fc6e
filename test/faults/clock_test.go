package faults

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/internal/app"
	"postroom/internal/base/clock"
	"postroom/test/house"

	"github.com/emersion/go-imap/v2"
)

// startAt starts the sample organization's server with a clock of ours.
func startAt(t *testing.T, c app.Config, e *app.Endpoints, at *clock.Set) (*app.App, *app.Endpoints) {
	t.Helper()
	a, err := app.New(t.Context(), c, app.Options{Clock: at})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	moved := *e
	b := a.Bound()
	moved.SMTP, moved.IMAPS, moved.API = b["smtp"], b["imaps"], "http://"+b["http"]+"/"
	return a, &moved
}

// sample is a folder with the sample organization, and the configuration that
// app.Dev made of c.
func sample(t *testing.T) (app.Config, *app.Endpoints) {
	t.Helper()
	a, e, err := app.Dev(t.Context(), house.Config(t, t.TempDir()), nil)
	if err != nil {
		t.Fatal(err)
	}
	closeApp(t, a)
	return a.Config, e
}

func closeApp(t *testing.T, a *app.App) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
	defer cancel()
	if err := a.Close(ctx); err != nil {
		t.Error(err)
	}
}

// numbers are what must only rise, whatever the clock says.
type numbers struct {
	uid, validity uint32
	seq, pack     int64
	item          int64
}

// session delivers two messages, makes a folder anew that is deleted again before
// the next session, and reads the numbers that this gave out.
func session(t *testing.T, a *app.App, e *app.Endpoints, l *house.Ledger) (n numbers) {
	t.Helper()
	before := len(l.All())
	if err := l.DeliverUntilGone(e, func(n int) bool { return n < before+2 }); err != nil {
		t.Fatal(err)
	}
	c := house.IMAP(t, e, e.Users[0])
	defer c.Close()
	inbox, err := c.Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	n.uid = uint32(inbox.UIDNext)
	if err := c.Create("Again", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	again, err := c.Status("Again", &imap.StatusOptions{UIDValidity: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	n.validity = again.UIDValidity
	if err := c.Delete("Again").Wait(); err != nil {
		t.Fatal(err)
	}
	q := a.Regions[0].DB.Q(nil)
	for _, err := range []error{
		q.QueryRow(t.Context(), `SELECT MAX(seq) FROM mailbox`).Scan(&n.seq),
		q.QueryRow(t.Context(), `SELECT MAX(id) FROM item`).Scan(&n.item),
		q.QueryRow(t.Context(), `SELECT MAX(pack) FROM body`).Scan(&n.pack),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// TestRow11ClockBack: the clock is a day earlier after a restart, twice. Uids,
// change numbers, item and pack numbers and the uidvalidity of new folders only
// rise; mail and sign-in go on; the audit chains hold.
func TestRow11ClockBack(t *testing.T) {
	c, e := sample(t)
	now := time.Now()
	var ledger house.Ledger
	var last numbers
	for i, at := range []time.Time{now, now.Add(-24 * time.Hour), now.Add(-48 * time.Hour), now.Add(time.Hour)} {
		a, e := startAt(t, c, e, clock.At(at))
		n := session(t, a, e, &ledger)
		if n.uid <= last.uid || n.validity <= last.validity || n.seq <= last.seq || n.item <= last.item || n.pack <= last.pack {
			t.Errorf("start %d gave out %+v after %+v", i, n, last)
		}
		last = n
		ledger.Check(t, e)
		closeApp(t, a)
	}
	sound(t, c)
}

// TestRow21HardDelete: what a client expunges can be recovered for the window of
// days and is gone after it: row, key, place in the index, and in the end the pack.
func TestRow21HardDelete(t *testing.T) {
	c, e := sample(t)
	at := clock.At(time.Now())
	a, e := startAt(t, c, e, at)
	defer closeApp(t, a)
	r := a.Regions[0]
	var ledger house.Ledger
	if err := ledger.DeliverUntilGone(e, func(n int) bool { return n < 3 }); err != nil {
		t.Fatal(err)
	}
	index, err := sql.Open("sqlite", "file:"+filepath.Join(region(c.Data), "search.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	documents := func(want int) {
		t.Helper()
		n := -1
		for end := time.Now().Add(20 * time.Second); n != want; {
			if err := index.QueryRow(`SELECT (SELECT COUNT(*) FROM search_loose)`).Scan(&n); err != nil && !strings.Contains(err.Error(), "locked") {
				t.Fatal(err)
			}
			if time.Now().After(end) {
				t.Fatalf("the index has %d documents, want %d", n, want)
			}
		}
	}
	documents(3 * len(e.Users))
	for _, u := range e.Users {
		imapc := house.IMAP(t, e, u)
		if _, err := imapc.Select("INBOX", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		if err := imapc.Store(imap.SeqSetNum(1, 2), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := imapc.Expunge().Collect(); err != nil {
			t.Fatal(err)
		}
		imapc.Close()
	}
	bodies := func() (n int64) {
		t.Helper()
		n, err := r.Mail.CountBodies(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	purge := func(window string, want int64) {
		t.Helper()
		if err := r.Mailboxes.PurgeItems(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := bodies(); n != want {
			t.Errorf("%s the window: %d bodies, want %d", window, n, want)
		}
	}
	at.Move(time.Duration(c.Limits.RecoverDays)*24*time.Hour - time.Minute)
	purge("within", int64(3*len(e.Users)))
	at.Move(2 * time.Minute)
	purge("after", int64(len(e.Users)))
	for _, u := range e.Users {
		if texts := house.Inbox(t, e, u); len(texts) != 1 {
			t.Errorf("%s sees %d messages, want 1", u.Username, len(texts))
		}
	}
	documents(len(e.Users))

	// The last message goes too; then nothing lives in the pack.
	packs := func() (list []string) {
		list, _ = filepath.Glob(filepath.Join(region(c.Data), "packs", "*.pack"))
		return list
	}
	old := packs()
	list, err := r.Mail.Boxes(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range list {
		if err := r.Mailboxes.Purge(t.Context(), b.Org, b.ID); err != nil {
			t.Fatal(err)
		}
	}
	grace := time.Duration(c.Limits.RewriteHours) * time.Hour
	for range 2 {
		at.Move(grace + time.Hour)
		if err := r.Mailboxes.Rewrite(t.Context(), grace, func(int64) bool { return false }, r.Flow); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range packs() {
		if slices.Contains(old, p) {
			t.Errorf("%s is still there and nothing in it lives", p)
		}
	}
}
