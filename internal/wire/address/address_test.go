package address

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in, local, domain, out string
	}{
		{"a@b.example", "a", "b.example", ""},
		{"A.b+c@EXAMPLE.com", "A.b+c", "example.com", "A.b+c@example.com"},
		{`"a@b"@c.com`, "a@b", "c.com", ""},
		{`"a b\"\\"@c.com`, `a b"\`, "c.com", ""},
		{`"plain"@c.com`, "plain", "c.com", "plain@c.com"},
		{"a%b!c@d.com", "a%b!c", "d.com", ""},
		{"root@localhost", "root", "localhost", ""},
		{"a@b.com.", "a", "b.com", "a@b.com"},
		{"jörg@exämple.de", "jörg", "exämple.de", ""},
		{strings.Repeat("a", 64) + "@b.com", strings.Repeat("a", 64), "b.com", ""},
	} {
		a, err := Parse(c.in)
		if c.out == "" {
			c.out = c.in
		}
		if err != nil || a.Local != c.local || a.Domain != c.domain || a.String() != c.out {
			t.Errorf("Parse(%q) = %+v %q, %v", c.in, a, a.String(), err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, in := range []string{
		"", "a", "@", "a@", "@b.com", "a@b@c.com", ".a@b.com", "a.@b.com", "a..b@c.com", "a b@c.com", "<a@b.com>", "a@b.com>",
		"a@b.com\r\nRCPT TO:<x@y>", "a\x00@b.com", "a@b\x00.com", "\"a\r\n\"@b.com", `"a@b.com`, `"a"b@c.com`, `""@b.com`, "a(c)@b.com",
		"a@(c)b.com", "@x.com:a@b.com", "a@[192.0.2.1]", "a@-b.com", "a@b-.com", "a@b_c.com", "a@b..com", "a@.com", "a@b.com..",
		"a\u202ec@b.com", "a\u200bc@b.com", "a\u0085@b.com", "a\xff@b.com", "a\u00a0@b.com", "a@b\u202e.com",
		strings.Repeat("a", 65) + "@b.com", "a@" + strings.Repeat("b", 64) + ".com", "a@" + strings.Repeat("b.", 130) + "com",
		strings.Repeat("a", 64) + "@" + strings.Repeat("b.", 94) + "cc", "a@b.com, c@d.com", "aaa@bbb.com>ccc@ddd.com",
	} {
		if a, err := Parse(in); err == nil {
			t.Errorf("Parse(%q) = %+v, want an error", in, a)
		}
	}
}

func TestPath(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "<>": "", "<a@b.com>": "a@b.com", "a@b.com": "a@b.com", "<@x.com,@y.com:a@b.com>": "a@b.com",
		"<Postmaster>": "Postmaster", "<a@[192.0.2.1]>": "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]": "a@[ipv6:2001:db8::1]",
	} {
		a, err := ParsePath(in)
		if err != nil || a.String() != want {
			t.Errorf("ParsePath(%q) = %q, %v", in, a.String(), err)
		}
	}
	for _, in := range []string{"<", ">", "<a@b.com", "a@b.com>", "<@x.com>", "<@:a@b.com>", "<@x.com,:a@b.com>", "<<a@b.com>>", "a@[1.2.3]", "a@[::1]", "a@[IPv6:1.2.3.4]"} {
		if a, err := ParsePath(in); err == nil {
			t.Errorf("ParsePath(%q) = %v", in, a)
		}
	}
	a, err := ParseUnquoted("u@d.com@srv.example")
	if err != nil || a.String() != `"u@d.com"@srv.example` {
		t.Errorf("%v %v", a, err)
	}
}

func TestKey(t *testing.T) {
	for _, pair := range [][2]string{
		{"USER@Example.COM", "user@example.com"}, {"Jörg@EXÄMPLE.de", "jo\u0308rg@xn--exmple-cua.de"},
		{"straße@b.com", "STRASSE@b.com"}, {"ｕｓｅｒ@b.com", "user@b.com"},
	} {
		a, err1 := Parse(pair[0])
		b, err2 := Parse(pair[1])
		if err1 != nil || err2 != nil || a.Key() != b.Key() {
			t.Errorf("%q: %q %v; %q: %q %v", pair[0], a.Key(), err1, pair[1], b.Key(), err2)
		}
	}
	a, _ := Parse("a.b@c.com")
	b, _ := Parse("ab@c.com")
	if a.Key() == b.Key() {
		t.Error("dots count")
	}
	for in, want := range map[string][2]string{"a+b": {"a", "b"}, "a+b+c": {"a", "b+c"}, "a": {"a", ""}, "+a": {"+a", ""}} {
		if base, tag := SplitTag(in); base != want[0] || tag != want[1] {
			t.Errorf("SplitTag(%q) = %q, %q", in, base, tag)
		}
	}
}

