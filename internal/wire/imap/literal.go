package imap

import (
	"bytes"
	"io"
	"slices"
)

type literalHeader struct {
	size         int64
	sync, binary bool
}

// literalHead takes {n}, {n+} or ~{n} (RFC 3501 §4.3, RFC 7888, RFC 3516); it must end the line.
func (d *Decoder) literalHead(h *literalHeader) bool {
	rest := d.line[min(d.pos, len(d.line)):]
	if d.err != nil || len(rest) == 0 {
		return false
	}
	binary := len(rest) > 1 && rest[0] == '~' && rest[1] == '{'
	if binary {
		rest = rest[1:]
	}
	if rest[0] != '{' {
		return false
	}
	digits, ok := bytes.CutSuffix(rest[1:], []byte{'}'})
	if !ok {
		return d.Fail("literal does not end the line")
	}
	digits, plus := bytes.CutSuffix(digits, []byte{'+'})
	n, ok := parseInt(digits)
	if !ok {
		return d.Fail("size of the literal is not a number")
	}
	*h = literalHeader{size: n, sync: !plus, binary: binary}
	d.pos = len(d.line)
	return true
}

// tooBig complains about a literal. A non-synchronising one that is too big even
// to be dropped ends the connection.
func (d *Decoder) tooBig(h literalHeader, limit int64) bool {
	if d.limits.Strict || !h.sync && h.size > d.drainable() {
		return d.setFatal(&TooBigError{What: "literal", Limit: limit})
	}
	return d.refuse(NO, CodeTooBig, d.name+": "+(&TooBigError{What: "literal", Limit: limit}).Error())
}

// Literal takes a literal and keeps it in memory.
func (d *Decoder) Literal(s *string) bool {
	var h literalHeader
	if !d.literalHead(&h) {
		return false
	}
	if h.binary {
		return d.Fail("literal8 where a literal is due")
	}
	if limit := int64(d.limits.Command - d.used); h.size > limit {
		return d.tooBig(h, int64(d.limits.Command))
	}
	if d.literals++; d.literals > d.limits.Literals {
		return d.Fail("more than %d literals", d.limits.Literals)
	}
	if h.sync {
		if err := d.cont(); err != nil {
			return d.setFatal(err)
		}
	}
	d.left, d.needLine = h.size, true
	buf := d.readLiteral()
	if buf == nil {
		return false
	}
	nul := bytes.IndexByte(buf, 0) >= 0
	*s = string(buf)
	if !d.readLine() {
		return false
	}
	return !nul || d.Fail("NUL in a literal")
}

// readLiteral reads the announced bytes. Its buffer grows with what comes, not
// with what was announced.
func (d *Decoder) readLiteral() []byte {
	buf := make([]byte, 0, min(d.left, 1024))
	for d.left > 0 {
		if len(buf) == cap(buf) {
			buf = slices.Grow(buf, len(buf))
		}
		n, err := d.r.Read(buf[len(buf):min(int64(cap(buf)), int64(len(buf))+d.left)])
		buf = buf[:len(buf)+n]
		d.left -= int64(n)
		d.used += n
		d.total += int64(n)
		if err != nil && d.left > 0 {
			d.setFatal(noEOF(err))
			return nil
		}
	}
	return buf
}

// Literal is a streamed literal: nothing of it has been read or asked for.
// Open it, or answer the command without it: the Decoder then drops what the
// client sends anyway.
type Literal struct {
	Size   int64 // bytes
	Sync   bool  // the client waits for a continuation request
	Binary bool  // literal8 (RFC 3516): NUL is allowed

	d    *Decoder
	open bool
}

// ExpectStream takes the head of a literal of at most Limits.Append bytes.
func (d *Decoder) ExpectStream(what string) *Literal {
	var h literalHeader
	if !d.literalHead(&h) {
		d.Fail("expected %s as a literal", what)
		return nil
	}
	if h.size > d.limits.Append {
		d.tooBig(h, d.limits.Append)
		return nil
	}
	return &Literal{Size: h.size, Sync: h.sync, Binary: h.binary, d: d}
}

// Open asks the client for the literal, if it waits for that, and returns its
// bytes: exactly Size, or an error (io.ErrUnexpectedEOF when the client went away).
func (l *Literal) Open() (io.Reader, error) {
	if l.open {
		return l, nil
	}
	if l.Sync {
		if err := l.d.cont(); err != nil {
			l.d.setFatal(err)
			return nil, err
		}
	}
	l.open = true
	l.d.left, l.d.needLine = l.Size, true
	return l, nil
}

// Read implements io.Reader; call Open first.
func (l *Literal) Read(p []byte) (int, error) {
	d := l.d
	if !l.open || d.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > d.left {
		p = p[:d.left]
	}
	n, err := d.r.Read(p)
	d.left -= int64(n)
	if err != nil && d.left > 0 {
		err = noEOF(err)
		d.setFatal(err)
		return n, err
	}
	return n, nil
}

// Done takes the end of the command behind an opened literal. What is left of
// the literal is dropped. Without Open it does nothing.
func (l *Literal) Done() error {
	d := l.d
	if !l.open {
		return nil
	}
	if d.needLine && (!d.discard() || !d.readLine()) {
		return d.err
	}
	d.ExpectEnd()
	return d.err
}
