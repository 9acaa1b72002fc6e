package imap

import (
	"io"
	"strconv"
	"sync"
	"unicode/utf8"
)

// flushAt is how much goes out by itself: two TLS records. A buffer has 4 KiB
// more, for the response that reaches it.
const flushAt = 32 << 10

// buffers are shared, so that an idle connection holds none.
var buffers = sync.Pool{New: func() any {
	b := make([]byte, 0, flushAt+4096)
	return &b
}}

// Swapper is a writer that lends the Encoder its buffers, so that another
// goroutine can write one while the Encoder fills the next.
type Swapper interface {
	io.Writer
	// Swap takes a buffer to be written, or nil, and lends an empty one.
	Swap(full []byte) (empty []byte, err error)
	// Return takes back the one that is lent.
	Return(empty []byte)
}

// Encoder writes a server's responses. It buffers and writes when the buffer is
// full or at Flush; the first error of the connection is kept, later writes do
// nothing. An Encoder is used by one goroutine at a time.
type Encoder struct {
	// UTF8 says that the client takes UTF-8 in quoted strings and mailbox names
	// (UTF8=ACCEPT or IMAP4rev2 enabled).
	UTF8 bool

	w   io.Writer
	buf []byte
	box *[]byte // what buf came in
	sep bool    // a FETCH response has an item already
	err error
}

// NewEncoder returns an Encoder that writes to w.
func NewEncoder(w io.Writer) *Encoder { return &Encoder{w: w} }

// Reset writes to w from now on (after STARTTLS). What is buffered must be flushed before.
func (e *Encoder) Reset(w io.Writer) { e.w = w }

// Err returns the first error of the connection.
func (e *Encoder) Err() error { return e.err }

// Flush sends what is buffered.
func (e *Encoder) Flush() error {
	e.send()
	switch s, ok := e.w.(Swapper); {
	case ok && e.buf != nil:
		s.Return(e.buf)
	case e.box != nil:
		if cap(e.buf) <= 2*flushAt {
			*e.box = e.buf[:0]
		}
		buffers.Put(e.box)
	}
	e.buf, e.box = nil, nil
	return e.err
}

// send writes the buffer out and keeps it.
func (e *Encoder) send() {
	if len(e.buf) == 0 {
		return
	}
	if s, ok := e.w.(Swapper); ok && e.err == nil {
		e.buf, e.err = s.Swap(e.buf)
	} else if e.err == nil {
		_, e.err = e.w.Write(e.buf)
	}
	e.buf = e.buf[:0]
}

// start returns the buffer to append a response to.
func (e *Encoder) start() []byte {
	if e.buf != nil {
		return e.buf
	}
	if s, ok := e.w.(Swapper); ok {
		e.buf, _ = s.Swap(nil) // its error comes again
	} else {
		e.box = buffers.Get().(*[]byte)
		e.buf = (*e.box)[:0]
	}
	return e.buf
}

// end takes the buffer back with the whole response in it.
func (e *Encoder) end(b []byte) {
	e.buf = append(b, '\r', '\n')
	if len(e.buf) >= cap(e.buf)-4096 {
		e.send()
	}
}

// copyN appends exactly n bytes of r. A short r breaks the connection, for the
// client has been told n.
func (e *Encoder) copyN(r io.Reader, n int64) error {
	for n > 0 && e.err == nil {
		if cap(e.buf)-len(e.buf) < 1024 {
			e.send()
		}
		free := e.buf[len(e.buf):cap(e.buf)]
		if int64(len(free)) > n {
			free = free[:n]
		}
		got, err := io.ReadFull(r, free)
		e.buf = e.buf[:len(e.buf)+got]
		if n -= int64(got); err != nil && n > 0 {
			e.err = noEOF(err)
		}
	}
	return e.err
}

// maxQuoted is the longest quoted string; longer ones are literals.
const maxQuoted = 1024

// What a byte means for a quoted string.
const (
	quoteEscape  = 1 << iota // stands behind a backslash
	quoteHigh                // not ASCII
	quoteLiteral             // cannot stand in it
)

var quoting = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c == '"' || c == '\\':
			t[c] = quoteEscape
		case c >= 0x7f:
			t[c] = quoteHigh
		case c < 0x20 && c != '\t':
			t[c] = quoteLiteral
		}
	}
	return t
}()

// quotable reports whether s can stand in quotes, and whether it does without
// a backslash.
func quotable(s string, utf8OK bool) (ok, plain bool) {
	if len(s) > maxQuoted {
		return false, false
	}
	var all uint8
	for i := 0; i < len(s); i++ {
		all |= quoting[s[i]]
	}
	if all == 0 {
		return true, true
	}
	ok = all&quoteLiteral == 0 && (all&quoteHigh == 0 || utf8OK && utf8.ValidString(s))
	return ok, all&quoteEscape == 0
}

func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

// string appends s as a quoted string or a literal. NUL is dropped: no string can hold it.
func (e *Encoder) string(b []byte, s string) []byte {
	if ok, plain := quotable(s, e.UTF8); ok && plain {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	} else if ok {
		return appendQuoted(b, s)
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] != 0 {
			n++
		}
	}
	b = append(b, '{')
	b = strconv.AppendInt(b, int64(n), 10)
	b = append(b, "}\r\n"...)
	if n == len(s) {
		return append(b, s...)
	}
	for i := 0; i < len(s); i++ {
		if s[i] != 0 {
			b = append(b, s[i])
		}
	}
	return b
}

// nstring appends NIL for an empty s.
func (e *Encoder) nstring(b []byte, s string) []byte {
	if s == "" {
		return append(b, "NIL"...)
	}
	return e.string(b, s)
}

// appendAString appends 7-bit s as an atom or quoted.
func appendAString(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if classes[s[i]]&classAString == 0 {
			return appendQuoted(b, s)
		}
	}
	if s == "" || s == "NIL" || s == "nil" {
		return appendQuoted(b, s)
	}
	return append(b, s...)
}

// mailbox appends a mailbox name.
func (e *Encoder) mailbox(b []byte, name string) []byte {
	if e.UTF8 {
		for i := 0; i < len(name); i++ {
			if name[i] >= 0x7f {
				return e.string(b, name)
			}
		}
		return appendAString(b, name)
	}
	plain := true
	for i := 0; i < len(name); i++ {
		if c := name[i]; c == '&' || c < 0x20 || c >= 0x7f {
			plain = false
		}
	}
	if plain {
		return appendAString(b, name)
	}
	b = append(b, '"')
	for _, c := range AppendUTF7(nil, name) {
		if c == '"' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return append(b, '"')
}
