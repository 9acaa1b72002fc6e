package smtp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// body reads a message off the wire: DATA until CRLF.CRLF, BDAT by count. Only
// CRLF ends a line. What another reader could split into two messages (a bare
// CR, a bare LF, a NUL) is read to the end like the rest and then refused.
type body struct {
	to    io.Writer
	limit int64 // bytes of message; beyond it nothing is kept
	size  int64
	crs   int64 // CR seen
	crlfs int64 // of which before LF
	bad   bool
	start bool // at the beginning of a line
	cr    bool // the byte before was CR
}

var errEndless = errors.New("smtp: the message is far beyond the limit")

func newBody(to io.Writer, limit int64) *body { return &body{to: to, limit: limit, start: true} }

// tooLarge and malformed are what is wrong with what was read.
func (b *body) tooLarge() bool { return b.size > b.limit }

func (b *body) malformed() bool { return b.bad || b.crs != b.crlfs }

// keep passes bytes on.
func (b *body) keep(p []byte) {
	b.crs += int64(bytes.Count(p, cr))
	b.bad = b.bad || bytes.IndexByte(p, 0) >= 0
	b.size += int64(len(p))
	if !b.tooLarge() {
		_, _ = b.to.Write(p) // the spool keeps its fault
	}
}

var cr = []byte{'\r'}

// data reads until the line with a single dot, which it takes off too.
func (b *body) data(r *bufio.Reader) error {
	for {
		if _, err := r.Peek(1); err != nil {
			return unexpected(err)
		}
		buf, _ := r.Peek(r.Buffered())
		n, end := b.scan(buf)
		r.Discard(n)
		if end {
			return nil
		}
		if b.size > 2*b.limit+1<<20 {
			return errEndless
		}
		if n < len(buf) { // a dot whose line is not here yet
			if _, err := r.Peek(len(buf) - n + 1); err != nil {
				return unexpected(err)
			}
		}
	}
}

// scan takes what it can of p: n bytes, and whether the end was among them.
func (b *body) scan(p []byte) (n int, end bool) {
	from := 0
	for n < len(p) {
		if b.start && p[n] == '.' {
			switch rest := p[n:]; {
			case bytes.HasPrefix(rest, endOfData):
				b.keep(p[from:n])
				return n + len(endOfData), true
			case bytes.HasPrefix(endOfData, rest):
				b.keep(p[from:n])
				b.cr = false
				return n, false
			}
			b.keep(p[from:n])
			n++
			from = n
			b.cr = false
		}
		b.start = false
		i := bytes.IndexByte(p[n:], '\n')
		if i < 0 {
			n = len(p)
			break
		}
		at := n + i
		b.line(at > from && p[at-1] == '\r' || at == from && b.cr)
		n = at + 1
	}
	b.keep(p[from:n])
	b.cr = n > from && p[n-1] == '\r'
	return n, false
}

var endOfData = []byte(".\r\n")

// line notes the end of a line.
func (b *body) line(crlf bool) {
	if crlf {
		b.crlfs++
		b.start = true
	} else {
		b.bad = true
	}
}

// chunk reads n bytes of BDAT (RFC 3030 §2). Dots mean nothing in it.
func (b *body) chunk(r *bufio.Reader, n int64) error {
	for n > 0 {
		if _, err := r.Peek(1); err != nil {
			return unexpected(err)
		}
		p, _ := r.Peek(int(min(int64(r.Buffered()), n)))
		for at := 0; ; {
			i := bytes.IndexByte(p[at:], '\n')
			if i < 0 {
				break
			}
			b.line(at+i > 0 && p[at+i-1] == '\r' || at+i == 0 && b.cr)
			at += i + 1
		}
		b.keep(p)
		b.cr = p[len(p)-1] == '\r'
		n -= int64(len(p))
		r.Discard(len(p))
	}
	return nil
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
