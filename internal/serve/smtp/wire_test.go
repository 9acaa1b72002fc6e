package smtp

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	gosasl "github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"postroom/internal/base/ids"
	"postroom/test/conversation"
)

// client is a connection with words of its own.
type client struct {
	*conversation.Client
	t testing.TB
}

func (h *house) client(t testing.TB, port Port) *client {
	n := h.Dial(t, port.String())
	t.Cleanup(func() { n.Close() })
	n.SetDeadline(time.Now().Add(conversation.Limit))
	if port == Submissions {
		n = tls.Client(n, h.TLS())
	}
	c := &client{&conversation.Client{Conn: n, R: bufio.NewReader(n)}, t}
	c.want("220")
	c.say("EHLO client.example.org", "250")
	return c
}

// want reads a whole reply and answers its last line.
func (c *client) want(code string) string {
	c.t.Helper()
	got := c.read()
	if !strings.HasPrefix(got, code) {
		c.t.Fatalf("got %q, want %s", got, code)
	}
	return got
}

func (c *client) read() string {
	for {
		line, err := c.R.ReadString('\n')
		if err != nil {
			return "closed: " + err.Error()
		}
		if len(line) > 3 && line[3] == ' ' {
			return strings.TrimSpace(line)
		}
	}
}

func (c *client) say(line, code string) string {
	c.t.Helper()
	io.WriteString(c, line+"\r\n")
	return c.want(code)
}

func (c *client) signIn(name, alias string) {
	c.t.Helper()
	c.say("AUTH PLAIN "+plain(name+"@"+alias+"."+base, password), "235")
}

func furnished(t testing.TB) *house {
	h := newHouse(t, t.TempDir())
	h.furnish()
	h.listen(nil)
	return h
}

// Row 51 on the wire: each sequence is refused whole, by DATA and by BDAT, and
// nothing behind it is run.
func TestSmugglingOnTheWire(t *testing.T) {
	h := furnished(t)
	c := h.client(t, MX)
	for _, seq := range smuggling {
		evil := "Subject: a\r\n\r\ntext" + seq + "MAIL FROM:<evil@example.org>\r\nRCPT TO:<bob@one." + base + ">\r\nDATA\r\nSubject: evil\r\n"
		c.say("MAIL FROM:<a@example.org>", "250")
		c.say("RCPT TO:<alice@one."+base+">", "250")
		c.say("DATA", "354")
		// What is behind the sequence may come in one piece or in two.
		io.WriteString(c, evil)
		io.WriteString(c, "\r\n.\r\n")
		c.want("550 5.6.0")
		c.say("MAIL FROM:<a@example.org>", "250")
		c.say("RCPT TO:<alice@one."+base+">", "250")
		fmt.Fprintf(c, "BDAT %d LAST\r\n%s", len(evil), evil)
		c.want("550 5.6.0")
		c.say("NOOP", "250")
		c.Close()
		c = h.client(t, MX)
	}
	if n := len(h.inbox("one", "alice")) + len(h.inbox("one", "bob")); n != 0 {
		t.Errorf("%d messages came through", n)
	}
}

// Row 57: nmap's 16 pairs and the forms of DSBL, on each port, without sign-in
// and as another organization's user.
func TestOpenRelay(t *testing.T) {
	h := furnished(t)
	const ip, srv, d, u = "127.0.0.1", "mx." + base, "example.com", "victim"
	from := []string{"<>", "<" + u + "@" + d + ">", "<" + u + "@" + srv + ">", "<" + u + "@[" + ip + "]>", "<" + u + "@one." + base + ">"}
	to := []string{
		u + "%" + d + "@[" + ip + "]", u + "%" + d + "@" + srv, `"` + u + "@" + d + `"`, `"` + u + "%" + d + `"`, u + "@" + d + "@[" + ip + "]",
		`"` + u + "@" + d + `"@[` + ip + "]", u + "@" + d + "@" + srv, "@[" + ip + "]:" + u + "@" + d, "@" + srv + ":" + u + "@" + d, d + "!" + u,
		d + "!" + u + "@[" + ip + "]", d + "!" + u + "@" + srv, u + "@" + d, u + "%" + d, u, `"` + u + `"@` + d, u + "%" + d + "@one." + base,
		`"` + u + "@" + d + `"@one.` + base, d + "!" + u + "@one." + base, "@one." + base + ":" + u + "@" + d,
	}
	for _, port := range []Port{MX, Submission, Submissions} {
		for _, f := range from {
			for _, r := range to {
				for _, form := range []string{"<" + r + ">", r} {
					c := h.client(t, port)
					fmt.Fprintf(c, "MAIL FROM:%s\r\nRCPT TO:%s\r\n", f, form)
					mail, rcpt := c.read(), c.read()
					if rcpt[0] != '5' {
						t.Errorf("%s: MAIL FROM:%s %s; RCPT TO:%s %s", port, f, mail, form, rcpt)
					}
					if port != MX && !strings.HasPrefix(rcpt, "530") {
						t.Errorf("%s: RCPT TO:%s %s", port, form, rcpt)
					}
					c.Close()
				}
			}
		}
	}
	// A user of another organization sends under his own name or not at all.
	c := h.client(t, Submissions)
	c.signIn("dave", "two")
	for _, f := range from[1:] {
		c.say("MAIL FROM:"+f, "553")
	}
	if q := h.queued("two"); len(q) != 0 {
		t.Errorf("%+v", q)
	}
}

