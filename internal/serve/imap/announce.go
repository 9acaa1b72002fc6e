package imap

import (
	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// announce compares the folder with what the client was told and tells the
// rest: EXPUNGE (highest first), FETCH of flags, EXISTS. Where numbers must not
// move and some would, all waits for the next command that allows it. What the
// running command has answered itself is not told again.
func (x *session) announce(expunge bool) error {
	sel := x.sel
	own := sel.own
	sel.own = nil
	next, err := sel.box.Snapshot(x.ctx, sel.folder)
	switch {
	case errs.Is(err, errs.NotFound):
		x.depart(goodbye{"folder gone", wire.CodeNonExistent, "The folder is gone"})
		return nil // the command itself has not failed
	case err != nil:
		return err
	case next.UIDValidity != sel.snap.UIDValidity:
		x.depart(goodbye{"restored", wire.CodeUnavailable, "The folder was restored; connect again"})
		return nil
	}
	old := sel.snap
	if next == old {
		return nil
	}
	if !expunge && movesNumbers(next, old) {
		return nil
	}
	if len(next.Keywords) != len(own.keywords(old)) {
		x.flagsLine(next.Keywords)
	}
	left := old.Len()
	next.Diff(old, func(n int, _ mailbox.Entry) {
		x.enc.Expunge(uint32(n))
		left--
	}, func(n int, e mailbox.Entry, isNew bool) {
		if isNew {
			return
		}
		if m := old.Find(e.UID); own != nil && inSpans(own.spans, m) && own.known(old.At(m)) == e.Flags {
			return
		}
		x.writeFlags(n, e, next.Keywords, true)
	})
	if next.Len() != left {
		x.enc.Exists(uint32(next.Len()))
	}
	sel.snap = next
	return nil
}

func movesNumbers(next, old *mailbox.Snapshot) bool {
	if next.Len() < old.Len() {
		return true
	}
	moved := false
	next.Diff(old, func(int, mailbox.Entry) { moved = true }, func(int, mailbox.Entry, bool) {})
	return moved
}

// writeFlags is FETCH with the flags of a message.
func (x *session) writeFlags(n int, e mailbox.Entry, all mailbox.Keywords, uid bool) {
	x.enc.FetchStart(uint32(n))
	if uid {
		x.enc.FetchUID(uint32(e.UID))
	}
	x.enc.FetchFlags(systemFlags(e.Flags), x.sel.words.of(all, e.Flags))
	x.enc.FetchEnd()
}

// flagsLine tells the flags that the folder has.
func (x *session) flagsLine(all mailbox.Keywords) {
	x.enc.Flags(wire.AllSystemFlags, all)
	permanent := wire.CodePermanentFlags(wire.AllSystemFlags, all, !all.Full())
	if x.sel.readOnly {
		permanent = wire.CodePermanentFlags(0, nil, false)
	}
	x.enc.Respond("", wire.OK, permanent, "Flags that last")
}
