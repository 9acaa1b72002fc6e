package smtp

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"postroom/internal/base/logging"
	"postroom/internal/base/netx"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailflow"
)

const (
	maxLine     = 2000  // of a command with its line end
	maxAuthLine = 12288 // RFC 4954 §4
	maxIdle     = 200   // commands in a row that bring no message further
)

// conn is one connection.
type conn struct {
	s      *Server
	raw    *netx.Idle
	net    net.Conn // raw, or TLS over it
	r      *bufio.Reader
	w      *bufio.Writer
	ctx    context.Context
	cancel context.CancelFunc
	log    *slog.Logger
	id     string
	remote netip.Addr

	mu      sync.Mutex
	waiting bool // for a command
	woken   bool // the connection is to end before the next command

	secure     bool
	serverName string
	helo       string // "" until EHLO or HELO
	extended   bool   // EHLO
	actor      auth.Actor
	view       *mailflow.View // of the signed-in user
	authTries  int
	refused    int
	idle       int
	quit       bool
	unread     bool // the client may have sent more than was read
	mail       transaction
}

var (
	readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 16<<10) }}
	writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 2<<10) }}
)

func newConn(s *Server, n net.Conn) *conn {
	c := &conn{s: s, raw: netx.WithIdle(n, s.Idle, time.Minute), id: logging.NewConnection(), remote: netx.Remote(n)}
	c.net = c.raw
	c.ctx, c.cancel = context.WithCancel(logging.WithConnection(s.ctx, c.id))
	c.log = s.Log
	return c
}

func (c *conn) serve() {
	c.r, c.w = readers.Get().(*bufio.Reader), writers.Get().(*bufio.Writer)
	c.r.Reset(c.net)
	c.w.Reset(c.net)
	defer func() {
		if p := recover(); p != nil {
			c.log.ErrorContext(c.ctx, "a connection ended by a fault of the program", "panic", p, "stack", string(debug.Stack()))
			c.reply(421, "4.3.0", "Internal error, closing the connection")
			c.w.Flush()
		}
		c.close()
	}()
	if c.s.Port == Submissions && !c.handshake() {
		return
	}
	c.log.DebugContext(c.ctx, "connected", "port", c.s.Port.String(), "remote", c.remote.String())
	c.reply(220, "", c.s.Host+" ESMTP Postroom")
	for !c.quit {
		line, err := c.readLine(maxLine)
		if err != nil {
			c.endOf(err)
			return
		}
		c.command(line)
		if !c.quit && c.refused > c.s.MaxErrors {
			c.bye("4.7.0", "Too many errors, closing the connection")
		}
		if !c.quit && c.idle > maxIdle {
			c.bye("4.7.0", "Too many commands without a message, closing the connection")
		}
	}
	c.w.Flush()
}

func (c *conn) close() {
	c.cancel()
	c.reset()
	c.actor.Release()
	c.linger()
	c.net.Close()
	c.r.Reset(nil)
	c.w.Reset(nil)
	readers.Put(c.r)
	writers.Put(c.w)
}

// linger lets a last reply arrive: a close with bytes unread would make the
// other side's system throw the reply away. It is short in bytes and time.
func (c *conn) linger() {
	if !c.unread {
		return
	}
	for n := c.net; n != nil; {
		if half, ok := n.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
			break
		}
		below, ok := n.(interface{ NetConn() net.Conn })
		if !ok {
			return
		}
		n = below.NetConn()
	}
	c.raw.Until(time.Now().Add(time.Second))
	io.CopyN(io.Discard, c.raw, 256<<10)
}

// wake makes a connection that waits for a command look up: the server stops,
// or the user is signed out. A message that is coming in is not disturbed.
func (c *conn) wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.woken = true
	if c.waiting {
		c.raw.Until(time.Unix(1, 0))
		_ = c.raw.SetReadDeadline(time.Unix(1, 0))
	}
}

// wait marks that the connection waits for a command, or no longer does, and
// tells whether it is to end: then a command that came is not run.
func (c *conn) wait(on bool) (woken bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = on
	return c.woken || c.actor.Revoked()
}

var (
	errLineTooLong = errors.New("line too long")
	errLineEnd     = errors.New("a line must end in CRLF and have no other CR or LF and no NUL")
	errWoken       = errors.New("woken")
)

// readLine reads a line of at most max bytes and answers it without its CRLF.
// It is valid until the next read.
func (c *conn) readLine(max int) ([]byte, error) {
	if c.r.Buffered() == 0 {
		if err := c.w.Flush(); err != nil {
			return nil, err
		}
	}
	var line []byte
	var err error
	if !c.wait(true) {
		line, err = c.peekLine(max)
	}
	if c.wait(false) {
		return nil, errWoken
	}
	if err != nil {
		return nil, err
	}
	line, ok := bytes.CutSuffix(line, []byte("\r\n"))
	if !ok || bytes.ContainsAny(line, "\r\x00") {
		return nil, errLineEnd
	}
	return line, nil
}

