package foreign

import (
	"bufio"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// open signs in with openssl over a connection that stays; the channel has what
// the server says and is closed when the program has ended.
func (w *world) open(user string, args ...string) (io.Writer, <-chan string) {
	w.Helper()
	return w.openAs(user, password, args...)
}

func (w *world) openAs(user, password string, args ...string) (io.Writer, <-chan string) {
	w.Helper()
	cmd := exec.CommandContext(w.Context(), w.path("openssl"), append([]string{"s_client", "-quiet", "-crlf", "-verify_return_error", "-CAfile", w.CAFile}, args...)...)
	in, err := cmd.StdinPipe()
	w.ok(err)
	out, err := cmd.StdoutPipe()
	w.ok(err)
	w.ok(cmd.Start())
	lines := make(chan string, 100)
	go func() {
		defer close(lines)
		for r := bufio.NewScanner(out); r.Scan(); {
			lines <- strings.TrimSpace(r.Text())
		}
		_ = cmd.Wait() // how it ends is not the point, but that
	}()
	w.Cleanup(func() { in.Close() })
	_, err = io.WriteString(in, "a LOGIN "+user+" "+password+"\n")
	w.ok(err)
	w.hears(lines, "a OK ")
	return in, lines
}

// hears reads up to a line that begins so.
func (w *world) hears(lines <-chan string, begin string) {
	w.Helper()
	late := time.After(limit)
	var heard []string
	for {
		select {
		case l, ok := <-lines:
			heard = append(heard, l)
			if ok && strings.HasPrefix(l, begin) {
				return
			}
			if !ok {
				w.Fatalf("the connection ended before %q: %q", begin, heard)
			}
		case <-late:
			w.Fatalf("no %q in %q", begin, heard)
		}
	}
}

// TestDeregister: who is disabled loses his open connections and gets no mail;
// enabled again, he finds the old mail.
func TestDeregister(t *testing.T) {
	w := start(t)
	p := w.organization(w.Region, "leavers")
	id, ann := p.user("ann"), p.address("ann")
	p.user("bea")
	w.taken(w.arrive("old mail", ann))

	idle, one := w.open(ann, "-connect", w.IMAPS)
	_, two := w.open(ann, "-connect", w.IMAP, "-starttls", "imap")
	_, bea := w.open(p.address("bea"), "-connect", w.IMAP, "-starttls", "imap")
	_, err := io.WriteString(idle, "b SELECT INBOX\nc IDLE\n")
	w.ok(err)
	w.hears(one, "+ ")
	w.taken(w.arrive("mail while idle", ann))
	w.hears(one, "* 2 EXISTS")

	p.deregister("ann")
	for _, lines := range []<-chan string{one, two} {
		w.hears(lines, "* BYE ")
		for l := range lines {
			t.Errorf("after BYE: %q", l)
		}
	}
	select {
	case l, ok := <-bea:
		t.Errorf("another's connection: %q, open %v", l, ok)
	default:
	}
	w.refused(w.arrive("late", ann), "550 5.2.1")
	w.refused(w.submit(ann, "from one who left", ann), "535 5.7.8")
	if r := w.curl(ann, "INBOX"); r.code != 67 {
		t.Errorf("sign-in: exit %d\n%s", r.code, r)
	}

	p.register(id, "ann")
	w.has(ann, "INBOX", "old mail, mail while idle")
	w.taken(w.arrive("new mail", ann))
	w.has(ann, "INBOX", "old mail, mail while idle, new mail")
}
