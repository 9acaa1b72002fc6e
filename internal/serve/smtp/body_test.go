package smtp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// smuggling are the sequences that some server takes for the end of DATA
// (reliability row 51).
var smuggling = []string{
	"\n.\n", "\n.\r", "\r.\n", "\r.\r", "\n.\r\n", "\r.\r\n", "\r\n\x00.\r\n", "\r\n.\r\r\n", "\r\r\n.\r\r\n", "\r\n.\r", "\r\n.\n", "\r\n.\x00\r\n",
}

func cutReaders(in string) map[string]*bufio.Reader {
	return map[string]*bufio.Reader{
		"whole":  bufio.NewReaderSize(strings.NewReader(in), 16<<10),
		"bytes":  bufio.NewReaderSize(iotest.OneByteReader(strings.NewReader(in)), 16<<10),
		"small":  bufio.NewReaderSize(strings.NewReader(in), 16),
		"halves": bufio.NewReaderSize(iotest.HalfReader(strings.NewReader(in)), 64),
	}
}

func TestBodyData(t *testing.T) {
	for in, want := range map[string]string{
		".\r\n":                                  "",
		"a\r\n.\r\n":                             "a\r\n",
		"a\r\n..\r\n.\r\n":                       "a\r\n.\r\n",
		"a\r\n..b\r\n...\r\n.\r\n":               "a\r\n.b\r\n..\r\n",
		"..\r\n.\r\n":                            ".\r\n",
		"a\r\n.b\r\n.\r\n":                       "a\r\nb\r\n",
		"\r\n\r\n.\r\n":                          "\r\n\r\n",
		strings.Repeat("x", 70000) + "\r\n.\r\n": strings.Repeat("x", 70000) + "\r\n",
	} {
		for name, r := range cutReaders(in + "NOOP\r\n") {
			var got bytes.Buffer
			b := newBody(&got, 1<<20)
			if err := b.data(r); err != nil {
				t.Fatalf("%s %.40q: %v", name, in, err)
			}
			rest, _ := io.ReadAll(r)
			if got.String() != want || b.malformed() || string(rest) != "NOOP\r\n" {
				t.Errorf("%s %.40q: %.40q, malformed %v, rest %q", name, in, got.String(), b.malformed(), rest)
			}
		}
	}
}

// Row 51: each sequence at each place is part of one message, which is refused.
func TestSmuggling(t *testing.T) {
	for _, seq := range smuggling {
		for _, pad := range []int{0, 1, 15, 16, 17, 4093, 4095, 4096, 8191, 16383} {
			for _, where := range []string{"header", "body", "start"} {
				head := "Subject: a\r\n"
				if where == "body" {
					head += "\r\n"
				} else if where == "start" {
					head = ""
				}
				in := head + strings.Repeat("x", pad) + seq + "MAIL FROM:<evil@example.com>\r\n"
				for name, r := range cutReaders(in + ".\r\nQUIT\r\n") {
					b := newBody(io.Discard, 1<<20)
					err := b.data(r)
					rest, _ := io.ReadAll(r)
					if err != nil || !b.malformed() || string(rest) != "QUIT\r\n" {
						t.Fatalf("DATA %q pad %d %s %s: %v, malformed %v, rest %q", seq, pad, where, name, err, b.malformed(), rest)
					}
				}
				for _, cut := range []int{0, 1, len(head) + pad, len(head) + pad + 1, len(head) + pad + 2, len(in)} {
					cut = min(cut, len(in))
					for name, r := range cutReaders(in + "QUIT\r\n") {
						b := newBody(io.Discard, 1<<20)
						err1, err2 := b.chunk(r, int64(cut)), b.chunk(r, int64(len(in)-cut))
						rest, _ := io.ReadAll(r)
						if err1 != nil || err2 != nil || !b.malformed() || string(rest) != "QUIT\r\n" {
							t.Fatalf("BDAT %q pad %d %s cut %d %s: malformed %v, rest %q", seq, pad, where, cut, name, b.malformed(), rest)
						}
					}
				}
			}
		}
	}
}

// Rows 37 and 38: beyond the limit nothing is kept, and there is an end.
func TestBodyLimit(t *testing.T) {
	var got bytes.Buffer
	b := newBody(&got, 1000)
	in := strings.Repeat("x", 5000) + "\r\n.\r\n"
	if err := b.data(bufio.NewReader(strings.NewReader(in))); err != nil || !b.tooLarge() || got.Len() > 1000 {
		t.Error(err, b.tooLarge(), got.Len())
	}
	b = newBody(io.Discard, 1000)
	if err := b.data(bufio.NewReader(endless{})); !errors.Is(err, errEndless) {
		t.Error(err)
	}
	if err := newBody(io.Discard, 10).data(bufio.NewReader(strings.NewReader("a\r\n."))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// What data takes for well formed has only CRLF, and sending it again gives it back.
func FuzzBody(f *testing.F) {
	for _, s := range smuggling {
		f.Add([]byte("a"+s+"b\r\n.\r\n"), 3)
	}
	f.Fuzz(func(t *testing.T, in []byte, split int) {
		var got bytes.Buffer
		b := newBody(&got, 1<<20)
		r := bufio.NewReaderSize(bytes.NewReader(in), 16+min(max(split, 0), 100))
		if b.data(r) != nil || b.malformed() {
			return
		}
		out := got.Bytes()
		if s := strings.ReplaceAll(string(out), "\r\n", ""); strings.ContainsAny(s, "\r\n\x00") {
			t.Fatalf("%q gave %q", in, out)
		}
		var again bytes.Buffer
		wire := stuff(out)
		c := newBody(&again, 1<<20)
		if err := c.data(bufio.NewReader(strings.NewReader(wire))); err != nil || again.String() != string(out) {
			t.Fatalf("%q: %v, %q", wire, err, again.String())
		}
	})
}

func stuff(msg []byte) string {
	s := strings.ReplaceAll("\r\n"+string(msg), "\r\n.", "\r\n..")[2:]
	if s != "" && !strings.HasSuffix(s, "\r\n") {
		s += "\r\n"
	}
	return s + ".\r\n"
}

func BenchmarkBody(b *testing.B) {
	msg := strings.Repeat(strings.Repeat("x", 76)+"\r\n", 131) + ".\r\n"
	b.SetBytes(int64(len(msg)))
	for b.Loop() {
		newBody(io.Discard, 1<<20).data(bufio.NewReaderSize(strings.NewReader(msg), 16<<10))
	}
}
