package storetest

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

// plainKeys wraps keys by doing nothing: what wraps them is core/org's.
type plainKeys struct{}

func (plainKeys) Wrap(_ context.Context, _ ids.Org, key [32]byte) ([]byte, error) {
	return slices.Clone(key[:]), nil
}

func (plainKeys) Unwrap(_ context.Context, _ ids.Org, wrapped []byte) (key [32]byte, err error) {
	copy(key[:], wrapped)
	return key, nil
}

type fixedAddresses struct{}

func (fixedAddresses) Addresses(context.Context, tx.View, ids.Org, ids.Entry) ([]string, error) {
	return []string{"owner@example.test"}, nil
}

// boxes is a mailbox service over a store, with stories' helpers.
type boxes struct {
	*testing.T
	*mailbox.Service
	ctx   context.Context
	store mailbox.Store
	packs mailbox.Packs
	clock *clock.Set
	org   ids.Org
}

// Mailbox is the contract of mailbox.Store, told through core/mailbox. open
// returns an empty store; org is made by addOrg where the engine locks its row.
func Mailbox(t *testing.T, open func(t *testing.T) (mailbox.Store, mailbox.Packs)) {
	for name, story := range map[string]func(b *boxes){
		"standard folders":               standardFolders,
		"deliver and read back":          deliverAndRead,
		"folders are made and moved":     folderTree,
		"flags":                          flagsStory,
		"flags of many in slices":        flagsOfMany,
		"copy shares the bytes":          copyStory,
		"copy to another mailbox":        copyAcross,
		"move keeps the item":            moveStory,
		"expunge, recover window, purge": expungeStory,
		"quota is kept under a race":     quotaRace,
		"quota warning comes once":       quotaWarning,
		"threads":                        threadsStory,
		"item without content":           objectStory,
		"watch wakes":                    watchStory,
		"snapshots follow the log":       snapshotStory,
		"metas are never stale":          metasStory,
		"packs are rewritten":            rewriteStory,
		"purge of a whole mailbox":       purgeStory,
	} {
		t.Run(name, func(t *testing.T) {
			store, packs := open(t)
			set := clock.At(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC))
			s := mailbox.New(mailbox.Options{Store: store, Packs: packs, Keys: plainKeys{}, Addresses: fixedAddresses{}, Clock: set})
			t.Cleanup(s.Close)
			story(&boxes{t, s, t.Context(), store, packs, set, ids.NewOrg()})
		})
	}
}

func (b *boxes) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *boxes) make(quota int64) *mailbox.Mailbox {
	b.Helper()
	var id ids.Mailbox
	b.ok(b.store.Write(b.ctx, b.org, func(t *tx.Tx) (err error) {
		id, err = b.Provision(b.ctx, t, b.org, ids.NewEntry(), quota)
		return err
	}))
	m, err := b.OpenFor(b.ctx, id, auth.Actor{})
	b.ok(err)
	return m
}

func (b *boxes) deliver(text string, to ...*mailbox.Mailbox) []mailbox.Placed {
	b.Helper()
	placed, err := b.tryDeliver(text, to...)
	b.ok(err)
	return placed
}

func (b *boxes) tryDeliver(text string, to ...*mailbox.Mailbox) ([]mailbox.Placed, error) {
	p, err := b.Prepare(b.ctx, b.org, strings.NewReader(text), int64(len(text)))
	if err != nil {
		return nil, err
	}
	targets := make([]mailbox.Target, len(to))
	for i, m := range to {
		targets[i].Mailbox = m.ID()
	}
	slices.SortFunc(targets, func(x, y mailbox.Target) int { return int(min(max(int64(x.Mailbox-y.Mailbox), -1), 1)) })
	return b.Deliver(b.ctx, p, mailbox.Origin{Head: "test", Operation: "deliver"}, targets)
}

