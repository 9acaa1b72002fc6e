package mailflow

import (
	"context"
	"fmt"

	"postroom/internal/base/errs"
	"postroom/internal/core/tx"
)

// handOver gives a message to another region of this process, exactly once:
// the other region marks each recipient in the Write that delivers.
func (s *Service) handOver(ctx context.Context, k *Task, m Message, c Content, to []Target, region string) error {
	other, ok := s.router.Region(region)
	if !ok {
		return errs.Say("mailflow.HandOver", errs.Unavailable, errs.Region, "The region %s is not served here.", region)
	}
	failed, later, err := other.receive(ctx, s.Region, m, c, to)
	if err != nil {
		return err
	}
	done := make([]Target, 0, len(to))
	var again error
	for _, t := range to {
		if cause := later[t.N]; cause != nil {
			again = cause
			continue
		}
		done = append(done, t)
	}
	if err := s.finish(ctx, k, done, failed); err != nil {
		return err
	}
	return again
}

// receive takes a message from another region's queue. failed recipients will
// never get it, later ones may be offered again; the others have it, also where
// it is asked twice.
func (s *Service) receive(ctx context.Context, from string, m Message, c Content, to []Target) (failed, later map[int64]error, err error) {
	mark := func(n int64) string { return fmt.Sprintf("%s/%s/%d", from, m.ID, n) }
	marks := make([]string, len(to))
	for i, t := range to {
		marks[i] = mark(t.N)
	}
	seen, err := s.Store.Seen(ctx, nil, marks)
	if err != nil {
		return nil, nil, err
	}
	sender, err := senderOf(m)
	if err != nil {
		return nil, nil, err
	}
	failed, later = map[int64]error{}, map[int64]error{}
	in := &Incoming{ID: s.NewID(), Sender: sender, Content: c, Head: "queue"}
	for i, t := range to {
		if seen[marks[i]] {
			continue
		}
		r, err := s.again(ctx, t.Address, m.Size)
		switch kind, _ := errs.Of(err); {
		case err == nil:
			in.To = append(in.To, r)
			in.seen = append(in.seen, marks[i])
		case kind == errs.NotFound, kind == errs.State:
			failed[t.N] = err
		case kind == errs.OverQuota:
			later[t.N] = err
		default:
			return nil, nil, err
		}
	}
	if len(in.To) == 0 {
		return failed, later, nil
	}
	return failed, later, s.Accept(ctx, in)
}

// Clean forgets marks that no queue can ask for any more.
func (s *Service) Clean(ctx context.Context) error {
	before := s.Clock.Now().Add(-seenTime)
	for n := 1; n > 0; {
		err := s.Store.Write(ctx, "", func(t *tx.Tx) (err error) {
			n, err = s.Store.ForgetSeen(t, before, 500)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
