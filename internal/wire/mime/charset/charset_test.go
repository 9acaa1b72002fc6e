package charset

import (
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestDecodeHeader(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                   "plain",
		"=?utf-8?q?caf=C3=A9?=":                   "café",
		"=?iso-8859-1?Q?caf=E9?= x":               "café x",
		"=?utf-8?b?Y2Fmw6k=?= =?utf-8?b?IG9r?=":   "café ok",
		"=?utf-8?q?=C3?= =?UTF-8?q?=A9?=":         "é",
		"=?utf-8?q?a=0D=0ABcc:_x?=":               "a Bcc: x",
		"=?utf-8*en?q?hi?=":                       "hi",
		"=?gb2312?B?xOO6ww==?=":                   "你好",
		"=?iso-2022-jp?B?GyRCJDMbKEI=?=":          "こ",
		"=?broken?x?y?= =?":                       "=?broken?x?y?= =?",
		"\xe9t\xe9":                               "été",
		"a =?utf-8?q?b?= c":                       "a b c",
		"=?unknown-charset?q?abc?=":               "abc",
		"x\x00y\u0085z":                           "xyz",
		"=?utf-8?q?a_b?=  =?iso-8859-1?q?=E9?= !": "a bé !",
	} {
		if got := DecodeHeader(in); got != want {
			t.Errorf("DecodeHeader(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLinear(t *testing.T) {
	start := time.Now()
	DecodeHeader(strings.Repeat("=?a?q?", 256<<10/6))
	if d := time.Since(start); d > 500*time.Millisecond {
		t.Fatalf("took %v", d)
	}
}

func TestReader(t *testing.T) {
	b, err := io.ReadAll(Reader("windows-1251", strings.NewReader("\xcf\xf0")))
	if err != nil || string(b) != "Пр" {
		t.Fatalf("%q %v", b, err)
	}
	b, _ = io.ReadAll(Reader("us-ascii", strings.NewReader("a\xffb")))
	if !utf8.Valid(b) {
		t.Fatalf("%q", b)
	}
}

func FuzzDecodeHeader(f *testing.F) {
	f.Add("=?utf-8?q?a?= =?utf-8?b?YQ==?=")
	f.Fuzz(func(t *testing.T, s string) {
		out := DecodeHeader(s)
		if !utf8.ValidString(out) || strings.ContainsAny(out, "\r\n\x00") {
			t.Fatalf("%q", out)
		}
	})
}