func message(n int) string {
	return fmt.Sprintf("Message-ID: <%d@example.test>\r\nFrom: A <a@example.test>\r\nTo: b@example.test\r\nSubject: number %d\r\n"+
		"Date: Wed, 25 Nov 2026 12:00:00 +0000\r\n\r\nText of %d.\r\n", n, n, n)
}

func (b *boxes) snap(m *mailbox.Mailbox, folder ids.Folder) *mailbox.Snapshot {
	b.Helper()
	s, err := m.Snapshot(b.ctx, folder)
	b.ok(err)
	return s
}

func (b *boxes) entries(m *mailbox.Mailbox, folder ids.Folder) (list []mailbox.Entry) {
	s := b.snap(m, folder)
	s.Each(1, s.Len(), func(n int, e mailbox.Entry) bool {
		if s.At(n) != e || s.Find(e.UID) != n {
			b.Fatalf("entry %d is %v, At says %v, Find says %d", n, e, s.At(n), s.Find(e.UID))
		}
		list = append(list, e)
		return true
	})
	return list
}

// counters compares a folder's row with what lies in it.
func (b *boxes) counters(m *mailbox.Mailbox, folder ids.Folder, total, unseen int64) {
	b.Helper()
	f, err := m.FolderByID(b.ctx, folder)
	b.ok(err)
	var size, n, u int64
	b.ok(m.Items(b.ctx, folder, mailbox.Range{First: 1, Last: 1<<32 - 1}, false, func(it mailbox.Item) error {
		n, size = n+1, size+it.Size
		if it.Flags&mailbox.Seen == 0 {
			u++
		}
		return nil
	}))
	if f.Total != total || f.Unseen != unseen || n != total || u != unseen || f.Size != size {
		b.Fatalf("folder %d: total %d unseen %d size %d, lies there %d %d %d, want %d %d", folder, f.Total, f.Unseen, f.Size, n, u, size, total, unseen)
	}
}

func (b *boxes) read(m *mailbox.Mailbox, id ids.Item) string {
	b.Helper()
	it, err := m.Item(b.ctx, id)
	b.ok(err)
	c, err := m.Open(b.ctx, it)
	b.ok(err)
	defer c.Close()
	text, err := io.ReadAll(io.NewSectionReader(c, 0, c.Size()))
	b.ok(err)
	return string(text)
}

var (
	inbox = mailbox.FolderOf(mailbox.Inbox)
	trash = mailbox.FolderOf(mailbox.Trash)
	all   = []mailbox.Range{{First: 1, Last: 1<<32 - 1}}
)

func standardFolders(b *boxes) {
	m := b.make(1 << 20)
	list, err := m.Folders(b.ctx)
	b.ok(err)
	var names []string
	for _, f := range list {
		names = append(names, f.Path)
	}
	want := "Inbox, Sent Items, Drafts, Deleted Items, Junk E-mail, Outbox, Calendar, Contacts, Tasks, Notes"
	if got := strings.Join(names, ", "); got != want {
		b.Fatalf("folders are %s", got)
	}
	wantKind(b.T, m.DeleteFolder(b.ctx, "inbox"), errs.Denied, errs.Folder)
	wantKind(b.T, m.RenameFolder(b.ctx, "Drafts", "Other"), errs.Denied, errs.Folder)
}

func deliverAndRead(b *boxes) {
	m, n := b.make(1<<20), b.make(1<<20)
	placed := b.deliver(message(1), m, n)
	if len(placed) != 2 || placed[0].UID != 1 || placed[1].UID != 1 {
		b.Fatalf("placed %v", placed)
	}
	for _, box := range []*mailbox.Mailbox{m, n} {
		e := b.entries(box, inbox)
		if len(e) != 1 || e[0].UID != 1 || e[0].Flags != 0 {
			b.Fatalf("inbox has %v", e)
		}
		if got := b.read(box, e[0].Item); got != message(1) {
			b.Fatalf("read %q", got)
		}
		it, err := box.Item(b.ctx, e[0].Item)
		b.ok(err)
		msg, err := it.Parsed()
		b.ok(err)
		if msg.Subject != "number 1" || it.Class != "IPM.Note" || it.Size != int64(len(message(1))) || it.Sent.IsZero() {
			b.Fatalf("item %+v, message %+v", it, msg)
		}
		b.counters(box, inbox, 1, 1)
	}
	// A mailbox that is not of this organization is refused, and nothing is half done.
	other := *b
	other.org = ids.NewOrg()
	stranger := other.make(1 << 20)
	_, err := b.tryDeliver(message(2), m, stranger)
	wantKind(b.T, err, errs.State, errs.Mailbox)
	b.counters(m, inbox, 1, 1)
}

