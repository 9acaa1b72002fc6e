package search

import (
	"sync"
	"time"

	"postroom/internal/base/ids"
)

// queue has the mailboxes that may have something new, each once, in turn.
type queue struct {
	mu      sync.Mutex
	in      map[ids.Mailbox]bool
	turn    []ids.Mailbox
	late    []ids.Mailbox // failed; again at resume
	resume  time.Time
	backoff time.Duration
	changes int64
	wake    chan struct{}
}

const (
	firstBackoff = time.Second
	lastBackoff  = time.Minute
)

func newQueue() *queue {
	return &queue{in: map[ids.Mailbox]bool{}, wake: make(chan struct{}, 1)}
}

// add puts a mailbox at the end.
func (q *queue) add(id ids.Mailbox) {
	q.mu.Lock()
	q.changes++
	if !q.in[id] {
		q.in[id] = true
		q.turn = append(q.turn, id)
	}
	q.mu.Unlock()
	q.poke()
}

func (q *queue) poke() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// next takes at most n mailboxes. Each of them must go to done,
// again or failed.
func (q *queue) next(n int, now time.Time) []ids.Mailbox {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.late) > 0 && !now.Before(q.resume) {
		q.turn = append(q.turn, q.late...)
		q.late = nil
	}
	n = min(n, len(q.turn))
	took := append([]ids.Mailbox(nil), q.turn[:n]...)
	if q.turn = q.turn[n:]; len(q.turn) == 0 {
		q.turn = nil // lets its memory go
	}
	for _, id := range took {
		q.in[id] = false // a change from now on puts it in again
	}
	return took
}

// again puts mailboxes whose turn came too early back in front.
func (q *queue) again(list []ids.Mailbox) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var front []ids.Mailbox
	for _, id := range list {
		if !q.in[id] {
			q.in[id] = true
			front = append(front, id)
		}
	}
	if len(front) > 0 {
		q.turn = append(front, q.turn...)
	}
}

// done ends a turn. One with more to do comes again behind the others.
func (q *queue) done(id ids.Mailbox, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.backoff = 0
	switch {
	case q.in[id]:
	case more:
		q.in[id] = true
		q.turn = append(q.turn, id)
	default:
		delete(q.in, id)
	}
}

// failed has a mailbox come again after a while, which grows as long as nothing
// succeeds.
func (q *queue) failed(list []ids.Mailbox, now time.Time) {
	if len(list) == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.late) == 0 {
		q.backoff = min(max(2*q.backoff, firstBackoff), lastBackoff)
		q.resume = now.Add(q.backoff)
	}
	for _, id := range list {
		if !q.in[id] {
			q.in[id] = true
			q.late = append(q.late, id)
		}
	}
}

// idle returns how long nothing is due; 0: something is.
func (q *queue) idle(now time.Time, most time.Duration) time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case len(q.turn) > 0:
		return 0
	case len(q.late) > 0:
		return min(most, max(q.resume.Sub(now), 0))
	}
	return most
}

func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.turn)
}

// waiting returns all mailboxes that are in the queue.
func (q *queue) waiting() []ids.Mailbox {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := make([]ids.Mailbox, 0, len(q.in))
	for id := range q.in {
		list = append(list, id)
	}
	return list
}

// changed returns how many changes came since it was asked last.
func (q *queue) changed() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := q.changes
	q.changes = 0
	return n
}
