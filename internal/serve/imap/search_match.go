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

// match is a message that is looked at. it is nil at first: then only what the
// snapshot has is known.
type match struct {
	q  *query
	n  int
	e  mailbox.Entry
	it *mailbox.Item

	folded []byte // meta in lower case
	msg    *mime.Message
	body   mailbox.Content
	head   *string
	text   *string
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
	if m.it == nil {
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
		return m.it.Size > k.size
	case wire.SearchSmaller:
		return m.it.Size < k.size
	case wire.SearchBefore:
		return dayOf(m.it.Received) < k.day
	case wire.SearchOn:
		return dayOf(m.it.Received) == k.day
	case wire.SearchSince:
		return dayOf(m.it.Received) >= k.day
	case wire.SearchSentBefore, wire.SearchSentOn, wire.SearchSentSince:
		return k.sent(m)
	case wire.SearchBody:
		return strings.Contains(m.bodyText(), k.text)
	case wire.SearchText:
		return m.envelopeHolds(k.text) || strings.Contains(m.headText(), k.text) || strings.Contains(m.bodyText(), k.text)
	}
	if !m.mayHold(k.probe) {
		return false
	}
	env := m.message().Root.Envelope
	switch k.op {
	case wire.SearchFrom:
		return holds(env.From, k.text)
	case wire.SearchTo:
		return holds(env.To, k.text)
	case wire.SearchCc:
		return holds(env.Cc, k.text)
	case wire.SearchBcc:
		return holds(env.Bcc, k.text)
	case wire.SearchSubject:
		return strings.Contains(fold(m.message().Subject), k.text)
	}
	return k.header(m, env)
}

// sent compares the day that the Date field names, in its own zone (RFC 3501
// §6.4.4). The stored time, which has none, decides where it is days away.
func (k *key) sent(m *match) bool {
	if m.it.Sent.IsZero() {
		return false
	}
	day := dayOf(m.it.Sent)
	if d := day - k.day; d >= -1 && d <= 1 {
		if t := m.message().Date; !t.IsZero() {
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
func (k *key) header(m *match, env *mime.Envelope) bool {
	switch k.field {
	case "from":
		return holds(env.From, k.text)
	case "to":
		return holds(env.To, k.text)
	case "cc":
		return holds(env.Cc, k.text)
	case "bcc":
		return holds(env.Bcc, k.text)
	case "sender":
		return holds(env.Sender, k.text)
	case "reply-to":
		return holds(env.ReplyTo, k.text)
	case "subject":
		return env.Subject != "" && strings.Contains(fold(m.message().Subject), k.text)
	case "message-id":
		return env.MessageID != "" && strings.Contains(fold(env.MessageID), k.text)
	case "in-reply-to":
		return env.InReplyTo != "" && strings.Contains(fold(env.InReplyTo), k.text)
	case "date":
		return env.Date != "" && strings.Contains(fold(env.Date), k.text)
	}
	for _, v := range mime.Values(m.header(), k.field) {
		if strings.Contains(fold(charset.DecodeHeader(v)), k.text) {
			return true
		}
	}
	return false
}
