// Package charset turns what mail calls its characters into UTF-8: bodies by
// their charset parameter and header text by RFC 2047 encoded words. It never
// fails: an unknown charset is read as UTF-8 where that is valid, else as
// windows-1252. It refuses UTF-7 and the other charsets in which ASCII text
// can hide a second meaning; they are read as plain bytes.
package charset

import (
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// lookup returns nil for UTF-8, US-ASCII and every name that is not known.
func lookup(name string) encoding.Encoding {
	name = strings.TrimSpace(name)
	if i := strings.IndexByte(name, '*'); i >= 0 { // RFC 2231 §5: charset*language
		name = name[:i]
	}
	switch {
	case name == "" || len(name) > 64, strings.EqualFold(name, "utf-8"), strings.EqualFold(name, "us-ascii"),
		strings.EqualFold(name, "utf8"), strings.EqualFold(name, "ascii"):
		return nil
	}
	enc, err := htmlindex.Get(name)
	if err == nil && enc != encoding.Replacement {
		if enc == unicode.UTF8 {
			return nil
		}
		return enc
	}
	if enc, err = ianaindex.MIME.Encoding(name); err == nil && enc != nil && enc != encoding.Replacement {
		return enc
	}
	return nil
}

// Known says whether the name is a charset that Reader converts.
func Known(name string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return true
	}
	return lookup(name) != nil
}

// Reader gives r's text in UTF-8. Bytes that mean nothing become U+FFFD.
func Reader(name string, r io.Reader) io.Reader {
	if enc := lookup(name); enc != nil {
		return enc.NewDecoder().Reader(r)
	}
	return unicode.UTF8.NewDecoder().Reader(r)
}

// Decode gives b's text in UTF-8; unknown or wrong charsets fall back to
// windows-1252, in which every byte has a meaning.
func Decode(name string, b []byte) string {
	if enc := lookup(name); enc != nil {
		if out, err := enc.NewDecoder().Bytes(b); err == nil {
			return string(out)
		}
	}
	return Guess(b)
}

// Guess is for text that names no charset: UTF-8 where valid, else windows-1252.
func Guess(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}
