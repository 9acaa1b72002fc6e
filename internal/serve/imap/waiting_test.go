package imap

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
)

// crumbs sends each byte apart.
type crumbs struct{ net.Conn }

func (c crumbs) Write(p []byte) (int, error) {
	for i := range p {
		if _, err := c.Conn.Write(p[i : i+1]); err != nil {
			return i, err
		}
		runtime.Gosched()
	}
	return len(p), nil
}

// TestInPieces sends commands in crumbs of TLS records, in crumbs of commands,
// and many in one record; none is left lying.
func TestInPieces(t *testing.T) {
	h := newHouse(t, nil)
	h.deliver("alice", "Subject: x\r\n\r\ny\r\n")
	h.signedIn("alice")
	text := fmt.Sprintf("a LOGIN alice@one.%s %q\r\nb SELECT INBOX\r\nc IDLE\r\nDONE\r\nd WHAT\r\ne FETCH 1 UID\r\n", base, password) +
		"f APPEND INBOX {" + fmt.Sprint(9000) + "+}\r\n" + strings.Repeat("x", 9000) + "\r\ng SEARCH SUBJECT {1+}\r\nx\r\nh LOGOUT\r\n"
	for _, way := range []string{"records", "commands", "one"} {
		conn := h.Dial(t, "imap")
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(time.Minute))
		plain := bufio.NewReader(conn)
		plain.ReadString('\n')
		io.WriteString(conn, "s STARTTLS\r\n")
		if l, _ := plain.ReadString('\n'); !strings.HasPrefix(l, "s OK") {
			t.Fatal(l)
		}
		under := conn
		if way == "records" {
			under = crumbs{conn}
		}
		c := tls.Client(under, h.TLS())
		h.must(c.Handshake())
		to := net.Conn(c)
		if way == "commands" {
			to = crumbs{c}
		}
		go io.WriteString(to, text)
		var tags string
		r := bufio.NewReader(c)
		for {
			l, err := r.ReadString('\n')
			if err != nil {
				break
			}
			if l[0] >= 'a' && l[0] <= 'z' {
				tags += l[:strings.IndexByte(l[2:], ' ')+2] + ";"
			}
		}
		if tags != "a OK;b OK;c OK;d BAD;e OK;f OK;g OK;h OK;" {
			t.Errorf("%s: %s", way, tags)
		}
	}
}

// TestWaitingHoldsLittle: a session in IDLE has one goroutine, and no buffer.
func TestWaitingHoldsLittle(t *testing.T) {
	const many = 100
	h := newHouse(t, nil)
	h.signedIn("alice")
	before := runtime.NumGoroutine()
	clients := make([]*raw, many)
	for i := range clients {
		r := h.signedIn("alice")
		r.ok("SELECT INBOX")
		fmt.Fprint(r, "t IDLE\r\n")
		r.line()
		clients[i] = r
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		n := runtime.NumGoroutine() - before
		if n <= many+many/4 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d sessions have %d goroutines", many, n)
		}
	}
	h.deliver("alice", "Subject: x\r\n\r\ny\r\n")
	for _, r := range clients { // all hear of it, a few at a time
		if l := r.line(); l != "* 1 EXISTS" {
			t.Fatal(l)
		}
		fmt.Fprint(r, "DONE\r\n")
		if got, _ := r.answer(); !strings.HasPrefix(got, "t OK") {
			t.Fatal(got)
		}
	}
}

// TestSlowPushesAreOvertaken: sessions whose clients take nothing do not keep
// the others from being told.
func TestSlowPushesAreOvertaken(t *testing.T) {
	p := &pushes{workers: &workers{}}
	stuck := make([]session, 3*pushesAtOnce)
	for i := range stuck {
		stuck[i].mu.Lock()
		p.add(&stuck[i])
	}
	var free session
	free.poked.Store(true)
	p.add(&free)
	until := func(what string, f func() bool) {
		for deadline := time.Now().Add(10 * time.Second); !f(); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal(what)
			}
		}
	}
	until("it waits behind the others", func() bool { return !free.poked.Load() })
	for i := range stuck {
		stuck[i].mu.Unlock()
	}
	until("places are lost", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.running == 0 && p.waiting == nil
	})
}
