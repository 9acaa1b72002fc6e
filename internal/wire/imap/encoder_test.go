package imap

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"postroom/internal/wire/address"
	"postroom/internal/wire/mime"
)

func TestResponses(t *testing.T) {
	text := &mime.Part{BodyStart: 10, BodyEnd: 110, Lines: 3, Type: "text", Subtype: "plain", Params: mime.Params{{Name: "charset", Value: "utf-8"}}, Encoding: "8bit"}
	file := &mime.Part{BodyEnd: 5, Type: "application", Subtype: "pdf", Encoding: "base64", ID: "<i@x>", Description: "Prüfung", MD5: "md5",
		Disposition: "attachment", DispositionParams: mime.Params{{Name: "filename", Value: "a ü.pdf"}}, Language: []string{"de", "en"}, Location: "http://x/"}
	env := &mime.Envelope{Date: "Mon, 1 Jan 2024 00:00:00 +0000", Subject: "=?utf-8?q?x?= \"q\"", MessageID: "<m@x>",
		From: []address.Mailbox{{Name: "Jo Ü", Local: "jo", Host: "example.com"}},
		To:   []address.Mailbox{{Name: "team", Mark: address.GroupStart}, {Local: "a", Host: ""}, {Mark: address.GroupEnd}}}
	envText := `("Mon, 1 Jan 2024 00:00:00 +0000" "=?utf-8?q?x?= \"q\"" (("=?utf-8?q?Jo_=C3=9C?=" NIL "jo" "example.com")) ` +
		`(("=?utf-8?q?Jo_=C3=9C?=" NIL "jo" "example.com")) (("=?utf-8?q?Jo_=C3=9C?=" NIL "jo" "example.com")) ` +
		`((NIL NIL "team" NIL)(NIL NIL "a" "")(NIL NIL NIL NIL)) NIL NIL NIL "<m@x>")`
	fetch := func(f func(e *Encoder)) func(e *Encoder) {
		return func(e *Encoder) { e.FetchStart(7); f(e); e.FetchEnd() }
	}
	for _, tt := range []struct {
		do   func(e *Encoder)
		want string
	}{
		{func(e *Encoder) { e.Respond("a1", OK, "", "done") }, "a1 OK done"},
		{func(e *Encoder) { e.Respond("", NO, CodeTryCreate, "no\r\nsuch") }, "* NO [TRYCREATE] no  such"},
		{func(e *Encoder) {
			e.Respond("a", OK, CodeCopyUID(5, SetOf([]uint32{1, 2, 9}), SetOf([]uint32{4, 5, 6})), "x")
		}, "a OK [COPYUID 5 1:2,9 4:6] x"},
		{func(e *Encoder) { e.Respond("a", OK, CodeAppendUID(5, SetOf([]uint32{8})), "x") }, "a OK [APPENDUID 5 8] x"},
		{func(e *Encoder) { e.Respond("", OK, CodePermanentFlags(Seen|Draft, []string{"$x"}, true), "x") }, `* OK [PERMANENTFLAGS (\Seen \Draft $x \*)] x`},
		{func(e *Encoder) { e.Respond("", OK, CodePermanentFlags(0, nil, false), "x") }, `* OK [PERMANENTFLAGS ()] x`},
		{func(e *Encoder) { e.Respond("", OK, CodeUIDValidity(4294967295), "x") }, `* OK [UIDVALIDITY 4294967295] x`},
		{func(e *Encoder) { e.Respond("", OK, CodeCapability([]string{"IMAP4rev1", "IDLE"}), "x") }, `* OK [CAPABILITY IMAP4rev1 IDLE] x`},
		{func(e *Encoder) { e.Continue("AGE=") }, "+ AGE="},
		{func(e *Encoder) { e.Continue("") }, "+ "},
		{func(e *Encoder) { e.Exists(3); e.Recent(0); e.Expunge(2) }, "* 3 EXISTS\r\n* 0 RECENT\r\n* 2 EXPUNGE"},
		{func(e *Encoder) { e.Flags(AllSystemFlags, []string{"k"}) }, `* FLAGS (\Seen \Answered \Flagged \Deleted \Draft k)`},
		{func(e *Encoder) { e.Capability([]string{"A", "B"}); e.Enabled(nil) }, "* CAPABILITY A B\r\n* ENABLED"},
		{func(e *Encoder) { e.ID(nil) }, "* ID NIL"},
		{func(e *Encoder) { e.ID([]IDParam{{Name: "name", Value: "Postroom"}, {Name: "os", Nil: true}}) }, `* ID ("name" "Postroom" "os" NIL)`},
		{func(e *Encoder) { e.Namespaces([]Namespace{{"", '/'}}, []Namespace{{"Other Users/", '/'}}, nil) }, `* NAMESPACE (("" "/")) (("Other Users/" "/")) NIL`},
		{func(e *Encoder) {
			e.List(&ListData{Attrs: []string{`\HasNoChildren`, `\Sent`}, Delim: '/', Name: "Sent Items"})
		}, `* LIST (\HasNoChildren \Sent) "/" "Sent Items"`},
		{func(e *Encoder) {
			e.List(&ListData{Name: "Entwürfe & \"x\"", OldName: "old", ChildInfo: []string{"SUBSCRIBED"}})
		},
			`* LIST () NIL "Entw&APw-rfe &- \"x\"" ("OLDNAME" (old) "CHILDINFO" ("SUBSCRIBED"))`},
		{func(e *Encoder) { e.UTF8 = true; e.Lsub(&ListData{Delim: '/', Name: "Entwürfe"}) }, `* LSUB () "/" "Entwürfe"`},
		{func(e *Encoder) { e.List(&ListData{Delim: '\\', Name: ""}) }, `* LIST () "\\" ""`},
		{func(e *Encoder) {
			e.Status("INBOX", StatusMessages|StatusSize|StatusUnseen, &StatusData{Messages: 1, Unseen: 2, Size: 1 << 40})
		}, `* STATUS INBOX (MESSAGES 1 UNSEEN 2 SIZE 1099511627776)`},
		{func(e *Encoder) { e.Search([]uint32{1, 5}); e.Search(nil) }, "* SEARCH 1 5\r\n* SEARCH"},
		{func(e *Encoder) {
			e.ESearch("a", true, ReturnMin|ReturnMax|ReturnAll|ReturnCount, &SearchData{Min: 1, Max: 5, Count: 3, All: set(1, 2, 5, 5)})
		}, `* ESEARCH (TAG "a") UID MIN 1 MAX 5 ALL 1:2,5 COUNT 3`},
		{func(e *Encoder) { e.ESearch("a", false, ReturnMin|ReturnAll|ReturnCount, &SearchData{}) }, `* ESEARCH (TAG "a") COUNT 0`},
		{fetch(func(e *Encoder) { e.FetchUID(9); e.FetchFlags(Seen|Recent, []string{"a", "b"}); e.FetchSize(12) }), `* 7 FETCH (UID 9 FLAGS (\Seen \Recent a b) RFC822.SIZE 12)`},
		{fetch(func(e *Encoder) {
			e.FetchInternalDate(time.Date(2024, 2, 1, 3, 4, 5, 0, time.FixedZone("", -5400)))
		}), `* 7 FETCH (INTERNALDATE " 1-Feb-2024 03:04:05 -0130")`},
		{fetch(func(e *Encoder) {
			e.FetchSectionBytes(&Section{}, []byte("ab\r\n"))
			e.FetchSectionNIL(&Section{Part: []int{9}})
			e.FetchSectionBytes(&Section{Label: "RFC822.TEXT"}, nil)
		}), "* 7 FETCH (BODY[] {4}\r\nab\r\n BODY[9] NIL RFC822.TEXT \"\")"},
		{fetch(func(e *Encoder) {
			e.FetchSection(&Section{Part: []int{1, 2}, Text: SectionHeaderFields, Fields: []string{"From", "x(y"}, Partial: true, Offset: 3}, 3, strings.NewReader("abcdef"))
		}), "* 7 FETCH (BODY[1.2.HEADER.FIELDS (From \"x(y\")]<3> {3}\r\nabc)"},
		{fetch(func(e *Encoder) { e.FetchEnvelope(env) }), "* 7 FETCH (ENVELOPE " + envText + ")"},
		{fetch(func(e *Encoder) { e.FetchEnvelope(&mime.Envelope{Subject: "ü\x00", InReplyTo: "a\r\nb"}) }),
			"* 7 FETCH (ENVELOPE (NIL {2}\r\nü NIL NIL NIL NIL NIL NIL {4}\r\na\r\nb NIL))"},
		{fetch(func(e *Encoder) { e.FetchBodyStructure(text, false) }), `* 7 FETCH (BODY ("text" "plain" ("charset" "utf-8") NIL NIL "8bit" 100 3))`},
		{fetch(func(e *Encoder) {
			e.FetchBodyStructure(&mime.Part{Type: "multipart", Subtype: "mixed", Params: mime.Params{{Name: "boundary", Value: "b"}}, Parts: []*mime.Part{text, file}}, true)
		}), `* 7 FETCH (BODYSTRUCTURE (("text" "plain" ("charset" "utf-8") NIL NIL "8bit" 100 3 NIL NIL NIL NIL)` +
			`("application" "pdf" NIL "<i@x>" "=?utf-8?q?Pr=C3=BCfung?=" "base64" 5 "md5" ("attachment" ("filename*" "utf-8''a%20%C3%BC.pdf")) ("de" "en") "http://x/")` +
			` "mixed" ("boundary" "b") NIL NIL NIL))`},
		{fetch(func(e *Encoder) {
			e.FetchBodyStructure(&mime.Part{Type: "message", Subtype: "rfc822", BodyEnd: 9, Lines: 5, Message: &mime.Part{Envelope: env, Type: "text", Subtype: "html"}}, false)
		}), `* 7 FETCH (BODY ("message" "rfc822" NIL NIL NIL "7bit" 9 ` + envText + ` ("text" "html" NIL NIL NIL "7bit" 0 0) 5))`},
		{fetch(func(e *Encoder) { e.FetchBodyStructure(&mime.Part{Type: "message", Subtype: "rfc822"}, false) }), `* 7 FETCH (BODY ("application" "octet-stream" NIL NIL NIL "7bit" 0))`},
	} {
		var out bytes.Buffer
		e := NewEncoder(&out)
		tt.do(e)
		if err := e.Flush(); err != nil || out.String() != tt.want+"\r\n" {
			t.Errorf("\n got %q, %v\nwant %q", out.String(), err, tt.want+"\r\n")
		}
	}
}