func TestParseDomain(t *testing.T) {
	if d, err := ParseDomain("Mail.Example.COM."); err != nil || d != "mail.example.com" {
		t.Error(d, err)
	}
	for _, in := range []string{"", "com", ".com", "a.com..", "a b.com", "ä.com", "a_b.com", "192.0.2.1", "a.com\n", "-a.com", "a.com/x"} {
		if d, err := ParseDomain(in); err == nil {
			t.Errorf("%q = %q", in, d)
		}
	}
}

func show(l []Mailbox) string {
	var b strings.Builder
	for _, m := range l {
		odd := ""
		if m.Odd {
			odd = "!"
		}
		fmt.Fprintf(&b, "%s{%s|%s|%s}", []string{"", "[", "]"}[m.Mark]+odd, m.Name, m.Local, m.Host)
	}
	return b.String()
}

func TestParseList(t *testing.T) {
	for in, want := range map[string]string{
		"a@b.com":                                    "{|a|b.com}",
		" A B <a@b.com>,\r\n c@d.com (C D)":          "{A B|a|b.com}{C D|c|d.com}",
		`"B, A" <a@b.com>; c@d.com`:                  "{B, A|a|b.com}{|c|d.com}",
		`Team: a@b.com, "X" <x@y.com>;, z@z.com`:     "[{Team||}{|a|b.com}{X|x|y.com}]{||}{|z|z.com}",
		"undisclosed-recipients:;":                   "[{undisclosed-recipients||}]{||}",
		"open: a@b.com":                              "[{open||}{|a|b.com}]{||}",
		"=?utf-8?q?J=C3=B6rg_=0D=0ABcc:?= <a@b.com>": "{Jörg  Bcc:|a|b.com}",
		`"=?utf-8?q?J=C3=B6?=" <a@b.com>`:            "{Jö|a|b.com}",
		`"a@b"@c.com`:                                "{|a@b|c.com}",
		"<aaa@bbb.com>ccc@ddd.com":                   "!{|aaa|bbb.com}",
		"<@route.com:a@b.com>":                       "!{|a|b.com}",
		"<a@b.com":                                   "!{|a|b.com}",
		"a@b.com@c.com":                              "!{|a@b.com|c.com}",
		"John Doe":                                   "!{|John Doe|}",
		"root, a@b.com":                              "!{|root|}{|a|b.com}",
		", ,,":                                       "",
		"":                                           "",
		"a (x (y) z) @ b.com":                        "{x (y) z|a|b.com}",
		"<  a @ b.com >":                             "{|a|b.com}",
		"<>":                                         "",
		"=?utf-8?q?a=40b?=@host.com":                 "{|=?utf-8?q?a=40b?=|host.com}",
		`"unterminated <a@b.com>`:                    "!{|\"unterminated <a|b.com>}",
		"a@x.com <b@y.com>":                          "{a@x.com|b|y.com}",
	} {
		if got := show(ParseList(in)); got != want {
			t.Errorf("ParseList(%q)\n got %s\nwant %s", in, got, want)
		}
	}
	if n := len(ParseList(strings.Repeat("a@b.com,", 5000))); n != MaxList {
		t.Error(n)
	}
}

func TestListIsLinear(t *testing.T) {
	start := time.Now()
	for _, in := range []string{"<", "(", `"`, "a", "@", ":", ";", ",", "<a,", "(\\", "\"\\", "a:b@c;", "=?a?q?"} {
		ParseList(strings.Repeat(in, 256<<10/len(in)))
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Fatalf("took %v", d)
	}
}

func TestFormat(t *testing.T) {
	a := Address{"a b", "c.com"}
	for _, name := range []string{"", "Al", `q"\`, "Jörg, B", "x\r\nBcc: y"} {
		l := ParseList(Format(name, a))
		if len(l) != 1 || l[0].Odd || l[0].Local != a.Local || l[0].Host != a.Domain || strings.ContainsAny(Format(name, a), "\r\n") {
			t.Errorf("%q: %s", name, show(l))
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a@b.com", `"a@b\""@c.com`, "jörg@exämple.de", "<@a:b@c>", "a@[IPv6:::1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, parse := range []func(string) (Address, error){Parse, ParsePath, ParseUnquoted} {
			a, err := parse(s)
			if err != nil {
				continue
			}
			out := a.String()
			if strings.ContainsAny(out, "\r\n\x00") || len(out) > MaxAddress || !utf8.ValidString(out) {
				t.Fatalf("%q", out)
			}
			b, err := ParsePath(out)
			if err != nil || !reflect.DeepEqual(a, b) || a.Key() != b.Key() {
				t.Fatalf("%q -> %+v %q -> %+v %v", s, a, out, b, err)
			}
		}
		if Fold(Fold(s)) != Fold(s) {
			t.Fatalf("%q", s)
		}
	})
}

func FuzzParseList(f *testing.F) {
	f.Add("A <a@b.com>, g: c@d.com;, \"x\" (y)")
	f.Fuzz(func(t *testing.T, s string) {
		for _, m := range ParseList(s) {
			if strings.ContainsAny(m.Name+m.Local+m.Host, "\r\n\x00") || !utf8.ValidString(m.Name) {
				t.Fatalf("%+v", m)
			}
		}
	})
}
