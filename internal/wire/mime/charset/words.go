package charset

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// maxWord bounds one encoded word; RFC 2047 §2 says 75, some writers forget.
const maxWord = 4096

// DecodeHeader decodes the encoded words (RFC 2047) in an unfolded header
// text and cleans the result: no CR, LF or other control character is left.
// It is linear and never fails; what is no encoded word stays as it is.
func DecodeHeader(s string) string {
	if !strings.Contains(s, "=?") {
		return Clean(valid(s))
	}
	var out strings.Builder
	var pending []byte // bytes of adjacent words in one charset: writers cut characters in two
	charset := ""
	flush := func() {
		if len(pending) > 0 {
			out.WriteString(Decode(charset, pending))
			pending = pending[:0]
		}
	}
	for s != "" {
		i := strings.Index(s, "=?")
		if i < 0 {
			break
		}
		cs, data, n, ok := word(s[i:])
		if !ok {
			flush()
			out.WriteString(valid(s[:i+2]))
			s = s[i+2:]
			continue
		}
		gap := s[:i]
		if len(pending) == 0 || strings.Trim(gap, " \t\r\n") != "" { // RFC 2047 §6.2: space between words is not shown
			flush()
			out.WriteString(valid(gap))
		} else if !strings.EqualFold(cs, charset) {
			flush()
		}
		charset = cs
		pending = append(pending, data...)
		s = s[i+n:]
	}
	flush()
	out.WriteString(valid(s))
	return Clean(out.String())
}

func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return Guess([]byte(s))
}

// word reads the encoded word at the start of s and says how long it is.
func word(s string) (charset string, data []byte, n int, ok bool) {
	end := min(len(s), maxWord)
	win := s[2:end]
	q := strings.IndexByte(win[:min(len(win), 80)], '?')
	if q <= 0 || len(win) < q+4 || win[q+2] != '?' || strings.ContainsAny(win[:q], " \t") {
		return "", nil, 0, false
	}
	charset = win[:q]
	body := win[q+3:]
	e := strings.Index(body, "?=")
	if e < 0 {
		return "", nil, 0, false
	}
	switch win[q+1] {
	case 'B', 'b':
		data = base64Word(body[:e])
	case 'Q', 'q':
		data = qWord(body[:e])
	default:
		return "", nil, 0, false
	}
	return charset, data, 2 + q + 3 + e + 2, true
}

func base64Word(s string) []byte {
	s = strings.TrimRight(s, "= \t")
	out, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil && len(out) == 0 {
		return []byte(s)
	}
	return out
}

func qWord(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			out = append(out, ' ')
		case c == '=' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0:
			out = append(out, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
		default:
			out = append(out, c)
		}
	}
	return out
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// Clean removes control characters, so that text from a stranger can go into
// a header, a log line or a list; line breaks and tabs become one space.
func Clean(s string) string {
	dirty := false
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] == 0x7f || s[i] == 0xc2 {
			dirty = true
			break
		}
	}
	if !dirty {
		return s
	}
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case r == '\t' || r == '\r' || r == '\n':
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		case r < 0x20 || r >= 0x7f && r < 0xa0:
			continue
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}
