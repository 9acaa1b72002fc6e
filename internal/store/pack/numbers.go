package pack

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"sync"
)

const (
	packSuffix = ".pack"
	partSuffix = ".part" // a restore under way
	nextName   = "next"
	nextStep   = 1000 // numbers reserved at a time
	// maxNumber leaves room behind every number, so that none overflows.
	maxNumber = 1<<63 - 1 - nextStep*2
)

func packName(pack int64) string { return fmt.Sprintf("%08d%s", pack, packSuffix) }

// packNumber is the reverse of packName.
func packNumber(name string) (int64, bool) {
	digits, ok := strings.CutSuffix(name, packSuffix)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n > 0 && packName(n) == name
}

// numbers gives out pack numbers that strictly increase over every restart,
// whatever the clock says and whichever packs were removed: the file "next"
// holds the first number that was never reserved.
type numbers struct {
	disk  Disk
	fail  func(error) // a failed fsync
	taken func(int64) // told each number while it is given out

	mu       sync.Mutex
	next     int64
	reserved int64
}

// openNumbers reads "next"; newest is the highest pack there is.
func openNumbers(disk Disk, newest int64, fail func(error), taken func(int64)) (*numbers, error) {
	n := &numbers{disk: disk, fail: fail, taken: taken, next: newest + 1}
	f, err := disk.Open(nextName)
	if errors.Is(err, fs.ErrNotExist) {
		n.reserved = n.next
		return n, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := make([]byte, 32)
	m, err := f.ReadAt(text, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	next, err := strconv.ParseInt(strings.TrimSpace(string(text[:m])), 10, 64)
	if err != nil || next <= 0 {
		return nil, fmt.Errorf("the file %q is damaged: it must hold a number above that of every pack there ever was", nextName)
	}
	n.next = max(n.next, next)
	n.reserved = n.next
	return n, nil
}

func (n *numbers) take() (int64, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next >= n.reserved {
		if err := n.reserve(n.next + nextStep); err != nil {
			return 0, err
		}
	}
	n.taken(n.next)
	n.next++
	return n.next - 1, nil
}

// above makes every later number higher than pack.
func (n *numbers) above(pack int64) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if pack < n.next {
		return nil
	}
	if pack >= n.reserved {
		if err := n.reserve(pack + nextStep); err != nil {
			return err
		}
	}
	n.next = pack + 1
	return nil
}

func (n *numbers) reserve(upTo int64) error {
	const temp = nextName + partSuffix
	if err := n.disk.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := n.disk.Create(temp)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(f, "%d\n", upTo); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		n.fail(err)
		return err
	}
	f.Close()
	if err := n.disk.Rename(temp, nextName); err != nil {
		return err
	}
	if err := n.disk.SyncDir(); err != nil {
		n.fail(err)
		return err
	}
	n.reserved = upTo
	return nil
}
