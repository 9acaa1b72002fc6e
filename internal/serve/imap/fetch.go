package imap

import (
	"context"
	"errors"
	"io"
	"sync"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
	"postroom/internal/wire/mime"
)

// fetch is FETCH and UID FETCH (RFC 3501 §6.4.5). UID and FLAGS come from the
// announced snapshot and touch no store; the rest comes in pages. Messages that
// others have expunged are left out, and FETCH by number then ends in NO (RFC
// 2180 §4.1.2).
func (x *session) fetch(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.Fetch)
	sel := x.sel
	spans, err := sel.resolve(a.Set, a.UID)
	if err != nil || len(spans) == 0 {
		return reply{}, err
	}
	if a.Sections == nil && a.Items&^(wire.FetchUID|wire.FetchFlags) == 0 {
		return reply{}, x.fetchFlags(a, spans)
	}
	if spanned(spans) < aheadFrom || !takeAhead() {
		return reply{}, x.fetchStored(a, spans, false)
	}
	defer dropAhead()
	return reply{}, x.writeAhead(func() error { return x.fetchStored(a, spans, true) })
}

// fetchStored answers what the snapshot does not have.
func (x *session) fetchStored(a *wire.Fetch, spans []span, ahead bool) (err error) {
	sel := x.sel
	f := fetching{x: x, a: a, sel: sel, needs: fetchNeeds(a), marks: a.SetsSeen() && !sel.readOnly, ahead: ahead, stored: stored.Get().(*mime.Stored)}
	defer f.end()
	if a.Sections == nil {
		f.missing, err = sel.metas(x.ctx, spans, f.needs == needMeta, func(n int, e mailbox.Entry, m *mailbox.Meta) error {
			return f.one(&fetched{n: n, e: e, meta: m, flags: a.Items&wire.FetchFlags != 0})
		})
		spans = nil
	}
	for len(spans) > 0 && err == nil {
		var part []span
		if part = spans; !f.marks {
			spans = nil
		} else {
			part, spans = cutSpans(spans, pageItems)
		}
		err = f.part(part)
	}
	if err == nil && f.failed == nil { // whose answer failed must hear of \Seen
		sel.own = f.own
	}
	switch {
	case err != nil:
		return err
	case f.failed != nil:
		return f.failed
	case f.missing > 0 && !a.UID:
		return errGone
	}
	return nil
}

// fetchFlags answers from the snapshot alone.
func (x *session) fetchFlags(a *wire.Fetch, spans []span) error {
	sel := x.sel
	uid, flags := a.Items&wire.FetchUID != 0, a.Items&wire.FetchFlags != 0
	for _, p := range spans {
		sel.snap.Each(p.lo, p.hi, func(n int, e mailbox.Entry) bool {
			x.enc.FetchStart(uint32(n))
			if uid {
				x.enc.FetchUID(uint32(e.UID))
			}
			if flags {
				x.enc.FetchFlags(systemFlags(e.Flags), sel.words.of(sel.snap.Keywords, e.Flags))
			}
			x.enc.FetchEnd()
			return x.enc.Err() == nil
		})
	}
	return x.enc.Err()
}

// cutSpans takes the first n messages off.
func cutSpans(spans []span, n int) (head, rest []span) {
	for i, p := range spans {
		if size := p.hi - p.lo + 1; size < n {
			n -= size
			continue
		}
		cut := span{p.lo, p.lo + n - 1}
		head = append(spans[:i:i], cut)
		if cut.hi == p.hi {
			return head, spans[i+1:]
		}
		rest = append([]span{{cut.hi + 1, p.hi}}, spans[i+1:]...)
		return head, rest
	}
	return spans, nil
}

// fetchNeeds is what must be read of a message beside its content.
func fetchNeeds(a *wire.Fetch) needs {
	n := needEntry
	if a.Items&(wire.FetchInternalDate|wire.FetchSize) != 0 {
		n = needItem
	}
	if a.Items&(wire.FetchEnvelope|wire.FetchBody|wire.FetchBodyStructure) != 0 {
		n = needMeta
	}
	for i := range a.Sections {
		if !whole(&a.Sections[i]) {
			n = needMeta
		}
	}
	return n
}

// stored are readers of metas that no command uses.
var stored = sync.Pool{New: func() any { return new(mime.Stored) }}

// fetching is one FETCH that reads the store.
type fetching struct {
	x       *session
	a       *wire.Fetch
	sel     *selected
	needs   needs
	marks   bool // \Seen is set
	ahead   bool // two contents are opened at once
	stored  *mime.Stored
	header  []byte
	first   [1]byte
	reader  rangeReader
	own     *ownChange // \Seen, where it was set
	missing int
	failed  error // of messages that could not be read
}

func (f *fetching) end() {
	f.stored.Clear()
	stored.Put(f.stored)
}

