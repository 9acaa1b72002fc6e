package smtp

import (
	"io"
	"os"
	"sync"

	"postroom/internal/base/errs"
)

// memoryLimit is what of a message is held in memory; what is longer lies in a
// file that has no name any more.
const memoryLimit = 256 << 10

// spool keeps one message while it comes in. It is a mailflow.Content.
type spool struct {
	dir  string
	mem  []byte
	file *os.File
	size int64
	err  error
}

// Small messages share buffers; those that grew are left to the collector.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 16<<10); return &b }}

const keepBuffer = 64 << 10

func newSpool(dir string) *spool {
	return &spool{dir: dir, mem: (*buffers.Get().(*[]byte))[:0]}
}

// Write appends. A disk's error is kept and answered by Err: what follows is
// dropped, so that the client can be read to its end.
func (s *spool) Write(p []byte) (int, error) {
	if s.err != nil {
		return len(p), nil
	}
	if s.file == nil && len(s.mem)+len(p) > memoryLimit {
		s.toFile()
	}
	if s.file == nil {
		s.mem = append(s.mem, p...)
	} else if s.err == nil {
		_, s.err = s.file.Write(p)
	}
	s.size += int64(len(p))
	return len(p), nil
}

func (s *spool) toFile() {
	f, err := os.CreateTemp(s.dir, "postroom-smtp-")
	if err != nil {
		s.err = err
		return
	}
	os.Remove(f.Name())
	s.file = f
	_, s.err = f.Write(s.mem)
	s.mem = s.mem[:0]
}

// Err is errs.Unavailable, Storage where the disk did not take the message.
func (s *spool) Err() error {
	if s.err == nil {
		return nil
	}
	return errs.Say("smtp.spool", errs.Unavailable, errs.Storage, "The message cannot be stored now. Try again later.").Because(s.err)
}

func (s *spool) Size() int64 { return s.size }

func (s *spool) ReadAt(p []byte, off int64) (int, error) {
	if s.file != nil {
		return s.file.ReadAt(p, off)
	}
	if off >= int64(len(s.mem)) {
		return 0, io.EOF
	}
	n := copy(p, s.mem[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Close gives everything back. Nobody reads the content after it.
func (s *spool) Close() {
	if s == nil {
		return
	}
	if s.file != nil {
		s.file.Close()
	}
	if b := s.mem; b != nil && cap(b) <= keepBuffer {
		buffers.Put(&b)
	}
	s.mem, s.file, s.size = nil, nil, 0
}
