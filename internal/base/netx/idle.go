package netx

import (
	"net"
	"sync/atomic"
	"time"
)

// Idle is a connection whose reads and writes each have a deadline, renewed at
// every call, and that may have an end for all of them together: a peer that
// sends a byte now and then does not hold it for ever.
type Idle struct {
	net.Conn
	read, write atomic.Int64 // durations
	end         atomic.Int64 // unix nanoseconds; 0: none
}

// WithIdle gives a connection deadlines. Zero is no deadline.
func WithIdle(c net.Conn, read, write time.Duration) *Idle {
	i := &Idle{Conn: c}
	i.SetIdle(read, write)
	return i
}

// SetIdle changes the deadlines, for calls that begin from now on.
func (i *Idle) SetIdle(read, write time.Duration) {
	i.read.Store(int64(read))
	i.write.Store(int64(write))
}

// Until ends reading and writing at t; the zero time takes the end away.
func (i *Idle) Until(t time.Time) {
	if t.IsZero() {
		i.end.Store(0)
		return
	}
	i.end.Store(t.UnixNano())
}

func (i *Idle) deadline(d int64) time.Time {
	var t time.Time
	if d > 0 {
		t = time.Now().Add(time.Duration(d))
	}
	if end := i.end.Load(); end != 0 && (t.IsZero() || end < t.UnixNano()) {
		t = time.Unix(0, end)
	}
	return t
}

func (i *Idle) Read(p []byte) (int, error) {
	if err := i.Conn.SetReadDeadline(i.deadline(i.read.Load())); err != nil {
		return 0, err
	}
	return i.Conn.Read(p)
}

func (i *Idle) Write(p []byte) (int, error) {
	if err := i.Conn.SetWriteDeadline(i.deadline(i.write.Load())); err != nil {
		return 0, err
	}
	return i.Conn.Write(p)
}

// NetConn is the connection below.
func (i *Idle) NetConn() net.Conn { return i.Conn }