// fetched is a message that is answered.
type fetched struct {
	n     int
	e     mailbox.Entry
	flags bool          // they are told
	meta  *mailbox.Meta // as far as needs says
	at    mailbox.Body  // its content, for sections
	body  io.ReaderAt   // open, or in memory
	err   error         // of reading it into memory
}

// part fetches the sections of messages: \Seen first, in one change, of at most a
// page of them, then what was asked for.
func (f *fetching) part(spans []span) error {
	x, sel := f.x, f.sel
	var seen []span
	if f.marks {
		if seen = unseenOf(sel.snap, spans); len(seen) > 0 {
			if err := sel.box.SetFlags(x.ctx, sel.folder, sel.ranges(seen), mailbox.Seen, 0, nil, nil); err != nil {
				return err
			}
			if f.own == nil {
				f.own = &ownChange{on: mailbox.Seen}
			}
			f.own.spans = append(f.own.spans, seen...)
		}
	}
	f.missing += spanned(spans)
	for _, group := range joined(spans) {
		err := f.contents(group, func(m *fetched) error {
			if !inSpans(spans, m.n) {
				return nil
			}
			f.missing--
			m.flags = f.a.Items&wire.FetchFlags != 0
			if inSpans(seen, m.n) {
				m.e.Flags |= mailbox.Seen
				m.flags = true
			}
			return f.one(m)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func unseenOf(snap *mailbox.Snapshot, spans []span) (list []span) {
	for _, p := range spans {
		snap.Each(p.lo, p.hi, func(n int, e mailbox.Entry) bool {
			switch {
			case e.Flags&mailbox.Seen != 0:
			case len(list) > 0 && list[len(list)-1].hi == n-1:
				list[len(list)-1].hi = n
			default:
				list = append(list, span{n, n})
			}
			return true
		})
	}
	return list
}

// one writes a message. One that cannot be read is left out, and the command
// fails at its end.
func (f *fetching) one(m *fetched) error {
	if err := f.tell(m); err != nil {
		if f.x.ctx.Err() != nil || f.x.enc.Err() != nil {
			return err
		}
		f.x.log().Error("a message cannot be read", "mailbox", int64(f.sel.box.ID()), "item", int64(m.e.Item), "error", err)
		f.failed = err
	}
	return f.x.enc.Err()
}

// tell writes a message. What may fail is tried before the response begins: a
// client that was told a length must get it.
func (f *fetching) tell(m *fetched) error {
	enc, a := f.x.enc, f.a
	var msg *mime.Message
	if f.needs == needMeta {
		var err error
		if msg, err = f.parsed(m.meta.Parsed); err != nil {
			return err
		}
	}
	if a.Sections != nil && m.at.Length != 0 {
		if err := f.open(m, msg); err != nil {
			return err
		}
		defer m.close()
	}
	enc.FetchStart(uint32(m.n))
	if a.Items&wire.FetchUID != 0 {
		enc.FetchUID(uint32(m.e.UID))
	}
	if m.flags {
		enc.FetchFlags(systemFlags(m.e.Flags), f.sel.words.of(f.sel.snap.Keywords, m.e.Flags))
	}
	if a.Items&wire.FetchInternalDate != 0 {
		enc.FetchInternalDate(m.meta.Received)
	}
	if a.Items&wire.FetchSize != 0 {
		enc.FetchSize(m.meta.Size)
	}
	if a.Items&wire.FetchEnvelope != 0 {
		enc.FetchEnvelope(msg.Root.Envelope)
	}
	if a.Items&wire.FetchBody != 0 {
		enc.FetchBodyStructure(msg.Root, false)
	}
	if a.Items&wire.FetchBodyStructure != 0 {
		enc.FetchBodyStructure(msg.Root, true)
	}
	for i := range a.Sections {
		if err := f.section(&a.Sections[i], m, msg); err != nil {
			return err
		}
	}
	enc.FetchEnd()
	return nil
}

// parsed reads what is asked for of the stored meta.
func (f *fetching) parsed(meta string) (*mime.Message, error) {
	var msg *mime.Message
	var err error
	switch {
	case meta == "":
		return bodiless, nil
	case f.a.Items&(wire.FetchBody|wire.FetchBodyStructure) == 0 && f.a.Sections == nil:
		msg, err = f.stored.Envelope(meta)
	default:
		msg, err = f.stored.Message(meta)
	}
	if err != nil {
		err = errs.E("imap.FETCH", errs.Internal, errs.Item, err)
	}
	return msg, err
}

// bodiless is an item that has no content yet: an empty text.
var bodiless = &mime.Message{Root: &mime.Part{Type: "text", Subtype: "plain", Encoding: "7bit", Envelope: &mime.Envelope{}}}

// ended tells whether an error is that of a connection or context that is over.
func ended(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, context.Canceled)
}
