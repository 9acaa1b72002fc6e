package imap

import (
	"io"

	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
	"postroom/internal/wire/mime"
)

// extent finds the bytes [from, to) of a message that hold a section, with its
// partial range applied; a section of header fields is somewhere in them. ok is
// false where there is no such part.
func extent(s *wire.Section, msg *mime.Message) (from, to int64, ok bool) {
	root := msg.Root
	if len(s.Part) == 0 {
		switch s.Text {
		case wire.SectionAll:
			return cut(s, 0, max(msg.Size, root.BodyEnd))
		case wire.SectionText:
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

// section writes one section; only the frames in its range are opened.
func (f *fetching) section(s *wire.Section, msg *mime.Message, body mailbox.Content) error {
	enc := f.x.enc
	from, to, ok := extent(s, msg)
	switch {
	case !ok:
		enc.FetchSectionNIL(s)
		return nil
	case body == nil:
		enc.FetchSectionBytes(s, nil)
		return nil
	case s.Text == wire.SectionHeaderFields || s.Text == wire.SectionHeaderFieldsNot:
		header := make([]byte, to-from)
		if _, err := io.ReadFull(io.NewSectionReader(body, from, to-from), header); err != nil {
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
	return enc.FetchSection(s, to-from, io.NewSectionReader(body, from, to-from))
}
