package imap

import (
	"errors"
	"net"
	"sync"
	"time"
)

// errWoken ends a read because the server has something to say before it closes.
var errWoken = errors.New("imap: the session ends")

// timedConn renews a deadline at each read and write, and can be woken from a read.
type timedConn struct {
	net.Conn
	write time.Duration

	mu      sync.Mutex
	read    time.Duration
	until   time.Time // ends reading whatever comes; zero: never
	waiting bool      // for a command
	stop    bool      // no more commands
	woken   bool
}

func (c *timedConn) Read(p []byte) (int, error) {
	c.mu.Lock()
	if c.woken {
		c.mu.Unlock()
		return 0, errWoken
	}
	t := time.Now().Add(c.read)
	if !c.until.IsZero() && c.until.Before(t) {
		t = c.until
	}
	c.Conn.SetReadDeadline(t)
	c.mu.Unlock()
	n, err := c.Conn.Read(p)
	if err != nil && c.isWoken() {
		err = errWoken
	}
	return n, err
}

func (c *timedConn) isWoken() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.woken
}

func (c *timedConn) Write(p []byte) (int, error) {
	c.Conn.SetWriteDeadline(time.Now().Add(c.write))
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
	c.Conn.SetReadDeadline(time.Unix(1, 0))
}
