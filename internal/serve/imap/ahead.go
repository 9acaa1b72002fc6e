package imap

import (
	"io"
	"sync"
)

// ahead writes to a connection on a goroutine of its own: the next messages are
// read while those before are encrypted and sent. TLS writes each record of 16
// KiB by itself; what comes together goes out as one. With the contents that wait
// it holds some 550 KiB.
type ahead struct {
	to   io.Writer  // raw, or TLS over it
	raw  *timedConn // holds what is written
	full chan *[]byte
	free chan *[]byte
	done chan struct{}
	lent *[]byte // to the encoder

	mu  sync.Mutex
	err error // the first of to
}

const (
	aheadFrom    = 32 // messages; fewer are not worth a goroutine
	aheadBuffers = 3  // one is filled, one written
	aheadBuffer  = 64<<10 + 4096
)

// aheadSlots bounds what all sessions hold so: clients that take nothing keep
// theirs until their time is over, and others then do without.
var aheadSlots = make(chan struct{}, 64)

func takeAhead() bool {
	select {
	case aheadSlots <- struct{}{}:
		return true
	default:
		return false
	}
}

func dropAhead() { <-aheadSlots }

var (
	aheads = sync.Pool{New: func() any { b := make([]byte, 0, aheadBuffer); return &b }}
	helds  = sync.Pool{New: func() any { b := make([]byte, 0, aheadBuffer+1024); return &b }}
)

// writeAhead runs f while what it writes goes out on a goroutine of its own.
func (x *session) writeAhead(f func() error) (err error) {
	if err := x.enc.Flush(); err != nil {
		return err
	}
	a := &ahead{to: x.conn, raw: x.raw, full: make(chan *[]byte, aheadBuffers), free: make(chan *[]byte, aheadBuffers), done: make(chan struct{})}
	for range aheadBuffers {
		a.free <- aheads.Get().(*[]byte)
	}
	x.enc.Reset(a)
	go a.run()
	defer func() {
		x.enc.Flush()
		e := a.end()
		x.enc.Reset(x.conn)
		if err == nil {
			err = e
		}
	}()
	return f()
}

func (a *ahead) run() {
	defer close(a.done)
	held := helds.Get().(*[]byte)
	for b := range a.full {
		if a.failed() == nil {
			a.raw.held = held
			_, err := a.to.Write(*b)
			a.raw.held = nil
			if err == nil {
				_, err = a.raw.Write(*held)
			}
			*held = (*held)[:0]
			if err != nil {
				a.mu.Lock()
				a.err = err
				a.mu.Unlock()
			}
		}
		a.free <- b
	}
	if cap(*held) <= 2*aheadBuffer {
		helds.Put(held)
	}
}

func (a *ahead) failed() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}

// Write implements io.Writer, for what is too long for a buffer.
func (a *ahead) Write(p []byte) (int, error) {
	b := <-a.free
	*b = append((*b)[:0], p...)
	a.full <- b
	return len(p), a.failed()
}

// Swap implements wire.Swapper.
func (a *ahead) Swap(full []byte) ([]byte, error) {
	if a.lent != nil {
		*a.lent = full
		a.full <- a.lent
	}
	a.lent = <-a.free
	return (*a.lent)[:0], a.failed()
}

// Return implements wire.Swapper.
func (a *ahead) Return(empty []byte) {
	*a.lent = empty
	a.free <- a.lent
	a.lent = nil
}

// end waits until all is written.
func (a *ahead) end() error {
	close(a.full)
	<-a.done
	for range aheadBuffers {
		if b := <-a.free; cap(*b) == aheadBuffer {
			*b = (*b)[:0]
			aheads.Put(b)
		}
	}
	return a.failed()
}
