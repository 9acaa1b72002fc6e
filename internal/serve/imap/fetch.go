package imap

import (
	"context"
	"errors"

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
	f := fetching{x: x, a: a, sel: sel, meta: needsMeta(a)}
	for len(spans) > 0 && err == nil {
		var part []span
		part, spans = cutSpans(spans, pageItems)
		err = f.part(part)
	}
	if err == nil && f.failed == nil { // whose answer failed must hear of \Seen
		sel.own = f.own
	}
	switch {
	case err != nil:
		return reply{}, err
	case f.failed != nil:
		return reply{}, f.failed
	case f.missing > 0 && !a.UID:
		return reply{}, errGone
	}
	return reply{}, nil
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

func needsMeta(a *wire.Fetch) bool {
	return a.Items&(wire.FetchEnvelope|wire.FetchBody|wire.FetchBodyStructure) != 0 || len(a.Sections) > 0
}

// fetching is one FETCH that reads the store.
type fetching struct {
	x       *session
	a       *wire.Fetch
	sel     *selected
	meta    bool
	own     *ownChange // \Seen, where it was set
	missing int
	failed  error // of messages that could not be read
}

// part fetches at most a page of messages: \Seen first, in one change, then
// what was asked for.
func (f *fetching) part(spans []span) error {
	x, sel := f.x, f.sel
	var seen []span
	if f.a.SetsSeen() && !sel.readOnly {
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
	missing, err := sel.items(x.ctx, spans, f.meta, func(n int, e mailbox.Entry, it *mailbox.Item) error {
		flags := f.a.Items&wire.FetchFlags != 0
		if inSpans(seen, n) {
			e.Flags |= mailbox.Seen
			flags = true
		}
		if err := f.one(n, e, it, flags); err != nil {
			if x.ctx.Err() != nil || x.enc.Err() != nil {
				return err
			}
			x.log().Error("a message cannot be read", "mailbox", int64(sel.box.ID()), "item", int64(it.ID), "error", err)
			f.failed = err
		}
		return x.enc.Err()
	})
	f.missing += missing
	return err
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

// one writes a message. What may fail is tried before the response begins: a
// client that was told a length must get it.
func (f *fetching) one(n int, e mailbox.Entry, it *mailbox.Item, flags bool) error {
	enc, a := f.x.enc, f.a
	var msg *mime.Message
	if f.meta {
		var err error
		if msg, err = parsed(it); err != nil {
			return err
		}
	}
	var body mailbox.Content
	if len(a.Sections) > 0 && it.Body != 0 {
		var err error
		if body, err = f.open(it, msg); err != nil {
			return err
		}
		defer body.Close()
	}
	enc.FetchStart(uint32(n))
	if a.Items&wire.FetchUID != 0 {
		enc.FetchUID(uint32(e.UID))
	}
	if flags {
		enc.FetchFlags(systemFlags(e.Flags), f.sel.words.of(f.sel.snap.Keywords, e.Flags))
	}
	if a.Items&wire.FetchInternalDate != 0 {
		enc.FetchInternalDate(it.Received)
	}
	if a.Items&wire.FetchSize != 0 {
		enc.FetchSize(it.Size)
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
		if err := f.section(&a.Sections[i], msg, body); err != nil {
			return err
		}
	}
	enc.FetchEnd()
	return nil
}

// open opens the content and opens the first frame that will be read.
func (f *fetching) open(it *mailbox.Item, msg *mime.Message) (mailbox.Content, error) {
	body, err := f.sel.box.Open(f.x.ctx, *it)
	if err != nil {
		return nil, err
	}
	for i := range f.a.Sections {
		from, to, ok := extent(&f.a.Sections[i], msg)
		if !ok || from >= to {
			continue
		}
		var one [1]byte
		if _, err := body.ReadAt(one[:], from); err != nil {
			body.Close()
			return nil, err
		}
		break
	}
	return body, nil
}

// parsed is what was read of a message at its delivery; an item that has no
// content yet is an empty text.
func parsed(it *mailbox.Item) (*mime.Message, error) {
	if len(it.Meta) == 0 {
		return &mime.Message{Root: &mime.Part{Type: "text", Subtype: "plain", Encoding: "7bit", Envelope: &mime.Envelope{}}}, nil
	}
	return it.Parsed()
}

// ended tells whether an error is that of a connection or context that is over.
func ended(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, context.Canceled)
}
