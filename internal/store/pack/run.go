package pack

import (
	"sync"

	"postroom/internal/core/mailbox"
)

// Contents of one frame that lie near each other are fetched by one read.
const (
	runBytes = 256 << 10 // sealed bytes of a run, gaps too
	runGap   = 16 << 10  // bytes between two of them that are read in vain
)

// run is the source of contents that are fetched together when the first of them
// is read. All of it was lasting before any of them had a place.
type run struct {
	src  source
	from int64 // in the pack
	n    int64

	mu   sync.Mutex
	open int // contents
	read bool
	buf  []byte // nil where the read failed: then each content reads for itself
}

var runs = sync.Pool{New: func() any { b := make([]byte, runBytes); return &b }}

func (r *run) readAt(p []byte, off int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.read {
		r.read = true
		b := *runs.Get().(*[]byte)
		if r.src.readAt(b[:r.n], r.from) == nil {
			r.buf = b
		} else {
			runs.Put(&b)
		}
	}
	if r.buf == nil {
		return r.src.readAt(p, off)
	}
	copy(p, r.buf[off-r.from:r.n])
	return nil
}

func (r *run) ahead() int64 { return 0 }

func (r *run) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open--; r.open > 0 {
		return
	}
	if b := r.buf; b != nil {
		r.buf = nil
		runs.Put(&b)
	}
	r.src.close()
}

// openAll opens contents, those near each other as runs.
func openAll(list []mailbox.Sealed, sourceOf func(pack int64) source) ([]mailbox.Content, []error) {
	contents, failed := make([]mailbox.Content, len(list)), make([]error, len(list))
	for i := 0; i < len(list); {
		if failed[i] = checkPlace("pack.Open", list[i].At); failed[i] != nil {
			i++
			continue
		}
		j := i + 1
		for j < len(list) && joins(list[i].At, list[j-1].At, list[j].At) {
			j++
		}
		src := sourceOf(list[i].At.Pack)
		if j-i > 1 {
			first, last := list[i].At, list[j-1].At
			src = &run{src: src, from: first.Offset, n: last.Offset + last.Length - first.Offset, open: j - i}
		}
		for ; i < j; i++ {
			contents[i] = newContent(src, list[i].Key, list[i].At)
		}
	}
	return contents, failed
}

// joins tells whether next may be in the run that begins with first and ends
// with last.
func joins(first, last, next mailbox.Place) bool {
	gap := next.Offset - (last.Offset + last.Length)
	return checkPlace("", next) == nil && next.Pack == first.Pack && gap >= 0 && gap <= runGap &&
		first.Length <= wholeBlob && next.Length <= wholeBlob && next.Offset+next.Length-first.Offset <= runBytes
}
