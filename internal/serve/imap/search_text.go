package imap

import (
	"bytes"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
	"postroom/internal/wire/address"
	"postroom/internal/wire/mime"
	"postroom/internal/wire/mime/charset"
)

// holds tells whether a key's text stands in one of these addresses as they read.
func (m *match) holds(list []address.Mailbox, k *key) bool {
	for i := range list {
		a := &list[i]
		if a.Mark == address.GroupEnd {
			continue
		}
		b := appendFold(m.folded[:0], a.Name)
		if a.Local != "" || a.Host != "" {
			if len(b) > 0 {
				b = append(b, ' ')
			}
			b = append(appendFold(append(b, '<'), a.Local), '@')
			b = append(appendFold(b, a.Host), '>')
		}
		if m.folded = b; bytes.Contains(b, k.bytes) {
			return true
		}
	}
	return false
}

// contains tells whether a key's text stands in s.
func (m *match) contains(s string, k *key) bool {
	m.folded = appendFold(m.folded[:0], s)
	return bytes.Contains(m.folded, k.bytes)
}

// envelopeHolds is a look at what is there already, before the content is opened.
func (m *match) envelopeHolds(k *key) bool {
	e := m.envelope()
	return m.contains(m.start().Subject, k) || m.holds(e.From, k) || m.holds(e.To, k) || m.holds(e.Cc, k)
}

// start is what stands in the stored meta before the envelope.
func (m *match) start() *mime.Message {
	if m.depth < readHead {
		m.msg, m.depth = m.decoded(m.stored.Head), readHead
	}
	return m.msg
}

// envelope is the message's.
func (m *match) envelope() *mime.Envelope {
	if m.depth < readEnvelope {
		m.msg, m.depth = m.decoded(m.stored.Envelope), readEnvelope
	}
	return m.msg.Root.Envelope
}

// message is all that was parsed.
func (m *match) message() *mime.Message {
	if m.whole == nil {
		m.whole = m.decoded(m.contents.Message)
	}
	return m.whole
}

// decoded reads the stored meta; where it was not read with the page it is read now.
func (m *match) decoded(read func(string) (*mime.Message, error)) *mime.Message {
	meta := m.meta.Parsed
	if meta == "" && m.meta.Body != 0 && !m.q.parsed() {
		it, err := m.q.sel.box.Item(m.q.x.ctx, m.e.Item)
		m.fail(err)
		meta = string(it.Meta)
	}
	if meta == "" {
		return bodiless
	}
	msg, err := read(meta)
	if err != nil {
		m.fail(errs.E("imap.SEARCH", errs.Internal, errs.Item, err))
		return bodiless
	}
	return msg
}

// fail keeps the first fault that makes the whole answer doubtful.
func (m *match) fail(err error) {
	if err != nil && m.q.failed == nil {
		m.q.failed = err
	}
}

func (m *match) open() bool {
	if m.body != nil {
		return true
	}
	if m.meta.Body == 0 {
		return false
	}
	body, err := m.q.sel.box.Open(m.q.x.ctx, mailbox.Item{ID: m.e.Item, Body: m.meta.Body})
	m.fail(err)
	if err != nil {
		return false
	}
	m.body = body
	return true
}

func (m *match) close() {
	if m.body != nil {
		m.body.Close()
		m.body = nil
	}
}

// header is the message's header as it stands.
func (m *match) header() []byte {
	if !m.open() {
		return nil
	}
	h, err := mime.Header(m.body, m.message().Root)
	m.fail(err)
	return h
}

// headText is the header decoded, in lower case, a field a line.
func (m *match) headText() string {
	if m.head == nil {
		var b strings.Builder
		for _, f := range mime.AllFields(m.header()) {
			b.WriteString(fold(f.Name))
			b.WriteString(": ")
			b.WriteString(fold(charset.DecodeHeader(f.Value)))
			b.WriteByte('\n')
		}
		s := b.String()
		m.head = &s
	}
	return *m.head
}

// bodyText is the text of the body in lower case.
func (m *match) bodyText() string {
	if m.text == nil {
		var s string
		if m.open() {
			s = fold(mime.SearchText(m.body, m.message().Root, searchText))
		}
		m.text = &s
	}
	return *m.text
}
