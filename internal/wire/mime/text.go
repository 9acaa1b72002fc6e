package mime

import (
	"bytes"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/transform"

	"postroom/internal/wire/html"
	"postroom/internal/wire/mime/charset"
)

// Body reads the body of p as it is encoded.
func Body(r io.ReaderAt, p *Part) *io.SectionReader {
	return io.NewSectionReader(r, p.BodyStart, p.BodyEnd-p.BodyStart)
}

// Decoded reads the body of p without its transfer encoding (RFC 2045 §6).
// Damaged base64 and quoted-printable give what can be read; an unknown
// encoding is left as it is.
func Decoded(r io.ReaderAt, p *Part) io.Reader { return p.decode(Body(r, p)) }

func (p *Part) decode(body io.Reader) io.Reader {
	switch p.Encoding {
	case "base64":
		return transform.NewReader(body, &base64Decoder{})
	case "quoted-printable":
		return transform.NewReader(body, quotedPrintable{})
	}
	return body
}

// Text reads the body of a text part decoded and in UTF-8.
func Text(r io.ReaderAt, p *Part) io.Reader {
	return charset.Reader(p.Charset(), Decoded(r, p))
}

// base64Decoder skips what is no base64 and starts anew behind padding, since
// some programs join encoded pieces.
type base64Decoder struct {
	acc  uint32
	bits uint
}

func (d *base64Decoder) Reset() { *d = base64Decoder{} }

func (d *base64Decoder) Transform(dst, src []byte, _ bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		v := base64Values[src[nSrc]]
		if v >= 64 {
			if src[nSrc] == '=' {
				d.acc, d.bits = 0, 0
			}
			nSrc++
			continue
		}
		if d.bits >= 2 && nDst == len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		d.acc = d.acc<<6 | uint32(v)
		d.bits += 6
		nSrc++
		if d.bits >= 8 {
			d.bits -= 8
			dst[nDst] = byte(d.acc >> d.bits)
			nDst++
		}
	}
	return nDst, nSrc, nil
}

var base64Values = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		t[c] = byte(i)
	}
	return t
}()

// quotedPrintable keeps an "=" that means nothing.
type quotedPrintable struct{ transform.NopResetter }

const maxPadding = 80 // white space between "=" and the line end

func (quotedPrintable) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		if nDst == len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		c := src[nSrc]
		if c != '=' {
			dst[nDst] = c
			nDst, nSrc = nDst+1, nSrc+1
			continue
		}
		rest := src[nSrc+1:]
		i := 0
		for i < len(rest) && i < maxPadding && (rest[i] == ' ' || rest[i] == '\t') {
			i++
		}
		if len(rest) < i+2 && !atEOF {
			return nDst, nSrc, transform.ErrShortSrc
		}
		switch {
		case i < len(rest) && rest[i] == '\n':
			nSrc += i + 2
		case i+1 < len(rest) && rest[i] == '\r' && rest[i+1] == '\n':
			nSrc += i + 3
		case len(rest) == 0:
			nSrc++
		case len(rest) >= 2 && hex(rest[0]) < 16 && hex(rest[1]) < 16:
			dst[nDst] = hex(rest[0])<<4 | hex(rest[1])
			nDst, nSrc = nDst+1, nSrc+3
		default:
			dst[nDst] = c
			nDst, nSrc = nDst+1, nSrc+1
		}
	}
	return nDst, nSrc, nil
}

func hex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 0xff
}

const (
	previewChars = 200
	previewBytes = 8 << 10 // of the encoded body that a preview looks at
)

// TextPart is the part whose text stands for the message: the first
// text/plain that is no attachment, else the first text/html, else nil.
func (p *Part) TextPart() *Part {
	var plain, other *Part
	p.Walk(func(_ []int, c *Part) bool {
		if c.Type != "text" || c.Multipart() || c.Attachment() {
			return c.Multipart() && plain == nil
		}
		switch {
		case c.Subtype == "plain" && plain == nil:
			plain = c
		case c.Subtype == "html" && other == nil:
			other = c
		}
		return false
	})
	if plain != nil {
		return plain
	}
	return other
}

