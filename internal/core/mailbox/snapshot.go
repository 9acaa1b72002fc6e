package mailbox

import (
	"container/list"
	"context"
	"slices"
	"sort"
	"sync"

	"postroom/internal/base/ids"
)

// Entry is one message of a folder as clients ask for it all the time.
type Entry struct {
	UID   ids.UID
	Flags Flags
	Seq   ids.Seq // of its last change
	Item  ids.Item
}

// packed is an Entry in 24 bytes: seq and item have 48 bits.
type packed struct {
	flags        uint64
	uid          uint32
	seqLo        uint32
	itemLo       uint32
	seqHi, itemH uint16
}

func pack(e Entry) packed {
	return packed{uint64(e.Flags), uint32(e.UID), uint32(e.Seq), uint32(e.Item), uint16(e.Seq >> 32), uint16(e.Item >> 32)}
}

func (p packed) entry() Entry {
	return Entry{ids.UID(p.uid), Flags(p.flags), ids.Seq(p.seqHi)<<32 | ids.Seq(p.seqLo), ids.Item(p.itemH)<<32 | ids.Item(p.itemLo)}
}

const chunkSize = 512

// Snapshot is a folder at one moment, its messages by uid. It never changes: a
// newer one shares the chunks that stayed, so that a session may keep the one
// it has announced and compare.
type Snapshot struct {
	Mailbox     ids.Mailbox
	Folder      ids.Folder
	Seq         ids.Seq // the mailbox's counter that this shows
	UIDValidity uint32
	UIDNext     ids.UID
	Keywords    Keywords
	chunks      [][]packed
	before      []int // count of entries before each chunk
	n           int
}

// Len is the count of messages.
func (s *Snapshot) Len() int { return s.n }

// At returns the message with sequence number n, 1 to Len.
func (s *Snapshot) At(n int) Entry {
	c := sort.Search(len(s.before), func(i int) bool { return s.before[i] >= n }) - 1
	return s.chunks[c][n-1-s.before[c]].entry()
}

// Find returns the sequence number of the first message whose uid is at least
// uid, or Len+1.
func (s *Snapshot) Find(uid ids.UID) int {
	c := sort.Search(len(s.chunks), func(i int) bool {
		ch := s.chunks[i]
		return ch[len(ch)-1].uid >= uint32(uid)
	})
	if c == len(s.chunks) {
		return s.n + 1
	}
	ch := s.chunks[c]
	return s.before[c] + sort.Search(len(ch), func(i int) bool { return ch[i].uid >= uint32(uid) }) + 1
}

// Each calls f for the messages from sequence number lo to hi until it returns false.
func (s *Snapshot) Each(lo, hi int, f func(n int, e Entry) bool) {
	if lo < 1 {
		lo = 1
	}
	if hi > s.n {
		hi = s.n
	}
	if lo > hi {
		return
	}
	c := sort.Search(len(s.before), func(i int) bool { return s.before[i] >= lo }) - 1
	for n := lo; n <= hi; c++ {
		ch := s.chunks[c]
		for i := n - 1 - s.before[c]; i < len(ch) && n <= hi; i++ {
			if !f(n, ch[i].entry()) {
				return
			}
			n++
		}
	}
}

// All returns the uids of all messages as one range.
func (s *Snapshot) All() []Range {
	if s.n == 0 {
		return nil
	}
	return []Range{{s.At(1).UID, s.At(s.n).UID}}
}

// Range is uids First to Last, both in it.
type Range struct{ First, Last ids.UID }

