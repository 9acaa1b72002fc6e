package storetest

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/search"
	"postroom/internal/core/tx"
)

// SearchStores are empty stores of one region.
type SearchStores struct {
	Search    search.Store
	Mailboxes mailbox.Store
	Packs     mailbox.Packs
}

// index is a search service over mailboxes, with stories' helpers.
type index struct {
	*boxes
	search *search.Service
	stores SearchStores
	packs  *outage
}

// outage is packs that can be out of reach.
type outage struct {
	mailbox.Packs
	out atomic.Bool
}

func (o *outage) Open(ctx context.Context, key mailbox.BodyKey, at mailbox.Place) (mailbox.Content, error) {
	if o.out.Load() {
		return nil, errs.E("pack.Open", errs.Unavailable, errs.Storage, nil)
	}
	return o.Packs.Open(ctx, key, at)
}

// Search is the contract of search.Store, told through core/search.
func Search(t *testing.T, open func(t *testing.T) SearchStores) {
	for name, story := range map[string]func(x *index){
		"texts of all kinds are found":          searchKinds,
		"never too few":                         searchNeverTooFew,
		"a text too long is always looked at":   searchTooLong,
		"what cannot be told":                   searchCannotTell,
		"blocks":                                searchBlocks,
		"a new process goes on":                 searchRestart,
		"two processes share one index":         searchShared,
		"purged items and mailboxes leave":      searchPurged,
		"rebuild":                               searchRebuild,
		"a restored mailbox begins anew":        searchRestored,
		"storage out of reach":                  searchOutage,
		"the store begins anew":                 searchRenew,
		"state changes only from what it was":   searchState,
		"emptying leaves other mailboxes alone": searchEmpty,
	} {
		t.Run(name, func(t *testing.T) { story(newIndex(t, open(t))) })
	}
}

func newIndex(t *testing.T, stores SearchStores) *index {
	set := clock.At(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC))
	packs := &outage{Packs: stores.Packs}
	s := mailbox.New(mailbox.Options{Store: stores.Mailboxes, Packs: packs, Keys: plainKeys{}, Addresses: fixedAddresses{}, Clock: set})
	t.Cleanup(s.Close)
	x := &index{boxes: &boxes{t, s, t.Context(), stores.Mailboxes, packs, set, ids.NewOrg()}, stores: stores, packs: packs}
	x.search = x.process(20 * time.Millisecond)
	return x
}

// process starts a service over the same stores.
func (x *index) process(sweep time.Duration) *search.Service {
	s := search.New(search.Options{Store: x.stores.Search, Mailboxes: x.Service, Clock: x.clock, Settle: sweep, Sweep: sweep, Readers: 2})
	s.Start()
	x.Cleanup(s.Close)
	return s
}

// until polls a condition.
func (x *index) until(what string, f func() bool) {
	x.Helper()
	for deadline := time.Now().Add(30 * time.Second); !f(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			x.Fatalf("not in time: %s", what)
		}
	}
}

// through waits until a mailbox is indexed up to its newest item.
func (x *index) through(m *mailbox.Mailbox) {
	x.Helper()
	x.until("the index has all items", func() bool {
		all, err := x.ItemIDs(x.ctx, m.ID(), 0, 100_000)
		x.ok(err)
		st, err := x.stores.Search.State(x.ctx, m.ID())
		x.ok(err)
		return st.Layout != 0 && len(all) > 0 && st.Through == all[len(all)-1]
	})
}

func (x *index) candidates(m *mailbox.Mailbox, folder ids.Folder, text string) []ids.Item {
	x.Helper()
	var items []ids.Item
	x.until("the index tells", func() bool {
		found, through, ok, err := x.search.Candidates(x.ctx, m, folder, text)
		x.ok(err)
		if ok && (!slices.IsSorted(found) || len(found) > 0 && found[len(found)-1] > through) {
			x.Fatalf("candidates %v through %d", found, through)
		}
		items = found
		return ok
	})
	return items
}

func (x *index) want(m *mailbox.Mailbox, folder ids.Folder, text string, want ...ids.Item) {
	x.Helper()
	if got := x.candidates(m, folder, text); !slices.Equal(got, want) {
		x.Fatalf("%q finds %v, want %v", text, got, want)
	}
}

