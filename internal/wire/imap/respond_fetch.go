package imap

import (
	"io"
	"strconv"
	"time"
)

// FetchStart begins a FETCH response; items follow, in any order, then FetchEnd.
func (e *Encoder) FetchStart(seq uint32) {
	b := strconv.AppendUint(append(e.start(), "* "...), uint64(seq), 10)
	e.buf = append(b, " FETCH ("...)
	e.sep = false
}

// FetchEnd ends a FETCH response.
func (e *Encoder) FetchEnd() { e.end(append(e.buf, ')')) }

// item begins an item; name has its space at the end.
func (e *Encoder) item(name string) []byte {
	if e.sep {
		e.buf = append(e.buf, ' ')
	}
	e.sep = true
	return append(e.buf, name...)
}

// FetchUID writes UID.
func (e *Encoder) FetchUID(uid uint32) {
	e.buf = strconv.AppendUint(e.item("UID "), uint64(uid), 10)
}

// FetchFlags writes FLAGS.
func (e *Encoder) FetchFlags(f SystemFlags, keywords []string) {
	b := AppendFlags(e.item("FLAGS ("), f, keywords)
	e.buf = append(b, ')')
}

// FetchInternalDate writes INTERNALDATE.
func (e *Encoder) FetchInternalDate(t time.Time) {
	e.buf = appendDateTime(e.item("INTERNALDATE "), t)
}

// FetchSize writes RFC822.SIZE, in bytes.
func (e *Encoder) FetchSize(n int64) {
	e.buf = strconv.AppendInt(e.item("RFC822.SIZE "), n, 10)
}

// FetchSection writes a section of n bytes from r. If r gives less, or fails,
// the connection is broken and the error is returned.
func (e *Encoder) FetchSection(s *Section, n int64, r io.Reader) error {
	b := append(s.Append(e.item("")), ' ')
	if n == 0 {
		e.buf = append(b, `""`...)
		return e.err
	}
	b = strconv.AppendInt(append(b, '{'), n, 10)
	e.buf = append(b, "}\r\n"...)
	return e.copyN(r, n)
}

// FetchSectionBytes writes a section that is in memory.
func (e *Encoder) FetchSectionBytes(s *Section, content []byte) {
	b := append(s.Append(e.item("")), ' ')
	if len(content) == 0 {
		e.buf = append(b, `""`...)
		return
	}
	b = strconv.AppendInt(append(b, '{'), int64(len(content)), 10)
	b = append(b, "}\r\n"...)
	if len(content) > flushAt {
		e.buf = b
		if e.send(); e.err == nil {
			_, e.err = e.w.Write(content)
		}
		return
	}
	e.buf = append(b, content...)
}

// FetchSectionNIL writes NIL for a part that does not exist.
func (e *Encoder) FetchSectionNIL(s *Section) {
	e.buf = append(s.Append(e.item("")), " NIL"...)
}
