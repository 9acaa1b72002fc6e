package mime

import (
	"bytes"
	"io"
)

const bufSize = 32 << 10

// scanner cuts a message into lines with their offsets in bounded memory.
type scanner struct {
	r          io.ReaderAt
	size       int64
	off        int64 // of the next line
	nl         int64 // line ends seen
	buf        []byte
	start, end int
	mid        bool // the next piece continues a line longer than buf
	err        error
}

// next returns the next line with its end, or a piece of it when it is longer
// than the buffer; first says that it begins a line. nil at the end. The bytes
// are valid until the next call.
func (s *scanner) next() (line []byte, first bool) {
	first = !s.mid
	i := bytes.IndexByte(s.buf[s.start:s.end], '\n')
	if i < 0 {
		s.fill()
		if i = bytes.IndexByte(s.buf[s.start:s.end], '\n'); i < 0 {
			if s.start == s.end {
				return nil, first
			}
			line = s.buf[s.start:s.end]
			s.off += int64(len(line))
			s.start = s.end
			s.mid = true
			return line, first
		}
	}
	line = s.buf[s.start : s.start+i+1]
	s.start += i + 1
	s.off += int64(i + 1)
	s.nl++
	s.mid = false
	return line, first
}

// unread gives the line of the last next back.
func (s *scanner) unread(line []byte, first bool) {
	s.start -= len(line)
	s.off -= int64(len(line))
	if len(line) > 0 && line[len(line)-1] == '\n' {
		s.nl--
	}
	s.mid = !first
}

// fill moves what is left to the front and reads until the buffer is full.
func (s *scanner) fill() {
	copy(s.buf, s.buf[s.start:s.end])
	s.end -= s.start
	s.start = 0
	for s.end < len(s.buf) && s.err == nil {
		at := s.off + int64(s.end)
		if at >= s.size {
			return
		}
		want := s.buf[s.end:]
		if rest := s.size - at; int64(len(want)) > rest {
			want = want[:rest]
		}
		n, err := s.r.ReadAt(want, at)
		s.end += n
		if err == io.EOF && n < len(want) { // shorter than promised
			s.size = at + int64(n)
			return
		}
		if err != nil && err != io.EOF {
			s.err = err
		}
	}
}
