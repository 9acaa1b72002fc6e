package imap

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
)

// raw is a client that says what it is told.
type raw struct {
	h *house
	net.Conn
	r *bufio.Reader
}

func (h *house) raw() *raw {
	h.Helper()
	c, err := tls.Dial("tcp", h.addrs["imaps"], h.TLS())
	h.must(err)
	h.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute))
	r := &raw{h, c, bufio.NewReader(c)}
	r.line()
	return r
}

func (r *raw) line() string {
	r.h.Helper()
	s, err := r.r.ReadString('\n')
	r.h.must(err)
	return strings.TrimRight(s, "\r\n")
}

// do sends a command with the tag t and returns its tagged line and those before.
func (r *raw) do(command string) (string, []string) {
	r.h.Helper()
	_, err := io.WriteString(r, "t "+command+"\r\n")
	r.h.must(err)
	return r.answer()
}

func (r *raw) answer() (string, []string) {
	r.h.Helper()
	var lines []string
	for {
		l := r.line()
		if strings.HasPrefix(l, "t ") {
			return l, lines
		}
		lines = append(lines, l)
	}
}

func (r *raw) ok(command string) []string {
	r.h.Helper()
	got, lines := r.do(command)
	if !strings.HasPrefix(got, "t OK") {
		r.h.Fatalf("%s: %s", command, got)
	}
	return lines
}

func (h *house) signedIn(name string) *raw {
	h.Helper()
	r := h.raw()
	r.ok(fmt.Sprintf("LOGIN %s@one.%s %q", name, base, password))
	return r
}

// TestBadBase64BesideSignIns is reliability row 77: what one session sends is
// only its own fault.
func TestBadBase64BesideSignIns(t *testing.T) {
	h := newHouse(t, nil)
	h.signedIn("alice") // the proof is known from here on: no hash a sign-in
	good := base64.StdEncoding.EncodeToString([]byte("\x00alice@one." + base + "\x00" + password))
	var wg sync.WaitGroup
	for i := range 100 {
		r := h.raw()
		wg.Go(func() {
			text, want := good, "t OK"
			if i%2 == 0 {
				text, want = good[:len(good)-3]+"*=", "t BAD"
			}
			fmt.Fprintf(r, "t AUTHENTICATE PLAIN\r\n")
			if l, _ := r.r.ReadString('\n'); !strings.HasPrefix(l, "+") {
				t.Errorf("%d: %q", i, l)
			}
			fmt.Fprintf(r, "%s\r\n", text)
			if l, _ := r.r.ReadString('\n'); !strings.HasPrefix(l, want) {
				t.Errorf("%d: %q, want %s", i, l, want)
			}
		})
	}
	wg.Wait()
}

// TestLimitPerUser gives one user no more than his sessions, and again room
// when one ends.
func TestLimitPerUser(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.PerUser = 2 })
	a := h.signedIn("alice")
	h.signedIn("alice")
	third := h.raw()
	login := fmt.Sprintf("LOGIN alice@one.%s %q", base, password)
	if got, _ := third.do(login); !strings.HasPrefix(got, "t NO [LIMIT]") {
		t.Fatal(got)
	}
	h.signedIn("bob")
	a.ok("LOGOUT")
	for deadline := time.Now().Add(10 * time.Second); ; {
		got, _ := third.do(login)
		if strings.HasPrefix(got, "t OK") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(got)
		}
	}
}

// TestManyLiterals is reliability row 75.
func TestManyLiterals(t *testing.T) {
	h := newHouse(t, nil)
	r := h.signedIn("alice")
	r.ok("SELECT INBOX")
	fmt.Fprint(r, "t SEARCH")
	for range 300 {
		fmt.Fprint(r, " SUBJECT {1+}\r\nx")
	}
	fmt.Fprint(r, "\r\n")
	if got, _ := r.answer(); !strings.HasPrefix(got, "t BAD SEARCH: more than") {
		t.Fatal(got)
	}
	r.ok("NOOP")
}

// TestShutdownLetsCommandsFinish says BYE to who waits, and lets an APPEND end.
func TestShutdownLetsCommandsFinish(t *testing.T) {
	h := newHouse(t, nil)
	idle, busy := h.signedIn("alice"), h.signedIn("bob")
	idle.ok("SELECT INBOX")
	fmt.Fprint(idle, "t IDLE\r\n")
	idle.line()
	fmt.Fprint(busy, "t APPEND INBOX {20}\r\n")
	if l := busy.line(); !strings.HasPrefix(l, "+") {
		t.Fatal(l)
	}
	done := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		done <- h.server.Shutdown(ctx)
	}()
	if l := idle.line(); !strings.HasPrefix(l, "* BYE") {
		t.Fatal(l)
	}
	fmt.Fprint(busy, "Subject: x\r\n\r\nabcdef\r\n")
	if got, _ := busy.answer(); !strings.HasPrefix(got, "t OK [APPENDUID") {
		t.Fatal(got)
	}
	if l := busy.line(); !strings.HasPrefix(l, "* BYE") {
		t.Fatal(l)
	}
	h.must(<-done)
}

// TestLoginTimeout ends who never signs in, however busy.
func TestLoginTimeout(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.LoginTimeout = 300 * time.Millisecond })
	r := h.raw()
	for {
		if _, err := io.WriteString(r, "t NOOP\r\n"); err != nil {
			return
		}
		l, err := r.r.ReadString('\n')
		if err != nil || strings.HasPrefix(l, "* BYE") {
			return
		}
	}
}

