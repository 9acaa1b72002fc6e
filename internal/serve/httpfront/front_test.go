package httpfront

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// start serves on a free port; the server ends with the test.
func start(t *testing.T, s *Server, withTLS bool) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serve := s.Serve
	if withTLS {
		serve = s.ServeTLS
	}
	done := make(chan error, 1)
	go func() { done <- serve(l) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return l.Addr().String()
}

func TestWelcomeAndHeaders(t *testing.T) {
	s := New(Config{HSTS: time.Hour})
	s.Handle("/app/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
	}))
	addr := start(t, s, false)
	r, err := http.Get("http://" + addr + "/")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(r.Body)
	r.Body.Close()
	if r.StatusCode != http.StatusOK || !strings.Contains(string(body), "Postroom") {
		t.Errorf("%d %s", r.StatusCode, body)
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
		"Content-Security-Policy": nothing[0], "Strict-Transport-Security": "", // not without TLS
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	r, err = http.Get("http://" + addr + "/app/x")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if got := r.Header["Content-Security-Policy"]; len(got) != 1 || got[0] != "default-src 'self'" {
		t.Errorf("an app's own policy: %q", got)
	}
	if r, err = http.Get("http://" + addr + "/nothing"); err != nil || r.StatusCode != http.StatusNotFound {
		t.Errorf("%v %v", r, err)
	}
}

func TestTLSAndHTTP2(t *testing.T) {
	pair := httptest.NewUnstartedServer(nil)
	pair.StartTLS()
	defer pair.Close()
	client := pair.Client()
	client.Transport.(*http.Transport).ForceAttemptHTTP2 = true
	for name, besidePlain := range map[string]bool{"alone": false, "beside plain HTTP": true} {
		t.Run(name, func(t *testing.T) {
			s := New(Config{TLS: &tls.Config{Certificates: pair.TLS.Certificates}, HSTS: time.Hour})
			if besidePlain { // which serves before TLS does
				r, err := http.Get("http://" + start(t, s, false) + "/")
				if err != nil {
					t.Fatal(err)
				}
				r.Body.Close()
			}
			r, err := client.Get("https://" + start(t, s, true) + "/")
			if err != nil {
				t.Fatal(err)
			}
			r.Body.Close()
			if r.ProtoMajor != 2 || r.Header.Get("Strict-Transport-Security") != "max-age=3600" {
				t.Errorf("%s %v", r.Proto, r.Header)
			}
		})
	}
}

func TestLongHeaders(t *testing.T) {
	addr := start(t, New(Config{}), false)
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("a", 64<<10))
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || r.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("%v %v", r, err)
	}
}

func TestConnectionLimit(t *testing.T) {
	s := New(Config{Total: 2})
	addr := start(t, s, false)
	var open []net.Conn
	for range 2 {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(10 * time.Second))
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		if _, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
	}
	third, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer third.Close()
	third.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(third, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if r, err := http.ReadResponse(bufio.NewReader(third), nil); err == nil {
		t.Errorf("a third connection was served: %v", r.Status)
	}
	if n := s.Open(); n != len(open) {
		t.Errorf("%d open", n)
	}
}

// TestShutdown: what runs is answered, then Serve ends.
func TestShutdown(t *testing.T) {
	s := New(Config{})
	in, out := make(chan struct{}), make(chan struct{})
	s.Handle("GET /slow", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(in)
		<-out
		io.WriteString(w, "done")
	}))
	addr := start(t, s, false)
	answer := make(chan string, 1)
	go func() {
		r, err := http.Get("http://" + addr + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer r.Body.Close()
		b, _ := io.ReadAll(r.Body)
		answer <- string(b)
	}()
	<-in
	ended := make(chan error, 1)
	go func() { ended <- s.Shutdown(context.Background()) }()
	close(out)
	if got := <-answer; got != "done" {
		t.Error(got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
