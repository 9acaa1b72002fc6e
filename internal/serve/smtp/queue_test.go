package smtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/mailflow"
	"postroom/internal/core/tx"
	"postroom/test/conversation"
)

// send says a whole message and wants its reply.
func (c *client) send(from, code string, to ...string) string {
	c.t.Helper()
	c.say("MAIL FROM:<"+from+">", "250")
	for _, r := range to {
		c.say("RCPT TO:<"+r+">", "250")
	}
	c.say("DATA", "354")
	io.WriteString(c, "From: "+from+"\r\nSubject: a\r\n\r\ntext\r\n.\r\n")
	return c.want(code)
}

// crowd makes group crowd@one with n members m0, m1, … in two nested groups.
func (h *house) crowd(n int) {
	e := h.regions["east"]
	e.group("one", "half")
	e.group("one", "crowd", "half")
	v := e.view("one")
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			u := e.user("one", fmt.Sprintf("m%d", i), 1<<30, false)
			group := "crowd"
			if i%2 == 0 {
				group = "half"
			}
			if err := v.AssociateMemberToGroup(context.Background(), e.id("one", group), string(u.ID)); err != nil {
				h.t.Error(err)
			}
		}()
	}
	wg.Wait()
}

// atFault is an Inbox that fails at chosen moments: what is below is the real one.
type atFault struct {
	mailflow.Inbox
	mu    sync.Mutex
	place func(call int) error
	calls int
}

func (f *atFault) PlaceTx(ctx context.Context, t *tx.Tx, p *mailbox.Prepared, by mailbox.Origin, to []ids.Mailbox) error {
	f.mu.Lock()
	f.calls++
	err := f.place(f.calls)
	f.mu.Unlock()
	if err != nil {
		return err
	}
	return f.Inbox.PlaceTx(ctx, t, p, by, to)
}

// A message to very many is lasting at 250 and arrives in slices, once for
// each, also where a slice fails in the middle.
func TestCrowd(t *testing.T) {
	h := furnished(t)
	const n = 230
	h.crowd(n)
	c := h.client(t, MX)
	c.send("a@example.org", "250", "crowd@one."+base, "m7@one."+base, "alice@one."+base)
	count := func() (all int) {
		for i := range n {
			got := len(h.inbox("one", fmt.Sprintf("m%d", i)))
			if got > 1 {
				t.Errorf("m%d has %d", i, got)
			}
			all += got
		}
		return all
	}
	if n := count(); n != 0 {
		t.Fatalf("%d have it before the queue was worked on", n)
	}
	e := h.regions["east"]
	armed := true
	e.flow.DeliverTo(&atFault{Inbox: e.delivery, place: func(call int) error {
		if call >= 2 && armed {
			return errors.New("the disk fell off")
		}
		return nil
	}})
	h.drain()
	if n := count(); n == 0 || n >= 230 {
		t.Fatalf("%d have it after the fault", n)
	}
	armed = false
	h.drain()
	h.clock.Move(time.Hour)
	h.drain()
	if got := count(); got != n || len(h.inbox("one", "alice")) != 1 {
		t.Fatalf("%d have it", got)
	}
	if q := h.queued("one"); len(q) != 0 {
		t.Errorf("%+v", q)
	}
}

// broken is a queue whose store fails at chosen moments.
type broken struct {
	mailflow.Store
	settle func() error
}

func (b *broken) Settle(t *tx.Tx, message, hop string) (bool, error) {
	if err := b.settle(); err != nil {
		return false, err
	}
	return b.Store.Settle(t, message, hop)
}

// Between regions a message arrives once, also where the sender's side forgets
// that it was handed over.
func TestBetweenRegionsOnce(t *testing.T) {
	h := furnished(t)
	c := h.client(t, Submissions)
	c.signIn("alice", "one")
	c.send("alice@one."+base, "250", "wendy@three."+base)
	e := h.regions["east"]
	fails := true
	e.flow.Store = &broken{e.flow.Store, func() error {
		if fails {
			return errors.New("power went")
		}
		return nil
	}}
	for i := range 4 {
		h.drain()
		if len(h.queued("one")) == 0 != !fails {
			t.Errorf("round %d: %+v", i, h.queued("one"))
		}
		h.clock.Move(time.Hour)
		fails = i < 1
	}
	if n := len(h.inbox("three", "wendy")); n != 1 {
		t.Errorf("%d messages", n)
	}
	if q := h.queued("one"); len(q) != 0 {
		t.Errorf("%+v", q)
	}
	must(t, h.regions["west"].flow.Clean(context.Background()))
}

// Who is gone by the time stays in the queue, marked; who is full is tried again.
func TestHandOverRefused(t *testing.T) {
	h := furnished(t)
	w := h.regions["west"]
	w.user("three", "will", 1<<30, false)
	w.user("three", "wade", 1<<30, false)
	c := h.client(t, Submissions)
	c.signIn("alice", "one")
	c.send("alice@one."+base, "250", "wendy@three."+base, "will@three."+base, "wade@three."+base)
	must(t, h.administer("quota", []string{"three", "wade", "1"}))
	_, err := w.view("three").DeregisterFromWorkMail(context.Background(), w.id("three", "will"), func(*tx.Tx, *directory.Entry) error { return nil })
	must(t, err)
	h.drain()
	states := func() string {
		var s []string
		for _, q := range h.queued("one") {
			for _, r := range q.Recipients {
				s = append(s, r.Address+" "+string(r.State))
			}
		}
		return strings.Join(s, ", ")
	}
	if got := states(); got != "will@three."+base+" failed, wade@three."+base+" ready" {
		t.Errorf("the queue has %s", got)
	}
	must(t, h.administer("quota", []string{"three", "wade", "1000000"}))
	h.clock.Move(2 * time.Hour)
	h.drain()
	if got := states(); got != "will@three."+base+" failed" {
		t.Errorf("the queue has %s", got)
	}
	for name, want := range map[string]int{"wendy": 1, "will": 0, "wade": 1} {
		if n := len(h.inbox("three", name)); n != want {
			t.Errorf("%s has %d", name, n)
		}
	}
}

