package app

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"postroom/internal/base/errs"
)

// writeFile replaces a file as a whole, lasting.
func writeFile(name string, data []byte, mode os.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(mode)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), name); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// masterKey reads the master key and tells whether it was made just now. It
// is made only where the store is new: a store without its key must not get
// another one, which would open nothing.
func masterKey(file string, newStore bool) (key [32]byte, made bool, err error) {
	const op = "app.MasterKey"
	data, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && newStore:
		rand.Read(key[:])
		if err := writeFile(file, key[:], 0o600); err != nil {
			return key, false, errs.Say(op, errs.Config, errs.Nothing, "The master key %s cannot be written: %v", file, err)
		}
		return key, true, nil
	case errors.Is(err, fs.ErrNotExist):
		return key, false, errs.Say(op, errs.Config, errs.Nothing,
			"The master key %s is missing, and this store was made with one. Put back your copy of it; without it no message can be opened.", file)
	case err != nil:
		return key, false, errs.Say(op, errs.Config, errs.Nothing, "The master key %s cannot be read: %v", file, err)
	case len(data) != len(key):
		return key, false, errs.Say(op, errs.Config, errs.Nothing, "The master key %s has %d bytes and needs %d.", file, len(data), len(key))
	}
	copy(key[:], data)
	return key, false, nil
}

// lock is held by the one process that has the data folder.
type lock struct{ f *os.File }

// takeLock takes the folder, or says who has it.
func takeLock(dir string) (*lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		return nil, errs.Say("app.Lock", errs.Config, errs.Storage, "The data folder %s is not this user's: run as its owner, or give it to this user (chown -R).", dir).Because(err)
	}
	if err != nil {
		return nil, errs.Say("app.Lock", errs.Config, errs.Storage, "The data folder %s cannot be used: %v", dir, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, errs.Say("app.Lock", errs.InUse, errs.Storage,
			"Another postroom works on %s. Stop it first, or talk to it: its commands go through %s.", dir, filepath.Join(dir, "control.sock"))
	}
	return &lock{f}, nil
}

func (l *lock) release() { l.f.Close() }

// writeJSON is writeFile of a value.
func writeJSON(name string, v any, mode os.FileMode) error {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return writeFile(name, append(text, '\n'), mode)
}
