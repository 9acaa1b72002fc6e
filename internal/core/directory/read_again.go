package directory

import (
	"context"
	"slices"
	"sync"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// readAgain has the mirror look at a user whom the directory calls inactive and
// we do not, such as an account that has expired since: nothing changed there
// that a mirror would see. Once a minute for a user, since some are inactive by
// the hour. A failure only means that it is seen at the next comparison.
func (s *Service) readAgain(ctx context.Context, e *Entry) {
	if !s.inactive.first(e, s.Clock.Now()) {
		return
	}
	err := s.Store.Write(ctx, e.Org, func(t *tx.Tx) error {
		if _, err := s.Orgs.Lock(t, e.Org); err != nil {
			return err
		}
		return s.lookAgain(t, e.Org, []ids.Entry{e.ID})
	})
	if err != nil {
		s.Log.WarnContext(ctx, "a user whom the directory calls inactive is not looked at yet", "org", e.Org, "entry", e.ID, "error", err)
		return
	}
	s.PokeMirror(e.Org)
}

// lookAgain has the mirror read entries again that its directory has.
func (s *Service) lookAgain(t *tx.Tx, org ids.Org, list []ids.Entry) error {
	rows, err := s.Store.SeenEntries(t.Context(), t, org, list)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(seen Seen) bool { return seen.Again || !seen.Gone.IsZero() })
	for i := range rows {
		rows[i].Again = true
	}
	return s.Store.PutSeen(t, rows...)
}

// recent remembers what was done in the last minute.
type recent struct {
	mu sync.Mutex
	at map[string]time.Time // by organization and entry
}

func (r *recent) first(e *Entry, now time.Time) bool {
	key := string(e.Org) + "/" + string(e.ID)
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.at[key].Add(time.Minute)) {
		return false
	}
	if r.at == nil || len(r.at) >= 1000 {
		r.at = map[string]time.Time{}
	}
	r.at[key] = now
	return true
}
