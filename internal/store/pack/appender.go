package pack

import (
	"context"
	"errors"
	"io/fs"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
)

// maxGroup is the most bytes that one write and fsync take.
const maxGroup = 8 << 20

// request is one sealed content that waits for its place, or (letGo) the wish
// that the appender ends its pack if it is this one.
type request struct {
	ctx    context.Context
	blob   *buffer // the appender's from here on
	letGo  int64
	answer chan answer // of capacity 1, so that the appender never waits
}

type answer struct {
	place mailbox.Place
	err   error
}

func (f *Files) enqueue(ctx context.Context, blob *buffer) (mailbox.Place, error) {
	return f.wait(ctx, &request{ctx: ctx, blob: blob, answer: make(chan answer, 1)})
}

func (f *Files) wait(ctx context.Context, r *request) (mailbox.Place, error) {
	select {
	case f.queue <- r:
	case <-ctx.Done():
		return mailbox.Place{}, cancelled(ctx.Err())
	case <-f.quit:
		return mailbox.Place{}, unavailable("pack.Put", errClosed)
	}
	select {
	case a := <-r.answer:
		return a.place, a.err
	case <-ctx.Done():
		// It may still be written; without a row it is garbage.
		return mailbox.Place{}, cancelled(ctx.Err())
	case <-f.done:
	}
	select {
	case a := <-r.answer:
		return a.place, a.err
	default: // came in just behind the end
		return mailbox.Place{}, unavailable("pack.Put", errClosed)
	}
}

// appender is the state of the one goroutine that appends.
type appender struct {
	f       *Files
	file    File
	pack    int64
	length  int64 // lasting bytes
	fresh   bool  // the file's name is not lasting yet
	gather  []byte
	waiting []*request
}

// append is that goroutine.
func (f *Files) append() {
	defer close(f.done)
	a := &appender{f: f}
	defer a.end()
	for {
		select {
		case r := <-f.queue:
			a.take(r)
		case <-f.quit:
			for {
				select {
				case r := <-f.queue:
					a.take(r)
				default:
					return
				}
			}
		}
	}
}

// take gathers r and all that wait behind it, commits them, and answers.
func (a *appender) take(r *request) {
	a.waiting = a.waiting[:0]
	size := 0
	for more := true; more; {
		switch {
		case r.letGo != 0:
			if r.letGo == a.pack {
				a.end()
			}
			r.answer <- answer{}
		case r.ctx.Err() != nil:
			a.reply(r, answer{err: cancelled(r.ctx.Err())})
		default:
			a.waiting = append(a.waiting, r)
			size += len(r.blob.b)
		}
		more = false
		if size < maxGroup {
			select {
			case r = <-a.f.queue:
				more = true
			default:
			}
		}
	}
	if len(a.waiting) == 0 {
		return
	}
	at, err := a.commit()
	for _, r := range a.waiting {
		length := int64(len(r.blob.b))
		if err != nil {
			a.reply(r, answer{err: err})
		} else {
			a.reply(r, answer{place: mailbox.Place{Pack: at.Pack, Offset: at.Offset, Length: length}})
		}
		at.Offset += length
	}
}

func (a *appender) reply(r *request, with answer) {
	r.blob.free()
	r.blob = nil
	r.answer <- with
}

// commit appends all that wait by one write and one fsync and returns where the
// first begins.
func (a *appender) commit() (mailbox.Place, error) {
	const op = "pack.Put"
	f := a.f
	if f.Failed() != nil {
		return mailbox.Place{}, unavailable(op, f.Failed())
	}
	if a.file != nil && a.length >= f.roll {
		a.end()
	}
	if a.file == nil {
		if err := a.begin(); err != nil {
			return mailbox.Place{}, unavailable(op, err)
		}
	}
	bytes := a.waiting[0].blob.b
	if len(a.waiting) > 1 {
		a.gather = a.gather[:0]
		for _, r := range a.waiting {
			a.gather = append(a.gather, r.blob.b...)
		}
		bytes = a.gather
	}
	if _, err := a.file.Write(bytes); err != nil {
		a.takeBack()
		return mailbox.Place{}, unavailable(op, err)
	}
	err := a.file.Sync()
	if err == nil && a.fresh {
		err = f.disk.SyncDir()
	}
	if err != nil {
		f.fail(err)
		return mailbox.Place{}, unavailable(op, err)
	}
	a.fresh = false
	at := mailbox.Place{Pack: a.pack, Offset: a.length}
	a.length += int64(len(bytes))
	f.setLasting(a.pack, a.length)
	return at, nil
}

// takeBack undoes a write that failed, as on a full disk. A file that cannot be
// cut is left with its tail, which no row will name.
func (a *appender) takeBack() {
	if a.file.Truncate(a.length) == nil {
		return
	}
	a.file.Close()
	a.file, a.pack = nil, 0 // stays in growing: List says the lasting length
}

func (a *appender) begin() error {
	pack, file, err := a.f.create()
	if err != nil {
		return err
	}
	a.pack, a.file, a.length, a.fresh = pack, file, 0, true
	return nil
}

// end closes the pack that is appended to.
func (a *appender) end() {
	if a.file == nil {
		return
	}
	a.file.Close()
	if !a.fresh && a.f.Failed() == nil {
		a.f.setGrown(a.pack)
	}
	a.file, a.pack = nil, 0
}

// create makes the file of the next pack and notes it as growing.
func (f *Files) create() (int64, File, error) {
	for {
		pack, err := f.numbers.take()
		if err != nil {
			return 0, nil, err
		}
		file, err := f.disk.Create(packName(pack))
		if err == nil {
			return pack, file, nil
		}
		f.setGrown(pack)
		if !errors.Is(err, fs.ErrExist) { // a restore may have taken it just now
			return 0, nil, err
		}
	}
}

func (f *Files) setLasting(pack, length int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.growing[pack] = length
}

// setGrown says that the file's length is the pack's.
func (f *Files) setGrown(pack int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.growing, pack)
}

// ownPack is a pack that its caller writes alone: for a big content, a move.
type ownPack struct {
	f    *Files
	op   string
	pack int64
	file File
	size int64
}

func (f *Files) newOwnPack(op string) (*ownPack, error) {
	if err := f.usable(op); err != nil {
		return nil, err
	}
	pack, file, err := f.create()
	if err != nil {
		return nil, unavailable(op, err)
	}
	return &ownPack{f: f, op: op, pack: pack, file: file}, nil
}

func (o *ownPack) write(p []byte) error {
	n, err := o.file.Write(p)
	o.size += int64(n)
	if err != nil {
		return unavailable(o.op, err)
	}
	return nil
}

// commit makes the pack lasting. After an error it is nobody's.
func (o *ownPack) commit() error {
	err := o.file.Sync()
	o.file.Close()
	if err == nil {
		err = o.f.disk.SyncDir()
	}
	if err != nil {
		o.f.fail(err)
		return unavailable(o.op, err)
	}
	if failed := o.f.Failed(); failed != nil {
		return unavailable(o.op, failed)
	}
	o.f.setGrown(o.pack)
	return nil
}

// abort throws the pack away. Its name was never lasting, so nothing is synced.
func (o *ownPack) abort() {
	o.file.Close()
	if o.f.disk.Remove(packName(o.pack)) == nil {
		o.f.setGrown(o.pack)
	}
}

// errExists is the refusal of a restore over a pack that is there.
func errExists(pack int64) error {
	return errs.Say("pack.WritePack", errs.Exists, errs.Storage, "Pack %d is there already.", pack)
}
