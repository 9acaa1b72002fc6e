package imap

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// errWoken ends a read because the server has something to say before it closes.
var errWoken = errors.New("imap: the session ends")

// errNotYet says that nothing has come. To crypto/tls it is as a deadline:
// reading may go on after it.
var errNotYet error = notYet{}

var noEnd time.Time

type notYet struct{}

func (notYet) Error() string   { return "imap: nothing has come yet" }
func (notYet) Timeout() bool   { return true }
func (notYet) Temporary() bool { return true }

// timedConn renews a deadline at each read and write, and can be woken from a
// read. Between commands wait reads in the place of TLS and decoder, so that the
// goroutine that waits needs next to no stack.
type timedConn struct {
	net.Conn
	write time.Duration
	held  *[]byte // where Write puts what it gets, if not nil: see ahead

	// of the one goroutine that reads
	ahead   [64]byte // read by wait: a short command whole
	from, n uint8    // what of it was not given out yet
	err     error    // of wait, for good
	now     bool     // Read does not wait: it ends with errNotYet

	mu      sync.Mutex
	read    time.Duration
	until   time.Time // ends reading whatever comes; zero: never
	waiting bool      // for a command
	stop    bool      // no more commands
	woken   bool
}

func (c *timedConn) Read(p []byte) (int, error) {
	switch {
	case c.isWoken():
		return 0, errWoken
	case c.from < c.n:
		n := copy(p, c.ahead[c.from:c.n])
		c.from += uint8(n)
		return n, nil
	case c.err != nil:
		return 0, c.err
	case c.now:
		return 0, errNotYet
	}
	c.arm()
	n, err := c.Conn.Read(p)
	if err != nil && c.isWoken() {
		err = errWoken
	}
	return n, err
}

// arm sets the deadline of the next read, or wait.
func (c *timedConn) arm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.woken {
		return
	}
	t := time.Now().Add(c.read)
	if !c.until.IsZero() && c.until.Before(t) {
		t = c.until
	}
	_ = c.Conn.SetReadDeadline(t)
}

// wait returns when there is something to read, were it an error. All that was
// read before must have been given out, and arm been called.
func (c *timedConn) wait() {
	n, err := c.Conn.Read(c.ahead[:])
	c.from, c.n, c.err = 0, uint8(n), err
}

// hasty reads TLS without waiting for the alert behind what has come.
type hasty struct{ r io.Reader }

func (h hasty) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	if n > 0 && errors.Is(err, errNotYet) {
		err = nil
	}
	return n, err
}

func (c *timedConn) isWoken() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.woken
}

func (c *timedConn) Write(p []byte) (int, error) {
	if c.held != nil {
		*c.held = append(*c.held, p...)
		return len(p), nil
	}
	_ = c.Conn.SetWriteDeadline(time.Now().Add(c.write))
	return c.Conn.Write(p)
}

// NetConn is the connection below, as tls.Conn has it.
func (c *timedConn) NetConn() net.Conn { return c.Conn }

func (c *timedConn) setRead(every time.Duration, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read, c.until = every, until
}

// await marks that the session waits for a command; a stop that came before wakes it.
func (c *timedConn) await(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = on
	if on && c.stop {
		c.wake()
	}
}

// interrupt wakes the reader: at once where now is set, else when it waits for
// the next command.
func (c *timedConn) interrupt(now bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stop = true
	if now || c.waiting {
		c.wake()
	}
}

func (c *timedConn) wake() {
	c.woken = true
	_ = c.Conn.SetReadDeadline(time.Unix(1, 0))
}
