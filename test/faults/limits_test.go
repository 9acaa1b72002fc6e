package faults

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/test/house"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"golang.org/x/sys/unix"
)

// TestRow12FirstStartKilled: the process is killed at one write or fsync after
// another of its first start, in which every step of every schema runs. The next
// start goes on and takes mail.
func TestRow12FirstStartKilled(t *testing.T) {
	killed := 0
	for i := range rounds(10) {
		c := house.Config(t, t.TempDir())
		child := house.Launch(t, c, house.Options{Gate: true})
		// Each thread counts for itself; most are done by one or two.
		when := 1 + rand.IntN(60)
		if i%2 == 1 {
			when = 1 + rand.IntN(400)
		}
		attach(t, child.Process.Pid, "-o", filepath.Join(t.TempDir(), "trace"), "-e", "trace=pwrite64,fsync,fdatasync,renameat,mkdirat,ftruncate",
			"-e", fmt.Sprintf("inject=pwrite64,fsync,fdatasync,renameat,mkdirat,ftruncate:signal=SIGKILL:when=%d", when))
		child.Open()
		var ledger house.Ledger
		if child.TryReady(30*time.Second) == nil {
			ledger.DeliverUntilGone(child.Endpoints, func(n int) bool { return n < 20 })
			child.Kill()
		} else {
			killed++
		}
		child = house.Start(t, c)
		start := len(ledger.All())
		if err := ledger.DeliverUntilGone(child.Endpoints, func(n int) bool { return n < start+2 }); err != nil {
			t.Fatalf("killed at %d: %v\n%s", when, err, child.Log())
		}
		ledger.Check(t, child.Endpoints)
		child.Stop()
		sound(t, c)
	}
	if killed == 0 {
		t.Error("no first start was killed")
	}
}

// TestRow17FilesExhausted: the process may open only a few files more. What it
// cannot take waits or is refused for now; nothing that was answered is lost; when
// connections go, all goes on without a restart, and the log says what was.
func TestRow17FilesExhausted(t *testing.T) {
	c := house.Config(t, t.TempDir())
	child := house.Start(t, c)
	var ledger house.Ledger
	if err := ledger.DeliverUntilGone(child.Endpoints, func(n int) bool { return n < 3 }); err != nil {
		t.Fatal(err)
	}
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", child.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	few := uint64(max(64, len(open)+8))
	limit := unix.Rlimit{Cur: few, Max: few}
	if err := unix.Prlimit(child.Process.Pid, unix.RLIMIT_NOFILE, &limit, nil); err != nil {
		t.Fatal(err)
	}
	for range rounds(2) {
		var crowd []net.Conn
		for range 80 {
			conn, err := net.DialTimeout("tcp", child.SMTP, 5*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			crowd = append(crowd, conn)
		}
		// Those that got in try to deliver; the others see nothing.
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				s, err := house.Dial(child.Endpoints)
				if err != nil {
					return
				}
				defer s.Close()
				ledger.Deliver(s, child.Endpoints, house.Filler(300))
			})
		}
		for end := time.Now().Add(20 * time.Second); !strings.Contains(child.Log(), "cannot accept connections for now"); {
			if time.Now().After(end) {
				t.Fatalf("the log does not say that files have run out:\n%s", child.Log())
			}
		}
		for _, conn := range crowd {
			conn.Close()
		}
		wg.Wait()
		var got error
		start := len(ledger.All())
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
			if got = ledger.DeliverUntilGone(child.Endpoints, func(n int) bool { return n < start+3 }); got == nil {
				break
			}
		}
		if got != nil {
			t.Fatalf("nothing is accepted any more: %v\n%s", got, child.Log())
		}
	}
	ledger.Check(t, child.Endpoints)
	child.Stop()
	sound(t, c)
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// TestRow18BigMessages: many clients send the biggest messages at once, and read
// them. Memory stays below a small part of what they send.
func TestRow18BigMessages(t *testing.T) {
	const limit = 192 << 20
	c := house.Config(t, t.TempDir())
	child := house.Start(t, c, house.Options{Env: []string{"GOMEMLIMIT=128MiB", "TMPDIR=" + t.TempDir()}})
	block := house.Filler(1024)
	var ledger house.Ledger
	clients := rounds(10)
	var wg sync.WaitGroup
	for range min(clients, 100) {
		wg.Go(func() {
			s, err := house.Dial(child.Endpoints)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			s.Within(100 * time.Second)
			err = ledger.Deliver(s, child.Endpoints, strings.Repeat(block, 30))
			var no *house.Refusal
			if err != nil && (!errors.As(err, &no) || !strings.HasPrefix(no.Reply, "4")) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(ledger.All()) == 0 {
		t.Error("no big message was taken")
	}
	// All of one mailbox over several connections that do not hurry.
	for range 3 {
		wg.Go(func() {
			imapc, err := house.TryIMAP(child.Endpoints, child.Users[0])
			if err != nil {
				t.Error(err)
				return
			}
			defer imapc.Close()
			if err := readAll(imapc); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", child.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	m := highWater.FindStringSubmatch(string(status))
	if m == nil {
		t.Fatal("no VmHWM")
	}
	kib, _ := strconv.ParseInt(m[1], 10, 64)
	t.Logf("%d messages of 30 MiB taken, at most %d MiB of memory", len(ledger.All()), kib>>10)
	if kib<<10 > limit {
		t.Errorf("%d MiB of memory, want at most %d", kib>>10, limit>>20)
	}
	child.Stop()
}

// readAll fetches the bodies of an inbox and keeps none.
func readAll(c *imapclient.Client) error {
	if _, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return err
	}
	section := &imap.FetchItemBodySection{Peek: true}
	list := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}})
	for m := list.Next(); m != nil; m = list.Next() {
		for item := m.Next(); item != nil; item = m.Next() {
			if body, ok := item.(imapclient.FetchItemDataBodySection); ok && body.Literal != nil {
				if _, err := io.Copy(io.Discard, body.Literal); err != nil {
					return err
				}
			}
		}
	}
	return list.Close()
}
