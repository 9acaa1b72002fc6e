package pack_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
	"postroom/internal/store/pack"
)

type stored struct {
	key  mailbox.BodyKey
	at   mailbox.Place
	seed int
	size int
}

var plains sync.Map // of [2]int{seed, size}: the replays ask for the same again and again

func (s stored) plain() []byte {
	if b, ok := plains.Load([2]int{s.seed, s.size}); ok {
		return b.([]byte)
	}
	b, _ := io.ReadAll(io.LimitReader(&seeded{uint64(s.seed)*7919 + 1}, int64(s.size)))
	plains.Store([2]int{s.seed, s.size}, b)
	return b
}

type seeded struct{ x uint64 }

func (s *seeded) Read(p []byte) (int, error) {
	for i := range p {
		s.x ^= s.x << 13
		s.x ^= s.x >> 7
		s.x ^= s.x << 17
		p[i] = byte(s.x)
	}
	return len(p), nil
}

func putSeeded(p mailbox.Packs, seed, size int) (stored, error) {
	s := stored{key: mailbox.BodyKey{byte(seed), byte(seed >> 8), 1}, seed: seed, size: size}
	at, err := p.Put(context.Background(), s.key, bytes.NewReader(s.plain()), int64(size))
	s.at = at
	return s, err
}

func (s stored) read(p mailbox.Packs) error {
	c, err := p.Open(context.Background(), s.key, s.at)
	if err != nil {
		return err
	}
	defer c.Close()
	got, err := io.ReadAll(io.NewSectionReader(c, 0, int64(s.size)+1))
	if err != nil {
		return err
	}
	if !bytes.Equal(got, s.plain()) {
		return errors.New("other bytes")
	}
	return nil
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	if k, s := errs.Of(err); k != errs.Unavailable || s != errs.Storage {
		t.Fatalf("error is %v, want unavailable storage", err)
	}
}

