package imap

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

func (h *house) setQuota(name string, bytes int64) error {
	id := h.entry(name).Mailbox
	return h.db.Write(context.Background(), h.org, func(t *tx.Tx) error { _, err := h.mailboxes.SetQuota(t.Context(), t, id, bytes); return err })
}

// fill puts n messages that share one content into the Inbox, 1,000 a Write.
func (h *house) fill(box *mailbox.Mailbox, n int, text string) {
	ctx := context.Background()
	msg := fmt.Sprintf("From: Some Body <some@body.test>\r\nTo: Alice <alice@one.postroom.test>\r\nSubject: A message among many\r\n"+
		"Date: Wed, 25 Nov 2026 12:00:00 +0000\r\nMessage-ID: <many@x.test>\r\n\r\n%s\r\n", text)
	p, err := h.mailboxes.Prepare(ctx, h.org, strings.NewReader(msg), int64(len(msg)))
	h.must(err)
	for n > 0 {
		k := min(n, 1000)
		targets := make([]mailbox.Target, k)
		for i := range targets {
			targets[i].Mailbox = box.ID()
		}
		_, err := h.mailboxes.Deliver(ctx, p, mailbox.Origin{}, targets)
		h.must(err)
		n -= k
	}
}

func filled(b *testing.B, n int) *house {
	h := newHouse(b, nil)
	h.must(h.setQuota("alice", 100<<30))
	h.fill(h.box("alice"), n, "text")
	return h
}

// drain reads up to the tagged answer without keeping anything.
func (r *raw) drain(command string) int {
	io.WriteString(r, "t "+command+"\r\n")
	n := 0
	for {
		l, err := r.r.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			continue
		}
		if err != nil {
			r.h.Fatal(err)
		}
		if bytes.HasPrefix(l, []byte("t ")) {
			if !bytes.HasPrefix(l, []byte("t OK")) {
				r.h.Fatalf("%s: %s", command, l)
			}
			return n
		}
		n++
	}
}

func BenchmarkFetchFlags100k(b *testing.B) {
	h := filled(b, 100_000)
	r := h.signedIn("alice")
	r.SetDeadline(noEnd)
	r.ok("SELECT INBOX")
	b.ReportAllocs()
	for b.Loop() {
		if n := r.drain("FETCH 1:* (FLAGS UID)"); n != 100_000 {
			b.Fatal(n)
		}
	}
}

func BenchmarkSelect100k(b *testing.B) {
	h := filled(b, 100_000)
	r := h.signedIn("alice")
	r.SetDeadline(noEnd)
	r.ok("SELECT INBOX")
	r.ok("NOOP")
	for b.Loop() {
		r.drain("SELECT INBOX")
	}
}

// BenchmarkSelectCold100k reads the folder from the store each time.
func BenchmarkSelectCold100k(b *testing.B) {
	h := filled(b, 100_000)
	for b.Loop() {
		b.StopTimer()
		h.mailboxes = h.renewed()
		r := h.signedIn("alice")
		b.StartTimer()
		r.drain("SELECT INBOX")
		b.StopTimer()
		r.drain("LOGOUT") // the folder has been read now
		b.StartTimer()
	}
}

func BenchmarkFetchEnvelopes2k(b *testing.B) {
	h := filled(b, 2000)
	r := h.signedIn("alice")
	r.SetDeadline(noEnd)
	r.ok("SELECT INBOX")
	b.ReportAllocs()
	for b.Loop() {
		r.drain("FETCH 1:* (FLAGS UID ENVELOPE INTERNALDATE RFC822.SIZE BODYSTRUCTURE)")
	}
}

func BenchmarkSearch2k(b *testing.B) {
	h := filled(b, 2000)
	for _, q := range []string{"FROM nobody", "SUBJECT many", "SINCE 1-Jan-2026", "UNSEEN", "BODY text"} {
		b.Run(strings.Fields(q)[0], func(b *testing.B) {
			r := h.signedIn("alice")
			r.SetDeadline(noEnd)
			r.ok("SELECT INBOX")
			b.ReportAllocs()
			for b.Loop() {
				r.drain("SEARCH " + q)
			}
		})
	}
}

// BenchmarkIdle1000 is the memory of 1,000 connections in IDLE over TLS. The
// clients live in this process too: what theirs cost is measured apart, by as
// many clients that talk to each other, and is not taken off the figure.
func BenchmarkIdle1000(b *testing.B) {
	h := newHouse(b, func(c *Config) { c.PerUser = 2000 })
	h.deliver("alice", "Subject: x\r\n\r\ny\r\n")
	h.signedIn("alice")
	runtime.GC()
	before := inUse()
	rss := resident(b)
	clients := make([]*raw, 1000)
	for i := range clients {
		clients[i] = h.signedIn("alice")
		clients[i].ok("SELECT INBOX")
		io.WriteString(clients[i], "t IDLE\r\n")
		clients[i].line()
	}
	for range 4 { // stacks shrink by half at each
		runtime.GC()
	}
	heap, all := float64(inUse()-before)/1e6, float64(resident(b)-rss)/1e6
	for b.Loop() {
	}
	b.ReportMetric(heap, "MB/1000")
	b.ReportMetric(all, "RSS-MB/1000")
	runtime.KeepAlive(clients)
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

func resident(b *testing.B) int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Skip("no /proc")
	}
	pages, _ := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
