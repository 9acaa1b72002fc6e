package imap

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
)

// literals returns the first literal of each FETCH response, by sequence number.
func (r *raw) literals(command string) (map[int]string, string) {
	r.h.Helper()
	_, err := io.WriteString(r, "t "+command+"\r\n")
	r.h.must(err)
	got := map[int]string{}
	for {
		l := r.line()
		if strings.HasPrefix(l, "t ") {
			return got, l
		}
		n, _ := strconv.Atoi(strings.Fields(l)[1])
		if i := strings.LastIndexByte(l, '{'); i >= 0 && strings.HasSuffix(l, "}") {
			size, err := strconv.Atoi(l[i+1 : len(l)-1])
			r.h.must(err)
			text := make([]byte, size)
			_, err = io.ReadFull(r.r, text)
			r.h.must(err)
			got[n] = string(text)
			r.line()
		}
	}
}

// TestManyBodies reads small and large messages together, whole and in pieces,
// while others leave.
func TestManyBodies(t *testing.T) {
	h := newHouse(t, nil)
	const n = 150
	texts := map[int]string{}
	for i := 1; i <= n; i++ {
		size := 10 + i*40
		switch i % 50 {
		case 7:
			size = 200 << 10
		case 20:
			size = 64 << 10
		}
		texts[i] = fmt.Sprintf("Subject: number %d\r\nFrom: %d <from%d@x.test>\r\n\r\n%s\r\n", i, i, i, strings.Repeat("abcdefg\r\n", size/9))
		h.deliver("alice", texts[i])
	}
	r := h.signedIn("alice")
	r.ok("SELECT INBOX")
	check := func(command string, part func(string) string, gone int) {
		t.Helper()
		got, end := r.literals(command)
		if want := map[bool]string{true: "t NO", false: "t OK"}[gone > 0 && !strings.HasPrefix(command, "UID")]; !strings.HasPrefix(end, want) {
			t.Fatalf("%s: %s", command, end)
		}
		if len(got) != n-gone {
			t.Fatalf("%s: %d messages", command, len(got))
		}
		for i, text := range got {
			if want := part(texts[i]); text != want {
				t.Fatalf("%s: message %d has %d bytes, want %d: %.80q", command, i, len(text), len(want), text)
			}
		}
	}
	whole := func(s string) string { return s }
	header := func(s string) string { h, _, _ := strings.Cut(s, "\r\n\r\n"); return h + "\r\n\r\n" }
	subject := func(s string) string { l, _, _ := strings.Cut(s, "\r\n"); return l + "\r\n\r\n" }
	for round := range 3 {
		for round == 2 && takeAhead() { // others have all that is to be had
			defer dropAhead()
		}
		check("FETCH 1:* BODY.PEEK[]", whole, 0)
		check("FETCH 1:* (UID BODY.PEEK[HEADER])", header, 0)
		check("UID FETCH 1:* (RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)])", subject, 0)
		check("FETCH 1:* (BODY.PEEK[]<5.20> ENVELOPE INTERNALDATE)", func(s string) string { return s[5:25] }, 0)
		check("FETCH 1:* (BODYSTRUCTURE BODY.PEEK[TEXT])", func(s string) string { return s[len(header(s)):] }, 0)
	}
	h.must(h.box("alice").Delete(t.Context(), mailbox.FolderOf(mailbox.Inbox), []mailbox.Range{{First: 40, Last: 49}}))
	check("FETCH 1:* BODY.PEEK[]", whole, 10)
	check("FETCH 1:* (BODY.PEEK[HEADER] FLAGS)", header, 10)
	if got, lines := r.do("FETCH 1:* (ENVELOPE)"); !strings.HasPrefix(got, "t NO") || len(lines) != n-10 {
		t.Fatalf("%s after %d", got, len(lines))
	}
	if lines := r.ok("UID FETCH 38:52 (BODYSTRUCTURE)"); len(lines) != 5+10 { // and what has left is told
		t.Fatalf("%q", lines)
	}
}

// TestListingsAreNotStale has two sessions list a folder that a third changes.
func TestListingsAreNotStale(t *testing.T) {
	h := newHouse(t, nil)
	for i := 1; i <= 60; i++ {
		h.deliver("alice", fmt.Sprintf("Subject: number %d\r\nFrom: a%d@x.test\r\nTo: b%d@x.test\r\n\r\nx\r\n", i, i, i))
	}
	a, b := h.signedIn("alice"), h.signedIn("alice")
	a.ok("SELECT INBOX")
	b.ok("SELECT INBOX")
	subjects := func(r *raw) string {
		t.Helper()
		var all []string
		for _, l := range r.ok("UID FETCH 1:* (UID ENVELOPE)") {
			if _, rest, ok := strings.Cut(l, `"number `); ok {
				s, _, _ := strings.Cut(rest, `"`)
				all = append(all, s)
			}
		}
		return strings.Join(all, " ")
	}
	hits := func(r *raw, query string) int {
		t.Helper()
		for _, l := range r.ok("UID SEARCH " + query) {
			if f := strings.Fields(l); f[1] == "SEARCH" {
				return len(f) - 2
			}
		}
		return -1
	}
	if got := subjects(a); !strings.HasPrefix(got, "1 2 3") || !strings.HasSuffix(got, "59 60") {
		t.Fatal(got)
	}
	if hits(b, "FROM a7@x") != 1 || hits(b, `SUBJECT "number 1"`) != 11 || hits(b, "TO B2") != 11 || hits(b, "FROM x.test NOT SUBJECT 6") != 60-7 {
		t.Fatal("a search finds what it should not")
	}
	box := h.box("alice")
	inbox := mailbox.FolderOf(mailbox.Inbox)
	h.must(box.Delete(t.Context(), inbox, []mailbox.Range{{First: 1, Last: 9}}))
	_, err := box.Move(t.Context(), inbox, []mailbox.Range{{First: 20, Last: ids.UID(20)}}, box, inbox)
	h.must(err)
	for _, r := range []*raw{a, b} {
		if got := subjects(r); !strings.HasPrefix(got, "10 11 ") || strings.Contains(got, " 20 ") {
			t.Fatal(got)
		}
		r.ok("NOOP")
		if got := subjects(r); !strings.HasPrefix(got, "10 11 ") || !strings.HasSuffix(got, " 60 20") || hits(r, "FROM a7@x") != 0 || hits(r, "FROM a20@x") != 1 {
			t.Fatal(got)
		}
	}
	// Another's folder of the same number has other messages.
	h.deliver("bob", "Subject: number 999\r\nFrom: z@x.test\r\n\r\nx\r\n")
	o := h.signedIn("bob")
	o.ok("SELECT INBOX")
	if got := subjects(o); got != "999" {
		t.Fatal(got)
	}
}
