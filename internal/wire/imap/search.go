package imap

import (
	"strings"
	"time"
)

// SearchReturn is a set of result options (RFC 4731 §3.1).
type SearchReturn uint8

// The result options of SEARCH.
const (
	ReturnMin SearchReturn = 1 << iota
	ReturnMax
	ReturnAll
	ReturnCount
)

var searchReturns = map[string]SearchReturn{
	"MIN": ReturnMin, "MAX": ReturnMax, "ALL": ReturnAll, "COUNT": ReturnCount,
}

// Search is SEARCH and UID SEARCH (RFC 3501 §6.4.4).
type Search struct {
	UID      bool
	Extended bool // has RETURN: answer with ESEARCH
	Return   SearchReturn
	Key      SearchKey // SearchAnd of all keys
}

// SearchOp is what a SearchKey asks.
type SearchOp uint8

// The questions of a SearchKey; behind each the members that it uses.
const (
	SearchAnd        SearchOp = iota // Keys, at least one
	SearchOr                         // Keys, two
	SearchNot                        // Keys, one
	SearchAll                        //
	SearchSeq                        // Set
	SearchUID                        // Set
	SearchFlag                       // System, one flag that is set (Recent too)
	SearchNew                        // \Recent and not \Seen
	SearchKeyword                    // Text
	SearchHeader                     // Field, Text; empty Text: the field is there
	SearchFrom                       // Text
	SearchTo                         // Text
	SearchCc                         // Text
	SearchBcc                        // Text
	SearchSubject                    // Text
	SearchBody                       // Text: in the bodies
	SearchText                       // Text: in headers or bodies
	SearchBefore                     // Date, of arrival, before that day
	SearchOn                         // Date, of arrival, on that day
	SearchSince                      // Date, of arrival, on that day or later
	SearchSentBefore                 // Date, of the Date field
	SearchSentOn                     // Date
	SearchSentSince                  // Date
	SearchLarger                     // Size
	SearchSmaller                    // Size
)

// SearchKey is one node of what a SEARCH asks.
type SearchKey struct {
	Op     SearchOp
	Keys   []SearchKey
	Set    NumSet
	System SystemFlags
	Field  string
	Text   string    // UTF-8
	Date   time.Time // midnight UTC of a day; compare without zones
	Size   int64     // bytes
}

// Limits of one SEARCH.
const (
	maxSearchKeys  = 200
	maxSearchDepth = 50
)

type searchArg uint8

const (
	argNone searchArg = iota
	argText
	argKeyword
	argField
	argDate
	argSize
	argSet
	argKey
	argTwoKeys
)

// searchWords is what SEARCH understands; an extension's key is a row more.
var searchWords = map[string]struct {
	op   SearchOp
	arg  searchArg
	flag SystemFlags
	not  bool
}{
	"ALL":        {op: SearchAll},
	"ANSWERED":   {op: SearchFlag, flag: Answered},
	"BCC":        {op: SearchBcc, arg: argText},
	"BEFORE":     {op: SearchBefore, arg: argDate},
	"BODY":       {op: SearchBody, arg: argText},
	"CC":         {op: SearchCc, arg: argText},
	"DELETED":    {op: SearchFlag, flag: Deleted},
	"DRAFT":      {op: SearchFlag, flag: Draft},
	"FLAGGED":    {op: SearchFlag, flag: Flagged},
	"FROM":       {op: SearchFrom, arg: argText},
	"HEADER":     {op: SearchHeader, arg: argField},
	"KEYWORD":    {op: SearchKeyword, arg: argKeyword},
	"LARGER":     {op: SearchLarger, arg: argSize},
	"NOT":        {op: SearchNot, arg: argKey},
	"OLD":        {op: SearchFlag, flag: Recent, not: true},
	"ON":         {op: SearchOn, arg: argDate},
	"OR":         {op: SearchOr, arg: argTwoKeys},
	"RECENT":     {op: SearchFlag, flag: Recent},
	"SEEN":       {op: SearchFlag, flag: Seen},
	"SENTBEFORE": {op: SearchSentBefore, arg: argDate},
	"SENTON":     {op: SearchSentOn, arg: argDate},
	"SENTSINCE":  {op: SearchSentSince, arg: argDate},
	"SINCE":      {op: SearchSince, arg: argDate},
	"SMALLER":    {op: SearchSmaller, arg: argSize},
	"SUBJECT":    {op: SearchSubject, arg: argText},
	"TEXT":       {op: SearchText, arg: argText},
	"TO":         {op: SearchTo, arg: argText},
	"UID":        {op: SearchUID, arg: argSet},
	"UNANSWERED": {op: SearchFlag, flag: Answered, not: true},
	"UNDELETED":  {op: SearchFlag, flag: Deleted, not: true},
	"UNDRAFT":    {op: SearchFlag, flag: Draft, not: true},
	"UNFLAGGED":  {op: SearchFlag, flag: Flagged, not: true},
	"UNKEYWORD":  {op: SearchKeyword, arg: argKeyword, not: true},
	"UNSEEN":     {op: SearchFlag, flag: Seen, not: true},
	"NEW":        {op: SearchNew},
}

func parseSearch(d *Decoder) any    { return d.parseSearch(false) }
func parseUIDSearch(d *Decoder) any { return d.parseSearch(true) }

func (d *Decoder) parseSearch(uid bool) any {
	a := Search{UID: uid}
	if !d.ExpectSP() {
		return nil
	}
	if d.keyword("RETURN") {
		a.Extended = true
		if !d.ExpectSP() || !d.expectSearchReturn(&a.Return) || !d.ExpectSP() {
			return nil
		}
	}
	if d.keyword("CHARSET") && (!d.ExpectSP() || !d.expectCharset() || !d.ExpectSP()) {
		return nil
	}
	for {
		var k SearchKey
		if !d.expectSearchKey(&k, 1) {
			return nil
		}
		a.Key.Keys = append(a.Key.Keys, k)
		if !d.SP() {
			d.ExpectEnd()
			return &a
		}
	}
}

func (d *Decoder) expectSearchReturn(r *SearchReturn) bool {
	ok := d.ExpectList(10, func() bool {
		var b wordBuf
		mark := d.pos
		o := searchReturns[string(b.upper(d.run(classAtom)))]
		if o == 0 {
			d.pos = mark
			return d.Fail("unknown RETURN option")
		}
		*r |= o
		return true
	})
	if ok && *r == 0 {
		*r = ReturnAll // RFC 4731 §3.1
	}
	return ok
}

func (d *Decoder) expectCharset() bool {
	var name string
	if !d.ExpectAString(&name, "a charset") {
		return false
	}
	if !strings.EqualFold(name, "UTF-8") && !strings.EqualFold(name, "US-ASCII") {
		return d.refuse(NO, CodeBadCharset, d.name+": only US-ASCII and UTF-8 are understood")
	}
	return true
}
