package smtp

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	gosmtp "github.com/emersion/go-smtp"
)

// The union of the lists that smuggling tools try.
var smuggling = map[string]error{
	"\n.\n": ErrBareLF, "\n.\r": ErrBareLF, "\r.\n": ErrBareCR, "\r.\r": ErrBareCR, "\n.\r\n": ErrBareLF, "\r.\r\n": ErrBareCR,
	"\r\n\x00.\r\n": ErrNUL, "\r\n.\r\r\n": ErrBareCR, "\r\r\n.\r\r\n": ErrBareCR, "\r\n.\r": ErrBareCR, "\r\n.\n": ErrBareLF, "\n": ErrBareLF, "\r": ErrBareCR,
}

const evil = "MAIL FROM:<evil@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nevil"

// world is a go-smtp server over Conn, as the head builds it.
type world struct {
	mu       sync.Mutex
	stored   []string
	refused  []error
	mails    []string
	sessions []*Conn
}

type session struct {
	w    *world
	conn *Conn
}

func (w *world) NewSession(c *gosmtp.Conn) (gosmtp.Session, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &session{w, c.Conn().(*Conn)}
	w.sessions = append(w.sessions, s.conn)
	return s, nil
}

func (s *session) Mail(from string, _ *gosmtp.MailOptions) error {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	s.w.mails = append(s.w.mails, from)
	return nil
}
func (s *session) Rcpt(string, *gosmtp.RcptOptions) error { return nil }
func (s *session) Reset()                                 {}
func (s *session) Logout() error                          { return nil }
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(s.conn.BodyReader(r, 1<<20))
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	if err != nil {
		s.w.refused = append(s.w.refused, err)
		st, _ := Refusal(err)
		return &gosmtp.SMTPError{Code: st.Code, EnhancedCode: st.Enhanced, Message: st.Text}
	}
	s.w.stored = append(s.w.stored, string(b))
	return nil
}

type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}
func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.done) }); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

func start(t *testing.T, config *tls.Config) (*world, *pipeListener) {
	t.Helper()
	w := &world{}
	l := &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
	clear, secure := Listeners(l, config)
	var wg sync.WaitGroup
	t.Cleanup(wg.Wait)
	for i, x := range []net.Listener{clear, secure} {
		s := gosmtp.NewServer(w)
		s.Domain, s.MaxLineLength, s.ReadTimeout = "mx.example.com", 2*MaxLine, time.Minute
		if i == 0 {
			s.TLSConfig = config
		}
		wg.Go(func() { s.Serve(x) })
		t.Cleanup(func() { s.Close(); x.Close() })
	}
	return w, l
}

type client struct {
	t *testing.T
	net.Conn
	r *bufio.Reader
}

func dial(t *testing.T, l *pipeListener) *client {
	a, b := net.Pipe()
	a.SetDeadline(time.Now().Add(30 * time.Second))
	l.conns <- b
	c := &client{t, a, bufio.NewReader(a)}
	t.Cleanup(func() { a.Close() })
	c.expect("220")
	return c
}

func (c *client) expect(code string) string {
	c.t.Helper()
	all := ""
	for {
		line, err := c.r.ReadString('\n')
		all += line
		if err != nil {
			c.t.Fatalf("%q: %v", all, err)
		}
		if len(line) < 4 || line[3] != '-' {
			if !strings.HasPrefix(line, code) {
				c.t.Fatalf("%q, want %s", line, code)
			}
			return all
		}
	}
}

func (c *client) send(s, code string) string {
	c.t.Helper()
	if _, err := io.WriteString(c, s); err != nil {
		c.t.Fatal(err)
	}
	return c.expect(code)
}

func (c *client) begin() {
	c.t.Helper()
	c.send("MAIL FROM:<a@example.com>\r\n", "250")
	c.send("RCPT TO:<b@example.com>\r\n", "250")
}

// parts sends s cut before, in and behind every byte of the piece at [from,to).
func cuts(from, to int) []int {
	var at []int
	for i := from; i <= to; i++ {
		at = append(at, i)
	}
	return at
}