// Diff calls gone for each message of old that is not in s, highest sequence
// number first (numbers of old), and changed for each message of s that is new
// or has changed since old, lowest first (numbers of s). Chunks that both share
// are skipped.
func (s *Snapshot) Diff(old *Snapshot, gone func(n int, e Entry), changed func(n int, e Entry, isNew bool)) {
	shared := map[*packed]bool{}
	for _, c := range s.chunks {
		shared[&c[0]] = true
	}
	sharedOld := map[*packed]bool{}
	for c := len(old.chunks) - 1; c >= 0; c-- {
		ch := old.chunks[c]
		if shared[&ch[0]] {
			sharedOld[&ch[0]] = true
			continue
		}
		for i := len(ch) - 1; i >= 0; i-- {
			if n := s.Find(ids.UID(ch[i].uid)); n > s.n || s.At(n).UID != ids.UID(ch[i].uid) {
				gone(old.before[c]+i+1, ch[i].entry())
			}
		}
	}
	for c, ch := range s.chunks {
		if sharedOld[&ch[0]] {
			continue
		}
		for i := range ch {
			e := ch[i].entry()
			n := old.Find(e.UID)
			if n > old.n {
				changed(s.before[c]+i+1, e, true)
			} else if o := old.At(n); o.UID != e.UID {
				changed(s.before[c]+i+1, e, true)
			} else if o.Flags != e.Flags || o.Seq != e.Seq {
				changed(s.before[c]+i+1, e, false)
			}
		}
	}
}

// index fills before and n and drops empty chunks.
func (s *Snapshot) index() {
	kept := s.chunks[:0]
	s.n, s.before = 0, make([]int, 0, len(s.chunks))
	for _, c := range s.chunks {
		if len(c) > 0 {
			kept = append(kept, c)
			s.before = append(s.before, s.n)
			s.n += len(c)
		}
	}
	s.chunks = kept
}

// with returns the snapshot after the messages of set came or changed and those
// of gone left. Both are sorted by uid. Only chunks they touch are made anew.
func (s *Snapshot) with(set []Entry, gone []ids.UID) *Snapshot {
	next := *s
	next.chunks = make([][]packed, 0, len(s.chunks)+1)
	for i, ch := range s.chunks {
		last := uint32(1<<32 - 1)
		if i < len(s.chunks)-1 {
			last = s.chunks[i+1][0].uid - 1
		}
		var in []Entry
		in, set = cut(set, last, func(e Entry) uint32 { return uint32(e.UID) })
		var out []ids.UID
		out, gone = cut(gone, last, func(u ids.UID) uint32 { return uint32(u) })
		if len(in) == 0 && len(out) == 0 {
			next.chunks = append(next.chunks, ch)
			continue
		}
		next.chunks = append(next.chunks, split(merge(ch, in, out))...)
	}
	if len(s.chunks) == 0 {
		next.chunks = split(merge(nil, set, gone))
	}
	next.index()
	return &next
}

func cut[T any](list []T, last uint32, key func(T) uint32) (head, rest []T) {
	n := sort.Search(len(list), func(i int) bool { return key(list[i]) > last })
	return list[:n], list[n:]
}

func merge(ch []packed, in []Entry, out []ids.UID) []packed {
	merged := make([]packed, 0, len(ch)+len(in))
	leaves := func(uid uint32) bool {
		for len(out) > 0 && uint32(out[0]) < uid {
			out = out[1:]
		}
		return len(out) > 0 && uint32(out[0]) == uid
	}
	for len(ch) > 0 || len(in) > 0 {
		var p packed
		if len(ch) == 0 || len(in) > 0 && uint32(in[0].UID) <= ch[0].uid {
			p = pack(in[0])
			if len(ch) > 0 && ch[0].uid == p.uid {
				ch = ch[1:]
			}
			in = in[1:]
		} else {
			p, ch = ch[0], ch[1:]
		}
		if !leaves(p.uid) {
			merged = append(merged, p)
		}
	}
	return merged
}

func split(list []packed) [][]packed {
	var chunks [][]packed
	for len(list) > chunkSize {
		chunks = append(chunks, list[:chunkSize:chunkSize])
		list = list[chunkSize:]
	}
	if len(list) > 0 {
		chunks = append(chunks, list)
	}
	return chunks
}

// Snapshot returns the folder as it is now.
func (m *Mailbox) Snapshot(ctx context.Context, folder ids.Folder) (*Snapshot, error) {
	return m.s.snapshots.get(ctx, m.s.store, m.id, folder)
}

// snapshots is the cache of open folders, within a byte budget; the longest
// unused one goes first.
type snapshots struct {
	mu     sync.Mutex
	byKey  map[snapshotKey]*list.Element
	lru    list.List
	bytes  int
	budget int
}

type snapshotKey struct {
	mailbox ids.Mailbox
	folder  ids.Folder
}

type cached struct {
	key  snapshotKey
	mu   sync.Mutex // one refresh at a time
	snap *Snapshot
	cost int
}

