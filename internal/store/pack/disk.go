package pack

import (
	"io"
	"os"
	"path/filepath"
	"time"
)

// Disk is the folder that the packs lie in. OpenDir uses the real one; the tests
// have one that records, fails and loses power.
type Disk interface {
	// Create makes a file that must not exist (fs.ErrExist) and appends to it.
	Create(name string) (File, error)
	// Open opens a file for reading (fs.ErrNotExist).
	Open(name string) (ReadFile, error)
	// Rename puts a file in the place of another, at once.
	Rename(from, to string) error
	Remove(name string) error
	// List returns all files, in any order.
	List() ([]DiskEntry, error)
	// SyncDir makes creations, renames and removals lasting.
	SyncDir() error
	// Close gives the folder back.
	Close() error
}

// File is a file that is appended to.
type File interface {
	io.WriteCloser
	Truncate(size int64) error
	// Sync makes bytes and length lasting.
	Sync() error
}

// ReadFile is a file that is read at random.
type ReadFile interface {
	io.ReaderAt
	io.Closer
}

// DiskEntry is one file of a Disk.
type DiskEntry struct {
	Name    string
	Size    int64
	Changed time.Time
}

// folder is the real Disk.
type folder struct {
	path string
	dir  *os.File // held for its fsync
}

func openFolder(path string) (*folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	// The folder itself has to last as well.
	if parent, err := os.Open(filepath.Dir(path)); err == nil {
		err = parent.Sync()
		parent.Close()
		if err != nil {
			return nil, err
		}
	}
	dir, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &folder{path, dir}, nil
}

func (d *folder) Create(name string) (File, error) {
	f, err := os.OpenFile(filepath.Join(d.path, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	return realFile{f}, nil
}

func (d *folder) Open(name string) (ReadFile, error) { return os.Open(filepath.Join(d.path, name)) }

func (d *folder) Rename(from, to string) error {
	return os.Rename(filepath.Join(d.path, from), filepath.Join(d.path, to))
}

func (d *folder) Remove(name string) error { return os.Remove(filepath.Join(d.path, name)) }

func (d *folder) List() ([]DiskEntry, error) {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return nil, err
	}
	all := make([]DiskEntry, 0, len(entries))
	for _, e := range entries {
		info, err := e.Info()
		if os.IsNotExist(err) || err == nil && !info.Mode().IsRegular() {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, DiskEntry{e.Name(), info.Size(), info.ModTime()})
	}
	return all, nil
}

func (d *folder) SyncDir() error { return d.dir.Sync() }

func (d *folder) Close() error { return d.dir.Close() }

// realFile syncs data and length only: no reader needs the times.
type realFile struct{ *os.File }

func (f realFile) Sync() error { return fdatasync(f.File) }
