// Package smtp has what a strict SMTP server needs around a lenient library,
// and refuses to speak the protocol itself.
//
// # Smuggling
//
// A message ends at CRLF.CRLF and nowhere else (RFC 5321 §4.1.1.4), and may
// hold no CR or LF alone and no NUL (§2.3.8). BodyReader checks this for the
// bytes that a library hands over. That alone is not enough with go-smtp
// v0.25.1 (data.go): it takes dots away before it has seen the line, so that
//
//   - CRLF . LF arrives as CRLF LF, which BodyReader still refuses;
//   - CRLF . CR x arrives as CRLF x: the CR is gone and nobody can tell;
//   - behind CRLF . CR CR LF and CR CR LF it misses the CRLF.CRLF that
//     follows, and would read commands as text.
//
// So Conn stands between the network and the library. It hands over one line
// at a time while commands are read, hence it knows exactly where the message
// begins (the library answers 354 before it reads on), also when a client
// sends the message without waiting. Then it looks at the bytes as they are on
// the wire. At the first forbidden one the library gets the end of the
// message, but not before Conn has read and dropped everything up to the true
// CRLF.CRLF, and a NUL stands before it, so that a reader that asks nobody
// refuses it too; Conn.BodyReader says what was wrong. Thus a message is
// refused whole, never cut, and the dialogue stays in step.
//
// With BDAT the library passes chunks unchanged and BodyReader sees all.
//
// # TLS
//
// Conn must see clear text, so TLS ends in Conn and not in the library:
// Listeners makes one listener for clear connections and one for those under
// TLS, each for a server of its own. STARTTLS is answered by Conn, which drops
// what was sent along with it (RFC 3207 §6), ends the session of the clear
// server and hands the connection to the other one without a second greeting:
// nothing that was said before TLS can survive it (RFC 3207 §4.2).
package smtp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxLine is the longest line that is accepted, in octets without its end. The
// standard says 998 (RFC 5321 §4.5.3.1.6); programs that write a paragraph in
// a line are tolerated.
const MaxLine = 64 << 10

var (
	ErrBareCR   = errors.New("the message has a CR without LF")
	ErrBareLF   = errors.New("the message has an LF without CR")
	ErrNUL      = errors.New("the message has a NUL character")
	ErrLine     = fmt.Errorf("the message has a line longer than %d octets", MaxLine)
	ErrTooLarge = errors.New("the message is larger than this server accepts")
)

// BodyReader reads a message and fails at the first byte that is not allowed.
// Bytes before it may have been given out: a message counts only when Read
// answered io.EOF.
type BodyReader struct {
	r     io.Reader
	left  int64
	check lineCheck
	err   error
	n     int64
	conn  *Conn // may know of a refusal; nil without
}

// NewBodyReader reads the message that r gives until its io.EOF. Of more than
// maxBytes it reads at most one buffer beyond. Heads that have a Conn take its
// BodyReader.
func NewBodyReader(r io.Reader, maxBytes int64) *BodyReader {
	return &BodyReader{r: r, left: maxBytes}
}

// Size is the number of bytes read so far.
func (b *BodyReader) Size() int64 { return b.n }

// Read fails with ErrBareCR, ErrBareLF, ErrNUL, ErrLine or ErrTooLarge, and
// with what the reader below says.
func (b *BodyReader) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.r.Read(p)
	b.n += int64(n)
	if b.left -= int64(n); b.left < 0 {
		b.err = ErrTooLarge
		return 0, b.err
	}
	_, bad := b.check.scan(p[:n])
	if bad == nil && err == io.EOF && b.check.cr {
		bad = ErrBareCR
	}
	if b.conn != nil && (bad != nil || err != nil) {
		if seen := b.conn.DataError(); seen != nil {
			bad = seen
		}
	}
	if bad != nil {
		b.err = bad
		return 0, b.err
	}
	b.err = err
	return n, err
}

// lineCheck looks for what a message must not have, over buffers of any cut.
type lineCheck struct {
	cr   bool // the last byte was a CR
	line int
}

// scan returns how many bytes are good, and what is wrong with the next.
func (c *lineCheck) scan(b []byte) (good int, err error) {
	for i := 0; i < len(b); {
		if c.cr {
			if b[i] != '\n' {
				return i, ErrBareCR
			}
			c.cr, c.line = false, 0
			i++
			continue
		}
		n := special(b[i:])
		if c.line += n; c.line > MaxLine {
			return i, ErrLine
		}
		if i += n; i == len(b) {
			break
		}
		switch b[i] {
		case '\r':
			c.cr = true
			i++
		case '\n':
			return i, ErrBareLF
		default:
			return i, ErrNUL
		}
	}
	return len(b), nil
}

// special is the place of the first CR, LF or NUL, or len(b).
func special(b []byte) int {
	if i := bytes.IndexByte(b, '\r'); i >= 0 {
		b = b[:i]
	}
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		b = b[:i]
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return len(b)
}
