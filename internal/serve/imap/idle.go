package imap

import (
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// idle is RFC 2177. The worker goes back to the pool; only the reading
// goroutine and the guard wait.
func (x *session) idle(c *wire.Command) (reply, error) {
	var w *mailbox.Watch
	if x.sel != nil {
		w = x.sel.box.Watch() // before looking, so that nothing falls between
		if err := x.look(); err != nil {
			w.Close()
			return reply{}, err
		}
		if g := x.bye.Load(); g != nil { // there is nothing to wait for
			w.Close()
			return reply{}, sayNO(g.code, g.text)
		}
		x.watch(w)
	}
	x.enc.Continue("idling")
	x.idling = true
	x.after = func() error { return x.awaitDone(c, w) }
	return reply{later: true}, nil
}

// look announces all, where the mailbox may still be looked at.
func (x *session) look() error {
	if err := x.recheck(); err != nil {
		return err
	}
	return x.announce(true)
}

// awaitDone ends IDLE when the client says so.
func (x *session) awaitDone(c *wire.Command, w *mailbox.Watch) error {
	x.raw.await(true)
	err := wire.ReadDone(x.dec)
	x.raw.await(false)
	x.srv.workers.do(func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.idling = false
		if w != nil {
			x.watch(nil)
			w.Close()
		}
		if err != nil {
			return
		}
		var failed error
		if x.sel != nil {
			failed = x.look()
		}
		x.answer(c, reply{}, failed)
		x.enc.Flush()
	}, x.done)
	return err
}
