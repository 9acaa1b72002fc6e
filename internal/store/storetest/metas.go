package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
)

// metasStory lists a folder that another process changes, from snapshots old and
// new, with little memory for what was read, and compares with the rows.
func metasStory(b *boxes) {
	m := b.make(1 << 30)
	for i := range 300 {
		b.deliver(message(i), m)
	}
	b.deliver(strings.Replace(message(300), "Text of", strings.Repeat("X: y\r\n", 20000)+"Text of", 1), m)
	other := mailbox.New(mailbox.Options{Store: b.store, Packs: b.packs, Keys: plainKeys{}, Addresses: fixedAddresses{}, Clock: b.clock, Metas: 100 << 10})
	b.Cleanup(other.Close)
	reader, err := other.OpenFor(b.ctx, m.ID(), auth.Actor{})
	b.ok(err)
	r := rand.New(rand.NewPCG(3, 4))
	old := b.snap(reader, inbox)
	for i := range 30 {
		first := ids.UID(r.IntN(300) + 1)
		some := []mailbox.Range{{First: first, Last: first + ids.UID(r.IntN(40))}}
		switch i % 5 {
		case 0:
			b.deliver(message(1000+i), m)
		case 1:
			b.ok(m.SetFlags(b.ctx, inbox, some, mailbox.Flagged, 0, nil, nil))
		case 2:
			b.ok(m.Delete(b.ctx, inbox, some))
		case 3:
			_, err := m.Move(b.ctx, inbox, some, m, inbox)
			b.ok(err)
		case 4:
			_, err := m.Copy(b.ctx, inbox, some, m, inbox)
			b.ok(err)
		}
		lo := r.IntN(old.Len()) + 1
		b.sameMetas(reader, old, lo, min(old.Len(), lo+r.IntN(300)), i%7 != 6)
		if i%3 == 0 {
			old = b.snap(reader, inbox)
			b.sameMetas(reader, old, 1, old.Len(), true)
		}
	}
	stop := errors.New("stop")
	if err := reader.Metas(b.ctx, old, old, 1, old.Len(), true, func(int, mailbox.Entry, *mailbox.Meta) error { return stop }); !errors.Is(err, stop) {
		b.Fatal(err)
	}
}

// sameMetas compares what Metas says of the numbers lo to hi with the rows.
func (b *boxes) sameMetas(m *mailbox.Mailbox, of *mailbox.Snapshot, lo, hi int, parsed bool) {
	b.Helper()
	rows := map[ids.UID]mailbox.Item{}
	b.ok(m.Items(b.ctx, inbox, all[0], parsed, func(it mailbox.Item) error {
		it.Meta = append([]byte(nil), it.Meta...)
		rows[it.UID] = it
		return nil
	}))
	at := map[ids.UID]mailbox.Body{}
	b.ok(m.Contents(b.ctx, inbox, all[0], func(uid ids.UID, body mailbox.Body) error {
		at[uid] = body
		return nil
	}))
	want := 0
	of.Each(lo, hi, func(_ int, e mailbox.Entry) bool {
		if _, here := rows[e.UID]; here {
			want++
		}
		return true
	})
	last := lo - 1
	b.ok(m.Metas(b.ctx, of, b.snap(m, inbox), lo, hi, parsed, func(n int, e mailbox.Entry, meta *mailbox.Meta) error {
		it, here := rows[e.UID]
		if !here || n <= last || n > hi || of.At(n) != e || meta.UID != e.UID || meta.Body != it.Body || meta.Size != it.Size ||
			!meta.Received.Equal(it.Received) || !meta.Sent.Equal(it.Sent) || parsed && meta.Parsed != string(it.Meta) {
			return fmt.Errorf("number %d, %+v: %+v, want %+v", n, e, meta, it)
		}
		c, err := m.OpenBody(b.ctx, at[e.UID])
		if err != nil {
			return err
		}
		defer c.Close()
		if c.Size() != it.Size {
			return fmt.Errorf("number %d has %d bytes, want %d", n, c.Size(), it.Size)
		}
		last = n
		want--
		return nil
	}))
	if want != 0 {
		b.Fatalf("%d messages were passed over", want)
	}
}

// noContent lists an item that has none.
func (b *boxes) noContent(m *mailbox.Mailbox, folder ids.Folder) {
	b.Helper()
	snap := b.snap(m, folder)
	seen := 0
	b.ok(m.Metas(b.ctx, snap, snap, 1, snap.Len(), true, func(_ int, _ mailbox.Entry, meta *mailbox.Meta) error {
		if seen++; meta.Body != 0 || meta.Parsed != "" {
			return fmt.Errorf("%+v", meta)
		}
		return nil
	}))
	b.ok(m.Contents(b.ctx, folder, all[0], func(_ ids.UID, body mailbox.Body) error {
		_, err := m.OpenBody(b.ctx, body)
		wantKind(b.T, err, errs.NotFound, errs.Item)
		return nil
	}))
	if seen != snap.Len() {
		b.Fatalf("%d of %d were listed", seen, snap.Len())
	}
}
