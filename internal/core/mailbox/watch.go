package mailbox

import (
	"context"
	"sync"
	"time"

	"postroom/internal/base/ids"
)

// hub wakes who watches a mailbox when it has changed: at once where this
// process made the change, else when the store's counter was polled.
type hub struct {
	mu       sync.Mutex
	watchers map[ids.Mailbox]map[*Watch]struct{}
	known    map[ids.Mailbox]ids.Seq
	news     map[ids.Mailbox]ids.Seq // to announce
	told     chan struct{}
}

// Watch wakes its owner through C, which holds one token at most: whoever takes
// it looks at all that has changed.
type Watch struct {
	C       chan struct{}
	wake    func() // in place of C
	hub     *hub
	mailbox ids.Mailbox
}

func newHub() *hub {
	return &hub{watchers: map[ids.Mailbox]map[*Watch]struct{}{}, known: map[ids.Mailbox]ids.Seq{},
		news: map[ids.Mailbox]ids.Seq{}, told: make(chan struct{}, 1)}
}

// Watch starts watching the mailbox. Close ends it.
func (m *Mailbox) Watch() *Watch {
	return m.s.hub.watch(&Watch{C: make(chan struct{}, 1), mailbox: m.id})
}

// WatchFunc is Watch that calls wake in place of C: for those of whom thousands
// wait, without a goroutine each. wake must return at once and not come back to
// the Watch: changes are told one watcher after another.
func (m *Mailbox) WatchFunc(wake func()) *Watch {
	return m.s.hub.watch(&Watch{wake: wake, mailbox: m.id})
}

func (h *hub) watch(w *Watch) *Watch {
	id := w.mailbox
	w.hub = h
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers[id] == nil {
		h.watchers[id] = map[*Watch]struct{}{}
	}
	h.watchers[id][w] = struct{}{}
	return w
}

// Close ends the watching.
func (w *Watch) Close() {
	w.hub.mu.Lock()
	defer w.hub.mu.Unlock()
	if of := w.hub.watchers[w.mailbox]; of != nil {
		delete(of, w)
		if len(of) == 0 {
			delete(w.hub.watchers, w.mailbox)
			delete(w.hub.known, w.mailbox)
		}
	}
}

// made is changed for a change of this process, which others shall hear of too.
func (h *hub) made(id ids.Mailbox, seq ids.Seq) {
	h.changed(id, seq)
	h.mu.Lock()
	h.news[id] = max(h.news[id], seq)
	h.mu.Unlock()
	select {
	case h.told <- struct{}{}:
	default:
	}
}

// announce tells the other processes what was made, what comes together at once.
func (h *hub) announce(ctx context.Context, store Store) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.told:
		}
		h.mu.Lock()
		news := h.news
		h.news = map[ids.Mailbox]ids.Seq{}
		h.mu.Unlock()
		_ = store.Announce(ctx, news) // lost ones are found by polling
	}
}

func (h *hub) changed(id ids.Mailbox, seq ids.Seq) {
	h.mu.Lock()
	defer h.mu.Unlock()
	of := h.watchers[id]
	if of == nil || seq <= h.known[id] {
		return
	}
	h.known[id] = seq
	for w := range of {
		if w.wake != nil {
			w.wake()
			continue
		}
		select {
		case w.C <- struct{}{}:
		default:
		}
	}
}

// poll asks the store for the counters of all watched mailboxes every so often:
// changes by other machines, whose notice may be lost.
func (h *hub) poll(ctx context.Context, store Store, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		h.mu.Lock()
		watched := make([]ids.Mailbox, 0, len(h.watchers))
		for id := range h.watchers {
			watched = append(watched, id)
		}
		h.mu.Unlock()
		for len(watched) > 0 {
			n := min(len(watched), 500)
			seqs, err := store.Seqs(ctx, watched[:n])
			if err != nil {
				break // the next tick tries again
			}
			for id, seq := range seqs {
				h.changed(id, seq)
			}
			watched = watched[n:]
		}
	}
}
