package imap

import (
	"slices"
	"strings"

	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
	"postroom/internal/wire/mime"
	"postroom/internal/wire/mime/charset"
)

// verdict on a message; unknown says that more of it must be read.
type verdict uint8

const (
	nope verdict = iota
	yes
	unknown
)

func verdictOf(b bool) verdict {
	if b {
		return yes
	}
	return nope
}

// match is a message that is looked at. meta is nil at first: then only what the
// snapshot has is known.
type match struct {
	q    *query
	n    int
	e    mailbox.Entry
	meta *mailbox.Meta

	stored   *mime.Stored
	folded   []byte        // scratch
	msg      *mime.Message // what was read of it, as far as depth says
	depth    depth
	whole    *mime.Message // all of it
	body     mailbox.Content
	head     *string
	text     *string
	contents mime.Stored // what whole is read with
}

// depth is how much of the stored meta has been read.
type depth uint8

const (
	readNothing depth = iota
	readHead
	readEnvelope
)

// read begins with another message.
func (m *match) read(n int, e mailbox.Entry, meta *mailbox.Meta) {
	m.n, m.e, m.meta = n, e, meta
	m.msg, m.depth, m.whole, m.head, m.text = nil, readNothing, nil, nil, nil
}

// end lets go of what the search used.
func (m *match) end() {
	m.stored.Clear()
	stored.Put(m.stored)
}

// searchText is how much of one message's text a search looks at, in bytes.
const searchText = 4 << 20

func (k *key) look(m *match) verdict {
	switch k.op {
	case wire.SearchAnd:
		return k.lookAll(m)
	case wire.SearchOr:
		return k.lookAny(m)
	case wire.SearchNot:
		if v := k.keys[0].look(m); v != unknown {
			return verdictOf(v == nope)
		}
		return unknown
	case wire.SearchAll:
		return yes
	case wire.SearchSeq:
		return verdictOf(inSpans(k.spans, m.n))
	case wire.SearchNew:
		return nope // \Recent is never set
	case wire.SearchFlag, wire.SearchKeyword:
		return verdictOf(m.e.Flags&k.bits != 0)
	}
	if k.indexed && m.e.Item <= k.through {
		if _, there := slices.BinarySearch(k.items, m.e.Item); !there {
			return nope
		}
	}
	if m.meta == nil {
		return unknown
	}
	return verdictOf(k.lookInside(m))
}

func (k *key) lookAll(m *match) verdict {
	all := yes
	for i := range k.keys {
		switch k.keys[i].look(m) {
		case nope:
			return nope
		case unknown:
			all = unknown
		}
	}
	return all
}

func (k *key) lookAny(m *match) verdict {
	any := nope
	for i := range k.keys {
		switch k.keys[i].look(m) {
		case yes:
			return yes
		case unknown:
			any = unknown
		}
	}
	return any
}

// lookInside decides a key on a message that has been read.
func (k *key) lookInside(m *match) bool {
	switch k.op {
	case wire.SearchLarger:
		return m.meta.Size > k.size
	case wire.SearchSmaller:
		return m.meta.Size < k.size
	case wire.SearchBefore:
		return dayOf(m.meta.Received) < k.day
	case wire.SearchOn:
		return dayOf(m.meta.Received) == k.day
	case wire.SearchSince:
		return dayOf(m.meta.Received) >= k.day
	case wire.SearchSentBefore, wire.SearchSentOn, wire.SearchSentSince:
		return k.sent(m)
	case wire.SearchBody:
		return strings.Contains(m.bodyText(), k.text)
	case wire.SearchText:
		return m.envelopeHolds(k) || strings.Contains(m.headText(), k.text) || strings.Contains(m.bodyText(), k.text)
	}
	switch k.op {
	case wire.SearchFrom:
		return m.holds(m.envelope().From, k)
	case wire.SearchTo:
		return m.holds(m.envelope().To, k)
	case wire.SearchCc:
		return m.holds(m.envelope().Cc, k)
	case wire.SearchBcc:
		return m.holds(m.envelope().Bcc, k)
	case wire.SearchSubject:
		return m.contains(m.start().Subject, k)
	}
	return k.header(m)
}

// sent compares the day that the Date field names, in its own zone (RFC 3501
// §6.4.4). The stored time, which has none, decides where it is days away.
func (k *key) sent(m *match) bool {
	if m.meta.Sent.IsZero() {
		return false
	}
	day := dayOf(m.meta.Sent)
	if d := day - k.day; d >= -1 && d <= 1 {
		if t := m.start().Date; !t.IsZero() {
			day = dayOf(t)
		}
	}
	switch k.op {
	case wire.SearchSentBefore:
		return day < k.day
	case wire.SearchSentOn:
		return day == k.day
	}
	return day >= k.day
}

// envelopeFields are the fields that need no look at the header itself.
var envelopeFields = map[string]bool{
	"from": true, "to": true, "cc": true, "bcc": true, "sender": true, "reply-to": true, "subject": true, "message-id": true,
	"in-reply-to": true, "date": true,
}

// header is HEADER field text; an empty text asks whether the field is there.
func (k *key) header(m *match) bool {
	if !envelopeFields[k.field] {
		for _, v := range mime.Values(m.header(), k.field) {
			if m.contains(charset.DecodeHeader(v), k) {
				return true
			}
		}
		return false
	}
	env := m.envelope()
	switch k.field {
	case "from":
		return m.holds(env.From, k)
	case "to":
		return m.holds(env.To, k)
	case "cc":
		return m.holds(env.Cc, k)
	case "bcc":
		return m.holds(env.Bcc, k)
	case "sender":
		return m.holds(env.Sender, k)
	case "reply-to":
		return m.holds(env.ReplyTo, k)
	case "subject":
		return env.Subject != "" && m.contains(m.start().Subject, k)
	case "message-id":
		return env.MessageID != "" && m.contains(env.MessageID, k)
	case "in-reply-to":
		return env.InReplyTo != "" && m.contains(env.InReplyTo, k)
	}
	return env.Date != "" && m.contains(env.Date, k)
}
