package imap

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

const anywhere = Selected

// read reads one command and then a NOOP, which proves that the reader is in step.
func read(t testing.TB, state State, limits Limits, input string) (Command, error, bool) {
	t.Helper()
	d := NewDecoder(strings.NewReader(input+"z NOOP\r\n"), func() error { return nil })
	d.SetLimits(limits)
	c, err := ReadCommand(d, state)
	if a, ok := c.Args.(*Append); ok && err == nil {
		a.Message.d = nil // not compared
	}
	z, err2 := ReadCommand(d, state)
	return c, err, err2 == nil && z.Tag == "z" && z.Name == "NOOP"
}

func set(rs ...uint32) NumSet {
	var s NumSet
	for i := 0; i < len(rs); i += 2 {
		s.Ranges = append(s.Ranges, Range{rs[i], rs[i+1]})
	}
	return s
}

func day(s string) time.Time {
	t, err := time.Parse("2-Jan-2006", s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestGoodCommands(t *testing.T) {
	and := func(keys ...SearchKey) *Search { return &Search{Key: SearchKey{Keys: keys}} }
	for _, tt := range []struct {
		in   string
		args any
	}{
		{"a1 NOOP", nil},
		{"a1 noop", nil},
		{"a1 NOOP ", nil},
		{`a LOGIN joe "a \"b\\ c"`, &Login{"joe", `a "b\ c`}},
		{"a LOGIN {3}\r\njoe {5+}\r\nse ct", &Login{"joe", "se ct"}},
		{`a LOGIN joe@example.com "pässword"`, &Login{"joe@example.com", "pässword"}},
		{"a AUTHENTICATE plain", &Authenticate{Mechanism: "PLAIN"}},
		{"a AUTHENTICATE PLAIN AGEAYg==", &Authenticate{Mechanism: "PLAIN", HasInitial: true, Initial: []byte("\x00a\x00b")}},
		{"a AUTHENTICATE EXTERNAL =", &Authenticate{Mechanism: "EXTERNAL", HasInitial: true}},
		{"a ENABLE condstore X-Y", &Enable{[]string{"CONDSTORE", "X-Y"}}},
		{"a ID NIL", &ID{}},
		{`a ID ("name" "x" "os" NIL)`, &ID{[]IDParam{{Name: "name", Value: "x"}, {Name: "os", Nil: true}}}},
		{"a SELECT inBox", &Select{Mailbox: "INBOX"}},
		{`a EXAMINE "Entw&APw-rfe"`, &Select{Mailbox: "Entwürfe", ReadOnly: true}},
		{"a SELECT a]b", &Select{Mailbox: "a]b"}},
		{"a CREATE x/y/", &Mailbox{"x/y/"}},
		{`a RENAME "a b" {1+}` + "\r\nc", &Rename{"a b", "c"}},
		{"a UNSUBSCRIBE x&-y", &Mailbox{"x&y"}},
		{`a LIST "" *`, &List{Patterns: []string{"*"}}},
		{`a LSUB "" "%"`, &List{Lsub: true, Patterns: []string{"%"}}},
		{`a LIST (SUBSCRIBED RECURSIVEMATCH) "" (INBOX "x/%") RETURN (CHILDREN SPECIAL-USE STATUS (MESSAGES SIZE))`,
			&List{Patterns: []string{"INBOX", "x/%"}, Extended: true, Select: ListSubscribed | ListRecursiveMatch,
				Return: ListChildren | ListSpecialUse | ListStatus, Status: StatusMessages | StatusSize}},
		{`a LIST () "" "" RETURN ()`, &List{Patterns: []string{""}, Extended: true}},
		{"a STATUS x (uidnext UNSEEN)", &StatusCommand{"x", StatusUIDNext | StatusUnseen}},
		{"a APPEND x {5}\r\nhello", &Append{Mailbox: "x", Message: &Literal{Size: 5, Sync: true}}},
		{"a APPEND x (\\Seen $a $A) \" 1-Feb-1994 21:52:25 +0100\" {0+}\r\n", &Append{Mailbox: "x",
			Flags: Flags{Seen, []string{"$a"}}, Message: &Literal{Size: 0},
			Date: time.Date(1994, 2, 1, 21, 52, 25, 0, time.FixedZone("", 3600))}},
		{"a EXPUNGE", nil},
		{"a UID EXPUNGE 4,6:*", &UIDExpunge{set(4, 4, 6, 0)}},
		{"a COPY *:4,9:8 x", &Copy{set(4, 0, 8, 9), false, "x"}},
		{"a uid move 1 INBOX", &Copy{set(1, 1), true, "INBOX"}},
		{"a STORE 1:2 +flags.silent (\\deleted foo)", &Store{Set: set(1, 2), Mode: StoreAdd, Silent: true, Flags: Flags{Deleted, []string{"foo"}}}},
		{"a UID STORE 7 -FLAGS \\Seen \\Draft", &Store{Set: set(7, 7), UID: true, Mode: StoreRemove, Flags: Flags{System: Seen | Draft}}},
		{"a STORE 7 FLAGS ()", &Store{Set: set(7, 7)}},
		{"a FETCH 1:* (FLAGS UID)", &Fetch{Set: set(1, 0), Items: FetchFlags | FetchUID}},
		{"a FETCH 1 full", &Fetch{Set: set(1, 1), Items: FetchFlags | FetchInternalDate | FetchSize | FetchEnvelope | FetchBody}},
		{"a UID FETCH 1 RFC822", &Fetch{Set: set(1, 1), UID: true, Items: FetchUID, Sections: []Section{{Label: "RFC822"}}}},
		{"a FETCH $ (BODYSTRUCTURE BODY.PEEK[]<0.2048> BODY[1.2.mime] BODY[TEXT])", &Fetch{Set: NumSet{Saved: true}, Items: FetchBodyStructure,
			Sections: []Section{{Peek: true, Partial: true, Length: 2048}, {Part: []int{1, 2}, Text: SectionMIME}, {Text: SectionText}}}},
		{`a FETCH 1 BODY.PEEK[3.HEADER.FIELDS.NOT (from "to")]`, &Fetch{Set: set(1, 1),
			Sections: []Section{{Part: []int{3}, Text: SectionHeaderFieldsNot, Fields: []string{"from", "to"}, Peek: true}}}},
		{"a SEARCH ALL", and(SearchKey{Op: SearchAll})},
		{"a SEARCH 2:4 UNSEEN SINCE 1-feb-1994", and(SearchKey{Op: SearchSeq, Set: set(2, 4)},
			SearchKey{Op: SearchNot, Keys: []SearchKey{{Op: SearchFlag, System: Seen}}}, SearchKey{Op: SearchSince, Date: day("1-Feb-1994")})},
		{`a SEARCH OR (FROM "x y" TO z) NOT UID 5 LARGER 9 NEW`, and(
			SearchKey{Op: SearchOr, Keys: []SearchKey{
				{Keys: []SearchKey{{Op: SearchFrom, Text: "x y"}, {Op: SearchTo, Text: "z"}}},
				{Op: SearchNot, Keys: []SearchKey{{Op: SearchUID, Set: set(5, 5)}}}}},
			SearchKey{Op: SearchLarger, Size: 9}, SearchKey{Op: SearchNew})},
		{"a UID SEARCH RETURN (MIN COUNT) CHARSET utf-8 HEADER X-Y {2}\r\nü UNKEYWORD $x", &Search{UID: true, Extended: true, Return: ReturnMin | ReturnCount,
			Key: SearchKey{Keys: []SearchKey{{Op: SearchHeader, Field: "X-Y", Text: "ü"}, {Op: SearchNot, Keys: []SearchKey{{Op: SearchKeyword, Text: "$x"}}}}}}},
		{"a SEARCH RETURN () SENTON \"05-Mar-2024\"", &Search{Extended: true, Return: ReturnAll, Key: SearchKey{Keys: []SearchKey{{Op: SearchSentOn, Date: day("5-Mar-2024")}}}}},
	} {
		state := anywhere
		if strings.Contains(tt.in, " LOGIN") || strings.Contains(tt.in, " AUTH") {
			state = NotAuthenticated
		}
		sync := !strings.HasPrefix(tt.in, "a APPEND x {5}")
		c, err, inStep := read(t, state, LimitsAfterLogin(1<<20), tt.in+"\r\n")
		if err != nil || !reflect.DeepEqual(c.Args, tt.args) {
			t.Errorf("%q:\n got %+v, %v\nwant %+v", tt.in, c.Args, err, tt.args)
		}
		if sync && !inStep {
			t.Errorf("%q: next command is not read", tt.in)
		}
	}
}

func TestBadCommands(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", "expected a tag and a command at byte 1"},
		{"a", "expected a tag and a command at byte 1"},
		{"+ NOOP", "expected a tag and a command at byte 1"},
		{"ä NOOP", "expected a tag and a command at byte 1"},
		{strings.Repeat("t", 65) + " NOOP", "tag longer than 64 bytes at byte 1"},
		{"a ", "unknown command at byte 3"},
		{"a NOSUCH x", "unknown command at byte 3"},
		{"a UID NOOP", "unknown command at byte 3"},
		{"a NOOP  ", "NOOP: expected end of line at byte 7"},
		{"a NO\x00OP", "NUL at byte 5"},
		{"a NOOP\r\r", "CR without LF at byte 7"},
		{"a LOGIN x y", "LOGIN: already signed in"},
		{"a ENABLE", "ENABLE: expected SP at byte 9"},
		{"a ID (x y)", "ID: expected a field name as a string at byte 7"},
		{`a ID ("x")`, "ID: expected SP at byte 10"},
		{`a ID (` + strings.Repeat(`"x" NIL `, 31) + `)`, "ID: more than 30 items in a list at byte 247"},
		{"a SELECT", "SELECT: expected SP at byte 9"},
		{"a SELECT  x", "SELECT: expected a mailbox name at byte 10"},
		{"a SELECT x (CONDSTORE)", "SELECT: expected end of line at byte 11"},
		{"a SELECT R&D", "SELECT: mailbox name is not modified UTF-7 at byte 13"},
		{`a SELECT "ü"`, "SELECT: mailbox name is not modified UTF-7 at byte 14"},
		{"a SELECT \"\xff\"", "SELECT: quoted string is not UTF-8 at byte 12"},
		{`a SELECT "x`, "SELECT: quoted string without end at byte 12"},
		{`a SELECT "\x"`, `SELECT: expected '"' or '\' behind '\' at byte 11`},
		{"a SELECT " + strings.Repeat("x", 1025), "SELECT: mailbox name longer than 1024 bytes at byte 1035"},
		{"a SELECT {3}x", "SELECT: literal does not end the line at byte 10"},
		{"a SELECT {x}", "SELECT: size of the literal is not a number at byte 10"},
		{"a SELECT {4294967295}", "SELECT: literal longer than 1048576 bytes"},
		{"a SELECT {99999999999999999999}", "SELECT: literal longer than 1048576 bytes"},
		{"a SELECT ~{1+}\r\nx", "SELECT: expected end of line at byte 11"},
		{"a SELECT {3+}\r\nx\x00y", "SELECT: NUL in a literal at byte 1"},
		{"a NOSUCH {6+}\r\nz NOOP {2+}\r\nab", "unknown command at byte 3"},
		{"a LIST \"\"", "LIST: expected SP at byte 10"},
		{`a LIST "" ()`, "LIST: expected a mailbox pattern at byte 11"},
		{`a LIST (RECURSIVEMATCH REMOTE) "" *`, "LIST: RECURSIVEMATCH needs another selection option at byte 8"},
		{`a LIST (FOO) "" *`, "LIST: unknown LIST option at byte 9"},
		{`a LIST "" * RETURN (STATUS ())`, "LIST: expected a STATUS item at byte 28"},
		{`a LIST "" * (CHILDREN)`, "LIST: expected RETURN at byte 13"},
		{"a STATUS x (MESSAGES FOO)", "STATUS: unknown STATUS item at byte 22"},
		{"a STATUS x ()", "STATUS: expected a STATUS item at byte 12"},
		{"a APPEND x hello", "APPEND: expected a message as a literal at byte 12"},
		{`a APPEND x "1-Foo-2000 00:00:00 +0000" {1}`, `APPEND: expected a date and time such as " 1-Feb-1994 21:52:25 -0800" at byte 12`},
		{"a APPEND x {2000000}", "APPEND: literal longer than 1048576 bytes"},
		{"a APPEND x ~{2+}\r\nab", "APPEND: literal8 is not supported"},
		{"a APPEND x (\\Recent) {1+}\r\nx", `APPEND: \Recent cannot be set at byte 13`},
		{"a COPY 0 x", "COPY: bad set of numbers at byte 8"},
		{"a COPY 1, x", "COPY: bad set of numbers at byte 10"},
		{"a COPY 1:4294967296 x", "COPY: bad set of numbers at byte 10"},
		{"a COPY x y", "COPY: expected a set of numbers at byte 8"},
		{"a STORE 1 FLAG (\\Seen)", "STORE: expected FLAGS or FLAGS.SILENT at byte 11"},
		{"a STORE 1 FLAGS (\\Foo)", "STORE: unknown system flag at byte 18"},
		{"a STORE 1 FLAGS", "STORE: expected SP at byte 16"},
		{"a STORE 1 FLAGS (" + strings.Repeat("k", 65) + ")", "STORE: keyword longer than 64 bytes at byte 83"},
		{"a STORE 1 FLAGS (" + strings.Repeat("k ", 101) + ")", "STORE: more than 100 items in a list at byte 218"},
		{"a FETCH 1 FOO", "FETCH: unknown FETCH item at byte 11"},
		{"a FETCH 1 ()", "FETCH: expected a FETCH item at byte 11"},
		{"a FETCH 1 (FLAGS", "FETCH: expected SP or ')' at byte 17"},
		{"a FETCH 1 (FAST)", "FETCH: unknown FETCH item at byte 12"},
		{"a FETCH 1 BODY[0]", "FETCH: part numbers begin at 1 at byte 17"},
		{"a FETCH 1 BODY[1.]", "FETCH: expected a part or a section's text at byte 18"},
		{"a FETCH 1 BODY[MIME]", "FETCH: unknown section at byte 16"},
		{"a FETCH 1 BODY[HEADER.FIELDS ()]", "FETCH: expected a header field at byte 30"},
		{"a FETCH 1 BODY[]<0.0>", "FETCH: a length of 0 at byte 21"},
		{"a FETCH 1 BODY[]<5>", "FETCH: expected '.' at byte 19"},
		{"a FETCH 1 BODY[" + strings.Repeat("1.", 50) + "1]", "FETCH: part deeper than 50 at byte 117"},
		{"a FETCH 1 (" + strings.Repeat("RFC822 ", 65) + ")", "FETCH: more than 64 sections at byte 466"},
		{"a SEARCH", "SEARCH: expected SP at byte 9"},
		{"a SEARCH FOO", "SEARCH: unknown search key at byte 10"},
		{"a SEARCH ON 31-Feb-2000", "SEARCH: expected a date such as 1-Feb-1994 at byte 13"},
		{"a SEARCH CHARSET KOI8-R TEXT x", "SEARCH: only US-ASCII and UTF-8 are understood"},
		{"a SEARCH TEXT {1+}\r\n\xff", "SEARCH: search text is not UTF-8 at byte 1"},
		{"a SEARCH RETURN (FOO) ALL", "SEARCH: unknown RETURN option at byte 18"},
		{"a SEARCH " + strings.Repeat("(", 60) + "ALL" + strings.Repeat(")", 60), "SEARCH: search keys more than 50 deep at byte 60"},
		{"a SEARCH " + strings.Repeat("NOT ", 60) + "ALL", "SEARCH: search keys more than 50 deep at byte 210"},
		{"a SEARCH" + strings.Repeat(" ALL", 201), "SEARCH: more than 200 search keys at byte 810"},
		{"a SEARCH (ALL", "SEARCH: expected SP or ')' at byte 14"},
		{"a FETCH 1 " + strings.Repeat("(", 60000), "FETCH: unknown FETCH item at byte 12"},
	} {
		_, err, inStep := read(t, anywhere, LimitsAfterLogin(1<<20), tt.in+"\r\n")
		var se *SyntaxError
		if !errors.As(err, &se) || se.Text != tt.want {
			t.Errorf("%.80q:\n got %v\nwant %s", tt.in, err, tt.want)
		}
		if !inStep {
			t.Errorf("%.80q: next command is not read", tt.in)
		}
	}
}

func TestWrongState(t *testing.T) {
	c, err, inStep := read(t, NotAuthenticated, LimitsBeforeLogin, "a FETCH 1 {5+}\r\nhello x\r\n")
	if c.Tag != "a" || c.Name != "FETCH" || err == nil || err.Error() != "FETCH: no mailbox is selected" || !inStep {
		t.Errorf("%+v %v %v", c, err, inStep)
	}
	if _, err, _ := read(t, NotAuthenticated, LimitsBeforeLogin, "a LIST \"\" *\r\n"); err.Error() != "LIST: sign in first" {
		t.Error(err)
	}
}

// endless gives text for ever and counts what was taken.
type endless struct {
	text string
	n    int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[(e.n+i)%len(e.text)]
	}
	e.n += len(p)
	return len(p), nil
}

