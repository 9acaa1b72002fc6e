package auth

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
)

// recent is how long a proof that nobody waits on is still watched.
const recent = 10 * time.Minute

// proofKey names what was proven: a mail user's password, or an administrator
// by session or access key.
type proofKey struct {
	region string
	org    ids.Org
	entry  ids.Entry
	admin  ids.Admin
	means  string // "s" + session's id, "k" + access key's id
	digest string // of a session's token, to find its row again
}

// live is a proof that is in use. All Actors of one proof share it.
type live struct {
	key     proofKey
	version int64
	done    chan struct{}
	ended   atomic.Bool

	// kept by the hub's lock
	pins  int
	last  time.Time
	calls []*call // a user's connections: few
}

// call is what OnDone waits with.
type call struct{ f func() }

// hub has the proofs in use in this process, and ends them.
type hub struct {
	clock clock.Clock
	gen   atomic.Int64 // raised by every revocation of an administrator's

	mu    sync.Mutex
	lives map[proofKey]*live
	byOrg map[ids.Org]map[proofKey]*live
}

func newHub(c clock.Clock) *hub {
	return &hub{clock: c, lives: map[proofKey]*live{}, byOrg: map[ids.Org]map[proofKey]*live{}}
}

// open finds or makes the proof at a version. One at an older version ends; where
// there is a newer one, the answer has ended already.
func (h *hub) open(k proofKey, version int64) *live {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.lives[k]
	if l != nil && l.version > version {
		old := &live{key: k, version: version, done: make(chan struct{})}
		h.end(old)
		return old
	}
	if l != nil && l.version < version {
		h.end(l)
		l = nil
	}
	if l == nil {
		l = &live{key: k, version: version, done: make(chan struct{})}
		h.add(l)
	}
	l.last = h.clock.Now()
	return l
}

func (h *hub) add(l *live) {
	h.lives[l.key] = l
	m := h.byOrg[l.key.org]
	if m == nil {
		m = map[proofKey]*live{}
		h.byOrg[l.key.org] = m
	}
	m[l.key] = l
}

func (h *hub) remove(l *live) {
	if h.lives[l.key] != l {
		return
	}
	delete(h.lives, l.key)
	delete(h.byOrg[l.key.org], l.key)
	if len(h.byOrg[l.key.org]) == 0 {
		delete(h.byOrg, l.key.org)
	}
}

// end closes a proof; the caller holds the lock.
func (h *hub) end(l *live) {
	if l.ended.CompareAndSwap(false, true) {
		close(l.done)
		for _, c := range l.calls {
			go c.f()
		}
		l.calls = nil
	}
	h.remove(l)
}

// call has f called when the proof ends.
func (h *hub) call(l *live, f func()) *call {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.ended.Load() {
		go f()
		return nil
	}
	c := &call{f}
	l.calls = append(l.calls, c)
	return c
}

func (h *hub) takeBack(l *live, c *call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if i := slices.Index(l.calls, c); i >= 0 {
		l.calls = slices.Delete(l.calls, i, i+1)
	}
}

// pin keeps a proof watched. One that was forgotten meanwhile is watched again,
// unless a newer one stands in its place: then it has ended.
func (h *hub) pin(l *live) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l.pins++
	if l.ended.Load() || h.lives[l.key] == l {
		return
	}
	if h.lives[l.key] != nil {
		h.end(l)
		return
	}
	h.add(l)
}

func (h *hub) unpin(l *live) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l.pins--
	l.last = h.clock.Now()
}

// revoke ends the proofs of an organization, or of the deployment for "", that
// match.
func (h *hub) revoke(org ids.Org, match func(proofKey) bool) (ended int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if org == "" {
		h.gen.Add(1)
	}
	for k, l := range h.byOrg[org] {
		if match(k) {
			h.end(l)
			ended++
		}
	}
	return ended
}

// stop ends one proof.
func (h *hub) stop(l *live) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.key.org == "" {
		h.gen.Add(1)
	}
	h.end(l)
}

// watched are the proofs in use; what nobody uses any more is forgotten.
func (h *hub) watched() []*live {
	h.mu.Lock()
	defer h.mu.Unlock()
	old := h.clock.Now().Add(-recent)
	list := make([]*live, 0, len(h.lives))
	for _, l := range h.lives {
		if l.pins <= 0 && l.last.Before(old) {
			h.remove(l)
			continue
		}
		list = append(list, l)
	}
	return list
}
