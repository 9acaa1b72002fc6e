package pack

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"postroom/internal/core/mailbox"
)

// memory is a source of bytes that anybody may have written.
type memory []byte

func (m memory) readAt(p []byte, off int64) error {
	if off > int64(len(m)) || copy(p, m[off:]) < len(p) {
		return io.ErrUnexpectedEOF
	}
	return nil
}
func (m memory) ahead() int64 { return 0 }
func (m memory) close()       {}

func sealAll(t testing.TB, key mailbox.BodyKey, plain []byte) []byte {
	var whole []byte
	spill := func(p []byte) error { whole = append(whole, p...); return nil }
	rest, _, err := seal(context.Background(), &key, bytes.NewReader(plain), -1, spill)
	if err != nil {
		t.Fatal(err)
	}
	defer rest.free()
	return append(whole, rest.b...)
}

// FuzzContent: arbitrary bytes are never read as a content other than the one
// that was sealed, never panic, and never cost more memory than they justify.
func FuzzContent(f *testing.F) {
	key := mailbox.BodyKey{42}
	plain := bytes.Repeat([]byte("Subject: hello\r\n"), 9000)
	whole := sealAll(f, key, plain)
	f.Add(whole, uint16(0), byte(0))
	f.Add(whole, uint16(9), byte(1))
	f.Add(whole[:len(whole)/2], uint16(3), byte(0))
	f.Add([]byte("PRBODY\x01\x10"), uint16(0), byte(0))
	f.Add(bytes.Repeat([]byte{0xff}, 3*wholeBlob), uint16(0), byte(0))
	f.Fuzz(func(t *testing.T, blob []byte, at uint16, flip byte) {
		blob = bytes.Clone(blob)
		if len(blob) > 0 {
			blob[int(at)%len(blob)] ^= flip
		}
		place := mailbox.Place{Pack: 1, Length: int64(len(blob))}
		sound := bytes.Equal(blob, whole)
		if err := scrub(t.Context(), memory(blob), place, nil); sound && err != nil {
			t.Fatal(err)
		}
		if checkPlace("test", place) != nil {
			return
		}
		c := newContent(memory(blob), key, place)
		defer c.Close()
		if err := c.verify(t.Context()); (err == nil) != sound {
			t.Fatalf("sound %v, verify says %v", sound, err)
		}
		got := make([]byte, len(plain)+1)
		n, _ := c.ReadAt(got, 0)
		if !bytes.Equal(got[:n], plain[:min(n, len(plain))]) || n > len(plain) {
			t.Fatal("read what was never sealed")
		}
	})
}

// Frames that are exchanged, repeated or cut off do not open: number and
// last-mark are authenticated.
func TestFramesCannotBeRearranged(t *testing.T) {
	key := mailbox.BodyKey{7}
	plain := bytes.Repeat([]byte("0123456789abcdef"), 3*frameSize/16) // three equal frames
	whole := sealAll(t, key, plain)
	c := newContent(memory(whole), key, mailbox.Place{Pack: 1, Length: int64(len(whole))})
	if err := c.verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	frame := func(i int) []byte { return whole[c.starts[i]:c.starts[i+1]] }
	if len(frame(0)) != len(frame(1)) {
		t.Fatal("frames of unequal length") // the index would tell
	}
	for name, raw := range map[string][]byte{"exchanged": frame(1), "the last": frame(2)} {
		if _, err := c.unseal(make([]byte, 0, frameSize), 0, raw); err == nil {
			t.Errorf("frame 0 was replaced by %s", name)
		}
	}
	// Cut behind the second frame, with the index of three: its own place says no.
	cut := append(bytes.Clone(whole[:c.starts[2]]), whole[c.starts[3]:]...)
	c2 := newContent(memory(cut), key, mailbox.Place{Pack: 1, Length: int64(len(cut))})
	if _, err := c2.ReadAt(make([]byte, 1), 0); err == nil {
		t.Error("a content without its last frame was read")
	}
}

// BenchmarkSeal10KiB is the CPU's part of a Put: compress, seal, sum.
func BenchmarkSeal10KiB(b *testing.B) {
	plain := letter(10 << 10)
	r := bytes.NewReader(plain)
	key := mailbox.BodyKey{1}
	b.SetBytes(int64(len(plain)))
	b.ReportAllocs()
	for b.Loop() {
		r.Reset(plain)
		out, _, err := seal(context.Background(), &key, r, -1, nil)
		if err != nil {
			b.Fatal(err)
		}
		out.free()
	}
}

// letter is text of n bytes that compresses about as mail does.
func letter(n int) []byte {
	words := strings.Fields("the of and to received from by with for message meeting please invoice tomorrow Content-Type text plain charset utf-8 = < > href style")
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(words[r.IntN(len(words))])
		b.WriteByte(" \r\n;"[r.IntN(4)])
		if r.IntN(6) == 0 {
			b.WriteByte(byte('a' + r.IntN(26)))
		}
	}
	return []byte(b.String()[:n])
}
