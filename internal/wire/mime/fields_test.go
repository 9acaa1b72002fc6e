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

func TestRemoveHeader(t *testing.T) {
	for in, want := range map[string]string{
		"Bcc: a\n b\nTo: c\nbcc : d\nX: y\n\nBcc: stays\n": "To: c\nX: y\n\nBcc: stays\n",
		"To: c\nBcc: a\n\nx":    "To: c\n\nx",
		"Bcc: a\n":              "",
		"To: c\n\n":             "To: c\n\n",
		"BccX: c\nBcc: a\nb\n":  "BccX: c\nb\n",
		"Bcc: a\nBcc: b\n\nx\n": "\nx\n",
	} {
		in, want = crlf(in), crlf(want)
		spans, err := RemoveHeader(strings.NewReader(in), int64(len(in)), "Bcc", "Resent-Bcc")
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(SpanReader(strings.NewReader(in), spans))
		if string(got) != want {
			t.Errorf("%q:\n got %q\nwant %q", in, got, want)
		}
	}
	long := "Bcc: " + strings.Repeat("a@b.com, ", 100000) + "\r\nTo: x\r\n\r\n"
	spans, _ := RemoveHeader(strings.NewReader(long), int64(len(long)), "bcc")
	if got, _ := io.ReadAll(SpanReader(strings.NewReader(long), spans)); string(got) != "To: x\r\n\r\n" {
		t.Errorf("%.80q", got)
	}
}

func TestCheckFrom(t *testing.T) {
	for in, want := range map[string]FromProblem{
		"From: A <a@b.com>\n":                           "",
		"From: a@b.com\nSender: c@d.com\n":              "",
		"From: a@b.com\nFrom: c@d.com\n":                SeveralFrom,
		"From: a@b.com, c@d.com\n":                      SeveralAuthors,
		" From: a@b.com\nFrom: c@d.com\n":               SpaceBeforeFrom,
		"From : a@b.com\n":                              SpaceBeforeEnd,
		"From\t: a@b.com\n":                             SpaceBeforeEnd,
		"From:\n a@b.com\n":                             FoldedName,
		"Subject: x\n":                                  NoFrom,
		"From: \n":                                      OddFrom,
		"From: g: a@b.com;\n":                           GroupInFrom,
		"From: <@a.com:b@c.com>\n":                      OddFrom,
		"From: <a@b.com>c@d.com\n":                      OddFrom,
		"From: a@b.com\x00c@d.com\n":                    ControlInFrom,
		"From: =?utf-8?q?=61=40b.com?=@x.com\n":         EncodedAddress,
		"From: <a@b.com> <c@d.com>\n":                   OddFrom,
		"From: a@b.com\nSender: c@d.com\nSender: e@f\n": SeveralSender,
		"\x00From: a@b.com\nFrom: c@d.com\n":            ControlInFrom,
		"X: y\rFrom: a@b.com\nFrom: c@d.com\n":          ControlInFrom,
	} {
		c := CheckFrom([]byte(crlf(in)))
		if want == "" && !c.OK() || want != "" && !c.Has(want) {
			t.Errorf("%q: %q, want %q", in, c.Problems, want)
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