func folderTree(b *boxes) {
	m := b.make(1 << 20)
	f, err := m.CreateFolder(b.ctx, "a/b/c", mailbox.KindMail)
	b.ok(err)
	_, err = m.CreateFolder(b.ctx, "a/b", mailbox.KindMail)
	wantKind(b.T, err, errs.Exists, errs.Folder)
	_, err = m.CreateFolder(b.ctx, "a//b", mailbox.KindMail)
	wantKind(b.T, err, errs.Invalid, errs.Folder)
	wantKind(b.T, m.RenameFolder(b.ctx, "a", "a/x"), errs.Invalid, errs.Folder)
	b.ok(m.RenameFolder(b.ctx, "a/b", "Inbox/z/y"))
	got, err := m.Folder(b.ctx, "inbox/z/y/c")
	b.ok(err)
	if got.ID != f.ID || got.UIDValidity != f.UIDValidity {
		b.Fatalf("moved folder is %+v", got)
	}
	wantKind(b.T, m.DeleteFolder(b.ctx, "Inbox/z/y"), errs.InUse, errs.Folder)
	b.ok(m.DeleteFolder(b.ctx, "Inbox/z/y/c"))
	_, err = m.Folder(b.ctx, "Inbox/z/y/c")
	wantKind(b.T, err, errs.NotFound, errs.Folder)
	again, err := m.CreateFolder(b.ctx, "Inbox/z/y/c", mailbox.KindMail)
	b.ok(err)
	if again.UIDValidity <= f.UIDValidity {
		b.Fatalf("a folder made again has uidvalidity %d after %d", again.UIDValidity, f.UIDValidity)
	}
	b.deliver(message(1), m)
	b.ok(m.RenameFolder(b.ctx, "INBOX", "Old"))
	b.counters(m, inbox, 0, 0)
	old, err := m.Folder(b.ctx, "Old")
	b.ok(err)
	b.counters(m, old.ID, 1, 1)
	b.ok(m.Subscribe(b.ctx, "Old", true))
	b.ok(m.Subscribe(b.ctx, "Old", true))
	b.ok(m.DeleteFolder(b.ctx, "Old"))
	subs, err := m.Subscriptions(b.ctx)
	b.ok(err)
	if !slices.Equal(subs, []string{"Old"}) {
		b.Fatalf("subscriptions %v", subs)
	}
}

