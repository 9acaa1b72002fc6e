package imap

import (
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// expunge is RFC 3501 §6.4.3.
func (x *session) expunge(*wire.Command) (reply, error) {
	if err := x.sel.writable(); err != nil {
		return reply{}, err
	}
	return reply{}, x.expungeIn(x.sel, nil)
}

// uidExpunge is UID EXPUNGE (RFC 4315 §2.1).
func (x *session) uidExpunge(c *wire.Command) (reply, error) {
	if err := x.sel.writable(); err != nil {
		return reply{}, err
	}
	spans, err := x.sel.resolve(c.Args.(*wire.UIDExpunge).Set, true)
	if err != nil || len(spans) == 0 {
		return reply{}, err
	}
	return reply{}, x.expungeIn(x.sel, x.sel.ranges(spans))
}

// expungeIn takes messages out that are flagged \Deleted now; nil is all. Only
// those are handed to the store, so that the many others cost nothing.
func (x *session) expungeIn(sel *selected, within []mailbox.Range) error {
	snap, err := sel.box.Snapshot(x.ctx, sel.folder)
	if err != nil {
		return err
	}
	if within == nil {
		within = snap.All()
	}
	var marked []mailbox.Range
	last := 0
	for _, r := range within {
		hi := snap.Len()
		if r.Last < 1<<32-1 {
			hi = snap.Find(r.Last+1) - 1
		}
		snap.Each(snap.Find(r.First), hi, func(n int, e mailbox.Entry) bool {
			if e.Flags&mailbox.Deleted != 0 {
				marked = appendUID(marked, e.UID, n == last+1)
				last = n
			}
			return true
		})
	}
	if len(marked) == 0 {
		return nil
	}
	return sel.box.Expunge(x.ctx, sel.folder, marked)
}

// appendUID adds a uid; follows says that no message lies between it and the last.
func appendUID(list []mailbox.Range, uid ids.UID, follows bool) []mailbox.Range {
	if follows && len(list) > 0 {
		list[len(list)-1].Last = uid
		return list
	}
	return append(list, mailbox.Range{First: uid, Last: uid})
}