// TestLongSection sends more than the buffer holds, and a reader that ends early.
func TestLongSection(t *testing.T) {
	const n = 200_000
	var out bytes.Buffer
	e := NewEncoder(&out)
	body := strings.Repeat("0123456789", n/10)
	e.FetchStart(1)
	e.FetchSection(&Section{Peek: true}, n, strings.NewReader(body))
	e.FetchSectionBytes(&Section{Text: SectionText}, []byte(body))
	e.FetchUID(1)
	e.FetchEnd()
	if err := e.Flush(); err != nil || out.String() != "* 1 FETCH (BODY[] {200000}\r\n"+body+" BODY[TEXT] {200000}\r\n"+body+" UID 1)\r\n" {
		t.Fatal(err, out.Len())
	}
	e.FetchStart(1)
	if err := e.FetchSection(&Section{}, n, strings.NewReader("x")); err != io.ErrUnexpectedEOF {
		t.Error(err)
	}
	e.FetchEnd()
	if err := e.Flush(); err != io.ErrUnexpectedEOF || e.Err() != err {
		t.Error(err)
	}
}

func TestEncoderKeepsFirstError(t *testing.T) {
	first := errors.New("gone")
	e := NewEncoder(writerFunc(func([]byte) (int, error) { return 0, first }))
	for i := 0; i < 100_000; i++ {
		e.Exists(1)
	}
	if cap(e.buf) > 2*flushAt {
		t.Error("buffer grows behind an error")
	}
	if e.Flush() != first {
		t.Error(e.Err())
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestFlagFetchDoesNotAllocate(t *testing.T) {
	e := NewEncoder(io.Discard)
	keywords := []string{"$Forwarded"}
	n := testing.AllocsPerRun(10, func() {
		for i := uint32(1); i <= 10_000; i++ {
			e.FetchStart(i)
			e.FetchUID(i * 3)
			e.FetchFlags(Seen, keywords)
			e.FetchEnd()
		}
		e.Flush()
	})
	if n > 2 {
		t.Errorf("%v allocations for 10,000 responses", n)
	}
}

// BenchmarkFetchFlags is one FETCH 1:* (FLAGS UID) of 100,000 messages.
func BenchmarkFetchFlags(b *testing.B) {
	e := NewEncoder(io.Discard)
	b.ReportAllocs()
	for n := 0; n < b.N; n++ {
		for i := uint32(1); i <= 100_000; i++ {
			e.FetchStart(i)
			e.FetchUID(i + 12345)
			e.FetchFlags(Seen|Answered, nil)
			e.FetchEnd()
		}
		e.Flush()
	}
}