func TestSmuggling(t *testing.T) {
	w, l := start(t, nil)
	c := dial(t, l)
	c.send("EHLO x.example\r\n", "250")
	n := 0
	for seq, want := range smuggling {
		for _, head := range []string{"Subject: x", "Subject: x\r\n\r\nbody", "", "Subject: x\r\n\r\n" + strings.Repeat("y", 4095-14), "S: x\r\n\r\n" + strings.Repeat(strings.Repeat("z", 62)+"\r\n", 127) + "12345678901234567890123456789012345678901234567890123"} {
			msg := head + seq + evil + "\r\n.\r\n"
			for _, cut := range cuts(len(head), len(head)+len(seq)) {
				for _, chunked := range []bool{false, true} {
					c.begin()
					answer := ""
					if chunked {
						body := msg[:len(msg)-3]
						fmt.Fprintf(c, "BDAT %d\r\n%s", cut, body[:cut])
						if answer = c.expect(""); answer[0] == '2' {
							fmt.Fprintf(c, "BDAT %d LAST\r\n%s", len(body)-cut, body[cut:])
							answer = c.expect("")
						} else { // refused early: the next chunk has no transaction
							n++
							continue
						}
					} else {
						c.send("DATA\r\n", "354")
						io.WriteString(c, msg[:cut])
						answer = c.send(msg[cut:], "")
					}
					n++
					if !strings.HasPrefix(answer, "550 5.6.0") {
						t.Fatalf("%q cut at %d, BDAT %v: %q", seq, cut, chunked, answer)
					}
					w.mu.Lock()
					if got := w.refused[len(w.refused)-1]; got != want {
						t.Errorf("%q (BDAT %v): %v, want %v", seq, chunked, got, want)
					}
					w.mu.Unlock()
				}
			}
		}
	}
	c.send("NOOP\r\n", "250")
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.stored) > 0 || len(w.mails) != n || strings.Contains(strings.Join(w.mails, " "), "evil") {
		t.Fatalf("%d stored, %d of %d mails", len(w.stored), len(w.mails), n)
	}
}

func TestGoodMessages(t *testing.T) {
	w, l := start(t, nil)
	c := dial(t, l)
	c.send("EHLO x.example\r\n", "250")
	const wire, want = "A: b\r\n\r\n..\r\n...x\r\nend.\r\n\r\n", "A: b\r\n\r\n.\r\n..x\r\nend.\r\n\r\n"
	end := wire + ".\r\n"
	n := 0
	for cut := range len(end) {
		c.begin()
		c.send("DATA\r\n", "354")
		io.WriteString(c, end[:cut])
		c.send(end[cut:], "250")
		n++
	}
	c.begin()
	c.send("DATA\r\n", "354")
	for i := range len(end) {
		io.WriteString(c, end[i:i+1])
	}
	c.expect("250")
	c.begin()
	c.send("DATA\r\n", "354") // with the next command in the same packet
	c.send(end+"NOOP\r\n", "250")
	c.expect("250")
	n += 2
	w.mu.Lock()
	if len(w.stored) != n {
		t.Fatal(len(w.stored))
	}
	for _, s := range w.stored {
		if s != want {
			t.Fatalf("%q", s)
		}
	}
	w.mu.Unlock()
	c.begin()
	c.send("DATA\r\n", "354")
	c.send(strings.Repeat("x", MaxLine)+"\r\n.\r\n", "250")
	c.begin()
	c.send("DATA\r\n", "354")
	c.send(strings.Repeat("x", MaxLine+2)+"\r\n.\r\n", "550")
	c.begin()
	c.send("DATA\r\n", "354")
	c.send(strings.Repeat("xxxxxxxx\r\n", 110000)+".\r\n", "552")
	c.begin()
	go io.WriteString(c, "DATA\r\nearly\r\n.\r\n") // without waiting
	c.expect("354")
	c.expect("250")
	w.mu.Lock()
	defer w.mu.Unlock()
	if s := w.stored[len(w.stored)-1]; s != "early\r\n" || !w.sessions[0].Pipelined() {
		t.Fatalf("%q", s)
	}
}

func TestBodyReader(t *testing.T) {
	for seq, want := range smuggling {
		if seq == "\r\n.\r" {
			seq += "x"
		}
		for _, r := range []io.Reader{strings.NewReader("a" + seq + "b\r\n"), iotest.OneByteReader(strings.NewReader("a" + seq + "b\r\n"))} {
			if _, err := io.ReadAll(NewBodyReader(r, 1000)); err != want {
				t.Errorf("%q: %v, want %v", seq, err, want)
			}
		}
	}
	for in, want := range map[string]error{"a\r": ErrBareCR, "12345678901": ErrTooLarge, "1234567890": nil, "": nil} {
		if _, err := io.ReadAll(NewBodyReader(strings.NewReader(in), 10)); err != want {
			t.Errorf("%q: %v, want %v", in, err, want)
		}
	}
}