func flagsStory(b *boxes) {
	m := b.make(1 << 20)
	for i := range 3 {
		b.deliver(message(i), m)
	}
	two := []mailbox.Range{{First: 2, Last: 3}}
	b.ok(m.SetFlags(b.ctx, inbox, two, mailbox.Seen, 0, []string{"$Work", "work2"}, nil))
	b.counters(m, inbox, 3, 1)
	s := b.snap(m, inbox)
	e := b.entries(m, inbox)
	if got := s.Keywords.Names(e[1].Flags); !slices.Equal(got, []string{"$Work", "work2"}) || e[1].Flags&mailbox.Seen == 0 {
		b.Fatalf("keywords %v, entry %v", got, e[1])
	}
	if e[1].Seq == e[2].Seq {
		b.Fatal("two changes share a number")
	}
	before := e[2].Seq
	b.ok(m.SetFlags(b.ctx, inbox, two, mailbox.Seen, 0, nil, nil)) // changes nothing
	if e = b.entries(m, inbox); e[2].Seq != before {
		b.Fatal("a change that changes nothing took a number")
	}
	b.ok(m.SetFlags(b.ctx, inbox, all, mailbox.Flagged, ^mailbox.Flags(0), []string{"$work"}, nil)) // exactly these
	for _, e := range b.entries(m, inbox) {
		if e.Flags&0xff != mailbox.Flagged || !slices.Equal(s.Keywords.Names(e.Flags), []string{"$Work"}) {
			b.Fatalf("entry %v", e)
		}
	}
	b.ok(m.SetFlags(b.ctx, inbox, all, 0, 0, nil, []string{"$WORK"}))
	b.counters(m, inbox, 3, 3)
	err := m.SetFlags(b.ctx, inbox, all, 0, 0, []string{"bad keyword"}, nil)
	wantKind(b.T, err, errs.Invalid, errs.Item)
	var many []string
	for i := range 60 {
		many = append(many, fmt.Sprintf("k%d", i))
	}
	wantKind(b.T, m.SetFlags(b.ctx, inbox, all, 0, 0, many, nil), errs.Limit, errs.Item)
}

func (b *boxes) fill(m *mailbox.Mailbox, n int) {
	b.Helper()
	text := message(0)
	p, err := b.Prepare(b.ctx, b.org, strings.NewReader(text), int64(len(text)))
	b.ok(err)
	for n > 0 {
		k := min(n, 100)
		targets := make([]mailbox.Target, k)
		for i := range targets {
			targets[i].Mailbox = m.ID()
		}
		_, err := b.Deliver(b.ctx, p, mailbox.Origin{}, targets)
		b.ok(err)
		n -= k
	}
}

func flagsOfMany(b *boxes) {
	m := b.make(1 << 30)
	b.fill(m, 2300)
	first := b.snap(m, inbox)
	b.ok(m.SetFlags(b.ctx, inbox, all, mailbox.Seen, 0, nil, nil))
	b.counters(m, inbox, 2300, 0)
	changed := 0
	b.snap(m, inbox).Diff(first, func(n int, e mailbox.Entry) { b.Fatalf("%d is gone", n) },
		func(n int, e mailbox.Entry, isNew bool) {
			if isNew || e.Flags != mailbox.Seen {
				b.Fatalf("%d: %v new %v", n, e, isNew)
			}
			changed++
		})
	if changed != 2300 {
		b.Fatalf("%d changed", changed)
	}
}

func copyStory(b *boxes) {
	m := b.make(1 << 20)
	for i := range 5 {
		b.deliver(message(i), m)
	}
	b.ok(m.SetFlags(b.ctx, inbox, []mailbox.Range{{First: 2, Last: 2}}, mailbox.Seen, 0, []string{"kept"}, nil))
	moved, err := m.Copy(b.ctx, inbox, []mailbox.Range{{First: 2, Last: 2}, {First: 4, Last: 9}}, m, trash)
	b.ok(err)
	if !slices.Equal(moved.From, []ids.UID{2, 4, 5}) || !slices.Equal(moved.To, []ids.UID{1, 2, 3}) {
		b.Fatalf("copied %+v", moved)
	}
	b.counters(m, inbox, 5, 4)
	b.counters(m, trash, 3, 2)
	e := b.entries(m, trash)
	if b.read(m, e[0].Item) != message(1) || b.read(m, e[2].Item) != message(4) {
		b.Fatal("copies read wrong")
	}
	if names := b.snap(m, trash).Keywords.Names(e[0].Flags); !slices.Equal(names, []string{"kept"}) {
		b.Fatalf("copy has keywords %v", names)
	}
	b.ok(m.Delete(b.ctx, inbox, all))
	b.clock.Move(15 * 24 * time.Hour)
	b.ok(b.PurgeItems(b.ctx))
	if b.read(m, e[2].Item) != message(4) {
		b.Fatal("the copy lost its bytes with the original")
	}
	size, _, err := m.Quota(b.ctx)
	b.ok(err)
	if want := int64(len(message(1)) * 3); size != want {
		b.Fatalf("size is %d, want %d", size, want)
	}
}