// TestBeforeLogin covers rows 74 and 77 of reliability.md: a stranger's command costs little and then all ends.
func TestBeforeLogin(t *testing.T) {
	for _, start := range []string{
		strings.Repeat("t", 100<<10),
		"a LOGIN {4294967295}\r\n", "a LOGIN {4294967295+}\r\n", "a LOGIN x {999999999+}\r\n", "a LOGIN {65537}\r\n",
		"a " + strings.Repeat("(", 100_000), "a ID (", "a ID " + strings.Repeat("(", 100_000),
		"a FOO {999999999+}\r\n", "a AUTHENTICATE PLAIN ", "a LOGIN {60000+}\r\n" + strings.Repeat("x", 60000) + " {60000+}\r\n",
		"a LOGIN x {60000+}\r\n" + strings.Repeat("x", 60000) + strings.Repeat("y", 6000),
	} {
		flood := &endless{text: `"x" "y" `}
		d := NewDecoder(io.MultiReader(strings.NewReader(start), flood), func() error { return nil })
		_, err := ReadCommand(d, NotAuthenticated)
		if err != nil && !IsFatal(err) {
			_, err = ReadCommand(d, NotAuthenticated)
		}
		var big *TooBigError
		if !errors.As(err, &big) {
			t.Errorf("%.40q: %v", start, err)
		}
		if _, again := ReadCommand(d, NotAuthenticated); again != err {
			t.Errorf("%.40q: then %v", start, again)
		}
		if flood.n > 100<<10 {
			t.Errorf("%.40q: read %d bytes", start, flood.n)
		}
	}
	d := NewDecoder(&endless{text: "a NOOP\r\n"}, nil)
	n := 0
	for ; n < 1<<20; n++ {
		if _, err := ReadCommand(d, NotAuthenticated); err != nil {
			if err.Error() != "commands before sign-in longer than 1048576 bytes" {
				t.Error(err)
			}
			break
		}
	}
	if n != 1<<20/8 {
		t.Errorf("%d commands", n)
	}
}