func certificate(t *testing.T) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"mx.example.com"}}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func TestStartTLS(t *testing.T) {
	w, l := start(t, certificate(t))
	c := dial(t, l)
	if caps := c.send("EHLO x.example\r\n", "250"); !strings.Contains(caps, "STARTTLS") {
		t.Fatal(caps)
	}
	c.send("MAIL FROM:<before@example.com>\r\n", "250")
	c.send("STARTTLS\r\nMAIL FROM:<injected@example.com>\r\n", "220")
	tc := tls.Client(c.Conn, &tls.Config{InsecureSkipVerify: true})
	if err := tc.Handshake(); err != nil {
		t.Fatal(err)
	}
	s := &client{t, tc, bufio.NewReader(tc)}
	s.send("RCPT TO:<b@example.com>\r\n", "5") // nothing of the clear session is left
	if caps := s.send("EHLO x.example\r\n", "250"); strings.Contains(caps, "STARTTLS") {
		t.Fatal(caps)
	}
	s.send("STARTTLS\r\n", "502")
	s.begin()
	s.send("DATA\r\n", "354")
	s.send("x\r\n.\r\r\n"+evil+"\r\n.\r\n", "550")
	s.begin()
	s.send("DATA\r\n", "354")
	s.send("x\r\n.\r\n", "250")
	w.mu.Lock()
	defer w.mu.Unlock()
	if state, ok := w.sessions[len(w.sessions)-1].TLS(); !ok || state.Version < tls.VersionTLS12 {
		t.Error("no TLS")
	}
	if fmt.Sprint(w.mails) != "[before@example.com a@example.com a@example.com]" || len(w.stored) != 1 {
		t.Errorf("%v %q", w.mails, w.stored)
	}
}

func TestReceived(t *testing.T) {
	tr := Trace{Helo: "x.example\r\nBcc: y (", Remote: netip.MustParseAddr("2001:db8::1"), RDNS: "host.example", By: "mx.example.com", With: "ESMTPS", ID: "abc",
		For: "a@b.com\r\nX: y", TLS: "TLS1.3 (x)", Time: time.Date(2025, 7, 1, 10, 0, 0, 0, time.UTC)}
	want := "Received: from x.exampleBcc:y (host.example [IPv6:2001:db8::1])\r\n\tby mx.example.com with ESMTPS\r\n\t(TLS1.3 x)\r\n\tid abc;\r\n\tTue, 1 Jul 2025 10:00:00 +0000\r\n"
	if got := Received(tr); got != want {
		t.Errorf("%q", got)
	}
	tr.Helo, tr.For = strings.Repeat("h", 10000), "a@b.com"
	for _, line := range strings.Split(Received(tr), "\r\n") {
		if len(line) > 400 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%q", line)
		}
	}
	if s := (Status{550, [3]int{5, 1, 1}, "no\r\n250 such user"}); s.String() != "550 5.1.1 no250 such user" || !s.Permanent() || s.Temporary() {
		t.Errorf("%q", s.String())
	}
}

// script is a net.Conn that reads from a text in pieces.
type script struct {
	net.Conn
	r io.Reader
	w bytes.Buffer
}

func (s *script) Read(p []byte) (int, error)      { return s.r.Read(p) }
func (s *script) Write(p []byte) (int, error)     { return s.w.Write(p) }
func (s *script) SetReadDeadline(time.Time) error { return nil }

func FuzzConn(f *testing.F) {
	for seq := range smuggling {
		f.Add([]byte("a\r\n"+seq+"b\r\n.\r\nNOOP\r\n"), 3)
	}
	f.Fuzz(func(t *testing.T, in []byte, step int) {
		at := func() *Conn {
			r := io.MultiReader(strings.NewReader("DATA\r\n"), bytes.NewReader(in))
			if step%3 == 0 {
				r = iotest.OneByteReader(r)
			}
			c := NewConn(&script{r: r})
			b := make([]byte, 6)
			io.ReadFull(c, b)
			c.Write([]byte("354 go\r\n"))
			return c
		}
		c := at()
		end := bytes.Index(append([]byte("\r\n"), in...), []byte(endOfData))
		got, err := io.ReadAll(c)
		if err != nil && !errors.Is(err, ErrCommand) && c.DataError() == nil {
			t.Fatal(err)
		}
		if c.DataError() == nil && end >= 0 && !bytes.HasPrefix(got, in[:end+3]) {
			t.Fatalf("%q of %q", got, in)
		}
		var check lineCheck
		msg := in
		if end >= 0 {
			msg = in[:end+3]
		}
		n, bad := check.scan(msg)
		if bad != nil && n < MaxLine && c.DataError() != bad {
			t.Fatalf("%v, want %v: %q", c.DataError(), bad, msg)
		}
		if bad == nil && c.DataError() != nil {
			t.Fatalf("%v: %q", c.DataError(), msg)
		}
	})
}
