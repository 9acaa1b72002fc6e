package imap

import (
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// selectFolder is SELECT and EXAMINE (RFC 3501 §6.3.1, §6.3.2). A folder that
// was selected before is left, also where this fails.
func (x *session) selectFolder(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.Select)
	x.unselect()
	p, f, err := x.folder(a.Mailbox)
	if err != nil {
		return reply{}, err
	}
	sel := &selected{box: p.box, folder: f.ID, readOnly: a.ReadOnly, others: p.others}
	if f.Total >= manyMessages && !p.box.SnapshotReady(f.ID) {
		return x.selectMany(sel, f)
	}
	snap, err := p.box.Snapshot(x.ctx, f.ID)
	if err != nil {
		return reply{}, err
	}
	sel.snap = snap
	x.sel, x.state = sel, wire.Selected
	x.enc.Exists(uint32(snap.Len()))
	x.enc.Recent(0)
	x.flagsLine(snap.Keywords)
	if n := firstUnseen(snap, f.Unseen); n > 0 {
		x.enc.Respond("", wire.OK, wire.CodeUnseen(uint32(n)), "First unseen")
	}
	x.enc.Respond("", wire.OK, wire.CodeUIDValidity(snap.UIDValidity), "UIDs valid")
	x.enc.Respond("", wire.OK, wire.CodeUIDNext(uint32(snap.UIDNext)), "Next UID")
	return sel.opened(), nil
}

func (s *selected) opened() reply {
	if s.readOnly {
		return reply{code: wire.CodeReadOnly}
	}
	return reply{code: wire.CodeReadWrite}
}

// manyMessages are so many that reading them takes longer than a client should wait.
const manyMessages = 2000

// selectMany answers from the folder's counters; the messages are read behind
// the answer. What has come and gone in between is announced as ever. The first
// unseen message is not told, as it need not (RFC 3501 §6.3.1).
func (x *session) selectMany(sel *selected, f mailbox.Folder) (reply, error) {
	all, err := sel.box.Keywords(x.ctx)
	if err != nil {
		return reply{}, err
	}
	x.sel, x.state = sel, wire.Selected
	x.enc.Exists(uint32(f.Total))
	x.enc.Recent(0)
	x.flagsLine(all)
	x.enc.Respond("", wire.OK, wire.CodeUIDValidity(f.UIDValidity), "UIDs valid")
	x.enc.Respond("", wire.OK, wire.CodeUIDNext(uint32(f.UIDNext)), "Next UID")
	x.after = func() { x.loadSnapshot(sel, f) }
	return sel.opened(), nil
}

func (x *session) loadSnapshot(sel *selected, f mailbox.Folder) {
	x.mu.Lock()
	defer x.mu.Unlock()
	snap, err := sel.box.SnapshotAt(x.ctx, f)
	switch {
	case err != nil:
		if isOurs(err) && x.ctx.Err() == nil {
			x.log().Error("a folder cannot be read", "error", err)
		}
		x.depart(goodbye{"folder unread", wire.CodeUnavailable, "The folder cannot be read now"})
	case int64(snap.Len()) != f.Total:
		x.log().Error("a folder's count is wrong", "mailbox", int64(sel.box.ID()), "folder", int64(f.ID), "count", f.Total, "found", snap.Len())
		x.depart(goodbye{"folder changed", wire.CodeUnavailable, "The folder has changed; connect again"})
	default:
		sel.snap = snap
	}
}

func firstUnseen(snap *mailbox.Snapshot, count int64) (first int) {
	if count == 0 {
		return 0
	}
	snap.Each(1, snap.Len(), func(n int, e mailbox.Entry) bool {
		if e.Flags&mailbox.Seen == 0 {
			first = n
		}
		return first == 0
	})
	return first
}
