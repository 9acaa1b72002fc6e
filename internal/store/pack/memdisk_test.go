package pack_test

import (
	"io"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"time"

	"postroom/internal/store/pack"
)

// op is one step of a recorded trace.
type op struct {
	what string // create write truncate sync rename remove syncdir, and answered
	file *inode
	name string
	to   string
	data []byte
	size int64
	note stored
}

// inode is a file apart from its name. data is what the process sees.
type inode struct{ data []byte }

// memDisk is a Disk in memory that records every step and fails on demand.
type memDisk struct {
	mu    sync.Mutex
	names map[string]*inode
	trace []op
	// fault is asked before each create, write, truncate, sync, syncdir, rename,
	// remove, open; an error of a write is preceded by half its bytes.
	fault func(what, name string) error
	opens int // files open for reading
	most  int
}

func newMemDisk() *memDisk { return &memDisk{names: map[string]*inode{}} }

func (d *memDisk) check(what, name string) error {
	if d.fault == nil {
		return nil
	}
	return d.fault(what, name)
}

func (d *memDisk) Create(name string) (pack.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.check("create", name); err != nil {
		return nil, err
	}
	if d.names[name] != nil {
		return nil, fs.ErrExist
	}
	f := &inode{}
	d.names[name] = f
	d.trace = append(d.trace, op{what: "create", file: f, name: name})
	return &memFile{d, f, name}, nil
}

func (d *memDisk) Open(name string) (pack.ReadFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.check("open", name); err != nil {
		return nil, err
	}
	f := d.names[name]
	if f == nil {
		return nil, fs.ErrNotExist
	}
	d.opens++
	d.most = max(d.most, d.opens)
	return &memReader{d, f, false}, nil
}

func (d *memDisk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.check("rename", from); err != nil {
		return err
	}
	d.names[to] = d.names[from]
	delete(d.names, from)
	d.trace = append(d.trace, op{what: "rename", name: from, to: to})
	return nil
}

func (d *memDisk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.check("remove", name); err != nil {
		return err
	}
	if d.names[name] == nil {
		return fs.ErrNotExist
	}
	delete(d.names, name)
	d.trace = append(d.trace, op{what: "remove", name: name})
	return nil
}

func (d *memDisk) List() ([]pack.DiskEntry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []pack.DiskEntry
	for name, f := range d.names {
		all = append(all, pack.DiskEntry{Name: name, Size: int64(len(f.data)), Changed: time.Unix(1, 0)})
	}
	return all, nil
}

func (d *memDisk) SyncDir() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.check("syncdir", ""); err != nil {
		return err
	}
	d.trace = append(d.trace, op{what: "syncdir"})
	return nil
}

func (d *memDisk) Close() error { return nil }

// answered notes that a Put was answered.
func (d *memDisk) answered(s stored) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trace = append(d.trace, op{what: "answered", note: s})
}

type memFile struct {
	d    *memDisk
	f    *inode
	name string
}

func (f *memFile) Write(p []byte) (int, error) {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	err := f.d.check("write", f.name)
	if err != nil {
		p = p[:len(p)/2]
	}
	f.f.data = append(f.f.data, p...)
	f.d.trace = append(f.d.trace, op{what: "write", file: f.f, data: slices.Clone(p)})
	return len(p), err
}

func (f *memFile) Truncate(size int64) error {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if err := f.d.check("truncate", f.name); err != nil {
		return err
	}
	f.f.data = f.f.data[:size:size]
	f.d.trace = append(f.d.trace, op{what: "truncate", file: f.f, size: size})
	return nil
}

func (f *memFile) Sync() error {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if err := f.d.check("sync", f.name); err != nil {
		return err
	}
	f.d.trace = append(f.d.trace, op{what: "sync", file: f.f})
	return nil
}

func (f *memFile) Close() error { return nil }

type memReader struct {
	d      *memDisk
	f      *inode
	closed bool
}

func (r *memReader) ReadAt(p []byte, off int64) (int, error) {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	if r.closed {
		return 0, fs.ErrClosed
	}
	if off >= int64(len(r.f.data)) {
		return 0, io.EOF
	}
	n := copy(p, r.f.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (r *memReader) Close() error {
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	r.closed = true
	r.d.opens--
	return nil
}

// replay follows a trace and knows what a disk may hold when the power goes.
type replay struct {
	files          map[*inode]*state
	names, lasting map[string]*inode
	answered       []stored
}

// state is a file's bytes, all and those that were synced.
type state struct{ now, lasting []byte }

func newReplay() *replay {
	return &replay{files: map[*inode]*state{}, names: map[string]*inode{}, lasting: map[string]*inode{}}
}

// step applies one step. Slices are shared: what is cut is copied when appended to.
func (r *replay) step(o op) {
	switch o.what {
	case "create":
		r.files[o.file] = &state{}
		r.names[o.name] = o.file
	case "write":
		s := r.files[o.file]
		s.now = append(s.now, o.data...)
	case "truncate":
		s := r.files[o.file]
		s.now = s.now[:o.size:o.size]
	case "sync":
		s := r.files[o.file]
		s.lasting = s.now[:len(s.now):len(s.now)]
	case "rename":
		r.names[o.to] = r.names[o.name]
		delete(r.names, o.name)
	case "remove":
		delete(r.names, o.name)
	case "syncdir":
		r.lasting = maps.Clone(r.names)
	case "answered":
		r.answered = append(r.answered, o.note)
	}
}

// powerLoss is the disk behind the last step: what was never synced is gone
// (lost), or half of it is there (torn), or all of it (kept).
func (r *replay) powerLoss(how string) *memDisk {
	names := r.names
	if how == "lost" {
		names = r.lasting
	}
	d := newMemDisk()
	for name, f := range names {
		s := r.files[f]
		data := s.lasting
		switch tail := len(s.now) - len(s.lasting); {
		case how == "kept":
			data = s.now[:len(s.now):len(s.now)]
		case how == "torn" && tail > 0:
			data = append(data, s.now[len(s.lasting):len(s.lasting)+tail/2]...)
			data = append(data, make([]byte, tail-tail/2)...) // length first, bytes never
		}
		d.names[name] = &inode{data}
	}
	return d
}
