package html

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"<p>Hello <b>w</b>orld</p><p>x</p>":                                 "Hello world\n\nx",
		"<html><head><title>t</title><style>p{}</style></head><body>a<br>b": "a\nb",
		"<head><meta><body>seen":                                            "seen",
		"a &amp; b &lt;c&gt;&nbsp;d":                                        "a & b <c> d",
		"<script>alert(1)</script>x<style>y</style>":                        "x",
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c":                     "a b\nc",
		"<a href='x'>link</a> plain <":                                      "link plain <",
		"\u200b\u034fx":                                                     "x",
		"no tags  at \r\n all":                                              "no tags at all",
		"<!-- c --><![CDATA[x]]><div>1</div><div>2</div>":                   "1\n2",
		"x<textarea><script>y</textarea>z":                                  "xz",
		"":                                                                  "",
	} {
		if got := Text(strings.NewReader(in), 1000); got != want {
			t.Errorf("%q:\n got %q\nwant %q", in, got, want)
		}
	}
	if got := Text(strings.NewReader("ééé"), 5); got != "éé" {
		t.Errorf("%q", got)
	}
}

func TestBombs(t *testing.T) {
	start := time.Now()
	for _, in := range []string{"<div>", "<", "<a b=", "&", "</", "<!--", "<table>", "<p a=\"" + strings.Repeat("x", 100) + "\">", "&#x41;"} {
		Text(strings.NewReader(strings.Repeat(in, 4<<20/len(in))), 64<<10)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Fatalf("took %v", d)
	}
}

func FuzzText(f *testing.F) {
	f.Add("<p>a<br>&amp;</p>", 10)
	f.Fuzz(func(t *testing.T, s string, n int) {
		out := Text(strings.NewReader(s), n)
		if len(out) > max(n, 0) || utf8.ValidString(s) && !utf8.ValidString(out) {
			t.Fatalf("%q", out)
		}
	})
}