// Reliability rows 3, 4, 8, 11: the power goes behind every step of a recorded
// run; whatever was answered is there, and no number is given out twice.
func TestPowerLossAtEveryStep(t *testing.T) {
	d := newMemDisk()
	p := openFiles(t, "", pack.Options{Disk: d, Roll: 300 << 10})
	var wg sync.WaitGroup
	var mu sync.Mutex
	var all []stored
	for w := range 4 {
		wg.Go(func() {
			for i := range 8 {
				seed := w*100 + i
				size := 3000 * (1 + seed%7)
				if i == 5 {
					size = 1_300_000 // a pack of its own
				}
				s, err := putSeeded(p, seed, size)
				if err != nil {
					t.Error(err)
					return
				}
				d.answered(s)
				mu.Lock()
				all = append(all, s)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	var from []mailbox.Place
	for _, s := range all[:10] {
		from = append(from, s.at)
	}
	to, err := p.Move(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range to {
		moved := all[i]
		moved.at = at
		d.answered(moved)
	}
	whole, err := p.ReadPack(t.Context(), to[0].Pack, to[0].Offset+to[0].Length)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.WritePack(t.Context(), 100_000, whole); err != nil {
		t.Fatal(err)
	}
	whole.Close()
	restored := all[0]
	restored.at = mailbox.Place{Pack: 100_000, Offset: 0, Length: to[0].Length}
	d.answered(restored)
	if _, err := putSeeded(p, 999, 10); err != nil {
		t.Fatal(err)
	}
	p.Close()

	r := newReplay()
	for n, o := range d.trace {
		r.step(o)
		for _, how := range []string{"lost", "torn", "kept"} {
			if err := surviving(r.powerLoss(how), r.answered); err != nil {
				t.Fatalf("power lost behind step %d of %d (%s), unsynced bytes %s: %v", n, len(d.trace), o.what, how, err)
			}
		}
	}
	t.Logf("%d steps, 3 ways each", len(d.trace))
}

// surviving opens what the power loss left and checks it.
func surviving(d *memDisk, answered []stored) error {
	newest := int64(0)
	for name := range d.names {
		var n int64
		if strings.HasSuffix(name, ".pack") {
			if _, err := fmt.Sscanf(name, "%d.pack", &n); err != nil {
				return err
			}
		}
		newest = max(newest, n)
	}
	p, err := pack.OpenDir("", pack.Options{Disk: d})
	if err != nil {
		return err
	}
	defer p.Close()
	for _, s := range answered[max(0, len(answered)-12):] { // older ones were checked by the steps before
		newest = max(newest, s.at.Pack)
		if err := s.read(p); err != nil {
			return fmt.Errorf("content %d at %+v: %w", s.seed, s.at, err)
		}
	}
	s, err := putSeeded(p, 5000, 100)
	if err != nil {
		return err
	}
	if s.at.Pack <= newest || s.at.Offset != 0 {
		return fmt.Errorf("appended at %+v, newest was %d", s.at, newest)
	}
	return s.read(p)
}

// Reliability row 11: numbers go on above packs that were removed.
func TestNumbersNeverComeBack(t *testing.T) {
	d := newMemDisk()
	last := int64(0)
	for range 5 {
		p := openFiles(t, "", pack.Options{Disk: d})
		s, err := putSeeded(p, 1, 100)
		if err != nil {
			t.Fatal(err)
		}
		if s.at.Pack <= last {
			t.Fatalf("number %d after %d", s.at.Pack, last)
		}
		last = s.at.Pack
		if err := p.Remove(t.Context(), s.at.Pack); err != nil {
			t.Fatal(err)
		}
		p.Close()
	}
	d.names["next"].data = []byte("12garbage")
	if _, err := pack.OpenDir("", pack.Options{Disk: d}); !errs.Is(err, errs.Internal) || !strings.Contains(err.Error(), `"next" is damaged`) {
		t.Fatalf("a damaged counter: %v", err)
	}
}

// Reliability rows 6, 7: the k-th creating, writing, cutting or renaming fails,
// for every k. No content is half there, nothing is answered wrongly, and all
// goes on.
func TestDiskFullAtEveryCall(t *testing.T) {
	for _, failure := range []error{syscall.ENOSPC, syscall.EROFS} {
		for _, also := range []string{"", "truncate"} { // a read-only disk cannot be cut either
			for k := 1; ; k++ {
				calls := 0
				d := newMemDisk()
				d.fault = func(what, _ string) error {
					if what == also && calls >= k {
						return failure
					}
					if what == "create" || what == "write" || what == "rename" {
						if calls++; calls == k {
							return failure
						}
					}
					return nil
				}
				if failed := runWithFault(t, d, fmt.Sprintf("%v at call %d %s", failure, k, also)); !failed {
					break // k is past the last call
				}
			}
		}
	}
}

func runWithFault(t *testing.T, d *memDisk, name string) (failed bool) {
	t.Helper()
	p, err := pack.OpenDir("", pack.Options{Disk: d, Roll: 20 << 10})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer p.Close()
	var answered []stored
	for i := range 8 {
		size := 8000
		if i == 4 {
			size = 2_500_000
		}
		s, err := putSeeded(p, i, size)
		if err != nil {
			failed = true
			wantUnavailable(t, err)
			if s, err = putSeeded(p, i, size); err != nil { // there is room again
				t.Fatalf("%s: again: %v", name, err)
			}
		}
		answered = append(answered, s)
	}
	moved, err := p.Move(t.Context(), []mailbox.Place{answered[1].at, answered[4].at})
	if err != nil {
		failed = true
		wantUnavailable(t, err)
	} else {
		s := answered[1]
		s.at = moved[0]
		answered = append(answered, s)
	}
	if p.Failed() != nil {
		t.Fatalf("%s: stopped for good: %v", name, p.Failed())
	}
	for _, s := range answered {
		if err := s.read(p); err != nil {
			t.Fatalf("%s: content %d: %v", name, s.seed, err)
		}
	}
	listsWhatIsThere(t, p, answered, moved, name)
	return failed
}

// listsWhatIsThere: every byte that List counts is a content that was answered.
func listsWhatIsThere(t *testing.T, p *pack.Files, answered []stored, moved []mailbox.Place, name string) {
	t.Helper()
	all, err := p.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	left := map[int64]int64{}
	for _, i := range all {
		left[i.Pack] = i.Length
	}
	for _, s := range answered {
		left[s.at.Pack] -= s.at.Length
	}
	if len(moved) > 1 {
		left[moved[1].Pack] -= moved[1].Length
	}
	for n, bytes := range left {
		if bytes != 0 {
			t.Fatalf("%s: pack %d lists %d bytes that nobody has", name, n, bytes)
		}
	}
}

// Reliability row 5: one fsync fails once, for every fsync of the run, of file or
// folder. Nothing is accepted from then on, and that file is not synced again.
func TestFailedSyncStopsForGood(t *testing.T) {
	for _, big := range []bool{false, true} {
		for k := 1; ; k++ {
			var after atomic.Int64
			calls, bad := 0, ""
			d := newMemDisk()
			d.fault = func(what, name string) error {
				if what != "sync" && what != "syncdir" {
					return nil
				}
				if calls++; calls == k {
					bad = what + name
					return syscall.EIO
				}
				if bad != "" && what+name == bad {
					after.Add(1)
				}
				return nil
			}
			p := openFiles(t, "", pack.Options{Disk: d, Roll: 20 << 10})
			var answered []stored
			stopped := false
			for i := range 6 {
				size := 9000
				if big && i%2 == 1 {
					size = 1_200_000
				}
				s, err := putSeeded(p, i, size)
				if err != nil {
					wantUnavailable(t, err)
					stopped = true
				} else if stopped {
					t.Fatalf("sync %d: a Put was answered after the failure", k)
				} else {
					answered = append(answered, s)
				}
			}
			if !stopped {
				break
			}
			if !errors.Is(p.Failed(), syscall.EIO) || after.Load() > 0 {
				t.Fatalf("sync %d: failed is %v, synced again %d times", k, p.Failed(), after.Load())
			}
			if _, err := p.Move(t.Context(), []mailbox.Place{{Pack: 1, Length: 200}}); err == nil {
				t.Fatal("moved after the failure")
			}
			wantUnavailable(t, p.WritePack(t.Context(), 77, strings.NewReader("x")))
			for _, s := range answered {
				if err := s.read(p); err != nil {
					t.Fatalf("reading after the failure: %v", err)
				}
			}
			p.Close()
		}
	}
}

// One write and one fsync serve all that wait.
func TestGroupCommit(t *testing.T) {
	d := newMemDisk()
	entered, release := make(chan struct{}), make(chan struct{})
	var writes atomic.Int64
	d.fault = func(what, name string) error {
		if what == "write" && strings.HasSuffix(name, ".pack") && writes.Add(1) == 1 {
			d.mu.Unlock() // others may go on while this write hangs
			close(entered)
			<-release
			d.mu.Lock()
		}
		return nil
	}
	p := openFiles(t, "", pack.Options{Disk: d})
	var wg sync.WaitGroup
	put := func(i int) {
		if _, err := putSeeded(p, i, 5000); err != nil {
			t.Error(err)
		}
	}
	wg.Go(func() { put(0) })
	<-entered
	for i := range 50 {
		wg.Go(func() { put(i + 1) })
	}
	for p.Waiting() < 50 {
		runtime.Gosched()
	}
	close(release)
	wg.Wait()
	if n := writes.Load(); n != 2 {
		t.Errorf("%d writes for 51 contents, want 2", n)
	}
	syncs := 0
	for _, o := range d.trace {
		if o.what == "sync" {
			syncs++
		}
	}
	if syncs != 3 { // one is the counter's
		t.Errorf("%d fsyncs for 51 contents, want 2 and the counter's", syncs)
	}
}

// Reliability row 17: never more files open than allowed, however many contents
// are; and an EMFILE gives way and comes back as "try later" at worst.
func TestOpenFilesAreBounded(t *testing.T) {
	d := newMemDisk()
	p := openFiles(t, "", pack.Options{Disk: d, Roll: 1, Handles: 4})
	var all []stored
	var contents []mailbox.Content
	for i := range 40 {
		s, err := putSeeded(p, i, 2000)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
		c, err := p.Open(t.Context(), s.key, s.at)
		if err != nil {
			t.Fatal(err)
		}
		contents = append(contents, c)
	}
	d.most = d.opens
	var wg sync.WaitGroup
	for range 3 {
		for i, c := range contents {
			wg.Go(func() {
				got := make([]byte, 2000)
				if _, err := c.ReadAt(got, 0); err != nil || !bytes.Equal(got, all[i].plain()) {
					t.Errorf("content %d: %v", i, err)
				}
			})
		}
	}
	wg.Wait()
	if d.most > 4 {
		t.Errorf("%d files were open at a time, want 4 at most", d.most)
	}
	for _, c := range contents {
		c.Close()
	}
	limit := 2
	d.fault = func(what, _ string) error {
		if what == "open" && d.opens >= limit {
			return &fs.PathError{Op: "open", Err: syscall.EMFILE}
		}
		return nil
	}
	for _, s := range all {
		if err := s.read(p); err != nil {
			t.Fatalf("one file may be open: %v", err)
		}
	}
	limit = 9
	other := openFiles(t, "", pack.Options{Disk: d})
	limit = 0
	wantUnavailable(t, all[0].read(other))
	limit = 9
	if err := all[0].read(p); err != nil {
		t.Fatal(err)
	}
	p.Close()
	if d.opens != 0 {
		t.Errorf("%d files are still open", d.opens)
	}
}

// A content that is open outlives its pack, read before or not, and holds no
// file beyond its end.
func TestReadersOutliveRemoval(t *testing.T) {
	d := newMemDisk()
	p := openFiles(t, "", pack.Options{Disk: d, Roll: 1, Handles: 1})
	s, err := putSeeded(p, 1, 300_000)
	if err != nil {
		t.Fatal(err)
	}
	open := func() mailbox.Content {
		c, err := p.Open(t.Context(), s.key, s.at)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	begun, unread := open(), open()
	if _, err := begun.ReadAt(make([]byte, 10), 0); err != nil {
		t.Fatal(err)
	}
	if err := p.Remove(t.Context(), s.at.Pack); err != nil {
		t.Fatal(err)
	}
	late := open()
	if _, err := late.ReadAt(make([]byte, 10), 0); !errs.Is(err, errs.Internal) {
		t.Fatalf("opened after the removal: %v", err)
	}
	late.Close()
	other, err := putSeeded(p, 2, 100) // the one handle is free for others
	if err != nil || other.read(p) != nil {
		t.Fatal(err, other.read(p))
	}
	for _, c := range []mailbox.Content{begun, unread} {
		got, err := io.ReadAll(io.NewSectionReader(c, 0, c.Size()))
		if err != nil || !bytes.Equal(got, s.plain()) {
			t.Fatalf("read %d bytes: %v", len(got), err)
		}
		c.Close()
		c.Close() // twice is once
	}
	p.Close()
	if d.opens != 0 {
		t.Errorf("%d files are still open", d.opens)
	}
}

// A pack that is being written is in nobody's way, and no one's list.
func TestPackUnderWayIsHidden(t *testing.T) {
	d := newMemDisk()
	p := openFiles(t, "", pack.Options{Disk: d})
	middle, release := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() {
		_, err := p.Put(context.Background(), mailbox.BodyKey{1}, io.MultiReader(
			io.LimitReader(&seeded{1}, 3<<20), &gate{middle, release}, io.LimitReader(&seeded{2}, 3<<20)), -1)
		done <- err
	}()
	<-middle
	small, err := putSeeded(p, 3, 100) // does not wait
	if err != nil {
		t.Fatal(err)
	}
	all, err := p.List(t.Context())
	if err != nil || len(all) != 1 || all[0].Pack != small.at.Pack {
		t.Fatalf("listed: %+v %v", all, err)
	}
	packs := slices.Sorted(func(yield func(string) bool) {
		for name := range d.names {
			if strings.HasSuffix(name, ".pack") && !yield(name) {
				return
			}
		}
	})
	var big int64
	if _, err := fmt.Sscanf(packs[0], "%d.pack", &big); err != nil {
		t.Fatal(err)
	}
	if err := p.Remove(t.Context(), big); !errs.Is(err, errs.InUse) {
		t.Fatalf("removing it: %v", err)
	}
	if _, err := p.ReadPack(t.Context(), big, 1); !errs.Is(err, errs.Invalid) {
		t.Fatalf("reading it: %v", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if all, _ := p.List(t.Context()); len(all) != 2 {
		t.Fatalf("listed: %+v", all)
	}
}

type gate struct{ reached, open chan struct{} }

func (g *gate) Read([]byte) (int, error) {
	close(g.reached)
	<-g.open
	return 0, io.EOF
}