// A library that others use as a client gets through.
func TestForeignClient(t *testing.T) {
	h := furnished(t)
	c, err := gosmtp.DialStartTLS(h.addrs["submission"], h.TLS())
	must(t, err)
	defer c.Close()
	must(t, c.Auth(gosasl.NewPlainClient("", "alice@one."+base, password)))
	must(t, c.SendMail("alice@one."+base, []string{"bob@one." + base}, strings.NewReader("From: alice@one."+base+"\r\n\r\n.text\r\n")))
	must(t, c.Quit())
	if list := h.inbox("one", "bob"); len(list) != 1 || !strings.HasSuffix(list[0], "\r\n\r\n.text\r\n") {
		t.Error(describe(list))
	}
}

// A message beyond what is held in memory lies in a file without a name.
func TestSpool(t *testing.T) {
	h := furnished(t)
	body := strings.Repeat(strings.Repeat("0123456789", 9)+"\r\n", 6000)
	c := h.client(t, MX)
	c.say("MAIL FROM:<a@example.org>", "250")
	c.say("RCPT TO:<alice@one."+base+">", "250")
	c.say("RCPT TO:<dave@two."+base+">", "250")
	c.say("DATA", "354")
	io.WriteString(c, "Subject: long\r\n\r\n"+body+".\r\n")
	c.want("250")
	for _, list := range [][]string{h.inbox("one", "alice"), h.inbox("two", "dave")} {
		if len(list) != 1 || !strings.HasSuffix(list[0], "\r\n\r\n"+body) {
			t.Fatalf("%d messages", len(list))
		}
	}
	s := newSpool(t.TempDir())
	defer s.Close()
	s.Write(bytes.Repeat([]byte("a"), memoryLimit))
	s.Write([]byte("bc"))
	b := make([]byte, 4)
	if n, err := s.ReadAt(b, memoryLimit-1); n != 3 || err != io.EOF || string(b[:3]) != "abc" || s.Size() != memoryLimit+2 {
		t.Error(n, err, s.Size())
	}
	full := newSpool("/dev/null/none")
	defer full.Close()
	full.Write(bytes.Repeat([]byte("a"), memoryLimit+1))
	if a := answerFor(full.Err()); a.code != 452 {
		t.Error(a)
	}
}

// Shutdown lets a message finish, tells the idle, and refuses new ones.
func TestShutdown(t *testing.T) {
	h := furnished(t)
	idle, busy := h.client(t, MX), h.client(t, MX)
	busy.say("MAIL FROM:<a@example.org>", "250")
	busy.say("RCPT TO:<alice@one."+base+">", "250")
	busy.say("DATA", "354")
	io.WriteString(busy, "Subject: half\r\n")
	done := make(chan error)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), conversation.Limit)
		defer cancel()
		done <- h.servers[MX].Shutdown(ctx)
	}()
	idle.want("421 4.3.2")
	if n, err := net.Dial("tcp", h.addrs["mx"]); err == nil {
		n.Close()
		t.Error("a new connection was taken")
	}
	io.WriteString(busy, "\r\n.\r\n")
	busy.want("250")
	busy.want("421 4.3.2")
	must(t, <-done)
	if len(h.inbox("one", "alice")) != 1 {
		t.Error("the message is lost")
	}
}

