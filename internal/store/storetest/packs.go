package storetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"postroom/internal/base/errs"
	"postroom/internal/core/mailbox"
)

// Packs is the contract of mailbox.Packs. open returns an empty one; the suite
// closes it.
func Packs(t *testing.T, open func(t *testing.T) mailbox.Packs) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, p mailbox.Packs)
	}{
		{"sizes", packSizes}, {"big", packBig}, {"ranges", packRanges}, {"many together", packTogether},
		{"wrong key", packWrongKey},
		{"bit rot", packBitRot}, {"places that are none", packNoPlaces}, {"move", packMove}, {"list and remove", packListRemove},
		{"backup and restore", packBackup}, {"many at once", packParallel}, {"cancelled", packCancelled},
		{"reader that fails", packReaderFails}, {"wrong size", packWrongSize},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := open(t)
			t.Cleanup(func() { p.Close() })
			c.run(t, p)
		})
	}
	t.Run("closed", func(t *testing.T) { packClosed(t, open(t)) })
}

func newKey(t testing.TB) (k mailbox.BodyKey) {
	t.Helper()
	if _, err := rand.Read(k[:]); err != nil {
		t.Fatal(err)
	}
	return k
}

// mixed is n bytes, the same for the same seed: half of it compresses.
func mixed(n int, seed uint64) []byte {
	b := make([]byte, n)
	_, _ = mathrand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), 7}).Read(b)
	for at := 0; at < n; at += 20 << 10 {
		end := min(n, at+10<<10)
		copy(b[at:end], strings.Repeat("Received: from mail.example by mx.example; ", 1+(end-at)/43)[:end-at])
	}
	return b
}

type stored struct {
	key   mailbox.BodyKey
	at    mailbox.Place
	plain []byte
}

func put(t testing.TB, p mailbox.Packs, plain []byte) stored {
	t.Helper()
	s := stored{key: newKey(t), plain: plain}
	var err error
	if s.at, err = p.Put(t.Context(), s.key, bytes.NewReader(plain), int64(len(plain))); err != nil {
		t.Fatalf("put %d bytes: %v", len(plain), err)
	}
	return s
}

