package imap

import (
	"time"

	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

var noEnd time.Time

// guard waits beside a signed-in session for what comes from elsewhere: the end
// of its proof at any time; in IDLE changes, and the end of rights.
func (x *session) guard(revoked <-chan struct{}) {
	var changed chan struct{}
	var recheck <-chan time.Time
	var tick *time.Ticker
	stop := func() {
		if tick != nil {
			tick.Stop()
		}
		changed, recheck, tick = nil, nil, nil
	}
	defer stop()
	done := make(chan struct{}, 1)
	for {
		select {
		case <-x.ctx.Done():
			return
		case <-revoked:
			x.end(goodbyeRevoked)
			return
		case w := <-x.watching:
			stop()
			if w != nil {
				changed = w.C
				tick = time.NewTicker(x.srv.cfg.RecheckEvery)
				if x.othersSelected() {
					recheck = tick.C
				} else {
					tick.Stop()
				}
			}
		case <-changed:
			x.srv.workers.do(x.push, done)
		case <-recheck:
			x.srv.workers.do(x.push, done)
		}
	}
}

func (x *session) othersSelected() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.sel != nil && x.sel.others
}

// push announces what has changed to a client in IDLE.
func (x *session) push() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.idling || x.sel == nil {
		return
	}
	if err := x.look(); err != nil {
		x.refused(&wire.Command{Name: "IDLE"}, err)
	}
	x.enc.Flush()
	if g := x.bye.Load(); g != nil {
		x.end(*g)
	}
}

// watch hands the guard what to wait on; nil is nothing. What it has not taken
// yet is replaced, for it may wait for this session's own lock.
func (x *session) watch(w *mailbox.Watch) {
	for {
		select {
		case x.watching <- w:
			return
		default:
		}
		select {
		case <-x.watching:
		default:
		}
	}
}