func searchKinds(x *index) {
	m := x.make(1 << 20)
	plain := x.deliver("From: \"Ann Writer\" <ann@example.test>\r\nTo: Bo <bo@example.test>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?=\r\n"+
		"X-Ticket: QX-4711\r\n\r\nThe quarterly Report,\r\n\tas agreed.\r\n", m)[0].Item
	encoded := x.deliver("From: c@example.test\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"+
		base64.StdEncoding.EncodeToString([]byte("Füße und 会議の議事録"))+"\r\n", m)[0].Item
	parts := x.deliver("From: d@example.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"+
		"<p>Hid<b>den</b> words</p>\r\n--b\r\nContent-Type: application/pdf; name=\"Offer 2026.pdf\"\r\n\r\nbytes of no text\r\n--b--\r\n", m)[0].Item
	x.through(m)
	for text, want := range map[string]ids.Item{
		"QUARTERLY": plain, "arterl": plain, "report, as": plain, "report,\r\n\tas": plain, "grüße AUS köln": plain, "ann writer <ann@": plain,
		"qx-4711": plain, "x-ticket: qx": plain, "FÜSSE": 0, "füße": encoded, "議事": encoded, "録": encoded, "hidden word": parts,
		"offer 2026.PDF": parts, "bytes of no text": 0, "nowhere": 0,
	} {
		if want == 0 {
			x.want(m, inbox, text)
		} else {
			x.want(m, inbox, text, want)
		}
	}
	x.want(m, trash, "quarterly")
	_, err := m.Move(x.ctx, inbox, all, m, trash)
	x.ok(err)
	x.want(m, inbox, "quarterly")
	x.want(m, trash, "quarterly", plain)
}

// words makes a text of n words out of a vocabulary in which few are frequent.
func words(r *rand.Rand, n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHäöü éß漢字"
	var b strings.Builder
	for range n {
		w := rand.New(rand.NewPCG(uint64(r.IntN(1+r.IntN(3000))), 7))
		for range 2 + w.IntN(8) {
			l := []rune(letters)
			b.WriteRune(l[w.IntN(len(l))])
		}
		b.WriteString([]string{" ", " ", " ", "  ", "\r\n"}[r.IntN(5)])
	}
	return b.String()
}

func searchNeverTooFew(x *index) {
	r := rand.New(rand.NewPCG(1, 2))
	m, other := x.make(1<<30), x.make(1<<30)
	texts, items := map[ids.Item]string{}, []ids.Item{}
	for i := range 150 {
		body := words(r, 20+r.IntN(300))
		item := x.deliver(fmt.Sprintf("From: a%d@example.test\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s", i, body), m)[0].Item
		texts[item], items = strings.ToLower(body), append(items, item)
		if i%10 == 0 {
			x.deliver("From: b@example.test\r\n\r\n"+words(r, 30), other)
		}
	}
	x.through(m)
	extra := 0
	for range 300 {
		runes := []rune(texts[items[r.IntN(len(items))]])
		at := r.IntN(len(runes) - 8)
		text := string(runes[at : at+3+r.IntN(5)])
		found, _, ok, err := x.search.Candidates(x.ctx, m, inbox, strings.ToUpper(text))
		x.ok(err)
		for item, body := range texts {
			_, there := slices.BinarySearch(found, item)
			if ok && !there && strings.Contains(body, strings.ToLower(strings.ToUpper(text))) {
				x.Fatalf("%q stands in item %d and is not found in %v", text, item, found)
			}
			if there && !strings.Contains(body, text) {
				extra++
			}
		}
	}
	if extra > 300*150/10 {
		x.Fatalf("%d of %d candidates are none", extra, 300*150)
	}
}

func searchTooLong(x *index) {
	m := x.make(1 << 30)
	long := x.deliver("From: a@example.test\r\n\r\n"+strings.Repeat("many words in one line\r\n", 20_000)+"needle at the end\r\n", m)[0].Item
	short := x.deliver("From: a@example.test\r\n\r\nneedle\r\n", m)[0].Item
	x.through(m)
	x.want(m, inbox, "needle", long, short)
	x.want(m, inbox, "something else", long)
}

func searchCannotTell(x *index) {
	m := x.make(1 << 20)
	if _, _, ok, err := x.search.Candidates(x.ctx, m, inbox, "text"); ok || err != nil {
		x.Fatal("a mailbox that was never indexed", ok, err)
	}
	x.deliver(message(1), m)
	x.through(m)
	for _, text := range []string{"", "x", "te", " \r\n ", "a  "} {
		if _, _, ok, err := x.search.Candidates(x.ctx, m, inbox, text); ok || err != nil {
			x.Fatalf("%q: %v %v", text, ok, err)
		}
	}
}