func (s stored) check(t testing.TB, p mailbox.Packs) {
	t.Helper()
	c, err := p.Open(t.Context(), s.key, s.at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s.same(t, c)
	if err := p.Verify(t.Context(), s.key, s.at); err != nil {
		t.Fatalf("verify: %v", err)
	}
}

func (s stored) same(t testing.TB, c mailbox.Content) {
	t.Helper()
	if c.Size() != int64(len(s.plain)) {
		t.Fatalf("size is %d, want %d", c.Size(), len(s.plain))
	}
	got, err := io.ReadAll(io.NewSectionReader(c, 0, c.Size()))
	if err != nil || !bytes.Equal(got, s.plain) {
		t.Fatalf("read %d bytes of %d, equal %v, error %v", len(got), len(s.plain), bytes.Equal(got, s.plain), err)
	}
}

func wantKind(t testing.TB, err error, kind errs.Kind, subject errs.Subject) {
	t.Helper()
	if k, s := errs.Of(err); err == nil || k != kind || s != subject {
		t.Fatalf("error is %v (%v %v), want %v %v", err, k, s, kind, subject)
	}
}

func packSizes(t *testing.T, p mailbox.Packs) {
	const frame = 64 << 10
	var all []stored
	for i, n := range []int{0, 1, 100, frame - 1, frame, frame + 1, 2 * frame, 200 << 10} {
		all = append(all, put(t, p, mixed(n, uint64(i))))
	}
	for _, s := range all {
		s.check(t, p)
	}
	k := newKey(t)
	at, err := p.Put(t.Context(), k, strings.NewReader("of unknown size"), -1)
	if err != nil {
		t.Fatal(err)
	}
	stored{k, at, []byte("of unknown size")}.check(t, p)
}

// packBig stores one content of 36 MB, whose last MB is then read alone.
func packBig(t *testing.T, p mailbox.Packs) {
	s := put(t, p, mixed(36<<20, 1))
	c, err := p.Open(t.Context(), s.key, s.at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	last := make([]byte, 1<<20)
	if n, err := c.ReadAt(last, 35<<20); n != len(last) || err != nil || !bytes.Equal(last, s.plain[35<<20:]) {
		t.Fatalf("last MB: %d bytes, error %v", n, err)
	}
	s.check(t, p)
	moved, err := p.Move(t.Context(), []mailbox.Place{s.at})
	if err != nil {
		t.Fatal(err)
	}
	stored{s.key, moved[0], s.plain}.check(t, p)
}

func packRanges(t *testing.T, p mailbox.Packs) {
	s := put(t, p, mixed(333_333, 3))
	c, err := p.Open(t.Context(), s.key, s.at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	rapid.Check(t, func(r *rapid.T) {
		from := rapid.IntRange(0, len(s.plain)+10).Draw(r, "from")
		n := rapid.IntRange(0, 200<<10).Draw(r, "n")
		got := make([]byte, n)
		m, err := c.ReadAt(got, int64(from))
		want := s.plain[min(from, len(s.plain)):min(from+n, len(s.plain))]
		if !bytes.Equal(got[:m], want) {
			r.Fatalf("%d bytes from %d: got %d, equal %v", n, from, m, bytes.Equal(got[:m], want))
		}
		if (m < n) != errors.Is(err, io.EOF) || m == n && err != nil {
			r.Fatalf("%d of %d bytes: error %v", m, n, err)
		}
	})
	if _, err := c.ReadAt(make([]byte, 1), -1); err == nil {
		t.Fatal("a negative offset was read")
	}
}

// packTogether opens contents of all sizes together, in and out of order, with
// places that are none and a pack that has been removed among them.
func packTogether(t *testing.T, p mailbox.Packs) {
	var all []stored
	for i := range 60 {
		all = append(all, put(t, p, mixed([]int{10, 3000, 9000, 0, 65536, 70000, 20000}[i%7], uint64(i))))
	}
	gone := put(t, p, mixed(2<<20, 99)) // in a pack of its own
	if err := p.Remove(t.Context(), gone.at.Pack); err != nil {
		t.Fatal(err)
	}
	read := func(list []stored, bad map[int]bool) {
		t.Helper()
		sealed := make([]mailbox.Sealed, len(list))
		for i, s := range list {
			sealed[i] = mailbox.Sealed{Key: s.key, At: s.at}
		}
		contents, failed := p.OpenAll(t.Context(), sealed)
		for i, c := range contents {
			if (failed[i] != nil) != (c == nil) || failed[i] != nil && !bad[i] {
				t.Fatalf("content %d: %v", i, failed[i])
			}
			if c == nil {
				continue
			}
			if bad[i] {
				if _, err := c.ReadAt(make([]byte, 1), 0); err == nil {
					t.Fatalf("content %d was read", i)
				}
			} else {
				list[i].same(t, c)
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			c.Close() // once more is nothing
		}
	}
	read(nil, nil)
	read(all[:1], nil)
	read(all, nil)
	back := slices.Clone(all)
	slices.Reverse(back)
	read(back, nil)
	mathrand.Shuffle(len(back), func(i, j int) { back[i], back[j] = back[j], back[i] })
	read(back, nil)
	none, other := all[3], all[8]
	none.at.Offset += 1 << 40
	other.key[0]++
	length := all[9]
	length.at.Length = 3
	odd := slices.Concat(all[:3], []stored{none, gone, length}, all[3:8], []stored{other}, all[9:])
	read(odd, map[int]bool{3: true, 4: true, 5: true, 11: true})
}

func packWrongKey(t *testing.T, p mailbox.Packs) {
	s := put(t, p, mixed(1000, 4))
	other := newKey(t)
	c, err := p.Open(t.Context(), other, s.at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.ReadAt(make([]byte, 1), 0)
	wantKind(t, err, errs.Internal, errs.Storage)
	if c.Size() != -1 {
		t.Fatalf("size is %d", c.Size())
	}
	wantKind(t, p.Verify(t.Context(), other, s.at), errs.Internal, errs.Storage)
}

// packBitRot: reliability row 9. Any flipped bit is found, by reading, by Verify
// and by Move, and the error names pack and offset.
func packBitRot(t *testing.T, p mailbox.Packs) {
	first, s := put(t, p, mixed(500, 5)), put(t, p, mixed(150_000, 6))
	places, err := p.Move(t.Context(), []mailbox.Place{first.at, s.at}) // into a pack that is complete
	if err != nil {
		t.Fatal(err)
	}
	s.at = places[1]
	whole := readPack(t, p, s.at.Pack, s.at.Offset+s.at.Length)
	name := fmt.Sprintf("pack %d, offset %d", s.at.Pack, s.at.Offset)
	for _, bit := range []int64{0, 7, 8, 5000, s.at.Length / 2, s.at.Length - 60, s.at.Length - 16, s.at.Length - 10, s.at.Length - 1} {
		rotten := bytes.Clone(whole)
		rotten[s.at.Offset+bit] ^= 0x10
		rewrite(t, p, s.at.Pack, rotten)
		err := p.Verify(t.Context(), s.key, s.at)
		wantKind(t, err, errs.Internal, errs.Storage)
		if !strings.Contains(err.Error(), name) {
			t.Fatalf("byte %d: %v does not name %s", bit, err, name)
		}
		if _, err := p.Move(t.Context(), []mailbox.Place{s.at}); err == nil {
			t.Fatalf("byte %d: moved unseen", bit)
		}
		stored{first.key, places[0], first.plain}.check(t, p) // the neighbour is whole
	}
	// A frame of the middle: reading it says so, reading others goes on.
	rotten := bytes.Clone(whole)
	rotten[s.at.Offset+8+100] ^= 1
	rewrite(t, p, s.at.Pack, rotten)
	c, err := p.Open(t.Context(), s.key, s.at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.ReadAt(make([]byte, 10), 5)
	wantKind(t, err, errs.Internal, errs.Storage)
	got := make([]byte, 10)
	if _, err := c.ReadAt(got, 140_000); err != nil || !bytes.Equal(got, s.plain[140_000:140_010]) {
		t.Fatalf("a sound frame: %v", err)
	}
	rewrite(t, p, s.at.Pack, whole)
	s.check(t, p)
	// The pack ends inside the content.
	rewrite(t, p, s.at.Pack, whole[:len(whole)-1000])
	wantKind(t, p.Verify(t.Context(), s.key, s.at), errs.Internal, errs.Storage)
}

func packNoPlaces(t *testing.T, p mailbox.Packs) {
	s := put(t, p, mixed(1000, 7))
	for _, at := range []mailbox.Place{
		{}, {Pack: -1, Offset: 0, Length: 100}, {Pack: s.at.Pack, Offset: -5, Length: s.at.Length}, {Pack: s.at.Pack, Offset: s.at.Offset, Length: -1},
		{Pack: s.at.Pack, Offset: s.at.Offset, Length: 3}, {Pack: s.at.Pack, Offset: 1<<63 - 1, Length: 1000},
		{Pack: s.at.Pack, Offset: s.at.Offset, Length: 1<<63 - 1}, {Pack: s.at.Pack, Offset: s.at.Offset + 1, Length: s.at.Length - 1},
		{Pack: s.at.Pack, Offset: s.at.Offset, Length: s.at.Length + 1}, {Pack: s.at.Pack + 123456, Offset: 0, Length: 500},
	} {
		wantKind(t, p.Verify(t.Context(), s.key, at), errs.Internal, errs.Storage)
		c, err := p.Open(t.Context(), s.key, at)
		if err == nil {
			_, err = c.ReadAt(make([]byte, 10), 0)
			c.Close()
		}
		wantKind(t, err, errs.Internal, errs.Storage)
	}
}

func packMove(t *testing.T, p mailbox.Packs) {
	var all []stored
	var from []mailbox.Place
	for i, n := range []int{10, 70_000, 0, 2 << 20, 4000} {
		all = append(all, put(t, p, mixed(n, uint64(i))))
		from = append(from, all[i].at)
	}
	to, err := p.Move(t.Context(), from)
	if err != nil || len(to) != len(from) {
		t.Fatalf("%d places, error %v", len(to), err)
	}
	for i, s := range all {
		if to[i].Pack == s.at.Pack {
			t.Errorf("content %d stayed in pack %d", i, s.at.Pack)
		}
		if err := p.Remove(t.Context(), s.at.Pack); err != nil {
			t.Fatal(err)
		}
		stored{s.key, to[i], s.plain}.check(t, p)
	}
	if to, err := p.Move(t.Context(), nil); err != nil || len(to) != 0 {
		t.Fatalf("moving nothing: %v %v", to, err)
	}
}

func packListRemove(t *testing.T, p mailbox.Packs) {
	if all, err := p.List(t.Context()); err != nil || len(all) != 0 {
		t.Fatalf("empty: %v %v", all, err)
	}
	a, b := put(t, p, mixed(1000, 8)), put(t, p, mixed(3<<20, 9))
	lengths := map[int64]int64{}
	list := func() {
		clear(lengths)
		all, err := p.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		last := int64(0)
		for _, i := range all {
			if i.Pack <= last || i.Changed.IsZero() {
				t.Fatalf("bad entry %+v", i)
			}
			last = i.Pack
			lengths[i.Pack] = i.Length
		}
	}
	list()
	for _, s := range []stored{a, b} {
		if lengths[s.at.Pack] < s.at.Offset+s.at.Length {
			t.Fatalf("pack %d has %d bytes, want at least %d", s.at.Pack, lengths[s.at.Pack], s.at.Offset+s.at.Length)
		}
	}
	for _, s := range []stored{a, b} { // also the pack that is appended to
		if err := p.Remove(t.Context(), s.at.Pack); err != nil {
			t.Fatal(err)
		}
		if err := p.Remove(t.Context(), s.at.Pack); err != nil {
			t.Fatalf("again: %v", err)
		}
		wantKind(t, p.Verify(t.Context(), s.key, s.at), errs.Internal, errs.Storage)
	}
	list()
	if len(lengths) != 0 {
		t.Fatalf("left: %v", lengths)
	}
	c := put(t, p, mixed(1000, 10))
	if c.at.Pack <= a.at.Pack {
		t.Fatalf("number %d after %d", c.at.Pack, a.at.Pack)
	}
	c.check(t, p)
}

func packBackup(t *testing.T, p mailbox.Packs) {
	s := put(t, p, mixed(100_000, 11))
	_, err := p.ReadPack(t.Context(), s.at.Pack+99999, 10)
	wantKind(t, err, errs.NotFound, errs.Storage)
	whole := readPack(t, p, s.at.Pack, s.at.Offset+s.at.Length)
	wantKind(t, p.WritePack(t.Context(), s.at.Pack, bytes.NewReader(whole)), errs.Exists, errs.Storage)
	rewrite(t, p, s.at.Pack, whole)
	s.check(t, p)
	// Under a number far ahead: later numbers lie above it or beside it, never on it.
	const far = 1 << 61
	if err := p.WritePack(t.Context(), far, bytes.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	stored{s.key, mailbox.Place{Pack: far, Offset: s.at.Offset, Length: s.at.Length}, s.plain}.check(t, p)
	put(t, p, mixed(500, 12)).check(t, p)
	for _, bad := range []int64{0, -1, 1<<63 - 1} {
		wantKind(t, p.WritePack(t.Context(), bad, bytes.NewReader(whole)), errs.Invalid, errs.Storage)
	}
	// A source that breaks off leaves nothing.
	broken := errors.New("the backup is unreadable here")
	err = p.WritePack(t.Context(), far+5, io.MultiReader(bytes.NewReader(whole[:100]), failing{broken}))
	if !errors.Is(err, broken) {
		t.Fatalf("error is %v", err)
	}
	if err := p.WritePack(t.Context(), far+5, bytes.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	r, err := p.ReadPack(t.Context(), far+5, int64(len(whole))+1)
	if err == nil {
		_, err = io.ReadAll(r)
		r.Close()
	}
	if err == nil {
		t.Fatal("a pack was read beyond its end")
	}
}

func packParallel(t *testing.T, p mailbox.Packs) {
	var wg sync.WaitGroup
	all := make([]stored, 64)
	for i := range all {
		wg.Go(func() {
			s := stored{key: newKey(t), plain: mixed(i*997, uint64(i))}
			var err error
			if s.at, err = p.Put(t.Context(), s.key, bytes.NewReader(s.plain), -1); err != nil {
				t.Error(err)
			}
			all[i] = s
		})
	}
	wg.Wait()
	type spot struct{ pack, offset int64 }
	seen := map[spot]bool{}
	for _, s := range all {
		if at := (spot{s.at.Pack, s.at.Offset}); seen[at] {
			t.Fatalf("two contents at %v", at)
		} else {
			seen[at] = true
		}
		wg.Go(func() { s.check(t, p) })
	}
	wg.Wait()
}

func packCancelled(t *testing.T, p mailbox.Packs) {
	ctx, cancel := context.WithCancel(t.Context())
	// The sender goes away in the middle.
	_, err := p.Put(ctx, newKey(t), io.MultiReader(bytes.NewReader(mixed(3<<20, 13)), cancelling{cancel}, bytes.NewReader(mixed(1<<20, 14))), -1)
	wantKind(t, err, errs.Unavailable, errs.Storage)
	_, err = p.Put(ctx, newKey(t), strings.NewReader("too late"), -1)
	wantKind(t, err, errs.Unavailable, errs.Storage)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%v does not say that it was cancelled", err)
	}
	put(t, p, mixed(100, 15)).check(t, p)
}

// packReaderFails: what a broken source gave is never stored as if whole.
func packReaderFails(t *testing.T, p mailbox.Packs) {
	for _, broken := range []error{errors.New("connection reset"), io.ErrUnexpectedEOF} {
		for _, n := range []int{0, 100, 64 << 10, 2 << 20} {
			_, err := p.Put(t.Context(), newKey(t), io.MultiReader(bytes.NewReader(mixed(n, 16)), failing{broken}), -1)
			if err == nil || !errors.Is(err, broken) {
				t.Fatalf("after %d bytes: error is %v, want %v", n, err, broken)
			}
		}
	}
}

func packWrongSize(t *testing.T, p mailbox.Packs) {
	for _, n := range []int64{0, 999, 1001} {
		_, err := p.Put(t.Context(), newKey(t), bytes.NewReader(mixed(1000, 17)), n)
		wantKind(t, err, errs.Invalid, errs.Storage)
	}
}

func packClosed(t *testing.T, p mailbox.Packs) {
	s := put(t, p, mixed(300_000, 18))
	c, err := p.Open(t.Context(), s.key, s.at)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	s.same(t, c)
	c.Close()
	if _, err := c.ReadAt(make([]byte, 1), 0); err == nil {
		t.Fatal("a closed content was read")
	}
	_, err = p.Put(t.Context(), newKey(t), strings.NewReader("x"), -1)
	wantKind(t, err, errs.Unavailable, errs.Storage)
	if err := p.Close(); err != nil {
		t.Fatalf("closing again: %v", err)
	}
}

func readPack(t testing.TB, p mailbox.Packs, pack, length int64) []byte {
	t.Helper()
	r, err := p.ReadPack(t.Context(), pack, length)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || int64(len(b)) != length {
		t.Fatalf("read %d of %d bytes of pack %d: %v", len(b), length, pack, err)
	}
	return b
}

func rewrite(t testing.TB, p mailbox.Packs, pack int64, b []byte) {
	t.Helper()
	if err := p.Remove(t.Context(), pack); err != nil {
		t.Fatal(err)
	}
	if err := p.WritePack(t.Context(), pack, bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type cancelling struct{ cancel func() }

func (c cancelling) Read([]byte) (int, error) { c.cancel(); return 0, io.EOF }
