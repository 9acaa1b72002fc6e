package mailbox

import (
	"context"
	"sync"
	"time"

	"postroom/internal/base/ids"
)

// rooms remembers for a moment which mailboxes have plenty of room, so that
// RCPT need not read a row for each message. The Write that delivers looks again.
type rooms struct {
	mu    sync.RWMutex
	known map[ids.Mailbox]room
}

type room struct {
	free  int64
	until time.Time
}

const (
	roomTime  = 5 * time.Second
	roomsMost = 20_000
	plenty    = 8 << 20 // bytes beyond the message that must be free
)

// saw notes a mailbox's row.
func (r *rooms) saw(b Box, now time.Time) {
	free := b.Quota - b.Size
	if !b.Detached.IsZero() {
		free = 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.known) >= roomsMost || r.known == nil {
		r.known = map[ids.Mailbox]room{}
	}
	r.known[b.ID] = room{free, now.Add(roomTime)}
}

func (r *rooms) plenty(id ids.Mailbox, bytes int64, now time.Time) bool {
	r.mu.RLock()
	k := r.known[id]
	r.mu.RUnlock()
	return k.free > bytes+plenty && now.Before(k.until)
}

// Fits tells whether a message of this many bytes would be taken now.
func (s *Service) Fits(ctx context.Context, id ids.Mailbox, bytes int64) error {
	if s.rooms.plenty(id, bytes, s.clock.Now()) {
		return nil
	}
	b, err := s.store.Box(ctx, nil, id)
	if err != nil {
		return err
	}
	s.rooms.saw(b, s.clock.Now())
	return b.fits("mailbox.Fits", bytes)
}

// forget is for who changes a quota or takes a mailbox out of use.
func (r *rooms) forget(id ids.Mailbox) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, id)
}
