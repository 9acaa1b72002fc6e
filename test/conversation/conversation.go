// Package conversation plays a dialogue of a line protocol from a text file, so
// that a new case is a new file. It knows no protocol: what a port is, how TLS
// is trusted and what else may be asked for is the World's business.
//
// A file has one step a line; "#" begins a comment.
//
//	open NAME      a new connection to the port NAME; the steps below use it
//	C: TEXT        send TEXT and CRLF
//	C> "TEXT"      send a Go string as it is
//	C* N "TEXT"    send a Go string N times
//	S: PATTERN     the next line is PATTERN, in which "..." stands for anything
//	S+ PATTERN     lines are read up to the one that is PATTERN
//	tls [NAME]     TLS begins now, asked for under NAME
//	closed         the other side closes; lines before that are passed over
//	WORD ARG …     any other step is the World's
package conversation

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// World is what a dialogue takes place in.
type World interface {
	// Dial connects to a port by its name.
	Dial(t testing.TB, port string) net.Conn
	// TLS is the client's configuration.
	TLS() *tls.Config
	// Do runs a step of its own, on the open connection if it needs one; an
	// error is what is wrong.
	Do(t testing.TB, c *Client, step string) error
}

// Client is the open connection.
type Client struct {
	net.Conn
	R *bufio.Reader
}

// Limit is how long one step may take.
const Limit = 20 * time.Second

// Run plays a file.
func Run(t testing.TB, w World, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var c *Client
	defer func() {
		if c != nil {
			c.Close()
		}
	}()
	for i, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimRight(line, " \r"); line == "" || line[0] == '#' {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		if word == "open" {
			if c != nil {
				c.Close()
			}
			n := w.Dial(t, rest)
			c = &Client{n, bufio.NewReader(n)}
			continue
		}
		if c != nil {
			c.SetDeadline(time.Now().Add(Limit))
		}
		if err := step(t, w, c, word, rest, line); err != nil {
			t.Fatalf("%s:%d: %s: %v", file, i+1, line, err)
		}
	}
}

func step(t testing.TB, w World, c *Client, word, rest, line string) error {
	switch word {
	case "C:":
		_, err := io.WriteString(c, rest+"\r\n")
		return err
	case "C>", "C*":
		n := 1
		if word == "C*" {
			count, text, _ := strings.Cut(rest, " ")
			var err error
			if n, err = strconv.Atoi(count); err != nil {
				return err
			}
			rest = text
		}
		text, err := strconv.Unquote(rest)
		if err != nil {
			return fmt.Errorf("not a Go string: %w", err)
		}
		_, err = io.WriteString(c, strings.Repeat(text, n))
		return err
	case "S:", "S+":
		return c.expect(rest, word == "S+")
	case "tls":
		cfg := w.TLS().Clone()
		if rest != "" {
			cfg.ServerName = rest
		}
		s := tls.Client(c.Conn, cfg)
		if err := s.Handshake(); err != nil {
			return err
		}
		c.Conn, c.R = s, bufio.NewReader(s)
		return nil
	case "closed":
		if _, err := io.Copy(io.Discard, c.R); err != nil && !strings.Contains(err.Error(), "reset") {
			return err
		}
		return nil
	}
	return w.Do(t, c, line)
}

func (c *Client) expect(pattern string, skip bool) error {
	var seen []string
	for {
		got, err := c.R.ReadString('\n')
		if err != nil {
			return fmt.Errorf("%w after %q", err, append(seen, got))
		}
		line, ok := strings.CutSuffix(got, "\r\n")
		if !ok {
			return fmt.Errorf("a line without CRLF: %q", got)
		}
		if Match(pattern, line) {
			return nil
		}
		if seen = append(seen, line); !skip {
			return fmt.Errorf("got %q", line)
		}
	}
}

// Match tells whether a line is the pattern, in which "..." stands for anything.
func Match(pattern, line string) bool {
	parts := strings.Split(pattern, "...")
	if len(parts) == 1 {
		return line == pattern
	}
	line, ok := strings.CutPrefix(line, parts[0])
	last := parts[len(parts)-1]
	if !ok || !strings.HasSuffix(line, last) {
		return false
	}
	line = line[:len(line)-len(last)]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(line, p)
		if i < 0 {
			return false
		}
		line = line[i+len(p):]
	}
	return true
}
