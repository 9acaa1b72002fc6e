package pack_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"postroom/internal/core/mailbox"
	"postroom/internal/store/pack"
)

func newBodyKey() (k mailbox.BodyKey) {
	for i := range k {
		k[i] = byte(rand.Uint32())
	}
	return k
}

// nullDisk is a disk that costs nothing: what is left is the CPU's.
type nullDisk struct{ *memDisk }

func (d nullDisk) Create(name string) (pack.File, error) { return nullFile{}, nil }
func (d nullDisk) Rename(string, string) error           { return nil }
func (d nullDisk) Remove(string) error                   { return nil }

type nullFile struct{}

func (nullFile) Write(p []byte) (int, error) { return len(p), nil }
func (nullFile) Truncate(int64) error        { return nil }
func (nullFile) Sync() error                 { return nil }
func (nullFile) Close() error                { return nil }

func BenchmarkPutCPU10KiB(b *testing.B) {
	p := openFiles(b, "", pack.Options{Disk: nullDisk{newMemDisk()}})
	plain := pack.Letter(10 << 10)
	b.SetBytes(int64(len(plain)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Put(context.Background(), newBodyKey(), bytes.NewReader(plain), int64(len(plain))); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenRead10KiB(b *testing.B) {
	p := openFiles(b, b.TempDir(), pack.Options{})
	plain, key := pack.Letter(10<<10), newBodyKey()
	at, err := p.Put(context.Background(), key, bytes.NewReader(plain), -1)
	if err != nil {
		b.Fatal(err)
	}
	got := make([]byte, len(plain))
	b.ReportAllocs()
	for b.Loop() {
		c, err := p.Open(context.Background(), key, at)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.ReadAt(got, 0); err != nil {
			b.Fatal(err)
		}
		c.Close()
	}
}

// BenchmarkPutParallel16 writes 10 KiB contents to the real disk by 16 writers.
func BenchmarkPutParallel16(b *testing.B) {
	p := openFiles(b, b.TempDir(), pack.Options{})
	plain := pack.Letter(10 << 10)
	var count atomic.Int64
	b.SetParallelism(8) // times the cores; 16 on the two we promise on
	b.ReportAllocs()
	b.ResetTimer()
	begin := time.Now()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := p.Put(context.Background(), newBodyKey(), bytes.NewReader(plain), int64(len(plain))); err != nil {
				b.Error(err)
				return
			}
			count.Add(1)
		}
	})
	b.ReportMetric(float64(count.Load())/time.Since(begin).Seconds(), "puts/s")
}

// BenchmarkLastMB36 opens a content of 36 MB and reads the first byte of its
// last MB, then that MB.
func BenchmarkLastMB36(b *testing.B) {
	p := openFiles(b, b.TempDir(), pack.Options{})
	key := newBodyKey()
	const size = 36 << 20
	at, err := p.Put(context.Background(), key, io.LimitReader(&seeded{3}, size), size)
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 1<<20)
	var first time.Duration
	for b.Loop() {
		begin := time.Now()
		c, err := p.Open(context.Background(), key, at)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.ReadAt(buf[:1], size-1<<20); err != nil {
			b.Fatal(err)
		}
		first += time.Since(begin)
		if _, err := c.ReadAt(buf, size-1<<20); err != nil {
			b.Fatal(err)
		}
		c.Close()
	}
	b.ReportMetric(float64(first.Microseconds())/float64(b.N), "µs-to-first-byte")
}
