package imap

import (
	"runtime"
	"sync"
	"time"
)

// pushes has sessions in IDLE look at what has changed, a few at a time: one
// change, or one poll of the store, may wake thousands. One that takes long, for
// its client takes nothing, gives its place to the next.
type pushes struct {
	workers *workers

	mu      sync.Mutex
	running int
	waiting []*session
}

const slowPush = 5 * time.Millisecond

var pushesAtOnce = 4 * runtime.NumCPU()

// add has a session push, and returns at once.
func (p *pushes) add(x *session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running >= pushesAtOnce {
		p.waiting = append(p.waiting, x)
		return
	}
	p.running++
	p.workers.start(func() { p.run(x) })
}

func (p *pushes) run(x *session) {
	for x != nil {
		late := time.AfterFunc(slowPush, p.overtake)
		x.push()
		if !late.Stop() {
			return
		}
		x = p.next()
	}
}

func (p *pushes) overtake() {
	if x := p.next(); x != nil {
		p.workers.start(func() { p.run(x) })
	}
}

// next is the session that takes over a place; nil gives it up.
func (p *pushes) next() *session {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) == 0 {
		p.running--
		p.waiting = nil
		return nil
	}
	x := p.waiting[0]
	p.waiting[0] = nil
	p.waiting = p.waiting[1:]
	return x
}
