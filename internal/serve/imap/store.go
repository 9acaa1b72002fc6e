package imap

import (
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// store is STORE and UID STORE (RFC 3501 §6.4.6). Of messages that others have
// expunged meanwhile nothing is answered (RFC 2180 §4.2.1).
func (x *session) store(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.Store)
	sel := x.sel
	if err := sel.writable(); err != nil {
		return reply{}, err
	}
	spans, err := sel.resolve(a.Set, a.UID)
	if err != nil || len(spans) == 0 {
		return reply{}, err
	}
	var on, off mailbox.Flags
	var wordsOn, wordsOff []string
	switch bits := mailbox.Flags(a.Flags.System) & systemBits; a.Mode {
	case wire.StoreAdd:
		on, wordsOn = bits, a.Flags.Keywords
	case wire.StoreRemove:
		off, wordsOff = bits, a.Flags.Keywords
	default:
		on, off, wordsOn = bits, ^mailbox.Flags(0), a.Flags.Keywords
	}
	if err := sel.box.SetFlags(x.ctx, sel.folder, sel.ranges(spans), on, off, wordsOn, wordsOff); err != nil {
		return reply{}, err
	}
	return x.stored(a, spans)
}

// stored answers the new flags, and keeps them from being announced again.
func (x *session) stored(a *wire.Store, spans []span) (reply, error) {
	sel := x.sel
	next, err := sel.box.Snapshot(x.ctx, sel.folder)
	if err != nil {
		return reply{}, err
	}
	own := &ownChange{spans: spans}
	switch bits := bitsOf(next.Keywords, a.Flags); a.Mode {
	case wire.StoreAdd:
		own.on = bits
	case wire.StoreRemove:
		own.off = bits
	default:
		own.on, own.off = bits, ^mailbox.Flags(0)
	}
	sel.own = own
	if !a.Silent {
		own.told = next
	}
	if !a.Silent && len(next.Keywords) != len(sel.snap.Keywords) {
		x.flagsLine(next.Keywords)
	}
	missing := 0
	for _, p := range spans {
		sel.snap.Each(p.lo, p.hi, func(n int, e mailbox.Entry) bool {
			now, ok := found(next, e)
			if !ok {
				missing++
			} else if !a.Silent {
				x.writeFlags(n, now, next.Keywords, a.UID)
			}
			return x.enc.Err() == nil
		})
	}
	if missing > 0 && !a.UID {
		return reply{code: wire.CodeExpungeIssued, text: "Some of the messages are gone"}, nil
	}
	return reply{}, nil
}

// found looks an announced message up in a newer snapshot.
func found(next *mailbox.Snapshot, e mailbox.Entry) (mailbox.Entry, bool) {
	n := next.Find(e.UID)
	if n > next.Len() {
		return e, false
	}
	now := next.At(n)
	return now, now.UID == e.UID
}