func copyAcross(b *boxes) {
	m, n := b.make(1<<20), b.make(1<<20)
	b.deliver(message(1), m)
	b.deliver(message(2), m)
	b.ok(m.SetFlags(b.ctx, inbox, all, 0, 0, []string{"one", "two"}, nil))
	b.deliver(message(3), n)
	b.ok(n.SetFlags(b.ctx, inbox, all, 0, 0, []string{"two"}, nil))
	o, err := m.AddObject(b.ctx, mailbox.NewObject{Folder: inbox, Class: "IPM.Note", Properties: []mailbox.Property{{Tag: 0x0037001f, Value: []byte("s")}}})
	b.ok(err)
	_, err = m.Copy(b.ctx, inbox, all, n, trash)
	b.ok(err)
	e := b.entries(n, trash)
	if len(e) != 3 || b.read(n, e[1].Item) != message(2) {
		b.Fatalf("copied %v", e)
	}
	names := b.snap(n, trash).Keywords.Names(e[0].Flags)
	slices.Sort(names)
	if !slices.Equal(names, []string{"one", "two"}) {
		b.Fatalf("keywords there are %v", names)
	}
	props, err := n.Properties(b.ctx, e[2].Item)
	b.ok(err)
	if len(props) != 1 || string(props[0].Value) != "s" {
		b.Fatalf("properties %v of %v", props, o)
	}
	moved, err := m.Move(b.ctx, inbox, []mailbox.Range{{First: 1, Last: 1}}, n, inbox)
	b.ok(err)
	if len(moved.To) != 1 {
		b.Fatalf("moved %+v", moved)
	}
	b.counters(m, inbox, 2, 2)
	b.counters(n, inbox, 2, 2)
}

func moveStory(b *boxes) {
	m := b.make(1 << 20)
	for i := range 4 {
		b.deliver(message(i), m)
	}
	was := b.entries(m, inbox)
	before := b.snap(m, inbox)
	moved, err := m.Move(b.ctx, inbox, []mailbox.Range{{First: 2, Last: 3}}, m, trash)
	b.ok(err)
	if !slices.Equal(moved.From, []ids.UID{2, 3}) || !slices.Equal(moved.To, []ids.UID{1, 2}) || moved.UIDValidity == 0 {
		b.Fatalf("moved %+v", moved)
	}
	e := b.entries(m, trash)
	if len(e) != 2 || e[0].Item != was[1].Item || e[1].Item != was[2].Item {
		b.Fatalf("moved items are %v, were %v", e, was)
	}
	var gone []int
	b.snap(m, inbox).Diff(before, func(n int, _ mailbox.Entry) { gone = append(gone, n) }, func(int, mailbox.Entry, bool) {})
	if !slices.Equal(gone, []int{3, 2}) {
		b.Fatalf("gone %v", gone)
	}
	b.counters(m, inbox, 2, 2)
	b.counters(m, trash, 2, 2)
	_, err = m.Move(b.ctx, trash, all, m, trash) // within a folder: new uids
	b.ok(err)
	if e = b.entries(m, trash); len(e) != 2 || e[0].UID != 3 {
		b.Fatalf("after a move within the folder: %v", e)
	}
	b.counters(m, trash, 2, 2)
	_, err = m.Move(b.ctx, trash, all, m, 999)
	wantKind(b.T, err, errs.NotFound, errs.Folder)
	b.counters(m, trash, 2, 2)
}

