package imap

import (
	"strings"

	"postroom/internal/wire/address"
	"postroom/internal/wire/mime"
	"postroom/internal/wire/mime/charset"
)

// holds tells whether a text stands in one of these addresses as they read.
func holds(list []address.Mailbox, text string) bool {
	for i := range list {
		m := &list[i]
		if m.Mark == address.GroupEnd {
			continue
		}
		read := fold(m.Name)
		if m.Local != "" || m.Host != "" {
			if read != "" {
				read += " "
			}
			read += fold("<" + m.Local + "@" + m.Host + ">")
		}
		if strings.Contains(read, text) {
			return true
		}
	}
	return false
}

// envelopeHolds is a look at what is there already, before the content is opened.
func (m *match) envelopeHolds(text string) bool {
	msg := m.message()
	e := msg.Root.Envelope
	return strings.Contains(fold(msg.Subject), text) || holds(e.From, text) || holds(e.To, text) || holds(e.Cc, text)
}

// message is the decoded meta; where it was not read with the page it is read now.
func (m *match) message() *mime.Message {
	if m.msg != nil {
		return m.msg
	}
	if len(m.it.Meta) == 0 && m.q.root.needs < needMeta {
		it, err := m.q.sel.box.Item(m.q.x.ctx, m.it.ID)
		m.fail(err)
		if err == nil {
			m.it.Meta = it.Meta
		}
	}
	msg, err := parsed(m.it)
	m.fail(err)
	if err != nil {
		m.it.Meta = nil
		msg, _ = parsed(m.it)
	}
	m.msg = msg
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
	if m.it.Body == 0 {
		return false
	}
	body, err := m.q.sel.box.Open(m.q.x.ctx, *m.it)
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
