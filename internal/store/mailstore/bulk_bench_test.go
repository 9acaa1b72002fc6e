package mailstore_test

import (
	"path/filepath"
	"strings"
	"testing"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
	"postroom/internal/store/mailstore"
	"postroom/internal/store/pack"
	"postroom/internal/store/sqldb"
)

// BenchmarkBulk is one command over 2,000 messages.
func BenchmarkBulk(b *testing.B) {
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
	ctx, org := b.Context(), ids.NewOrg()
	fresh := func(b *testing.B) *mailbox.Mailbox {
		b.Helper()
		var id ids.Mailbox
		err := db.Write(ctx, org, func(t *tx.Tx) (err error) {
			id, err = s.Provision(ctx, t, org, ids.NewEntry(), 50<<30)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		text := "Subject: x\r\nFrom: a@x.test\r\nMessage-ID: <1@x>\r\n\r\n" + strings.Repeat("A line of text.\r\n", 500)
		p, err := s.Prepare(ctx, org, strings.NewReader(text), int64(len(text)))
		if err != nil {
			b.Fatal(err)
		}
		targets := make([]mailbox.Target, 100)
		for i := range targets {
			targets[i].Mailbox = id
		}
		for range 20 {
			if _, err := s.Deliver(ctx, p, mailbox.Origin{}, targets); err != nil {
				b.Fatal(err)
			}
		}
		m, err := s.OpenFor(ctx, id, auth.Actor{})
		if err != nil {
			b.Fatal(err)
		}
		return m
	}
	all := []mailbox.Range{{First: 1, Last: 1<<32 - 1}}
	inbox, trash := mailbox.FolderOf(mailbox.Inbox), mailbox.FolderOf(mailbox.Trash)
	for name, f := range map[string]func(m *mailbox.Mailbox) error{
		"flags":  func(m *mailbox.Mailbox) error { return m.SetFlags(ctx, inbox, all, mailbox.Seen, 0, nil, nil) },
		"copy":   func(m *mailbox.Mailbox) error { _, err := m.Copy(ctx, inbox, all, m, trash); return err },
		"move":   func(m *mailbox.Mailbox) error { _, err := m.Move(ctx, inbox, all, m, trash); return err },
		"delete": func(m *mailbox.Mailbox) error { return m.Delete(ctx, inbox, all) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				m := fresh(b)
				b.StartTimer()
				if err := f(m); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(2000*float64(b.N)/b.Elapsed().Seconds(), "msg/s")
		})
	}
}