// TestAnnouncedLiteralKeepsMemoryFlat is row 74: what is announced is not allocated.
func TestAnnouncedLiteralKeepsMemoryFlat(t *testing.T) {
	allocs := testing.Benchmark(func(b *testing.B) {
		for i := 0; i < b.N; i++ {
			d := NewDecoder(strings.NewReader("a LOGIN {60000}\r\nx"), func() error { return nil })
			if _, err := ReadCommand(d, NotAuthenticated); err != io.ErrUnexpectedEOF {
				b.Fatal(err)
			}
		}
	})
	if n := allocs.AllocedBytesPerOp(); n > 8<<10 {
		t.Errorf("%d bytes", n)
	}
}

// TestManyLiterals is row 75.
func TestManyLiterals(t *testing.T) {
	limits := LimitsAfterLogin(10 << 20)
	_, err, inStep := read(t, anywhere, limits, "a SEARCH"+strings.Repeat(" TEXT {1+}\r\nx", 190)+"\r\n")
	if err != nil || !inStep {
		t.Fatal(err, inStep)
	}
	_, err, inStep = read(t, anywhere, limits, "a SEARCH"+strings.Repeat(" OR TEXT {1+}\r\nx", 300)+"\r\n")
	if err == nil || !inStep {
		t.Fatal(err, inStep)
	}
	big := " TEXT {200000+}\r\n" + strings.Repeat("x", 200000)
	_, err, inStep = read(t, anywhere, limits, "a SEARCH"+strings.Repeat(big, 6)+"\r\n")
	if err == nil || err.Error() != "SEARCH: literal longer than 1048576 bytes" || !inStep {
		t.Fatal(err, inStep)
	}
	d := NewDecoder(io.MultiReader(strings.NewReader("a SEARCH"), &endless{text: " TEXT {1+}\r\nx"}), nil)
	d.SetLimits(limits)
	_, err = ReadCommand(d, Selected)
	if err == nil || IsFatal(err) {
		t.Fatal(err)
	}
	if _, err = ReadCommand(d, Selected); !IsFatal(err) {
		t.Fatal(err)
	}
}

