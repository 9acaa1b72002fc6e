package pack

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
)

// Options of OpenDir; the zero value is what a server uses.
type Options struct {
	// Roll is the length in bytes at which a pack is full. Default 256 MiB.
	Roll int64
	// Handles is the count of packs open for reading at a time. Default 256.
	Handles int
	// Disk stands in for the folder.
	Disk Disk
}

// Files keeps packs as files NNNNNNNN.pack in one folder. One Files at a time may
// have the folder: its owner holds the lock of the store.
type Files struct {
	disk    Disk
	roll    int64
	numbers *numbers
	handles *handles

	queue chan *request
	quit  chan struct{} // closed by Close
	done  chan struct{} // closed when the appender has ended

	mu      sync.Mutex
	failed  error
	stopped bool
	growing map[int64]int64 // packs whose lasting length is not the file's
}

var _ mailbox.Packs = (*Files)(nil)

// OpenDir opens the folder dir, which is made where it is missing. It writes
// nothing and trusts no tail: appending begins in a new pack.
func OpenDir(dir string, opts Options) (*Files, error) {
	const op = "pack.OpenDir"
	disk := opts.Disk
	if disk == nil {
		d, err := openFolder(dir)
		if err != nil {
			return nil, errs.E(op, errs.Unavailable, errs.Storage, err)
		}
		disk = d
	}
	entries, err := disk.List()
	if err != nil {
		return nil, errs.E(op, errs.Unavailable, errs.Storage, err)
	}
	newest := int64(0)
	for _, e := range entries {
		if n, ok := packNumber(e.Name); ok {
			newest = max(newest, n)
		} else if strings.HasSuffix(e.Name, partSuffix) {
			_ = disk.Remove(e.Name) // left by a crash; its name is never read
		}
	}
	f := &Files{
		disk: disk, roll: cmp.Or(opts.Roll, 256<<20), handles: newHandles(disk, cmp.Or(opts.Handles, 256)),
		queue: make(chan *request, 1024), quit: make(chan struct{}), done: make(chan struct{}),
		growing: map[int64]int64{},
	}
	if f.numbers, err = openNumbers(disk, newest, f.fail, func(pack int64) { f.setLasting(pack, 0) }); err != nil {
		return nil, errs.E(op, errs.Internal, errs.Storage, err)
	}
	go f.append()
	return f, nil
}

// Failed tells the first failed fsync, after which nothing is accepted: what the
// kernel then holds is unknown, so the process should end and be started anew.
func (f *Files) Failed() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failed
}

// fail stops the accepting for good.
func (f *Files) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failed == nil {
		f.failed = err
	}
}

// usable is an error when nothing may be accepted.
func (f *Files) usable(op string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.failed != nil:
		return unavailable(op, f.failed)
	case f.stopped:
		return unavailable(op, errClosed)
	}
	return nil
}

// Put implements mailbox.Packs. A content of more than 1 MiB sealed gets a pack
// of its own, written here; all others go to the appender together.
func (f *Files) Put(ctx context.Context, key mailbox.BodyKey, content io.Reader, size int64) (mailbox.Place, error) {
	const op = "pack.Put"
	if err := f.usable(op); err != nil {
		return mailbox.Place{}, err
	}
	var big *ownPack
	spill := func(piece []byte) (err error) {
		if big == nil {
			if big, err = f.newOwnPack(op); err != nil {
				return err
			}
		}
		return big.write(piece)
	}
	rest, length, err := seal(ctx, &key, content, size, spill)
	if err != nil {
		if big != nil {
			big.abort()
		}
		return mailbox.Place{}, err
	}
	if big == nil {
		return f.enqueue(ctx, rest)
	}
	defer rest.free()
	if err := big.write(rest.b); err != nil {
		big.abort()
		return mailbox.Place{}, err
	}
	if err := big.commit(); err != nil {
		return mailbox.Place{}, err
	}
	return mailbox.Place{Pack: big.pack, Offset: 0, Length: length}, nil
}

// Open implements mailbox.Packs.
func (f *Files) Open(_ context.Context, key mailbox.BodyKey, at mailbox.Place) (mailbox.Content, error) {
	if err := checkPlace("pack.Open", at); err != nil {
		return nil, err
	}
	return newContent(f.source(at.Pack), key, at), nil
}