// peekLine reads until there is a whole line.
func (c *conn) peekLine(max int) ([]byte, error) {
	for {
		buf, _ := c.r.Peek(c.r.Buffered())
		i := bytes.IndexByte(buf, '\n')
		if i >= max || i < 0 && len(buf) >= max {
			return nil, errLineTooLong
		}
		if i >= 0 {
			c.r.Discard(i + 1)
			return buf[:i+1], nil
		}
		if _, err := c.r.Peek(len(buf) + 1); err != nil {
			return nil, err
		}
	}
}

// endOf says why a connection ends, where there is somebody to hear it.
func (c *conn) endOf(err error) {
	c.raw.Until(time.Now().Add(5 * time.Second))
	c.raw.SetIdle(c.s.Idle, 5*time.Second)
	switch {
	case errors.Is(err, errWoken) && c.s.stopped.Load():
		c.bye("4.3.2", "The server is stopping, try again later")
	case errors.Is(err, errWoken):
		c.bye("4.7.0", "The sign-in has ended, closing the connection")
	case errors.Is(err, errLineTooLong):
		c.reply(500, "5.5.2", "The line is too long, closing the connection")
	case errors.Is(err, errLineEnd):
		c.reply(500, "5.5.2", "A line must end in CRLF, closing the connection")
	case errors.Is(err, errEndless):
		c.reply(552, "5.3.4", "The message is far beyond the limit, closing the connection")
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.bye("4.4.2", "Nothing came for too long, closing the connection")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
	default:
		c.log.DebugContext(c.ctx, "connection lost", "error", err)
	}
	c.unread = errors.Is(err, errLineTooLong) || errors.Is(err, errLineEnd) || errors.Is(err, errEndless)
	c.w.Flush()
}

func (c *conn) bye(enh, text string) {
	c.reply(421, enh, c.s.Host+" "+text)
	c.quit, c.unread = true, true
}

// reply writes one line; replies leave together when nothing more is to read.
func (c *conn) reply(code int, enh, text string) {
	b := strconv.AppendInt(c.w.AvailableBuffer(), int64(code), 10)
	b = append(b, ' ')
	if enh != "" {
		b = append(append(b, enh...), ' ')
	}
	b = append(append(b, text...), "\r\n"...)
	_, _ = c.w.Write(b) // Flush, or the next read, tells that the peer is gone
}

// refuse is a reply that counts as an error of the client.
func (c *conn) refuse(command string, a answer) {
	c.refused++
	c.s.refusals.Inc(c.s.Port.String(), command, strconv.Itoa(a.code))
	c.reply(a.code, a.enh, a.text)
}

// out is the answer to a command that does not come in its place.
func out(text string) answer { return answer{503, "5.5.1", text} }

// handshake makes the connection a TLS one. Nothing read before is used after.
func (c *conn) handshake() bool {
	t := tls.Server(c.raw, c.s.TLS)
	ctx, cancel := context.WithTimeout(c.ctx, time.Minute)
	defer cancel()
	if err := t.HandshakeContext(ctx); err != nil {
		c.log.DebugContext(c.ctx, "TLS handshake failed", "remote", c.remote.String(), "error", err)
		return false
	}
	c.net, c.secure, c.serverName = t, true, t.ConnectionState().ServerName
	c.r.Reset(t)
	c.w.Reset(t)
	return true
}

// command runs one line.
func (c *conn) command(line []byte) {
	verb, rest, _ := strings.Cut(string(line), " ")
	verb = strings.ToUpper(verb)
	if !c.inTurn(verb) {
		c.quit, c.unread = true, true
		c.reply(554, "5.5.0", "You sent more before the reply to "+verb+", closing the connection")
		return
	}
	c.idle++
	switch verb {
	case "EHLO", "HELO":
		c.hello(verb, rest)
	case "MAIL":
		c.doMail(rest)
	case "RCPT":
		c.doRcpt(rest)
	case "DATA":
		c.doData(rest)
	case "BDAT":
		c.doBdat(rest)
	case "RSET":
		c.reset()
		c.reply(250, "2.0.0", "Reset")
	case "NOOP":
		c.reply(250, "2.0.0", "OK")
	case "QUIT":
		c.reply(221, "2.0.0", c.s.Host+" Bye")
		c.quit = true
	case "STARTTLS":
		c.startTLS(rest)
	case "AUTH":
		c.doAuth(rest)
	case "VRFY":
		c.reply(252, "2.5.0", "Send a message and it will be tried")
	case "HELP":
		c.reply(214, "2.0.0", "RFC 5321")
	case "EXPN", "ETRN", "TURN", "ATRN", "SEND", "SOML", "SAML", "LHLO":
		c.refuse("other", answer{502, "5.5.1", "The command is not available"})
	default:
		c.refuse("other", answer{500, "5.5.2", "The command is not known"})
	}
}

// inTurn: behind these commands a client waits for the reply (RFC 2920 §3.1).
// One that does not may be another's bytes (RFC 3207 §6, reliability rows 53, 54).
func (c *conn) inTurn(verb string) bool {
	switch verb {
	case "EHLO", "HELO", "DATA", "STARTTLS":
		return c.r.Buffered() == 0
	}
	return true
}