func TestAppendStreams(t *testing.T) {
	asked := 0
	in := "a APPEND x {5}\r\nhello\r\nb APPEND x {5+}\r\nhello\r\nc APPEND x {5}\r\nhello y\r\nd APPEND x {5}\r\ne NOOP\r\nf APPEND x {9}\r\nhel"
	d := NewDecoder(strings.NewReader(in), func() error { asked++; return nil })
	d.SetLimits(LimitsAfterLogin(100))
	next := func() *Literal {
		c, err := ReadCommand(d, Selected)
		if err != nil {
			t.Fatal(err)
		}
		return c.Args.(*Append).Message
	}
	open := func(l *Literal) (string, error) {
		r, err := l.Open()
		if err != nil {
			return "", err
		}
		b, err := io.ReadAll(r)
		return string(b), err
	}
	a := next()
	if s, err := open(a); s != "hello" || err != nil || a.Done() != nil || asked != 1 {
		t.Fatal(s, err, asked)
	}
	next() // refused: the five bytes are dropped
	c := next()
	if s, err := open(c); s != "hello" || err != nil || asked != 2 {
		t.Fatal(s, err, asked)
	}
	if err := c.Done(); err == nil || err.Error() != "APPEND: expected end of line at byte 1" {
		t.Fatal(err)
	}
	next() // refused: the client does not send
	if c, err := ReadCommand(d, Selected); c.Tag != "e" || err != nil {
		t.Fatal(c, err)
	}
	if s, err := open(next()); s != "hel" || err != io.ErrUnexpectedEOF {
		t.Fatal(s, err)
	}
}

