package house

import (
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"

	"postroom/internal/app"
)

// Ledger has the messages that were tried and those that were answered with
// 250. Each message goes to all users of the sample organization.
type Ledger struct {
	mu    sync.Mutex
	tried int
	taken map[string]string // id: the reply
}

// Next names a new message.
func (l *Ledger) Next() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tried++
	return fmt.Sprintf("n%d", l.tried)
}

// Taken notes a message that was answered with 250, and how many there are.
func (l *Ledger) Taken(id, reply string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken == nil {
		l.taken = map[string]string{}
	}
	l.taken[id] = reply
	return len(l.taken)
}

// All returns a copy: the reply to each message that was taken.
func (l *Ledger) All() map[string]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make(map[string]string, len(l.taken))
	for id, reply := range l.taken {
		all[id] = reply
	}
	return all
}

// Filler is text of n KiB in lines, which does not compress to much less.
func Filler(kib int) string {
	var b strings.Builder
	for range 16 * kib {
		b.WriteString((rand.Text() + rand.Text() + rand.Text())[:62] + "\r\n")
	}
	return b.String()
}

// Deliver sends one message over a connection that has said EHLO and notes it
// where the answer is 250. An error is the refusal, or the connection's.
func (l *Ledger) Deliver(s *SMTP, e *app.Endpoints, filler string) error {
	id := l.Next()
	reply, err := s.Send("a@ledger.test", e.Users, "Message-ID: <"+id+"@ledger>\r\nFrom: <a@ledger.test>\r\n\r\n"+filler+"The end of "+id+".\r\n")
	if err == nil {
		l.Taken(id, reply)
	}
	return err
}

// DeliverUntilGone sends messages of some KiB, one after another, until the
// server refuses one or is gone. each, if not nil, is told how many were taken
// and says whether to go on.
func (l *Ledger) DeliverUntilGone(e *app.Endpoints, each func(taken int) bool) error {
	s, err := Dial(e)
	if err != nil {
		return err
	}
	defer s.Close()
	for {
		if err := l.Deliver(s, e, Filler(1+mathrand.IntN(10))); err != nil {
			return err
		}
		if each != nil && !each(len(l.All())) {
			return nil
		}
	}
}

var messageID = regexp.MustCompile(`Message-ID: <([^@]+)@ledger>`)

// Check reads all inboxes: every message that was taken is there once, none
// twice, all whole. It returns how many there are.
func (l *Ledger) Check(t testing.TB, e *app.Endpoints) int {
	t.Helper()
	return CheckTaken(t, e, l.All())
}

// CheckTaken is Check of the messages in taken.
func CheckTaken(t testing.TB, e *app.Endpoints, taken map[string]string) int {
	t.Helper()
	all := 0
	for _, u := range e.Users {
		found := map[string]int{}
		for _, text := range Inbox(t, e, u) {
			m := messageID.FindStringSubmatch(text)
			if m == nil || !strings.HasSuffix(text, "The end of "+m[1]+".\r\n") {
				t.Fatalf("a message is damaged: %.2000q", text)
			}
			found[m[1]]++
			all++
		}
		for id := range taken {
			if n := found[id]; n != 1 {
				t.Errorf("%s was answered with 250 and is %d times with %s", id, n, u.Username)
			}
		}
		for id, n := range found {
			if n > 1 {
				t.Errorf("%s is there %d times with %s", id, n, u.Username)
			}
		}
	}
	return all
}
