package imap

import (
	"errors"
	"io"
	"testing"
)

var errNothing = errors.New("nothing yet")

// pieces gives one piece a read, and errNothing where one is empty.
type pieces []string

func (p *pieces) Read(b []byte) (int, error) {
	if len(*p) == 0 {
		return 0, io.EOF
	}
	s := (*p)[0]
	n := copy(b, s)
	if (*p)[0] = s[n:]; n == len(s) {
		*p = (*p)[1:]
	}
	if n == 0 {
		return 0, errNothing
	}
	return n, nil
}

// TestReady asks before each command; while there is nothing the Decoder holds nothing.
func TestReady(t *testing.T) {
	in := pieces{"", "", "a NOOP\r\nb NOO", "P\r\n", "", "c WHAT\r\n", "", "d NOOP\r\n", "e LOGIN x {100000000}\r\n"}
	d := NewDecoder(&in, func() error { return nil })
	want := func(want error) {
		t.Helper()
		if err := d.Ready(); err != want {
			t.Fatalf("Ready %v, want %v", err, want)
		}
		if want == errNothing && (d.r != nil || d.line != nil || d.Buffered() > 0) {
			t.Fatal("a buffer is held")
		}
	}
	next := func(tag string, bad bool) {
		t.Helper()
		want(nil)
		want(nil)
		if c, err := ReadCommand(d, NotAuthenticated); c.Tag != tag || (err != nil) != bad {
			t.Fatalf("%+v %v", c, err)
		}
	}
	want(errNothing)
	want(errNothing)
	next("a", false)
	next("b", false)
	want(errNothing)
	next("c", true)
	want(errNothing)
	next("d", false)
	next("e", true)
	if err := d.Ready(); !IsFatal(err) {
		t.Fatal(err)
	}
}

// TestReadyBehindUnwantedLiteral: what nobody wants is read with the next command.
func TestReadyBehindUnwantedLiteral(t *testing.T) {
	in := pieces{"a WHAT {5+}\r\n", "12", "345 x\r\n", "b NOOP\r\n", ""}
	d := NewDecoder(&in, func() error { return nil })
	d.SetLimits(LimitsAfterLogin(100))
	if c, err := ReadCommand(d, Selected); c.Tag != "a" || err == nil || d.Ready() != nil {
		t.Fatal(c, err)
	}
	if c, err := ReadCommand(d, Selected); c.Tag != "b" || err != nil {
		t.Fatal(c, err)
	}
	if err := d.Ready(); err != errNothing {
		t.Fatal(err)
	}
	if err := d.Ready(); err != io.EOF {
		t.Fatal(err)
	}
}