// number is a word that no other message has, and few grams of.
func number(i int) string { return fmt.Sprintf("number-%05d", (i+1)*7919%100_003) }

// many delivers n messages, each with its number and one of ten words.
func (x *index) many(m *mailbox.Mailbox, from, n int) (items []ids.Item) {
	for i := from; i < from+n; i++ {
		items = append(items, x.deliver(fmt.Sprintf("From: a@example.test\r\n\r\n%s is one of word%02d\r\n", number(i), i%10), m)[0].Item)
	}
	return items
}

func searchBlocks(x *index) {
	m := x.make(1 << 30)
	items := x.many(m, 0, search.BlockSize+80)
	x.through(m)
	x.until("a block is made", func() bool {
		st, err := x.stores.Search.State(x.ctx, m.ID())
		x.ok(err)
		return st.Block == 2 && st.Loose < search.BlockSize
	})
	for _, i := range []int{0, 17, search.BlockSize - 1, search.BlockSize, len(items) - 1} {
		if got := x.candidates(m, inbox, strings.ToUpper(number(i))); !slices.Contains(got, items[i]) || len(got) > 40 {
			x.Fatalf("number %d is item %d, found %v", i, items[i], got)
		}
	}
	got := x.candidates(m, inbox, "word03")
	for i, item := range items {
		if i%10 == 3 && !slices.Contains(got, item) {
			x.Fatalf("word03 of number %d is missing", i)
		}
	}
	x.want(m, inbox, "not there at all")
}

func searchRestart(x *index) {
	m, idle := x.make(1<<20), x.make(1<<20)
	first := x.deliver(message(1), m)[0].Item
	x.through(m)
	x.search.Close()
	x.OnChange(func(ids.Org, ids.Mailbox) {})
	second := x.deliver(message(2), m)[0].Item
	third := x.deliver(message(3), idle)[0].Item
	x.search = x.process(20 * time.Millisecond)
	x.through(m)
	x.through(idle)
	x.want(m, inbox, "text of", first, second)
	x.want(idle, inbox, "text of", third)
}

func searchShared(x *index) {
	other := search.New(search.Options{Store: x.stores.Search, Mailboxes: x.Service, Clock: x.clock, Settle: time.Millisecond, Sweep: time.Millisecond})
	other.Start() // it is the one that is told of changes; the first finds them by comparing
	x.Cleanup(other.Close)
	m := x.make(1 << 30)
	items := x.many(m, 0, 120)
	x.through(m)
	x.want(m, inbox, "is one of", items...)
}

func searchPurged(x *index) {
	m, gone := x.make(1<<30), x.make(1<<30)
	items := x.many(m, 0, search.BlockSize+20)
	x.many(gone, 0, 3)
	x.through(m)
	x.through(gone)
	x.until("a block is made", func() bool {
		st, err := x.stores.Search.State(x.ctx, m.ID())
		x.ok(err)
		return st.Block == 2
	})
	keep := []int{3, 200, search.BlockSize + 5}
	var set []mailbox.Range
	for i, e := range x.entries(m, inbox) {
		if !slices.Contains(keep, i) {
			set = append(set, mailbox.Range{First: e.UID, Last: e.UID})
		}
	}
	x.ok(m.Delete(x.ctx, inbox, set))
	x.clock.Move(15 * 24 * time.Hour)
	x.ok(x.PurgeItems(x.ctx))
	x.ok(x.Purge(x.ctx, x.org, gone.ID()))
	x.until("what was purged leaves", func() bool {
		blocks, err := x.stores.Search.Blocks(x.ctx, m.ID())
		x.ok(err)
		n := 0
		x.ok(x.stores.Search.Loose(x.ctx, m.ID(), -1, func(search.Doc) error { n++; return nil }))
		st, err := x.stores.Search.State(x.ctx, gone.ID())
		x.ok(err)
		return len(blocks) == 0 && n == len(keep) && st.Layout == 0
	})
	x.want(m, inbox, "is one of", items[keep[0]], items[keep[1]], items[keep[2]])
	x.want(m, inbox, number(200), items[200])
}

func searchRebuild(x *index) {
	m := x.make(1 << 20)
	items := x.many(m, 0, 30)
	x.through(m)
	before, err := x.stores.Search.State(x.ctx, m.ID())
	x.ok(err)
	x.ok(x.search.Rebuild(x.ctx, m.ID()))
	x.until("built anew", func() bool {
		st, err := x.stores.Search.State(x.ctx, m.ID())
		x.ok(err)
		return st.Through == before.Through && st.Layout != before.Layout
	})
	x.want(m, inbox, "is one of", items...)
}

