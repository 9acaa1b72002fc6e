package imap

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
)

const (
	smallContent = 64 << 10  // a frame: it is read into memory whole
	batchBytes   = 128 << 10 // of small contents in memory at once
)

// batches hold small contents one behind the other.
var batches = sync.Pool{New: func() any { b := make([]byte, 0, batchBytes); return &b }}

// batch is messages of a page whose small contents are in memory together.
type batch struct {
	messages []fetched
	buf      *[]byte
}

// loaded calls f2 for the messages of a page with small contents in memory.
// While one batch is opened and written, the next is opened by another goroutine
// where there is leave to work ahead.
func (f *fetching) loaded(page []fetched, f2 func(*fetched) error) error {
	var ours, theirs batch
	defer ours.free()
	defer theirs.free()
	for len(page) > 0 {
		page = ours.take(page)
		if f.ahead {
			page = theirs.take(page)
		}
		err := f.meanwhile(&theirs, func() error {
			f.load(&ours)
			return ours.each(f2)
		})
		if err == nil {
			err = theirs.each(f2)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// meanwhile runs what while another goroutine loads a batch, and waits for both.
func (f *fetching) meanwhile(b *batch, what func() error) error {
	if len(b.messages) == 0 {
		return what()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.load(b)
	}()
	defer func() { <-done }()
	return what()
}

func (b *batch) each(f func(*fetched) error) error {
	for i := range b.messages {
		if err := f(&b.messages[i]); err != nil {
			return err
		}
	}
	return nil
}

// take takes as many messages off a page as the batch holds.
func (b *batch) take(page []fetched) (rest []fetched) {
	n, bytes := 0, int64(0)
	for ; n < len(page); n++ {
		size := page[n].at.Size
		if size > smallContent {
			size = 0
		}
		if bytes += size; bytes > batchBytes {
			break
		}
	}
	b.messages = page[:n]
	if bytes > 0 && b.buf == nil {
		b.buf = batches.Get().(*[]byte)
	}
	return page[n:]
}

func (b *batch) free() {
	if b.buf != nil {
		batches.Put(b.buf)
	}
}

// load reads the small contents of a batch.
func (f *fetching) load(b *batch) {
	var small []*fetched
	var at []mailbox.Body
	for i := range b.messages {
		if m := &b.messages[i]; m.at.Length > 0 && m.at.Size <= smallContent {
			small, at = append(small, m), append(at, m.at)
		}
	}
	if small == nil {
		return
	}
	n, free := 0, 0
	defer func() { // a fault in one message must not end the whole server
		if p := recover(); p != nil {
			for _, m := range small[n:] {
				m.err = errs.E("imap.FETCH", errs.Internal, errs.Item, fmt.Errorf("panic: %v", p))
			}
		}
	}()
	f.sel.box.ReadBodies(f.x.ctx, at, func(i int, c mailbox.Content, err error) {
		m := small[i]
		text := inMemory{}
		if m.at.Size > 0 {
			text = (*b.buf)[free : free+int(m.at.Size)]
			free += len(text)
		}
		if err == nil {
			var k int
			if k, err = c.ReadAt(text, 0); k == len(text) && errors.Is(err, io.EOF) {
				err = nil
			}
		}
		if m.body, m.err = text, err; err != nil {
			m.body = nil
		}
		n = i + 1
	})
}

// inMemory is a content that has been read.
type inMemory []byte

func (b inMemory) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(b)) {
		return 0, io.EOF
	}
	n := copy(p, b[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}
