package netx

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestIsPublic(t *testing.T) {
	for addr, want := range map[string]bool{
		"8.8.8.8": true, "2a00:1450::1": true, "64:ff9b::808:808": true, "2002:808:808::1": true,
		"127.0.0.1": false, "::1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "fe80::1": false, "fd00::1": false, "0.0.0.0": false, "::": false,
		"::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "100.64.0.1": false,
		"224.0.0.1": false, "255.255.255.255": false, "::7f00:1": false, "fe80::1%lo": false,
	} {
		if got := IsPublic(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %v", addr, got)
		}
	}
}

func TestDialerGuards(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	ctx := context.Background()
	for _, host := range []string{"127.0.0.1", "localhost", "::ffff:127.0.0.1", "0.0.0.0"} {
		if c, err := (&Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(host, port)); err == nil {
			c.Close()
			t.Errorf("%s: connected", host)
		} else if host != "localhost" && !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", host, err)
		}
	}
	all := Dialer{Allow: prefixes("0.0.0.0/0", "::/0")}
	for _, host := range []string{"169.254.169.254", "100.100.100.200", "::ffff:100.100.100.200", "fd00:ec2::254"} {
		if _, err := all.DialContext(ctx, "tcp", net.JoinHostPort(host, "80")); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if err := all.check("100.100.100.201:636"); err != nil {
		t.Error(err)
	}
	d := Dialer{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	c, err := d.DialContext(ctx, "tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}

// scripted is a listener whose accept fails as told before it works.
type scripted struct {
	net.Listener
	mu   sync.Mutex
	errs []error
}

func (s *scripted) Accept() (net.Conn, error) {
	s.mu.Lock()
	if len(s.errs) > 0 {
		err := s.errs[0]
		s.errs = s.errs[1:]
		s.mu.Unlock()
		return nil, err
	}
	s.mu.Unlock()
	return s.Listener.Accept()
}

// TestAcceptGoesOn: row 17.
func TestAcceptGoesOn(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	emfile := &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	l := Limit(&scripted{Listener: inner, errs: []error{emfile, emfile, emfile}}, Limits{})
	go func() {
		if c, err := net.Dial("tcp", inner.Addr().String()); err == nil {
			io.Copy(io.Discard, c)
			c.Close()
		}
	}()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	l.Close()
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

func TestLimits(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := Limit(inner, Limits{PerAddress: 2, Refuse: func(c net.Conn) { io.WriteString(c, "later\r\n") }})
	defer l.Close()
	got := make(chan net.Conn, 8)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			got <- c
		}
	}()
	dial := func() net.Conn {
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	dial()
	first := <-got
	dial()
	<-got
	third := dial()
	third.SetDeadline(time.Now().Add(5 * time.Second))
	if b, err := io.ReadAll(third); err != nil || string(b) != "later\r\n" {
		t.Fatalf("%q %v", b, err)
	}
	first.Close()
	first.Close() // counts once
	dial()
	<-got
	if open, refused := l.Open(); open != 2 || refused != 1 {
		t.Errorf("open %d, refused %d", open, refused)
	}
}

func TestIdle(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	i := WithIdle(a, 20*time.Millisecond, 0)
	if _, err := i.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
	i.SetIdle(time.Hour, time.Hour)
	i.Until(time.Now().Add(20 * time.Millisecond))
	if _, err := i.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
}
