package imap

import (
	"time"

	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// idling is what a session in IDLE waits with.
type idling struct {
	command wire.Command
	watch   *mailbox.Watch // nil where no folder is selected
	recheck *time.Timer    // of another's mailbox
}

// idle is RFC 2177. The worker goes back to the pool; changes poke, and the
// client's DONE is read by the next.
func (x *session) idle(c *wire.Command) (reply, error) {
	i := &idling{command: *c}
	if x.sel != nil {
		i.watch = x.sel.box.WatchFunc(x.poke) // before looking, so that nothing falls between
		if err := x.look(); err != nil {
			i.watch.Close()
			return reply{}, err
		}
		if g := x.bye.Load(); g != nil { // there is nothing to wait for
			i.watch.Close()
			return reply{}, sayNO(g.code, g.text)
		}
		if x.sel.others {
			i.recheck = time.AfterFunc(x.srv.cfg.RecheckEvery, x.poke)
		}
	}
	x.enc.Continue("idling")
	x.idling = i
	return reply{later: true}, nil
}

// look announces all, where the mailbox may still be looked at.
func (x *session) look() error {
	if err := x.recheck(); err != nil {
		return err
	}
	return x.announce(true)
}

// poke asks for a push. One that has not begun yet will see all that there is.
func (x *session) poke() {
	if x.poked.CompareAndSwap(false, true) {
		x.srv.pushes.add(x)
	}
}

// push announces what has changed to a client in IDLE.
func (x *session) push() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.poked.Store(false)
	if x.idling == nil || x.sel == nil {
		return
	}
	if err := x.look(); err != nil {
		x.refused(&wire.Command{Name: "IDLE"}, err)
	}
	x.enc.Flush()
	if g := x.bye.Load(); g != nil {
		x.end(*g)
	}
	if x.idling.recheck != nil {
		x.idling.recheck.Reset(x.srv.cfg.RecheckEvery)
	}
}

// readDone ends IDLE when the client says so.
func (x *session) readDone() {
	c := &x.idling.command
	err := wire.ReadDone(x.dec)
	x.raw.await(false)
	x.leaveIdle()
	if err != nil {
		x.complain(*c, err)
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	var failed error
	if x.sel != nil {
		failed = x.look()
	}
	x.answer(c, reply{}, failed)
	x.enc.Flush()
}

// leaveIdle ends the waiting for changes; nothing is pushed after it.
func (x *session) leaveIdle() {
	x.mu.Lock()
	defer x.mu.Unlock()
	i := x.idling
	if i == nil {
		return
	}
	x.idling = nil
	if i.watch != nil {
		i.watch.Close()
	}
	if i.recheck != nil {
		i.recheck.Stop()
	}
}