// A damaged body is kept aside and told, never dropped or delivered.
func TestCorrupt(t *testing.T) {
	h := furnished(t)
	c := h.client(t, Submissions)
	c.signIn("alice", "one")
	c.send("alice@one."+base, "250", "wendy@three."+base)
	found, err := h.regions["east"].flow.Store.Messages(context.Background(), h.regions["east"].byAlias["one"], "", 10)
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	files, _ := filepath.Glob(filepath.Join(h.dir, "east", "*"))
	for _, f := range files {
		if fi, err := os.Stat(f); err != nil || fi.IsDir() || fi.Size() < found[0].At.Offset+found[0].At.Length {
			continue
		}
		p, err := os.OpenFile(f, os.O_RDWR, 0)
		must(t, err)
		_, err = p.WriteAt([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, found[0].At.Offset+found[0].At.Length/2)
		must(t, errors.Join(err, p.Close()))
	}
	h.drain()
	h.clock.Move(time.Hour)
	h.drain()
	q := h.queued("one")
	if len(q) != 1 || q[0].Recipients[0].State != mailflow.Corrupt || q[0].Recipients[0].Error == "" {
		t.Errorf("%+v", q)
	}
	if n := len(h.inbox("three", "wendy")); n != 0 {
		t.Errorf("%d arrived", n)
	}
}

// What was queued is delivered by the next process over the same folder, whose
// workers run by themselves.
func TestQueueAfterRestart(t *testing.T) {
	dir := t.TempDir()
	t.Run("before", func(t *testing.T) {
		h := newHouse(t, dir)
		h.furnish()
		h.listen(nil)
		c := h.client(t, Submissions)
		c.signIn("alice", "one")
		c.send("alice@one."+base, "250", "wendy@three."+base)
	})
	h := newHouse(t, dir)
	w := h.regions["west"]
	o, err := w.orgs.ByAlias(context.Background(), nil, "three")
	must(t, err)
	w.byAlias["three"] = o.ID
	for _, r := range h.regions {
		r.flow.Start()
	}
	until(t, func() bool { return len(h.inbox("three", "wendy")) == 1 })
}

// until polls, with a limit.
func until(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(conversation.Limit); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not come to pass")
		}
	}
}

// Workers that compete deliver once.
func TestWorkersCompete(t *testing.T) {
	h := furnished(t)
	c := h.client(t, Submissions)
	c.signIn("alice", "one")
	const n = 20
	for range n {
		c.send("alice@one."+base, "250", "wendy@three."+base)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := h.regions["east"].flow.Drain(context.Background()); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	until(t, func() bool { h.drain(); return len(h.queued("one")) == 0 })
	if got := len(h.inbox("three", "wendy")); got != n {
		t.Errorf("%d messages", got)
	}
}

// The bodies of the queue live, for the rewriting of packs.
func TestQueueIsHolder(t *testing.T) {
	h := furnished(t)
	c := h.client(t, Submissions)
	c.signIn("alice", "one")
	c.send("alice@one."+base, "250", "wendy@three."+base)
	e := h.regions["east"]
	h.clock.Move(24 * time.Hour)
	never := func(int64) bool { return false }
	for range 3 {
		must(t, e.mailboxes.Rewrite(context.Background(), time.Hour, never, e.flow))
		h.clock.Move(2 * time.Hour)
	}
	h.drain()
	if got := len(h.inbox("three", "wendy")); got != 1 {
		t.Errorf("%d messages", got)
	}
}

// BenchmarkMX is messages of 10 KiB by 16 connections to 100 mailboxes.
func BenchmarkMX(b *testing.B) {
	h := newHouse(b, b.TempDir())
	h.furnish()
	h.crowd(100)
	h.listen(nil)
	body := "Subject: a\r\nFrom: a@example.org\r\n\r\n" + strings.Repeat(strings.Repeat("0123456789abcdef", 4)+"\r\n", 155) + ".\r\n"
	var next sync.Mutex
	left := b.N
	take := func() bool {
		next.Lock()
		defer next.Unlock()
		left--
		return left >= 0
	}
	b.ResetTimer()
	var wg sync.WaitGroup
	for i := range 16 {
		c := h.client(b, MX)
		c.SetDeadline(time.Now().Add(5 * time.Minute))
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := i; take(); j++ {
				fmt.Fprintf(c, "MAIL FROM:<a@example.org>\r\nRCPT TO:<m%d@one.%s>\r\nDATA\r\n", j*7%100, base)
				c.want("250")
				c.want("250")
				c.want("354")
				io.WriteString(c, body)
				if got := c.read(); !strings.HasPrefix(got, "250") {
					b.Error(got)
					return
				}
			}
		}()
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}
