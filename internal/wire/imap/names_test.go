package imap

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestUTF7(t *testing.T) {
	for _, tt := range []struct{ coded, name string }{
		{"INBOX", "INBOX"}, {"a&-b", "a&b"}, {"&-&-", "&&"}, {"Entw&APw-rfe", "Entwürfe"},
		{"~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"}, {"&2D3eAA-", "😀"}, {"&AOQ-&-&AOQ-", "ä&ä"},
	} {
		if got, ok := DecodeUTF7(tt.coded); !ok || got != tt.name {
			t.Errorf("decode %q: %q %v", tt.coded, got, ok)
		}
		if got := string(AppendUTF7(nil, tt.name)); got != tt.coded {
			t.Errorf("encode %q: %q", tt.name, got)
		}
	}
	for _, bad := range []string{"&", "a&b", "&AGE-", "&ACY-", "&2D0-", "&3gA-", "&AP-", "&APw", "&APx-", "&AOQ-&APw-", "ü", "a\x00", "\x7f", "&A+w=-", "&2D0AQQ-"} {
		if got, ok := DecodeUTF7(bad); ok {
			t.Errorf("%q: %q", bad, got)
		}
	}
}

func FuzzUTF7(f *testing.F) {
	f.Add("Entw&APw-rfe")
	f.Add("&2D3eAA-&-x")
	f.Fuzz(func(t *testing.T, s string) {
		if name, ok := DecodeUTF7(s); ok {
			if back := string(AppendUTF7(nil, name)); back != s || !utf8.ValidString(name) {
				t.Fatalf("%q is %q is %q", s, name, back)
			}
		}
		if utf8.ValidString(s) {
			if back, ok := DecodeUTF7(string(AppendUTF7(nil, s))); !ok || back != s {
				t.Fatalf("%q comes back as %q", s, back)
			}
		}
	})
}

func TestPattern(t *testing.T) {
	for _, tt := range []struct {
		pattern, name string
		want          bool
	}{
		{"*", "a/b", true}, {"*", "", true}, {"%", "a", true}, {"%", "a/b", false}, {"%/%", "a/b", true}, {"%/%", "a/b/c", false},
		{"a*c", "a/b/c", true}, {"a%c", "a/b/c", false}, {"a%c", "abc", true}, {"*b", "a/b", true}, {"*b*", "ac", false},
		{"%b*d%", "ab/c/de", true}, {"%b*d%", "ab/c/d/e", false}, {"*%", "a/b", true}, {"%*", "a/b", true}, {"a", "a", true},
		{"a", "ab", false}, {"ab", "a", false}, {"", "", true}, {"", "a", false}, {"inbox", "INBOX", true}, {"inb%", "INBOX", true},
		{"%nBoX/x", "INBOX/x", true}, {"inbox/X", "INBOX/x", false}, {"inbox", "INBOXES", false}, {"sent", "Sent", false}, {"%%%", "ab", true},
		{"a/%", "a/", true}, {"*x*y*z", "axbyczxz", true}, {"*x*y*z", "axbzcy", false},
	} {
		if got := NewPattern("", tt.pattern, '/').Match(tt.name); got != tt.want {
			t.Errorf("%q %q: %v", tt.pattern, tt.name, got)
		}
	}
	if !NewPattern("a/", "%", '/').Match("a/b") {
		t.Error("reference")
	}
	start := time.Now()
	p := NewPattern("", strings.Repeat("*a%", 300)+"b", '/')
	if p.Match(strings.Repeat("a", 1000)) || time.Since(start) > time.Second {
		t.Error("slow", time.Since(start))
	}
}

// matchSimple is the same by recursion.
func matchSimple(p, s string) bool {
	switch {
	case p == "":
		return s == ""
	case p[0] == '*' || p[0] == '%':
		return matchSimple(p[1:], s) || s != "" && (p[0] == '*' || s[0] != '/') && matchSimple(p, s[1:])
	}
	return s != "" && p[0] == s[0] && matchSimple(p[1:], s[1:])
}

func FuzzPattern(f *testing.F) {
	f.Add("%a*b/%", "xa/b/c")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 12 || len(name) > 12 || strings.HasPrefix(name, Inbox) {
			return
		}
		if got, want := NewPattern("", pattern, '/').Match(name), matchSimple(pattern, name); got != want {
			t.Fatalf("%q %q: %v", pattern, name, got)
		}
	})
}

func TestNumSet(t *testing.T) {
	for _, tt := range []struct {
		in, back, resolved string
		top                uint32
	}{
		{"1", "1", "1", 9}, {"*", "*", "9", 9}, {"4:*", "4:*", "4:9", 9}, {"*:4", "4:*", "4:9", 9}, {"12:*", "12:*", "9:12", 9},
		{"3,1,2,2:5,9", "3,1,2,2:5,9", "1:5,9", 9}, {"*", "*", "", 0}, {"*:*", "*", "9", 9},
		{"4294967295,1:4294967294", "4294967295,1:4294967294", "1:4294967295", 9}, {"5:2", "2:5", "2:5", 1},
	} {
		s, ok := ParseNumSet(tt.in)
		if !ok || s.String() != tt.back {
			t.Errorf("%q: %q %v", tt.in, s, ok)
		}
		if got := (NumSet{Ranges: s.Resolve(tt.top)}).String(); got != tt.resolved {
			t.Errorf("%q of %d: %q, want %q", tt.in, tt.top, got, tt.resolved)
		}
	}
	for _, bad := range []string{"", "0", "1,", ",1", "1:", ":1", "1::2", "a", "4294967296", "1 2", "**", "1:0", "-1"} {
		if s, ok := ParseNumSet(bad); ok {
			t.Errorf("%q: %v", bad, s)
		}
	}
}

func FuzzNumSet(f *testing.F) {
	f.Add("1:*,4,9:2", uint32(7), uint32(4))
	f.Fuzz(func(t *testing.T, in string, top, probe uint32) {
		s, ok := ParseNumSet(in)
		if !ok {
			return
		}
		again, ok := ParseNumSet(s.String())
		if !ok || again.String() != s.String() {
			t.Fatalf("%q: %q", s, again)
		}
		rs := s.Resolve(top)
		want := false
		for _, r := range s.Ranges {
			first, last := r.First, r.Last
			if first == 0 {
				first = top
			}
			if last == 0 {
				last = top
			}
			want = want || probe != 0 && (first <= probe && probe <= last || last <= probe && probe <= first)
		}
		if InRanges(rs, probe) != want {
			t.Fatalf("%q top %d: %d in %v is not %v", in, top, probe, rs, want)
		}
		for i, r := range rs {
			if r.First == 0 || r.First > r.Last || i > 0 && uint64(r.First) <= uint64(rs[i-1].Last)+1 {
				t.Fatalf("%q: %v", in, rs)
			}
		}
	})
}