func expungeStory(b *boxes) {
	m := b.make(1 << 20)
	for i := range 6 {
		b.deliver(message(i), m)
	}
	b.ok(m.SetFlags(b.ctx, inbox, []mailbox.Range{{First: 1, Last: 1}, {First: 3, Last: 3}, {First: 6, Last: 6}}, mailbox.Deleted, 0, nil, nil))
	gone := b.entries(m, inbox)[2].Item
	b.ok(m.Expunge(b.ctx, inbox, []mailbox.Range{{First: 1, Last: 4}}))
	b.counters(m, inbox, 4, 4)
	if b.read(m, gone) != message(2) {
		b.Fatal("an expunged item is not recoverable")
	}
	b.ok(b.PurgeItems(b.ctx))
	if b.read(m, gone) != message(2) {
		b.Fatal("an expunged item was purged within the window")
	}
	b.clock.Move(14*24*time.Hour + time.Second)
	b.ok(b.PurgeItems(b.ctx))
	_, err := m.Item(b.ctx, gone)
	wantKind(b.T, err, errs.NotFound, errs.Item)
	b.counters(m, inbox, 4, 4)
	left := 0
	b.ok(b.store.Bodies(b.ctx, 0, func(ids.Mailbox, ids.Org, ids.Body, mailbox.Body) error { left++; return nil }))
	if left != 4 {
		b.Fatalf("%d bodies are left", left)
	}
}