// A client that goes away in the middle leaves nothing.
func TestGoneInTheMiddle(t *testing.T) {
	h := furnished(t)
	for _, last := range []string{"", "Subject: a\r\n", "Subject: a\r\n\r\ntext\r\n.", "Subject: a\r\n\r\ntext\r\n.\r"} {
		c := h.client(t, MX)
		c.say("MAIL FROM:<a@example.org>", "250")
		c.say("RCPT TO:<alice@one."+base+">", "250")
		c.say("DATA", "354")
		io.WriteString(c, last)
		c.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), conversation.Limit)
	defer cancel()
	must(t, h.servers[MX].Shutdown(ctx))
	if n := len(h.inbox("one", "alice")); n != 0 {
		t.Errorf("%d messages", n)
	}
}

// Too many connections are told so and do not disturb the others.
func TestTooManyConnections(t *testing.T) {
	h := newHouse(t, t.TempDir())
	h.furnish()
	h.listen(func(c *Config) { c.MaxPerAddress = 2 })
	a, b := h.client(t, MX), h.client(t, MX)
	n := h.Dial(t, "mx")
	defer n.Close()
	n.SetDeadline(time.Now().Add(conversation.Limit))
	if line, _ := bufio.NewReader(n).ReadString('\n'); !strings.HasPrefix(line, "421 4.7.0") {
		t.Errorf("%q", line)
	}
	a.say("NOOP", "250")
	b.say("NOOP", "250")
}

// Who says nothing is told 421.
func TestIdle(t *testing.T) {
	h := newHouse(t, t.TempDir())
	h.furnish()
	short := 50 * time.Millisecond
	h.listen(func(c *Config) { c.Idle = short })
	conn := h.Dial(t, MX.String())
	defer conn.Close()
	quiet := client{&conversation.Client{Conn: conn, R: bufio.NewReader(conn)}, t}
	quiet.want("220")
	quiet.want("421 4.4.2")

	h.listen(func(c *Config) { c.Stall = short })
	c := h.client(t, MX)
	c.say("MAIL FROM:<a@example.org>", "250")
	c.say("RCPT TO:<alice@one."+base+">", "250")
	c.say("DATA", "354")
	c.want("421 4.4.2")
}

// FuzzSession says anything to a real server: it answers replies and nothing
// else, and what it took is what was said before the end of DATA.
func FuzzSession(f *testing.F) {
	for _, s := range []string{
		"EHLO x\r\nMAIL FROM:<a@b.c>\r\n", "HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<alice@one.postroom.test>\r\nBDAT 3 LAST\r\nabc", "QUIT\r\n",
		"EHLO x\r\nAUTH PLAIN =\r\n", "RSET\r\nNOOP\r\nVRFY\r\n", "MAIL FROM:<\"a>b\"@c.d> SIZE=1 BODY=8BITMIME\r\n", "STARTTLS\r\n\x16\x03\x01",
	} {
		f.Add([]byte(s))
	}
	h := newHouse(f, f.TempDir())
	h.furnish()
	h.certify()
	f.Fuzz(func(t *testing.T, in []byte) {
		s := New(h.config(MX), h.services())
		near, far := net.Pipe()
		c := newConn(s, far)
		done := make(chan struct{})
		go func() { c.serve(); close(done) }()
		go func() {
			near.Write(in)
			near.SetReadDeadline(time.Now().Add(3 * time.Millisecond))
		}()
		replies, _ := io.ReadAll(near)
		near.Close()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Fatalf("the session of %q does not end", in)
		}
		for _, line := range strings.SplitAfter(string(replies), "\r\n") {
			if line == "" || bytes.Contains(in, []byte("STARTTLS")) {
				continue
			}
			if len(line) < 5 || line[0] < '2' || line[0] > '5' || line[3] != ' ' && line[3] != '-' {
				t.Fatalf("%q got %q", in, line)
			}
		}
	})
}

// TestRevokedSignInServesNothing: once the revocation has returned the
// connection takes no command, also one that comes at that very moment.
func TestRevokedSignInServesNothing(t *testing.T) {
	h := furnished(t)
	one := h.regions["east"]
	for range 50 {
		c := h.client(t, Submissions)
		c.signIn("alice", "one")
		h.auth.Revoked(one.byAlias["one"], ids.Entry(one.id("one", "alice")))
		c.say("MAIL FROM:<alice@one."+base+">", "421")
		c.Close()
	}
}
