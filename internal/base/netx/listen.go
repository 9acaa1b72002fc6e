package netx

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// Limits bound a listener. Zero is no limit.
type Limits struct {
	Total      int // connections at once
	PerAddress int // of one Network
	// Refuse, where set, says goodbye to a connection over a limit in the
	// protocol's own words. It has one second; the connection is closed after it.
	Refuse func(c net.Conn)
	Log    *slog.Logger
}

// Listener hands out connections within its limits, and goes on after faults
// that pass, such as too many open files.
type Listener struct {
	net.Listener
	limits   Limits
	log      *slog.Logger
	done     chan struct{}
	once     sync.Once
	refusals chan struct{} // bounds goodbyes that run at once

	mu      sync.Mutex
	total   int
	perNet  map[netip.Prefix]int
	refused int64
}

// Limit bounds a listener.
func Limit(inner net.Listener, limits Limits) *Listener {
	log := limits.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Listener{
		Listener: inner, limits: limits, log: log.With("listener", inner.Addr().String()), done: make(chan struct{}),
		refusals: make(chan struct{}, 64), perNet: map[netip.Prefix]int{},
	}
}

// Accept returns the next connection within the limits. It ends with
// net.ErrClosed after Close, and with other errors only where the listener is
// beyond repair.
func (l *Listener) Accept() (net.Conn, error) {
	var pause time.Duration
	for {
		c, err := l.Listener.Accept()
		switch {
		case err == nil:
			if pause > 0 {
				l.log.Info("accepting again")
			}
			pause = 0
			if kept, ok := l.take(c); ok {
				return kept, nil
			}
		case passes(err):
			if pause == 0 {
				l.log.Error("cannot accept connections for now", "error", err)
				pause = 5 * time.Millisecond
			}
			select {
			case <-time.After(pause):
			case <-l.done:
				return nil, net.ErrClosed
			}
			pause = min(2*pause, time.Second)
		default:
			return nil, err
		}
	}
}

// passes tells whether accept(2) may succeed later.
func passes(err error) bool {
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED, syscall.EINTR, syscall.EPROTO} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func (l *Listener) take(c net.Conn) (net.Conn, bool) {
	network := Network(Remote(c))
	l.mu.Lock()
	full := l.limits.Total > 0 && l.total >= l.limits.Total
	many := l.limits.PerAddress > 0 && network.IsValid() && l.perNet[network] >= l.limits.PerAddress
	if full || many {
		l.refused++
		l.mu.Unlock()
		l.log.Debug("connection over the limit", "remote", network.String(), "total", full)
		l.refuse(c)
		return nil, false
	}
	l.total++
	l.perNet[network]++
	l.mu.Unlock()
	return &counted{Conn: c, gone: func() { l.release(network) }}, true
}

func (l *Listener) release(network netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total--
	if l.perNet[network]--; l.perNet[network] <= 0 {
		delete(l.perNet, network)
	}
}

func (l *Listener) refuse(c net.Conn) {
	if l.limits.Refuse == nil {
		c.Close()
		return
	}
	select {
	case l.refusals <- struct{}{}:
		go func() {
			defer func() { c.Close(); <-l.refusals }()
			c.SetDeadline(time.Now().Add(time.Second))
			l.limits.Refuse(c)
		}()
	default: // more goodbyes than we care to say
		c.Close()
	}
}

// Open is the number of connections now, and Refused of those turned away.
func (l *Listener) Open() (open int, refused int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total, l.refused
}

// Close ends Accept. Connections go on.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.done) })
	return l.Listener.Close()
}

type counted struct {
	net.Conn
	once sync.Once
	gone func()
}

func (c *counted) Close() error {
	err := c.Conn.Close()
	c.once.Do(c.gone)
	return err
}

// NetConn is the connection below, as tls.Conn has it.
func (c *counted) NetConn() net.Conn { return c.Conn }
