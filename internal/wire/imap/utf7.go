package imap

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// utf7Base64 is BASE64 with "," for "/" and without padding (RFC 3501 §5.1.3).
var utf7Base64 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").
	WithPadding(base64.NoPadding).Strict()

// DecodeUTF7 turns a mailbox name in modified UTF-7 into UTF-8. It takes only
// the one right spelling of a name, so that two names are never the same folder.
func DecodeUTF7(s string) (string, bool) {
	i := 0
	for i < len(s) && s[i] != '&' && s[i] >= 0x20 && s[i] < 0x7f {
		i++
	}
	if i == len(s) {
		return s, true
	}
	out := append(make([]byte, 0, len(s)), s[:i]...)
	shifted := false // the last thing was a shift; two in a row should have been one
	for i < len(s) {
		c := s[i]
		if c < 0x20 || c >= 0x7f {
			return "", false
		}
		if c != '&' {
			out = append(out, c)
			shifted = false
			i++
			continue
		}
		end := i + 1
		for end < len(s) && s[end] != '-' {
			end++
		}
		if end == len(s) {
			return "", false
		}
		if end == i+1 { // "&-" is "&"
			out = append(out, '&')
			shifted = false
		} else {
			var ok bool
			if out, ok = appendShifted(out, s[i+1:end]); !ok || shifted {
				return "", false
			}
			shifted = true
		}
		i = end + 1
	}
	return string(out), true
}

func appendShifted(out []byte, s string) ([]byte, bool) {
	raw, err := utf7Base64.DecodeString(s)
	if err != nil || len(raw)%2 != 0 || len(raw) == 0 || strings.ContainsAny(s, "\r\n") { // which package base64 skips
		return nil, false
	}
	for i := 0; i < len(raw); i += 2 {
		r := rune(raw[i])<<8 | rune(raw[i+1])
		if utf16.IsSurrogate(r) {
			if i+3 >= len(raw) {
				return nil, false
			}
			i += 2
			if r = utf16.DecodeRune(r, rune(raw[i])<<8|rune(raw[i+1])); r == utf8.RuneError {
				return nil, false
			}
		}
		if r < 0x7f && r >= 0x20 { // must stand for itself
			return nil, false
		}
		out = utf8.AppendRune(out, r)
	}
	return out, true
}

// AppendUTF7 writes a mailbox name in modified UTF-7.
func AppendUTF7(b []byte, name string) []byte {
	for i := 0; i < len(name); {
		c := name[i]
		switch {
		case c == '&':
			b = append(b, '&', '-')
			i++
			continue
		case c >= 0x20 && c < 0x7f:
			b = append(b, c)
			i++
			continue
		}
		var raw []byte
		for i < len(name) && (name[i] < 0x20 || name[i] >= 0x7f) {
			r, n := utf8.DecodeRuneInString(name[i:])
			i += n
			if r1, r2 := utf16.EncodeRune(r); r1 != utf8.RuneError {
				raw = append(raw, byte(r1>>8), byte(r1))
				r = r2
			}
			raw = append(raw, byte(r>>8), byte(r))
		}
		b = append(b, '&')
		b = utf7Base64.AppendEncode(b, raw)
		b = append(b, '-')
	}
	return b
}
