package mailstore_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
	"postroom/internal/store/mailstore"
	"postroom/internal/store/pack"
	"postroom/internal/store/sqldb"
)

type benchKeys struct{}

func (benchKeys) Wrap(_ context.Context, _ ids.Org, k [32]byte) ([]byte, error) {
	return append([]byte(nil), k[:]...), nil
}
func (benchKeys) Unwrap(_ context.Context, _ ids.Org, w []byte) (k [32]byte, err error) {
	copy(k[:], w)
	return k, nil
}

// BenchmarkDeliver is a delivery of 10 KiB below the heads: 16 at once, to 1,000 mailboxes.
func BenchmarkDeliver(b *testing.B) {
	db, err := sqldb.Open(b.Context(), sqldb.Options{Path: filepath.Join(b.TempDir(), "region.db"), Schema: sqldb.Region})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	packs, err := pack.OpenDir(b.TempDir(), pack.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer packs.Close()
	s := mailbox.New(mailbox.Options{Store: mailstore.New(db), Packs: packs, Keys: benchKeys{}})
	defer s.Close()
	org := ids.NewOrg()
	boxes := make([]ids.Mailbox, 1000)
	for i := range boxes {
		err := db.Write(b.Context(), org, func(t *tx.Tx) (err error) {
			boxes[i], err = s.Provision(b.Context(), t, org, ids.NewEntry(), 50<<30)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	text := make([]byte, 7500)
	rand.Read(text)
	body := fmt.Appendf(nil, "%x", text)[:10000]
	for i := 76; i < len(body); i += 78 {
		body[i], body[i+1] = '\r', '\n'
	}
	var n atomic.Int64
	b.SetParallelism(8)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			msg := append(fmt.Appendf(nil, "Message-ID: <%d@x>\r\nFrom: a@x.test\r\nTo: b@x.test\r\nSubject: n %d\r\n\r\n", i, i), body...)
			p, err := s.Prepare(b.Context(), org, bytes.NewReader(msg), int64(len(msg)))
			if err == nil {
				_, err = s.Deliver(b.Context(), p, mailbox.Origin{Head: "smtp", Operation: "deliver"}, []mailbox.Target{{Mailbox: boxes[i%1000]}})
			}
			if err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}
