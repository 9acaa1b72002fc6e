package imap

import (
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// selected is the folder of a session in the selected state.
type selected struct {
	box      *mailbox.Mailbox
	folder   ids.Folder
	readOnly bool
	others   bool // another's mailbox: rights may end
	snap     *mailbox.Snapshot
	own      *ownChange
	words    words
}

// ownChange is what the running command did to flags and has answered itself.
type ownChange struct {
	spans   []span // sequence numbers of snap
	on, off mailbox.Flags
	told    *mailbox.Snapshot // whose flags were answered; nil is those of snap, changed
}

// known is what the client takes for the flags of an announced message of spans.
func (o *ownChange) known(old mailbox.Entry) mailbox.Flags {
	if o.told == nil {
		return old.Flags&^o.off | o.on
	}
	now, _ := found(o.told, old)
	return now.Flags
}

// keywords are those that the client knows of; o may be nil.
func (o *ownChange) keywords(old *mailbox.Snapshot) mailbox.Keywords {
	if o == nil || o.told == nil {
		return old.Keywords
	}
	return o.told.Keywords
}

// span is sequence numbers lo to hi, both in it.
type span struct{ lo, hi int }

func inSpans(spans []span, n int) bool {
	i, j := 0, len(spans)
	for i < j {
		m := (i + j) / 2
		if spans[m].hi < n {
			i = m + 1
		} else {
			j = m
		}
	}
	return i < len(spans) && spans[i].lo <= n
}

// resolve turns a set into sequence numbers of the announced messages, ascending
// and apart. Unknown UIDs are passed over; a sequence number beyond the last
// message is BAD (RFC 3501 §9, seq-number).
func (s *selected) resolve(set wire.NumSet, uid bool) ([]span, error) {
	if set.Saved {
		return nil, sayBAD("", "$ is not served here")
	}
	n := s.snap.Len()
	if !uid {
		for _, r := range set.Ranges {
			if r.Last != 0 && int64(r.Last) > int64(n) {
				return nil, sayBAD("", "There is no message of this sequence number")
			}
		}
		return clip(set.Resolve(uint32(n)), n), nil
	}
	top := uint32(0)
	if n > 0 {
		top = uint32(s.snap.At(n).UID)
	}
	ranges := set.Resolve(top)
	spans := make([]span, 0, len(ranges))
	for _, r := range ranges {
		p := span{s.snap.Find(ids.UID(r.First)), n}
		if r.Last < 1<<32-1 {
			p.hi = s.snap.Find(ids.UID(r.Last)+1) - 1
		}
		if p.lo <= p.hi {
			spans = append(spans, p)
		}
	}
	return spans, nil
}

func clip(ranges []wire.Range, n int) []span {
	spans := make([]span, 0, len(ranges))
	for _, r := range ranges {
		if p := (span{int(r.First), int(min(int64(r.Last), int64(n)))}); p.lo <= p.hi {
			spans = append(spans, p)
		}
	}
	return spans
}

// ranges are the uids of spans: no other message lies between them.
func (s *selected) ranges(spans []span) []mailbox.Range {
	out := make([]mailbox.Range, len(spans))
	for i, p := range spans {
		out[i] = mailbox.Range{First: s.snap.At(p.lo).UID, Last: s.snap.At(p.hi).UID}
	}
	return out
}

// unselect leaves the selected state.
func (x *session) unselect() {
	if x.sel != nil {
		x.sel, x.state = nil, wire.Authenticated
	}
}

// writable refuses to change a folder that was opened by EXAMINE.
func (s *selected) writable() error {
	if s.readOnly {
		return sayNO(wire.CodeReadOnly, "The folder is open for reading only")
	}
	return nil
}

// recheck looks whether another's mailbox may still be open. It comes before all
// that reads or changes the mailbox, so that nothing is served once the end of
// a right has been answered to who ended it.
func (x *session) recheck() error {
	sel := x.sel
	if sel == nil || !sel.others {
		return nil
	}
	_, err := x.view.Open(x.ctx, sel.box.Owner())
	if errs.Is(err, errs.NotFound) {
		x.depart(goodbye{"grant ended", wire.CodeNoPerm, "Access to this mailbox has ended"})
		return sayNO(wire.CodeNoPerm, "Access to this mailbox has ended")
	}
	return err
}
