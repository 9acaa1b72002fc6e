package imap

import (
	"slices"
	"strings"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// query is a SEARCH made ready to be asked of each message.
type query struct {
	x      *session
	sel    *selected
	root   key
	failed error // of the store, while a message was looked at
}

// needs is what must be read of a message to decide a key.
type needs uint8

const (
	needEntry   needs = iota // what the snapshot has
	needItem                 // dates and size
	needMeta                 // envelope
	needContent              // header or body
)

// key is a node of the query.
type key struct {
	op    wire.SearchOp
	needs needs
	keys  []key
	spans []span
	bits  mailbox.Flags
	field string // lower case
	text  string // lower case
	bytes []byte // text
	day   int64  // since 1970
	size  int64

	indexed bool
	items   []ids.Item // that the index names
	through ids.Item
}

func (q *query) compile(from *wire.SearchKey, k *key) error {
	k.op, k.size, k.text, k.field = from.Op, from.Size, fold(from.Text), strings.ToLower(from.Field)
	k.bytes = []byte(k.text)
	k.day = from.Date.Unix() / 86400
	switch from.Op {
	case wire.SearchAnd, wire.SearchOr, wire.SearchNot:
		return q.compileKeys(from, k)
	case wire.SearchSeq, wire.SearchUID:
		return q.compileSet(from, k)
	case wire.SearchFlag:
		k.bits = mailbox.Flags(from.System) // \Recent is a bit that no message has
		if from.System&wire.Recent != 0 {
			k.op = wire.SearchNew
		}
	case wire.SearchKeyword:
		k.bits = q.sel.snap.Keywords.Bit(from.Text)
	case wire.SearchBefore, wire.SearchOn, wire.SearchSince, wire.SearchLarger, wire.SearchSmaller,
		wire.SearchSentBefore, wire.SearchSentOn, wire.SearchSentSince:
		k.needs = needItem
	case wire.SearchFrom, wire.SearchTo, wire.SearchCc, wire.SearchBcc, wire.SearchSubject:
		k.needs = needMeta
	case wire.SearchHeader:
		if k.needs = needContent; envelopeFields[k.field] {
			k.needs = needMeta
		}
	case wire.SearchBody, wire.SearchText:
		k.needs = needContent
		return q.compileText(from.Text, k)
	}
	return nil
}

// compileKeys puts what is cheap first.
func (q *query) compileKeys(from *wire.SearchKey, k *key) error {
	k.keys = make([]key, len(from.Keys))
	for i := range from.Keys {
		if err := q.compile(&from.Keys[i], &k.keys[i]); err != nil {
			return err
		}
		k.needs = max(k.needs, k.keys[i].needs)
	}
	slices.SortStableFunc(k.keys, func(a, b key) int { return int(a.needs) - int(b.needs) })
	return nil
}

func (q *query) compileSet(from *wire.SearchKey, k *key) (err error) {
	if from.Op == wire.SearchSeq && !from.Set.Saved {
		n := q.sel.snap.Len()
		k.spans = clip(from.Set.Resolve(uint32(n)), n)
		return nil
	}
	k.op = wire.SearchSeq
	k.spans, err = q.sel.resolve(from.Set, true)
	return err
}

// compileText asks the index which messages may hold a text. Without an answer
// all are read.
func (q *query) compileText(text string, k *key) (err error) {
	index := q.x.region.Index
	if index == nil || text == "" {
		return nil
	}
	k.items, k.through, k.indexed, err = index.Candidates(q.x.ctx, q.sel.box, q.sel.folder, text)
	if err != nil && !ended(q.x.ctx, err) {
		q.x.log().Warn("the search index does not answer; messages are read", "error", err)
		k.indexed, err = false, nil
	}
	return err
}

func fold(s string) string { return strings.ToLower(s) }

// lower maps ASCII capitals.
var lower = func() (t [256]byte) {
	for i := range t {
		t[i] = byte(i)
	}
	for c := 'A'; c <= 'Z'; c++ {
		t[c] = byte(c) + 32
	}
	return t
}()

// appendFold appends s in lower case.
func appendFold(b []byte, s string) []byte {
	start := len(b)
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return append(b[:start], fold(s)...)
		}
		b = append(b, lower[s[i]])
	}
	return b
}

// parsed tells whether the search reads what was parsed of each message.
func (q *query) parsed() bool { return q.root.needs >= needMeta }

func dayOf(t time.Time) int64 {
	y, mo, d := t.Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}