// Preview returns the first n characters of the message's text on one line.
func Preview(r io.ReaderAt, root *Part, n int) string {
	p := root.TextPart()
	if p == nil || n <= 0 {
		return ""
	}
	if p.Subtype == "html" { // style sheets stand first
		body := io.NewSectionReader(r, p.BodyStart, min(p.Size(), 8*previewBytes))
		return oneLine(html.Text(charset.Reader(p.Charset(), p.decode(body)), 8*n), n)
	}
	line := ""
	for limit := int64(4 * n); ; limit *= 8 { // white space may stand first
		line = oneLine(p.prefix(r, limit), n)
		if limit >= p.Size() || limit > previewBytes || utf8.RuneCountInString(line) >= n {
			return line
		}
	}
}

// prefix decodes the first limit bytes of a body; a character that is cut in
// two at their end is dropped.
func (p *Part) prefix(r io.ReaderAt, limit int64) string {
	b := make([]byte, min(p.Size(), limit))
	n, _ := r.ReadAt(b, p.BodyStart)
	b = b[:n]
	switch p.Encoding {
	case "base64":
		n, _, _ = new(base64Decoder).Transform(b, b, true) // never longer than what it read
		b = b[:n]
	case "quoted-printable":
		if i := bytes.LastIndexByte(b, '='); i >= 0 && i >= len(b)-2 && int64(len(b)) < p.Size() {
			b = b[:i]
		}
		n, _, _ = quotedPrintable{}.Transform(b, b, true)
		b = b[:n]
	}
	if int64(n) < p.Size() {
		for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
			if utf8.RuneStart(b[i]) {
				if !utf8.FullRune(b[i:]) {
					b = b[:i]
				}
				break
			}
		}
	}
	return charset.Decode(p.Charset(), b)
}

// oneLine joins words by one space, without control characters, and stops
// after n characters.
func oneLine(s string, n int) string {
	b := make([]byte, 0, min(len(s), 4*n))
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = len(b) > 0
			continue
		}
		if unicode.IsControl(r) || r == '\ufeff' || r == '\u200b' {
			continue
		}
		if space && n > 1 {
			b = append(b, ' ')
			n--
		}
		space = false
		if n--; n < 0 {
			break
		}
		b = append(b, string(r)...)
	}
	return string(b)
}

// SearchText is what a search looks at in the body: the text of all text parts
// and the names of the attachments, also of messages inside, at most limit
// bytes. Subject and addresses are the envelope's.
func SearchText(r io.ReaderAt, root *Part, limit int) string {
	var b strings.Builder
	add := func(s string) {
		if s == "" || b.Len() >= limit {
			return
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if room := limit - b.Len(); len(s) > room {
			s = strings.ToValidUTF8(s[:max(room, 0)], "")
		}
		b.WriteString(s)
	}
	root.Walk(func(_ []int, p *Part) bool {
		if p.Message != nil && p.Message.Envelope != nil {
			add(charset.DecodeHeader(p.Message.Envelope.Subject))
		}
		if !p.Multipart() {
			add(p.Filename())
		}
		if p.Type == "text" && !p.Multipart() {
			add(textOf(r, p, limit-b.Len()))
		}
		return b.Len() < limit
	})
	return b.String()
}

func textOf(r io.ReaderAt, p *Part, limit int) string {
	if limit <= 0 {
		return ""
	}
	if p.Subtype == "html" {
		return html.Text(Text(r, p), limit)
	}
	b, err := io.ReadAll(io.LimitReader(Text(r, p), int64(limit)))
	if err != nil && len(b) == 0 {
		return ""
	}
	return strings.ToValidUTF8(string(b), "")
}