// TestCopyIsWholeOrNothing fills the mailbox in the middle of a COPY of many.
func TestCopyIsWholeOrNothing(t *testing.T) {
	h := newHouse(t, nil)
	h.must(h.setQuota("alice", 100<<20))
	box := h.box("alice")
	h.fill(box, 1500, strings.Repeat("x", 1000))
	size, _, err := box.Quota(t.Context())
	h.must(err)
	h.must(h.setQuota("alice", size+size*4/5))
	r := h.signedIn("alice")
	r.ok("SELECT INBOX")
	if got, _ := r.do("COPY 1:* Drafts"); !strings.HasPrefix(got, "t NO [OVERQUOTA]") {
		t.Fatal(got)
	}
	if got := r.ok("STATUS Drafts (MESSAGES SIZE)"); !strings.HasSuffix(got[len(got)-1], "(MESSAGES 0 SIZE 0)") {
		t.Fatal(got)
	}
}

// TestLargeFolderOpensAtOnce is told by counters, and then loses and gets
// messages before it was read.
func TestLargeFolderOpensAtOnce(t *testing.T) {
	h := newHouse(t, nil)
	h.must(h.setQuota("alice", 100<<20))
	box := h.box("alice")
	h.fill(box, 2500, "x")
	f, err := box.Folder(t.Context(), "INBOX")
	h.must(err)
	h.must(box.Delete(t.Context(), f.ID, []mailbox.Range{{First: 3, Last: 4}, {First: 2500, Last: 2500}}))
	h.fill(box, 2, "y")
	h.mailboxes = h.renewed()
	then, err := h.box("alice").SnapshotAt(t.Context(), f)
	h.must(err)
	if then.Len() != 2500 || then.At(3).UID != 3 || then.At(2500).UID != 2500 || then.UIDNext != 2501 {
		t.Fatal(then.Len(), then.At(3), then.UIDNext)
	}
	r := h.signedIn("alice")
	if got := r.ok("SELECT INBOX"); got[0] != "* 2499 EXISTS" {
		t.Fatal(got)
	}
	if got := r.ok("FETCH 2:3,2499 UID"); strings.Join(got, "\n") != "* 2 FETCH (UID 2)\n* 3 FETCH (UID 5)\n* 2499 FETCH (UID 2502)" {
		t.Fatal(got)
	}
}

// index answers with what it was given.
type index struct {
	items   []ids.Item
	through ids.Item
	asked   int
}

func (x *index) Candidates(context.Context, *mailbox.Mailbox, ids.Folder, string) ([]ids.Item, ids.Item, bool, error) {
	x.asked++
	return x.items, x.through, true, nil
}

// TestSearchAsksTheIndex believes its noes up to where it is, reads the rest,
// and checks its yeses.
func TestSearchAsksTheIndex(t *testing.T) {
	x := &index{}
	h := newHouse(t, nil)
	h.server.cfg.Region = func(string) (Region, bool) { return Region{Mailboxes: h.mailboxes, Index: x}, true }
	for i := range 4 {
		h.deliver("alice", fmt.Sprintf("Subject: %d\r\n\r\nneedle\r\n", i))
	}
	h.deliver("alice", "Subject: other\r\n\r\nhay\r\n")
	snap, err := h.box("alice").Snapshot(t.Context(), 1)
	h.must(err)
	x.items, x.through = []ids.Item{snap.At(2).Item, snap.At(5).Item}, snap.At(3).Item
	r := h.signedIn("alice")
	r.ok("SELECT INBOX")
	if got := r.ok("SEARCH BODY needle"); got[0] != "* SEARCH 2 4" || x.asked != 1 {
		t.Fatal(got, x.asked)
	}
}

// TestThrottledSignIn answers guessing with "later", not with "wrong".
func TestThrottledSignIn(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.BadCommands = 1000 })
	for i := range 200 {
		r := h.raw()
		got, _ := r.do(fmt.Sprintf("LOGIN nobody%d@one.%s %d", i%3, base, i))
		r.Close()
		if strings.HasPrefix(got, "t NO [UNAVAILABLE]") {
			return
		}
		if !strings.HasPrefix(got, "t NO [AUTHENTICATIONFAILED]") {
			t.Fatal(got)
		}
	}
	t.Fatal("never throttled")
}

var _ SignIner = (*auth.Service)(nil)

// FuzzSession feeds a signed-in session; whatever comes, the server answers or
// closes, and goes on serving others.
func FuzzSession(f *testing.F) {
	for _, seed := range []string{
		"a SELECT INBOX\r\nb FETCH 1:* (FLAGS UID)\r\n", "a IDLE\r\nDONE\r\n", "a APPEND INBOX {3+}\r\nabc\r\n",
		"a SELECT INBOX\r\nb UID SEARCH OR BODY x NOT SEEN\r\nc STORE 1 +FLAGS (x)\r\nd COPY 1 Drafts\r\ne MOVE 1 Drafts\r\n",
		"a LIST (SUBSCRIBED) \"\" (* %) RETURN (STATUS (SIZE))\r\n", "a CREATE x/y\r\nb RENAME x z\r\nc DELETE z/y\r\n",
		"a SELECT INBOX\r\nb FETCH 1 (BODY[1.2.HEADER.FIELDS (A)]<1.2> BODYSTRUCTURE)\r\n",
	} {
		f.Add([]byte(seed))
	}
	h := newHouse(f, nil)
	h.deliver("alice", "Subject: x\r\n\r\ny\r\n")
	h.signedIn("alice")
	f.Fuzz(func(t *testing.T, data []byte) {
		here := *h
		here.TB = t
		r := here.signedIn("alice")
		defer r.Close()
		go r.Write(append(data, "\r\nDONE\r\nz LOGOUT\r\n"...))
		r.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		io.Copy(io.Discard, r)
	})
}