func newSnapshots(budget int) *snapshots {
	return &snapshots{byKey: map[snapshotKey]*list.Element{}, budget: budget}
}

func (c *snapshots) get(ctx context.Context, store Store, mailbox ids.Mailbox, folder ids.Folder) (*Snapshot, error) {
	key := snapshotKey{mailbox, folder}
	c.mu.Lock()
	el := c.byKey[key]
	if el == nil {
		el = c.lru.PushFront(&cached{key: key})
		c.byKey[key] = el
	} else {
		c.lru.MoveToFront(el)
	}
	e := el.Value.(*cached)
	c.mu.Unlock()

	e.mu.Lock()
	defer e.mu.Unlock()
	snap, err := refreshed(ctx, store, mailbox, folder, e.snap)
	if err != nil {
		c.drop(mailbox, folder)
		return nil, err
	}
	e.snap = snap
	c.account(el, e, 24*snap.n+256)
	return snap, nil
}

// account notes what an entry costs and evicts others beyond the budget.
func (c *snapshots) account(el *list.Element, e *cached, cost int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[e.key] != el {
		return // dropped meanwhile
	}
	c.bytes += cost - e.cost
	e.cost = cost
	for c.bytes > c.budget && c.lru.Len() > 1 {
		c.remove(c.lru.Back())
	}
}

func (c *snapshots) drop(mailbox ids.Mailbox, folder ids.Folder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el := c.byKey[snapshotKey{mailbox, folder}]; el != nil {
		c.remove(el)
	}
}

func (c *snapshots) remove(el *list.Element) {
	e := el.Value.(*cached)
	c.lru.Remove(el)
	delete(c.byKey, e.key)
	c.bytes -= e.cost
}

// refreshed returns a snapshot that shows at least the counter of now: the old
// one with what the log has since, or one read whole.
func refreshed(ctx context.Context, store Store, mailbox ids.Mailbox, folder ids.Folder, old *Snapshot) (*Snapshot, error) {
	box, err := store.Box(ctx, nil, mailbox)
	if err != nil {
		return nil, err
	}
	if old != nil && old.Seq == box.Seq {
		return old, nil
	}
	f, err := store.Folder(ctx, nil, mailbox, folder)
	if err != nil {
		return nil, err
	}
	whole := old == nil || old.UIDValidity != f.UIDValidity || old.Seq < box.LogFloor
	if whole {
		old = &Snapshot{Mailbox: mailbox, Folder: folder, UIDValidity: f.UIDValidity}
	}
	next := *old
	if whole || f.SeqCounts > old.Seq {
		set, gone, err := news(ctx, store, old, f, whole)
		if err != nil {
			return nil, err
		}
		next = *old.with(set, gone)
	}
	next.Seq, next.UIDNext, next.Keywords = box.Seq, f.UIDNext, box.Keywords
	if next.n > 0 { // what came after f was read
		next.UIDNext = max(next.UIDNext, next.At(next.n).UID+1)
	}
	return &next, nil
}

// news returns what a folder has beyond old: messages that came or changed, and
// uids that left, both by uid.
func news(ctx context.Context, store Store, old *Snapshot, f Folder, whole bool) (set []Entry, gone []ids.UID, err error) {
	if !whole {
		var items []ids.Item
		err = store.ChangesSince(ctx, old.Mailbox, old.Seq, func(o []byte) (err error) {
			items, err = touched(items, o)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
		slices.Sort(items)
		items = slices.Compact(items)
		n, _ := slices.BinarySearch(items, ids.Item(old.Seq)+1)
		items = items[:n] // later ones are new and found as such
		if len(items) < old.n/4+1000 {
			if set, err = store.EntriesOf(ctx, old.Mailbox, f.ID, ids.Item(old.Seq), items); err == nil {
				// Read after what came: what left since then is in it.
				gone, err = store.LeftSince(ctx, old.Mailbox, f.ID, old.Seq)
			}
			return set, gone, err
		}
		if gone, err = store.LeftSince(ctx, old.Mailbox, f.ID, old.Seq); err != nil {
			return nil, nil, err
		}
	}
	set, err = store.Entries(ctx, old.Mailbox, f.ID, f.Total)
	return set, gone, err
}
