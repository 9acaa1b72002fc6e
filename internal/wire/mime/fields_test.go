package mime

import (
	"io"
	"strings"
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"Tue, 1 Jul 2025 10:52:37 +0200":           "2025-07-01T10:52:37+02:00",
		"1 Jul 2025 10:52 -0700 (PDT)":             "2025-07-01T10:52:00-07:00",
		"Tue,  1 Jul 25 10:52:37 GMT":              "2025-07-01T10:52:37Z",
		"Tue Jul  1 10:52:37 2025":                 "2025-07-01T10:52:37Z",
		"Tue Jul  1 10:52:37 PDT 2025":             "2025-07-01T10:52:37-07:00",
		"01-Jul-2025 10:52:37 +0000":               "2025-07-01T10:52:37Z",
		"Tue, 1 July 2025 10:52:37 +02:00":         "2025-07-01T10:52:37+02:00",
		"1 Jul 99 1:2:3 XYZ":                       "1999-07-01T01:02:03Z",
		"1 Jul 2025":                               "2025-07-01T00:00:00Z",
		"Tue, 1 Jul (a comment) 2025 10:52 PM EST": "2025-07-01T22:52:00-05:00",
		"":                                 "",
		"yesterday":                        "",
		"Tue, 32 Jul 2025 10:52:37 +0200":  "",
		"Tue, 1 Jul 2025 25:52:37 +0200":   "",
		"Tue, 1 Jul 999999 10:52:37 +0200": "",
	} {
		d, ok := ParseDate(in)
		got := ""
		if ok {
			got = d.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q = %q, want %q", in, got, want)
		}
	}
}

func TestBaseSubject(t *testing.T) {
	for in, want := range map[string]string{
		"Re: Re[2]: hello": "hello", "Fwd: [list] Re: hello (fwd) (fwd)": "hello", "[fwd: hello]": "hello", "[Fwd: Re: hello]": "hello",
		"[list] hello": "hello", "[list]": "[list]", "  a \t b ": "a b", "RE : x": "x", "FW: x": "x", "Regarding x": "Regarding x", "": "", "Re:": "", "[a] [b] x": "x",
	} {
		if got := BaseSubject(in); got != want {
			t.Errorf("%q = %q, want %q", in, got, want)
		}
	}
}

func TestTransferDecoding(t *testing.T) {
	for _, c := range [][3]string{
		{"quoted-printable", "a=3D=\r\nb=  \r\nc=zz=", "a=bc=zz"},
		{"quoted-printable", strings.Repeat("=C3=A9", 3000), strings.Repeat("é", 3000)},
		{"base64", "SGVs\r\nbG8=SGk=", "HelloHi"},
		{"base64", "!S*G V", "He"},
		{"8bit", "a=3D", "a=3D"},
	} {
		p := &Part{Encoding: c[0], BodyEnd: int64(len(c[1]))}
		if b, err := io.ReadAll(Decoded(strings.NewReader(c[1]), p)); err != nil || string(b) != c[2] {
			t.Errorf("%q: %.60q %v", c[1][:6], b, err)
		}
	}
}

func TestSafeFilename(t *testing.T) {
	for in, want := range map[string]string{"../../x.txt": "_.._x.txt", "a\u202etxt.exe": "atxt.exe", "": "attachment", " . ": "attachment", strings.Repeat("é", 200) + ".pdf": strings.Repeat("é", 98) + ".pdf"} {
		p := &Part{Params: Params{{"name", in}}}
		if got := p.SafeFilename(); got != want {
			t.Errorf("%q = %q", in, got)
		}
	}
}