func searchRestored(x *index) {
	m := x.make(1 << 20)
	items := x.many(m, 0, 5)
	x.through(m)
	var st search.State
	x.until("it may be changed", func() (ok bool) {
		var err error
		st, err = x.stores.Search.State(x.ctx, m.ID())
		x.ok(err)
		later := st
		later.Through += 1000 // as of an index that is newer than the mailbox
		x.ok(x.stores.Search.Write(x.ctx, "", func(t *tx.Tx) error {
			ok, err = x.stores.Search.SetState(t, st, later)
			return err
		}))
		return ok
	})
	x.through(m)
	x.want(m, inbox, "is one of", items...)
}

func searchOutage(x *index) {
	m := x.make(1 << 20)
	first := x.deliver(message(1), m)[0].Item
	x.through(m)
	x.packs.out.Store(true)
	second := x.deliver(message(2), m)[0].Item
	x.until("it waits", func() bool {
		n, _, err := x.search.Lag(x.ctx)
		x.ok(err)
		return n == 1
	})
	got, through, ok, err := x.search.Candidates(x.ctx, m, inbox, "text of")
	if x.ok(err); !ok || through != first || !slices.Equal(got, []ids.Item{first}) {
		x.Fatal("meanwhile", got, through, ok)
	}
	x.packs.out.Store(false)
	x.through(m)
	x.want(m, inbox, "text of", first, second)
}

func searchRenew(x *index) {
	m := x.make(1 << 20)
	items := x.many(m, 0, 10)
	x.through(m)
	x.ok(x.stores.Search.Renew(x.ctx))
	x.through(m)
	x.want(m, inbox, "is one of", items...)
}

func searchState(x *index) {
	x.search.Close()
	s := x.stores.Search
	set := func(old, st search.State) (ok bool) {
		x.ok(s.Write(x.ctx, "", func(t *tx.Tx) (err error) { ok, err = s.SetState(t, old, st); return err }))
		return ok
	}
	one := search.State{Mailbox: 7, Epoch: 1, Through: 5, Purged: 2, Loose: 3, Block: 1, Layout: 1 << 61}
	two := one
	two.Through, two.Layout = 9, 4
	if !set(search.State{}, one) || set(search.State{}, two) || !set(one, two) || set(one, two) {
		x.Fatal("a state was replaced that was another, or none that was the same")
	}
	if st, err := s.State(x.ctx, 7); err != nil || st != two {
		x.Fatal(st, err)
	}
	for id := range ids.Mailbox(5) {
		set(search.State{}, search.State{Mailbox: 10 + id, Layout: 1})
	}
	list, err := s.States(x.ctx, 7, 13, 3)
	if x.ok(err); len(list) != 3 || list[0].Mailbox != 10 || list[2].Mailbox != 12 {
		x.Fatal(list)
	}
}

func searchEmpty(x *index) {
	m, other := x.make(1<<30), x.make(1<<30)
	x.many(m, 0, search.BlockSize+1)
	kept := x.many(other, 0, 3)
	x.through(m)
	x.through(other)
	x.search.Close()
	s := x.stores.Search
	empty := func() (more bool) {
		x.ok(s.Write(x.ctx, "", func(t *tx.Tx) (err error) { more, err = s.Empty(t, m.ID(), 100); return err }))
		return more
	}
	if empty() {
		x.Fatal("a mailbox in use was emptied")
	}
	x.ok(x.search.Rebuild(x.ctx, m.ID()))
	for n := 0; empty(); n++ {
		if n > 1000 {
			x.Fatal("it has no end")
		}
	}
	blocks, err := s.Blocks(x.ctx, m.ID())
	x.ok(err)
	st, err := s.State(x.ctx, m.ID())
	x.ok(err)
	b := search.Block{Number: 1}
	x.ok(s.FillParts(x.ctx, m.ID(), &b))
	n := 0
	x.ok(s.Loose(x.ctx, m.ID(), -1, func(search.Doc) error { n++; return nil }))
	if len(blocks) != 0 || st.Layout != 0 || n != 0 || slices.ContainsFunc(b.Parts[:], func(p []byte) bool { return p != nil }) {
		x.Fatal("something is left", len(blocks), st, n)
	}
	x.want(other, inbox, "is one of", kept...)
}

// PlainKeys wraps keys by doing nothing, for benchmarks of what lies below core/org.
var PlainKeys mailbox.Keys = plainKeys{}
