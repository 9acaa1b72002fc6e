package search

import (
	"context"
	"time"

	"postroom/internal/base/errs"
)

// lagBoxes is how many mailboxes are counted; of more, an estimate is made.
const lagBoxes = 2000

// Lag returns how many documents are not indexed yet and how long the oldest of
// them waits. What an earlier process left counts once mailboxes were compared,
// soon after Start.
func (s *Service) Lag(ctx context.Context) (documents int64, oldest time.Duration, err error) {
	boxes := s.queue.waiting()
	counted := min(len(boxes), lagBoxes)
	now := s.clock.Now()
	for _, id := range boxes[:counted] {
		st, err := s.store.State(ctx, id)
		if err != nil {
			return 0, 0, err
		}
		n, first, err := s.boxes.Waiting(ctx, id, max(st.Through, 0))
		if err != nil && !errs.Is(err, errs.NotFound) {
			return 0, 0, err
		}
		if documents += n; n > 0 {
			oldest = max(oldest, now.Sub(first))
		}
	}
	if counted > 0 {
		documents = documents * int64(len(boxes)) / int64(counted)
	}
	return documents, oldest, nil
}

func (s *Service) gauge() {
	if now := time.Now(); now.Sub(s.gauged) >= gaugeEvery || s.queue.length() == 0 {
		if n, oldest, err := s.Lag(s.ctx); err == nil {
			s.gauged = now
			s.documents.Set(float64(n), s.region)
			s.oldest.Set(oldest.Seconds(), s.region)
		}
	}
}
