package mailflow

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func text(c Content) string {
	b, err := io.ReadAll(io.NewSectionReader(c, 0, c.Size()))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func TestHeader(t *testing.T) {
	for name, c := range map[string]struct {
		in     string
		names  string
		result string // without bcc, with "X: y" in front
	}{
		"plain":       {"From: a\r\nBcc: b,\r\n c\r\nTo: d\r\n\r\nbody", "from bcc to", "X: y\r\nFrom: a\r\nTo: d\r\n\r\nbody"},
		"no bcc":      {"From: a\r\n\r\nbody", "from", "X: y\r\nFrom: a\r\n\r\nbody"},
		"bcc last":    {"From: a\r\nBCC: b\r\n\r\nbody", "from bcc", "X: y\r\nFrom: a\r\n\r\nbody"},
		"no body":     {"From: a\r\nBcc: b\r\n", "from bcc", "X: y\r\nFrom: a\r\n"},
		"no line end": {"Bcc: b", "bcc", "X: y\r\n"},
		"no header":   {"\r\nBcc: b\r\n", "", "X: y\r\n\r\nBcc: b\r\n"},
		"bad fields":  {"From : a\r\nx\r\nBcc: b\r\n\r\n", "  bcc", "X: y\r\nFrom : a\r\nx\r\n\r\n"},
		"empty":       {"", "", "X: y\r\n"},
	} {
		in := strings.NewReader(c.in)
		h, err := ReadHeader(in)
		if err != nil {
			t.Fatal(name, err)
		}
		var names []string
		for _, f := range h.Fields {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != c.names {
			t.Errorf("%s: fields %q, want %q", name, got, c.names)
		}
		got := h.Without(in, "X: y\r\n", "bcc")
		if text(got) != c.result {
			t.Errorf("%s: %q, want %q", name, text(got), c.result)
		}
		for off := range int(got.Size()) { // at every offset
			p := make([]byte, 3)
			n, _ := got.ReadAt(p, int64(off))
			if want := c.result[off:min(off+3, len(c.result))]; string(p[:n]) != want {
				t.Errorf("%s at %d: %q, want %q", name, off, p[:n], want)
			}
		}
	}
	if v := (Field{"a", []byte("A: b\r\n c\r\n")}).Value(); v != "b c" {
		t.Errorf("%q", v)
	}
}

func TestHeaderLimits(t *testing.T) {
	long := strings.NewReader("A: " + strings.Repeat("x", 2*MaxHeader) + "\r\n\r\n")
	if _, err := ReadHeader(long); err == nil {
		t.Error("a long header was taken")
	}
	many := strings.NewReader(strings.Repeat("A: b\r\n", MaxFields+1) + "\r\n")
	if _, err := ReadHeader(many); err == nil {
		t.Error("many fields were taken")
	}
	big := strings.NewReader("A: " + strings.Repeat("x", MaxHeader-10) + "\r\n\r\n" + strings.Repeat("y", MaxHeader))
	if h, err := ReadHeader(big); err != nil || h.End != MaxHeader-5 {
		t.Error(h.End, err)
	}
}

func FuzzHeader(f *testing.F) {
	f.Add([]byte("From: a\r\nBcc: b\r\n c\r\n\r\nbody"))
	f.Add([]byte("\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		h, err := ReadHeader(r)
		if err != nil {
			return
		}
		var whole []byte
		for _, x := range h.Fields {
			whole = append(whole, x.Raw...)
		}
		if !bytes.HasPrefix(b, whole) || int64(len(whole)) != h.End {
			t.Fatalf("%q: fields %q, end %d", b, whole, h.End)
		}
		if got := text(h.Without(r, "")); got != string(b) {
			t.Fatalf("%q became %q", b, got)
		}
	})
}