// quotaRace: two deliveries for the last room, of which one at most is taken.
func quotaRace(b *boxes) {
	size := int64(len(message(0)))
	m := b.make(size*10 + size/2)
	w := m.Watch()
	defer w.Close()
	var wg sync.WaitGroup
	var taken, refused sync.Map
	for i := range 64 {
		wg.Go(func() {
			if _, err := b.tryDeliver(message(0), m); err == nil {
				taken.Store(i, true)
			} else if errs.Is(err, errs.OverQuota) {
				refused.Store(i, true)
			} else {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	count := func(m *sync.Map) (n int) { m.Range(func(any, any) bool { n++; return true }); return n }
	if count(&taken) != 10 || count(&refused) != 54 {
		b.Fatalf("%d taken, %d refused", count(&taken), count(&refused))
	}
	// The warning comes too, beyond the quota.
	f := b.waitFor(m, w, 11)
	used, _, err := m.Quota(b.ctx)
	b.ok(err)
	if f.Size != used {
		b.Fatalf("mailbox has %d bytes, its one folder %d", used, f.Size)
	}
}

// waitFor watches until the Inbox has n messages.
func (b *boxes) waitFor(m *mailbox.Mailbox, w *mailbox.Watch, n int64) mailbox.Folder {
	b.Helper()
	deadline := time.After(30 * time.Second)
	for {
		f, err := m.FolderByID(b.ctx, inbox)
		b.ok(err)
		if f.Total == n {
			return f
		}
		select {
		case <-w.C:
		case <-deadline:
			b.Fatalf("%d messages came, want %d", f.Total, n)
		}
	}
}

func quotaWarning(b *boxes) {
	size := int64(len(message(0)))
	m := b.make(size * 60)
	w := m.Watch()
	defer w.Close()
	for range 54 {
		b.deliver(message(0), m)
	}
	b.waitFor(m, w, 55)
	b.deliver(message(0), m)
	e := b.entries(m, inbox)
	if text := b.read(m, e[54].Item); !strings.Contains(text, "almost full") || !strings.Contains(text, "To: <owner@example.test>") ||
		!strings.Contains(text, " kB of your ") {
		b.Fatalf("warning is %q", text)
	}
	if len(e) != 56 {
		b.Fatalf("%d messages: a second warning?", len(e))
	}
}

func threadsStory(b *boxes) {
	m := b.make(1 << 20)
	thread := func(text string) ids.Item {
		b.deliver(text, m)
		e := b.entries(m, inbox)
		it, err := m.Item(b.ctx, e[len(e)-1].Item)
		b.ok(err)
		return it.Thread
	}
	first := thread("Message-ID: <1@x>\r\nSubject: a\r\n\r\n")
	reply := thread("Message-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\nSubject: Re: a\r\n\r\n")
	orphan := thread("Message-ID: <4@x>\r\nReferences: <3@x>\r\nSubject: b\r\n\r\n")
	parent := thread("Message-ID: <3@x>\r\nSubject: b\r\n\r\n")
	alone := thread("Subject: a\r\n\r\n")
	if first != reply || orphan != parent || first == orphan || alone == first {
		b.Fatalf("threads %d %d, %d %d, %d", first, reply, orphan, parent, alone)
	}
}

func objectStory(b *boxes) {
	m := b.make(1 << 20)
	id, err := m.PropertyID(b.ctx, "00062008-0000-0000-c000-000000000046", "Task")
	b.ok(err)
	again, err := m.PropertyID(b.ctx, "00062008-0000-0000-c000-000000000046", "Task")
	b.ok(err)
	if id != 0x8000 || again != id {
		b.Fatalf("named property has ids %x, %x", id, again)
	}
	props := []mailbox.Property{{Tag: 0x0037001f, Value: []byte("subject")}, {Tag: uint32(id)<<16 | 3, Value: []byte{1, 0, 0, 0}},
		{Part: 1, Tag: 0x37010102, Value: nil}}
	o := mailbox.NewObject{Folder: mailbox.FolderOf(mailbox.Notes), Class: "IPM.StickyNote", Associated: true,
		SourceKey: []byte{1, 2, 3}, ChangeKey: []byte{9}, Properties: props}
	placed, err := m.AddObject(b.ctx, o)
	b.ok(err)
	it, err := m.Item(b.ctx, placed.Item)
	b.ok(err)
	if it.Class != o.Class || !it.Associated || string(it.SourceKey) != "\x01\x02\x03" || string(it.ChangeKey) != "\x09" || it.Body != 0 {
		b.Fatalf("item %+v", it)
	}
	_, err = m.Open(b.ctx, it)
	wantKind(b.T, err, errs.NotFound, errs.Item)
	got, err := m.Properties(b.ctx, placed.Item)
	b.ok(err)
	for i, p := range props {
		if got[i].Tag != p.Tag || got[i].Part != p.Part || string(got[i].Value) != string(p.Value) {
			b.Fatalf("properties %v", got)
		}
	}
	f, err := m.FolderByID(b.ctx, o.Folder)
	b.ok(err)
	if f.Total != 0 || f.UIDNext != 2 {
		b.Fatalf("an associated item counts: %+v", f)
	}
	if n := b.snap(m, o.Folder).Len(); n != 0 {
		b.Fatalf("a snapshot shows %d associated items", n)
	}
	o.Associated, o.SourceKey = false, []byte{4}
	_, err = m.AddObject(b.ctx, o)
	b.ok(err)
	b.noContent(m, o.Folder)
}

func watchStory(b *boxes) {
	m := b.make(1 << 20)
	called := make(chan struct{}, 8)
	w, f, gone := m.Watch(), m.WatchFunc(func() { called <- struct{}{} }), m.WatchFunc(func() { b.Error("woke who has left") })
	defer w.Close()
	defer f.Close()
	gone.Close()
	b.deliver(message(1), m)
	for _, c := range []chan struct{}{w.C, called} {
		select {
		case <-c:
		case <-time.After(10 * time.Second):
			b.Fatal("nobody woke")
		}
	}
}

// snapshotStory: after any mix of changes the snapshot equals the rows, and the
// difference of two snapshots tells exactly what a session must announce.
func snapshotStory(b *boxes) {
	m := b.make(1 << 30)
	b.fill(m, 700)
	r := rand.New(rand.NewPCG(1, 2))
	old := b.snap(m, inbox)
	for range 12 {
		first := ids.UID(r.IntN(700) + 1)
		some := []mailbox.Range{{First: first, Last: first + ids.UID(r.IntN(90))}}
		switch r.IntN(4) {
		case 0:
			b.fill(m, r.IntN(50)+1)
		case 1:
			b.ok(m.SetFlags(b.ctx, inbox, some, mailbox.Flagged, mailbox.Seen, nil, nil))
		case 2:
			b.ok(m.Delete(b.ctx, inbox, some))
		case 3:
			_, err := m.Move(b.ctx, inbox, some, m, inbox)
			b.ok(err)
		}
		now := b.snap(m, inbox)
		view := map[ids.UID]mailbox.Entry{}
		old.Each(1, old.Len(), func(_ int, e mailbox.Entry) bool { view[e.UID] = e; return true })
		now.Diff(old, func(_ int, e mailbox.Entry) { delete(view, e.UID) }, func(_ int, e mailbox.Entry, isNew bool) {
			if _, known := view[e.UID]; known == isNew {
				b.Fatalf("uid %d new: %v", e.UID, isNew)
			}
			view[e.UID] = e
		})
		count := 0
		b.ok(m.Items(b.ctx, inbox, all[0], false, func(it mailbox.Item) error {
			count++
			if e := view[it.UID]; e.Item != it.ID || e.Flags != it.Flags || e.Seq != it.Seq {
				b.Fatalf("uid %d: snapshot %v, row %v %v %v", it.UID, e, it.ID, it.Flags, it.Seq)
			}
			return nil
		}))
		if count != len(view) || count != now.Len() {
			b.Fatalf("%d rows, %d in view, %d in snapshot", count, len(view), now.Len())
		}
		old = now
	}
}

func rewriteStory(b *boxes) {
	m := b.make(1 << 30)
	big := strings.Repeat("0123456789abcdef\r\n", 5000)
	for i := range 8 {
		b.deliver(message(i)+big+fmt.Sprint(rand.Int64()), m)
	}
	e := b.entries(m, inbox)
	b.ok(m.Delete(b.ctx, inbox, []mailbox.Range{{First: 2, Last: 8}}))
	b.clock.Move(15 * 24 * time.Hour)
	b.ok(b.PurgeItems(b.ctx))
	none := func(int64) bool { return false }
	for range 3 { // move what lives, see it empty, remove it
		b.clock.Move(48 * time.Hour)
		b.ok(b.Rewrite(b.ctx, 24*time.Hour, none))
	}
	if !strings.HasPrefix(b.read(m, e[0].Item), message(0)) {
		b.Fatal("what lived was lost")
	}
}

func purgeStory(b *boxes) {
	m, kept := b.make(1<<20), b.make(1<<20)
	b.deliver(message(1), m, kept)
	_, err := m.CreateFolder(b.ctx, "x/y", mailbox.KindMail)
	b.ok(err)
	b.ok(b.Purge(b.ctx, b.org, m.ID()))
	_, err = b.OpenFor(b.ctx, m.ID(), auth.Actor{})
	wantKind(b.T, err, errs.NotFound, errs.Mailbox)
	if b.read(kept, b.entries(kept, inbox)[0].Item) != message(1) {
		b.Fatal("the other mailbox lost its message")
	}
	b.deliver(message(2), kept)
	b.ok(b.store.Write(b.ctx, b.org, func(t *tx.Tx) error { return b.Detach(b.ctx, t, kept.ID(), b.clock.Now()) }))
	b.make(1 << 20)
	size, _, err := b.Usage(b.ctx, kept.ID())
	b.ok(err)
	sum, err := b.Sum(b.ctx, b.org)
	b.ok(err)
	if want := (mailbox.Sum{Boxes: 2, Detached: 1, Messages: 2, Bytes: size}); sum != want || size == 0 {
		b.Fatalf("%+v, want %+v", sum, want)
	}
	if none, err := b.Sum(b.ctx, "m-00000000000000000000000000000000"); err != nil || none != (mailbox.Sum{}) {
		b.Fatal(none, err)
	}
}
