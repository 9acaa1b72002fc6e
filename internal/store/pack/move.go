package pack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
)

// Move implements mailbox.Packs. The copies go to packs of their own: what lived
// long lies together, and deliveries do not wait. A damaged content stops the
// move, so damage is never carried on unseen.
func (f *Files) Move(ctx context.Context, from []mailbox.Place) ([]mailbox.Place, error) {
	const op = "pack.Move"
	to := make([]mailbox.Place, 0, len(from))
	var o *ownPack
	err := func() (err error) {
		for _, at := range from {
			if o != nil && o.size >= f.roll {
				// Lasting already, and garbage should a later one fail.
				if err := o.commit(); err != nil {
					return err
				}
				o = nil
			}
			if o == nil {
				if o, err = f.newOwnPack(op); err != nil {
					return err
				}
			}
			to = append(to, mailbox.Place{Pack: o.pack, Offset: o.size, Length: at.Length})
			if err := f.copyTo(ctx, o, at); err != nil {
				return err
			}
		}
		return nil
	}()
	if err != nil {
		if o != nil {
			o.abort()
		}
		return nil, err
	}
	if o != nil {
		if err := o.commit(); err != nil {
			return nil, err
		}
	}
	return to, nil
}

func (f *Files) copyTo(ctx context.Context, o *ownPack, at mailbox.Place) error {
	src := f.source(at.Pack)
	defer src.close()
	return scrub(ctx, src, at, o.write)
}

// WritePack implements mailbox.Packs. The pack has its name only when it is
// whole and lasting.
func (f *Files) WritePack(ctx context.Context, pack int64, from io.Reader) error {
	const op = "pack.WritePack"
	if err := f.usable(op); err != nil {
		return err
	}
	if pack <= 0 || pack > maxNumber {
		return errs.Say(op, errs.Invalid, errs.Storage, "%d is no number of a pack.", pack)
	}
	if err := f.numbers.above(pack); err != nil {
		return unavailable(op, err)
	}
	// From here on no Put gets the number. One may have got it just before.
	if f.begun(pack) || f.exists(pack) {
		return errExists(pack)
	}
	part := fmt.Sprintf("%08d%s", pack, partSuffix)
	file, err := f.disk.Create(part)
	if errors.Is(err, fs.ErrExist) {
		return errs.Say(op, errs.InUse, errs.Storage, "Pack %d is being restored.", pack)
	}
	if err != nil {
		return unavailable(op, err)
	}
	drop := func(err error) error {
		file.Close()
		_ = f.disk.Remove(part) // the next OpenDir removes it too
		return err
	}
	if err := copyAll(ctx, file, from); err != nil {
		return drop(err)
	}
	if err := file.Sync(); err != nil {
		f.fail(err)
		return drop(unavailable(op, err))
	}
	if err := f.disk.Rename(part, packName(pack)); err != nil {
		return drop(unavailable(op, err))
	}
	file.Close()
	if err := f.disk.SyncDir(); err != nil {
		f.fail(err)
		return unavailable(op, err)
	}
	return nil
}

func (f *Files) exists(pack int64) bool {
	file, err := f.disk.Open(packName(pack))
	if err == nil {
		file.Close()
	}
	return !errors.Is(err, fs.ErrNotExist)
}

// copyAll copies from into w. An error of from is returned as it is.
func copyAll(ctx context.Context, w io.Writer, from io.Reader) error {
	piece := newBuffer()
	defer piece.free()
	if cap(piece.b) < 256<<10 {
		piece.b = make([]byte, 256<<10)
	}
	p := piece.b[:256<<10]
	for {
		if err := ctx.Err(); err != nil {
			return cancelled(err)
		}
		n, err := readFull(from, p)
		if _, werr := w.Write(p[:n]); werr != nil {
			return unavailable("pack.WritePack", werr)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
