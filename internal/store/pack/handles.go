package pack

import (
	"container/list"
	"errors"
	"io"
	"io/fs"
	"sync"
	"syscall"
)

// handles opens packs for reading, at most max at a time (the one used longest
// ago goes first), and lets open contents outlive the removal of their pack.
type handles struct {
	disk Disk
	max  int

	mu     sync.Mutex
	free   sync.Cond
	open   int // files open, without those of removed packs
	idle   list.List
	packs  map[int64]*handle
	closed bool
}

// handle is one pack that has an open file or an open content.
type handle struct {
	pack     int64
	file     ReadFile
	contents int // contents open
	reads    int // reads under way
	removed  bool
	spot     *list.Element // in idle
}

func newHandles(disk Disk, max int) *handles {
	h := &handles{disk: disk, max: max, packs: map[int64]*handle{}}
	h.free.L = &h.mu
	return h
}

func (h *handles) of(pack int64) *handle {
	e := h.packs[pack]
	if e == nil {
		e = &handle{pack: pack}
		h.packs[pack] = e
	}
	return e
}

// hold notes an open content. No file is opened for it.
func (h *handles) hold(pack int64) *handle {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.of(pack)
	e.contents++
	return e
}

func (h *handles) release(e *handle) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e.contents--
	h.settle(e)
}

// settle closes and forgets what nobody uses.
func (h *handles) settle(e *handle) {
	if e.contents > 0 || e.reads > 0 {
		return
	}
	if e.file != nil && (e.removed || h.closed) {
		h.shut(e)
	}
	if e.file == nil && h.packs[e.pack] == e {
		delete(h.packs, e.pack)
	}
}

func (h *handles) shut(e *handle) {
	if e.spot != nil {
		h.idle.Remove(e.spot)
		e.spot = nil
	}
	e.file.Close()
	e.file = nil
	if !e.removed {
		h.open--
	}
}

// readAt fills p from byte off of the pack.
func (h *handles) readAt(e *handle, p []byte, off int64) error {
	if err := h.begin(e); err != nil {
		return err
	}
	n, err := e.file.ReadAt(p, off)
	h.end(e)
	if n == len(p) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return unavailable("pack.Read", err)
}

func (h *handles) begin(e *handle) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for e.file == nil {
		if e.removed {
			return fs.ErrNotExist
		}
		if h.open >= h.max && !h.evict() {
			h.free.Wait()
			continue
		}
		file, err := h.disk.Open(packName(e.pack))
		if errors.Is(err, syscall.EMFILE) && h.evict() {
			continue
		}
		if errors.Is(err, fs.ErrNotExist) {
			return fs.ErrNotExist
		}
		if err != nil {
			return unavailable("pack.Read", err)
		}
		e.file = file
		h.open++
	}
	if e.spot != nil {
		h.idle.Remove(e.spot)
		e.spot = nil
	}
	e.reads++
	return nil
}

func (h *handles) end(e *handle) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e.reads--
	if e.reads == 0 && !e.removed {
		e.spot = h.idle.PushBack(e)
	}
	h.settle(e)
	h.free.Signal()
}

func (h *handles) evict() bool {
	front := h.idle.Front()
	if front == nil {
		return false
	}
	e := front.Value.(*handle)
	h.shut(e)
	h.settle(e)
	return true
}

// remove deletes the pack's file. Contents that are open keep it readable.
func (h *handles) remove(pack int64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.packs[pack]
	if e != nil && e.contents > 0 && e.file == nil {
		file, err := h.disk.Open(packName(pack))
		if err != nil {
			return err
		}
		e.file = file
		h.open++
	}
	if err := h.disk.Remove(packName(pack)); err != nil {
		return err
	}
	if e == nil {
		return nil
	}
	if e.spot != nil {
		h.idle.Remove(e.spot)
		e.spot = nil
	}
	if e.file != nil {
		h.open-- // a removed pack's file no longer counts
	}
	e.removed = true
	delete(h.packs, pack) // a restore may bring the number back
	h.settle(e)
	h.free.Signal()
	return nil
}

// close closes what no content needs; the rest goes with its contents.
func (h *handles) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, e := range h.packs {
		h.settle(e)
	}
}

// held is the source of one open content.
type held struct {
	h *handles
	e *handle
}

func (s held) readAt(p []byte, off int64) error { return s.h.readAt(s.e, p, off) }
func (s held) ahead() int64                     { return 0 }
func (s held) close()                           { s.h.release(s.e) }
