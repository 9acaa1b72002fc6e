package searchstore_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/search"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
	"postroom/internal/store/storetest"
)

// vocabulary is words of syllables: few are frequent, as in a language.
var vocabulary = func() (list []string) {
	r := rand.New(rand.NewPCG(3, 4))
	syllables := strings.Fields("an be con der el fi ge ho in ja ka lo men no or per qui re sta ti un ver wa xi yo za tion ing ly ment ness able er est al ic")
	for range 20_000 {
		w := ""
		for range 1 + r.IntN(4) {
			w += syllables[r.IntN(len(syllables))]
		}
		list = append(list, w)
	}
	return list
}()

// letter is a message of about size bytes, with a header as after some hops.
func letter(r *rand.Rand, n, size int) []byte {
	noise := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return base64.StdEncoding.EncodeToString(b)
	}
	zipf := rand.NewZipf(r, 1.1, 4, uint64(len(vocabulary)-1))
	var b strings.Builder
	fmt.Fprintf(&b, "Received: from mx%d.example.test by mx.example.test with ESMTPS id %s; Wed, 25 Nov 2026 12:00:00 +0000\r\n", n%7, noise(12))
	fmt.Fprintf(&b, "DKIM-Signature: v=1; a=rsa-sha256; d=example.test; s=k1; bh=%s; b=%s\r\n", noise(32), noise(256))
	fmt.Fprintf(&b, "Message-ID: <%s@example.test>\r\nFrom: Sender %d <s%d@example.test>\r\nTo: reader@example.test\r\nSubject: %s %s ticket-%d\r\n\r\n",
		noise(15), n%50, n%50, vocabulary[zipf.Uint64()], vocabulary[zipf.Uint64()], n)
	for line := 0; b.Len() < size; {
		w := vocabulary[zipf.Uint64()]
		b.WriteString(w)
		if line += len(w) + 1; line > 70 {
			b.WriteString("\r\n")
			line = 0
		} else {
			b.WriteByte(' ')
		}
	}
	return []byte(b.String())
}

type corpus struct {
	storetest.SearchStores
	boxes *mailbox.Service
	ids   []ids.Mailbox
	file  string
}

// filled is a region with n messages of 10 KiB, spread over mailboxes.
func filled(b testing.TB, n, mailboxes int) *corpus {
	dir := b.TempDir()
	c := &corpus{file: filepath.Join(dir, "search.db")}
	c.SearchStores = open(b, sqldb.Options{Path: filepath.Join(dir, "region.db")}, sqldb.Options{Path: c.file})
	c.boxes = mailbox.New(mailbox.Options{Store: c.Mailboxes, Packs: c.Packs, Keys: storetest.PlainKeys})
	b.Cleanup(c.boxes.Close)
	org := ids.NewOrg()
	for range mailboxes {
		err := c.Mailboxes.Write(b.Context(), org, func(t *tx.Tx) error {
			id, err := c.boxes.Provision(b.Context(), t, org, ids.NewEntry(), 1<<40)
			c.ids = append(c.ids, id)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	var wait sync.WaitGroup
	for w := range 16 {
		wait.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(w)))
			for i := w; i < n; i += 16 {
				text := letter(r, i, 10<<10)
				p, err := c.boxes.Prepare(b.Context(), org, strings.NewReader(string(text)), int64(len(text)))
				if err == nil {
					_, err = c.boxes.Deliver(b.Context(), p, mailbox.Origin{Head: "smtp", Operation: "deliver"}, []mailbox.Target{{Mailbox: c.ids[i%mailboxes]}})
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	return c
}

// drain indexes all that is there.
func (c *corpus) drain(b testing.TB) *search.Service {
	s := search.New(search.Options{Store: c.Search, Mailboxes: c.boxes, Settle: time.Nanosecond})
	s.Start()
	b.Cleanup(s.Close)
	for _, id := range c.ids {
		for {
			st, err := c.Search.State(b.Context(), id)
			if err != nil {
				b.Fatal(err)
			}
			if news, err := c.boxes.ItemIDs(b.Context(), id, st.Through, 1); err != nil {
				b.Fatal(err)
			} else if len(news) == 0 {
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
	}
	return s
}

// cpu is what the process has used: the rate of a core that is not shared.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkDrain is the indexing of messages of 10 KiB that lie there already, a
// document each: few large mailboxes and many small ones. Run with -cpu 1.
func BenchmarkDrain(b *testing.B) {
	for _, mailboxes := range []int{2, 1000} {
		b.Run(fmt.Sprintf("%d mailboxes", mailboxes), func(b *testing.B) {
			c := filled(b, b.N, mailboxes)
			b.ReportAllocs()
			before := cpu()
			b.ResetTimer()
			c.drain(b)
			b.StopTimer()
			b.ReportMetric(float64(b.N)/(cpu()-before).Seconds(), "docs/cpu-s")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
			c.Search.(interface{ Close() error }).Close()
			if fi, err := os.Stat(c.file); err == nil {
				b.ReportMetric(float64(fi.Size())/float64(b.N), "bytes/doc")
			}
		})
	}
}

// BenchmarkCandidates is a search in one mailbox of 10,000 messages of 10 KiB.
func BenchmarkCandidates(b *testing.B) {
	c := filled(b, 10_000, 1)
	s := c.drain(b)
	m, err := c.boxes.OpenFor(b.Context(), c.ids[0], auth.Actor{})
	if err != nil {
		b.Fatal(err)
	}
	for _, text := range []string{"ticket-4711", "verstament", "zaq", "not there at all"} {
		b.Run(text, func(b *testing.B) {
			n := 0
			for b.Loop() {
				items, _, ok, err := s.Candidates(b.Context(), m, mailbox.FolderOf(mailbox.Inbox), text)
				if err != nil || !ok {
					b.Fatal(ok, err)
				}
				n = len(items)
			}
			b.ReportMetric(float64(n), "candidates")
		})
	}
}
