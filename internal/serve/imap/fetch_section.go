package imap

import (
	"errors"
	"fmt"
	"io"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
	"postroom/internal/wire/mime"
)

// pageContent is how many bytes of contents are looked up at once: where they
// lie holds for hours, and a slow client must have taken them by then.
const pageContent = 4 << 20

var errPageFull = errors.New("page full")

// pageOf is where a page of contents lies.
type pageOf struct {
	messages []fetched
	next     mailbox.Range // where the next page begins
	more     bool          // there is one
	err      error
}

// contents calls f2 for the messages of group that are still there, with what
// needs says and with the places of their contents. Where there is leave to work
// ahead the next page is looked up meanwhile.
func (f *fetching) contents(group span, f2 func(*fetched) error) error {
	r := mailbox.Range{First: f.sel.snap.At(group.lo).UID, Last: f.sel.snap.At(group.hi).UID}
	page := f.lookUp(group, r)
	for {
		if page.err != nil {
			return page.err
		}
		if !page.more || !f.ahead {
			if err := f.page(page.messages, f2); err != nil || !page.more {
				return err
			}
			page = f.lookUp(group, page.next)
			continue
		}
		next := make(chan pageOf, 1)
		go func() { next <- f.lookUp(group, page.next) }()
		err := f.page(page.messages, f2)
		if page = <-next; err != nil {
			return err
		}
	}
}

// lookUp finds the first contents in a range of uids of group.
func (f *fetching) lookUp(group span, r mailbox.Range) (p pageOf) {
	sel := f.sel
	n := sel.snap.Find(r.First)
	if n > group.hi {
		return p
	}
	defer func() { // a fault in one command must not end the whole server
		if v := recover(); v != nil {
			p.err = errs.E("imap.FETCH", errs.Internal, errs.Nothing, fmt.Errorf("panic: %v", v))
		}
	}()
	p.messages = make([]fetched, 0, min(pageItems, group.hi-n+1))
	size := int64(0)
	p.next = r
	p.err = sel.box.Contents(f.x.ctx, sel.folder, r, func(uid ids.UID, b mailbox.Body) error {
		if size >= pageContent || len(p.messages) == cap(p.messages) && n < group.hi {
			p.more = true
			return errPageFull
		}
		p.next.First = uid + 1
		for n < group.hi && sel.snap.At(n).UID < uid {
			n++
		}
		if e := sel.snap.At(n); e.UID == uid {
			p.messages = append(p.messages, fetched{n: n, e: e, at: b})
			size += b.Size
		}
		return nil
	})
	if errors.Is(p.err, errPageFull) {
		p.err = nil
	}
	return p
}

// page calls f2 for the messages of page, with what needs says.
func (f *fetching) page(page []fetched, f2 func(*fetched) error) error {
	if f.needs > needEntry && len(page) > 0 {
		var err error
		if page, err = f.described(page); err != nil {
			return err
		}
	}
	return f.loaded(page, f2)
}

// described gives the messages of a page their metas. Those that have left since
// are taken out.
func (f *fetching) described(page []fetched) ([]fetched, error) {
	here := page[:0]
	rest := page
	spans := []span{{page[0].n, page[len(page)-1].n}}
	_, err := f.sel.metas(f.x.ctx, spans, f.needs == needMeta, func(n int, _ mailbox.Entry, meta *mailbox.Meta) error {
		for len(rest) > 0 && rest[0].n < n {
			rest = rest[1:]
		}
		if len(rest) > 0 && rest[0].n == n {
			m := rest[0]
			m.meta = meta
			here = append(here, m)
			rest = rest[1:]
		}
		return nil
	})
	return here, err
}

// open opens the content where it is not in memory, and opens the first frame
// that will be read.
func (f *fetching) open(m *fetched, msg *mime.Message) error {
	if m.body != nil || m.err != nil {
		return m.err
	}
	body, err := f.sel.box.OpenBody(f.x.ctx, m.at)
	if err != nil {
		return err
	}
	for i := range f.a.Sections {
		from, to, ok := extent(&f.a.Sections[i], m, msg)
		if !ok || from >= to {
			continue
		}
		if _, err := body.ReadAt(f.first[:], from); err != nil {
			body.Close()
			return err
		}
		break
	}
	m.body = body
	return nil
}

func (m *fetched) close() {
	if c, ok := m.body.(io.Closer); ok {
		c.Close()
	}
	m.body = nil
}

// whole tells a section that is the message from front to back.
func whole(s *wire.Section) bool { return len(s.Part) == 0 && s.Text == wire.SectionAll }

// extent finds the bytes [from, to) of a message that hold a section, with its
// partial range applied; a section of header fields is somewhere in them. ok is
// false where there is no such part. msg may be nil where the section is whole.
func extent(s *wire.Section, m *fetched, msg *mime.Message) (from, to int64, ok bool) {
	if whole(s) {
		return cut(s, 0, m.at.Size)
	}
	root := msg.Root
	if len(s.Part) == 0 {
		if s.Text == wire.SectionText {
			return cut(s, root.BodyStart, root.BodyEnd)
		}
		return cut(s, root.HeaderStart, root.BodyStart)
	}
	p := root.Find(s.Part)
	if p == nil {
		return 0, 0, false
	}
	switch s.Text {
	case wire.SectionAll:
		return cut(s, p.BodyStart, p.BodyEnd)
	case wire.SectionMIME:
		return cut(s, p.HeaderStart, p.BodyStart)
	}
	if p = p.Message; p == nil { // header and text are those of a message inside
		return 0, 0, false
	}
	if s.Text == wire.SectionText {
		return cut(s, p.BodyStart, p.BodyEnd)
	}
	return cut(s, p.HeaderStart, p.BodyStart)
}

func cut(s *wire.Section, from, to int64) (int64, int64, bool) {
	if !s.Partial || s.Text == wire.SectionHeaderFields || s.Text == wire.SectionHeaderFieldsNot {
		return from, to, true
	}
	from = min(from+s.Offset, to)
	return from, min(to, from+s.Length), true
}

// rangeReader reads a range of a content, as io.SectionReader does.
type rangeReader struct {
	body     io.ReaderAt
	from, to int64
}

func (r *rangeReader) Read(p []byte) (int, error) {
	if r.from >= r.to {
		return 0, io.EOF
	}
	n, err := r.body.ReadAt(p[:min(int64(len(p)), r.to-r.from)], r.from)
	r.from += int64(n)
	return n, err
}

// section writes one section; only the frames in its range are opened.
func (f *fetching) section(s *wire.Section, m *fetched, msg *mime.Message) error {
	enc := f.x.enc
	from, to, ok := extent(s, m, msg)
	switch {
	case !ok:
		enc.FetchSectionNIL(s)
		return nil
	case m.body == nil:
		enc.FetchSectionBytes(s, nil)
		return nil
	case s.Text == wire.SectionHeaderFields || s.Text == wire.SectionHeaderFieldsNot:
		if int64(cap(f.header)) < to-from {
			f.header = make([]byte, max(to-from, 4<<10))
		}
		header := f.header[:to-from]
		if _, err := io.ReadFull(io.NewSectionReader(m.body, from, to-from), header); err != nil {
			return err
		}
		fields := mime.Fields(header, s.Fields, s.Text == wire.SectionHeaderFieldsNot)
		if s.Partial {
			fields = fields[min(s.Offset, int64(len(fields))):]
			fields = fields[:min(s.Length, int64(len(fields)))]
		}
		enc.FetchSectionBytes(s, fields)
		return nil
	}
	f.reader = rangeReader{m.body, from, to}
	return enc.FetchSection(s, to-from, &f.reader)
}