func TestSASLAndIdle(t *testing.T) {
	d := NewDecoder(strings.NewReader("AGEAYg==\r\n*\r\n!!\r\n\r\nDONE\r\ndone\r\nfoo\r\n"), nil)
	if b, cancelled, err := ReadSASL(d); string(b) != "\x00a\x00b" || cancelled || err != nil {
		t.Error(b, cancelled, err)
	}
	if _, cancelled, err := ReadSASL(d); !cancelled || err != nil {
		t.Error(cancelled, err)
	}
	if _, _, err := ReadSASL(d); err == nil || err.Error() != "AUTHENTICATE: bad base64 at byte 1" {
		t.Error(err)
	}
	if b, _, err := ReadSASL(d); len(b) != 0 || err != nil {
		t.Error(b, err)
	}
	for range 2 {
		if err := ReadDone(d); err != nil {
			t.Error(err)
		}
	}
	if err := ReadDone(d); err == nil || err.Error() != "IDLE: expected DONE" {
		t.Error(err)
	}
	if err := ReadDone(d); err != io.EOF {
		t.Error(err)
	}
}

func TestNoSecretInComplaints(t *testing.T) {
	for _, in := range []string{`a LOGIN joe pass"word`, `a LOGIN joe "password`, "a LOGIN joe password x", "a LOGIN joe {8+}\r\npassword x"} {
		_, err, _ := read(t, NotAuthenticated, LimitsBeforeLogin, in+"\r\n")
		if err == nil || strings.Contains(err.Error(), "pass") && !strings.Contains(err.Error(), "a password") {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func FuzzReadCommand(f *testing.F) {
	for _, s := range []string{
		"a LOGIN {3}\r\njoe {5+}\r\nse ct\r\n", "a APPEND x (\\Seen) {5}\r\nhello\r\n", "a UID FETCH 1:* (FLAGS BODY[1.HEADER.FIELDS (A B)]<0.1>)\r\n",
		"a SEARCH RETURN (MIN) CHARSET UTF-8 OR (FROM \"x\") NOT 1:4 ON 1-Feb-1994\r\n", "a LIST (SUBSCRIBED) \"\" (a %) RETURN (STATUS (SIZE))\r\n",
		"a STORE 1 +FLAGS.SILENT (\\Seen x)\r\n", "a ID (\"x\" NIL)\r\n", "a AUTHENTICATE PLAIN AGEAYg==\r\n",
	} {
		f.Add([]byte(s), uint8(Selected))
	}
	f.Fuzz(func(t *testing.T, in []byte, state uint8) {
		r := bytes.NewReader(in)
		d := NewDecoder(r, func() error { return nil })
		if state&1 == 0 {
			d.SetLimits(LimitsAfterLogin(1000))
		}
		for i := 0; ; i++ {
			c, err := ReadCommand(d, State(state))
			if IsFatal(err) {
				return
			}
			if i > len(in) {
				t.Fatal("no progress")
			}
			if a, ok := c.Args.(*Append); ok && err == nil && state&2 == 0 {
				if rd, err := a.Message.Open(); err == nil {
					if n, err := io.Copy(io.Discard, rd); err == nil && n != a.Message.Size {
						t.Fatal(n, a.Message.Size)
					}
					a.Message.Done()
				}
			}
			_ = fmt.Sprint(c)
		}
	})
}

func BenchmarkReadCommand(b *testing.B) {
	for _, line := range []string{"a1 UID FETCH 1:* (FLAGS UID)\r\n", "a1 STORE 5 +FLAGS.SILENT (\\Seen)\r\n", "a1 SEARCH UNSEEN SINCE 1-Feb-1994\r\n"} {
		b.Run(strings.Fields(line)[1], func(b *testing.B) {
			d := NewDecoder(&endless{text: line}, nil)
			d.SetLimits(LimitsAfterLogin(1))
			b.ReportAllocs()
			for i := 0; i < b.N; i++ {
				if _, err := ReadCommand(d, Selected); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