// OpenAll implements mailbox.Packs.
func (f *Files) OpenAll(_ context.Context, list []mailbox.Sealed) ([]mailbox.Content, []error) {
	return openAll(list, func(pack int64) source { return f.source(pack) })
}

func (f *Files) source(pack int64) held { return held{f.handles, f.handles.hold(pack)} }

// Verify implements mailbox.Packs.
func (f *Files) Verify(ctx context.Context, key mailbox.BodyKey, at mailbox.Place) error {
	if err := checkPlace("pack.Verify", at); err != nil {
		return err
	}
	c := newContent(f.source(at.Pack), key, at)
	defer c.Close()
	return c.verify(ctx)
}

// Scrub finds bit rot in a content without its key.
func (f *Files) Scrub(ctx context.Context, at mailbox.Place) error {
	src := f.source(at.Pack)
	defer src.close()
	return scrub(ctx, src, at, nil)
}

// List implements mailbox.Packs. A pack in which nothing is lasting yet is not
// listed.
func (f *Files) List(context.Context) ([]mailbox.PackInfo, error) {
	// The lengths first: a pack that ends growing meanwhile is then listed with
	// a length that was true.
	f.mu.Lock()
	growing := make(map[int64]int64, len(f.growing))
	for n, l := range f.growing {
		growing[n] = l
	}
	f.mu.Unlock()
	entries, err := f.disk.List()
	if err != nil {
		return nil, unavailable("pack.List", err)
	}
	var all []mailbox.PackInfo
	for _, e := range entries {
		n, ok := packNumber(e.Name)
		if !ok {
			continue
		}
		length := e.Size
		if lasting, ok := growing[n]; ok {
			length = lasting
			if lasting == 0 {
				continue
			}
		} else if f.begun(n) {
			continue // made after the lengths were taken
		}
		all = append(all, mailbox.PackInfo{Pack: n, Length: length, Changed: e.Changed})
	}
	slices.SortFunc(all, func(a, b mailbox.PackInfo) int { return cmp.Compare(a.Pack, b.Pack) })
	return all, nil
}

// begun tells whether the pack is being written.
func (f *Files) begun(pack int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.growing[pack]
	return ok
}

// Remove implements mailbox.Packs. Contents that are open stay readable.
func (f *Files) Remove(ctx context.Context, pack int64) error {
	const op = "pack.Remove"
	if f.begun(pack) {
		// The appender lets go of it, when it is its pack.
		r := &request{ctx: ctx, letGo: pack, answer: make(chan answer, 1)}
		if _, err := f.wait(ctx, r); err != nil {
			return err
		}
		if f.begun(pack) {
			return errs.Say(op, errs.InUse, errs.Storage, "Pack %d is being written.", pack)
		}
	}
	err := f.handles.remove(pack)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unavailable(op, err)
	}
	if err := f.disk.SyncDir(); err != nil {
		f.fail(err)
		return unavailable(op, err)
	}
	return nil
}

// ReadPack implements mailbox.Packs.
func (f *Files) ReadPack(_ context.Context, pack, length int64) (io.ReadCloser, error) {
	const op = "pack.ReadPack"
	f.mu.Lock()
	lasting, growing := f.growing[pack]
	f.mu.Unlock()
	if growing && length > lasting || length < 0 {
		return nil, errs.Say(op, errs.Invalid, errs.Storage, "Pack %d has no %d lasting bytes.", pack, length)
	}
	file, err := f.disk.Open(packName(pack))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.Say(op, errs.NotFound, errs.Storage, "There is no pack %d.", pack)
	}
	if err != nil {
		return nil, unavailable(op, err)
	}
	return &packReader{io.NewSectionReader(file, 0, length), file, length}, nil
}

// packReader says io.ErrUnexpectedEOF when the pack ends early.
type packReader struct {
	io.Reader
	io.Closer
	left int64
}

func (r *packReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.left -= int64(n)
	if err == io.EOF && r.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Close implements mailbox.Packs. What waits is still written and answered.
func (f *Files) Close() error {
	f.mu.Lock()
	stopped := f.stopped
	f.stopped = true
	f.mu.Unlock()
	if stopped {
		return nil
	}
	close(f.quit)
	<-f.done
	f.handles.close()
	return f.disk.Close()
}
