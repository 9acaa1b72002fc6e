package imap

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// copy is COPY and UID COPY (RFC 3501 §6.4.7): all or none, though many go in
// slices. COPY by number of messages that others have expunged copies nothing
// (RFC 2180 §4.4.2); UIDs that are gone are passed over.
func (x *session) copy(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.Copy)
	sel := x.sel
	spans, err := sel.resolve(a.Set, a.UID)
	if err != nil || len(spans) == 0 {
		return reply{}, err
	}
	to, f, err := x.target(a.Mailbox)
	if err != nil {
		return reply{}, err
	}
	if !a.UID {
		if err := x.allThere(spans); err != nil {
			return reply{}, err
		}
	}
	moved, err := sel.box.Copy(x.ctx, sel.folder, sel.ranges(spans), to.box, f.ID)
	if err == nil && !a.UID && len(moved.To) < count(spans) { // one went since
		err = errGone
	}
	if err != nil {
		x.undoCopy(to.box, f.ID, moved.To)
		return reply{}, err
	}
	return reply{code: copyUID(moved)}, nil
}

var errGone = sayNO(wire.CodeExpungeIssued, "Some of the messages are gone")

// allThere refuses where a message of spans has been expunged.
func (x *session) allThere(spans []span) error {
	next, err := x.sel.box.Snapshot(x.ctx, x.sel.folder)
	if err != nil {
		return err
	}
	for _, p := range spans {
		first, last := x.sel.snap.At(p.lo), x.sel.snap.At(p.hi)
		if _, ok := found(next, last); !ok || next.Find(last.UID)-next.Find(first.UID) != p.hi-p.lo {
			return errGone
		}
	}
	return nil
}

func count(spans []span) (n int) {
	for _, p := range spans {
		n += p.hi - p.lo + 1
	}
	return n
}

// undoCopy takes the slices back that were copied before one failed; it has its
// own time, since the connection's may be over.
func (x *session) undoCopy(box *mailbox.Mailbox, folder ids.Folder, uids []ids.UID) {
	if len(uids) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(x.ctx), time.Minute)
	defer cancel()
	var list []mailbox.Range
	for i, u := range uids {
		list = appendUID(list, u, i > 0 && u == uids[i-1]+1)
	}
	if err := box.Delete(ctx, folder, list); err != nil {
		x.log().Error("copies of a COPY that failed stay", "error", err)
	}
}

// copyUID is the code of what was copied, or none.
func copyUID(m mailbox.Moved) wire.Code {
	if len(m.To) == 0 {
		return ""
	}
	return wire.CodeCopyUID(m.UIDValidity, setOf(m.From), setOf(m.To))
}

func setOf(uids []ids.UID) (s wire.NumSet) {
	for _, u := range uids {
		s.Add(uint32(u))
	}
	return s
}
