package mailflow

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

const (
	lease    = time.Minute         // then another worker takes the task
	attempt  = 50 * time.Second    // one attempt, within the lease
	poll     = 5 * time.Second     // for tasks of other machines
	seenTime = 90 * 24 * time.Hour // how long a message from another region is known again
	turn     = 2                   // tasks of one organization at once
)

var errLeaseLost = errors.New("another worker has taken the task")

// Start begins the work on the queue; Close ends it and waits for what runs.
func (s *Service) Start() {
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.stopped.Add(1)
	go func() {
		defer s.stopped.Done()
		s.run(ctx)
	}()
}

// Close ends the work on the queue. What was not finished goes on after the
// next Start.
func (s *Service) Close() {
	if s.stop != nil {
		s.stop()
	}
	s.stopped.Wait()
}

func (s *Service) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Service) run(ctx context.Context) {
	slots := make(chan struct{}, s.Workers)
	var after ids.Org
	var cleaned time.Time
	for ctx.Err() == nil {
		if time.Since(cleaned) > 24*time.Hour {
			cleaned = time.Now()
			if err := s.Clean(ctx); err != nil && ctx.Err() == nil {
				s.Log.Error("old marks of the queue cannot be removed", "error", err)
			}
		}
		due, err := s.Store.Due(ctx, s.Clock.Now(), after, turn, s.Workers)
		if err != nil && ctx.Err() == nil {
			s.Log.Error("the queue cannot be read", "error", err)
		}
		for _, k := range due {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			after = k.Org
			s.stopped.Add(1)
			go func() {
				defer func() { <-slots; s.stopped.Done(); s.nudge() }()
				s.work(ctx, k)
			}()
		}
		if len(due) == 0 {
			s.rest(ctx)
		}
	}
}

// rest waits until something may be due.
func (s *Service) rest(ctx context.Context) {
	wait := poll
	if next, ok, err := s.Store.NextDue(ctx); err == nil && ok {
		wait = min(wait, max(next.Sub(s.Clock.Now()), 10*time.Millisecond))
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.wake:
	case <-ctx.Done():
	}
}

// Drain works on what is due until nothing is; for tests and for a stop that
// leaves nothing undone. It answers how many tasks it worked on.
func (s *Service) Drain(ctx context.Context) (int, error) {
	for n := 0; ; {
		due, err := s.Store.Due(ctx, s.Clock.Now(), "", turn, s.Workers)
		if err != nil || len(due) == 0 {
			return n, err
		}
		for _, k := range due {
			s.work(ctx, k)
			n++
		}
	}
}

// work does one task under a lease.
func (s *Service) work(ctx context.Context, k Task) {
	name := rand.Text()
	var mine bool
	err := s.Store.Write(ctx, k.Org, func(t *tx.Tx) (err error) {
		mine, err = s.Store.Take(t, k, name, s.Clock.Now().Add(lease))
		return err
	})
	if err != nil || !mine {
		return
	}
	k.Lease = name
	parent := ctx
	if k.Hop != regionHop(s.Region) { // whose slices renew the lease
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, attempt)
		defer cancel()
	}
	err = s.attempt(ctx, &k)
	log := s.Log.With("queue_id", k.Message, "way", k.Hop, "attempt", k.Attempts+1)
	switch {
	case err == nil:
		log.Info("a queued message was delivered")
		return
	case errors.Is(err, errLeaseLost):
		return
	case errors.Is(err, errCorrupt):
		log.Error("a queued message is damaged and is kept aside", "error", err)
		err = s.release(k, Corrupt, time.Time{}, err)
	default:
		next := s.Clock.Now()
		if parent.Err() == nil { // else the service stops, and goes on at its next start
			next = next.Add(s.backoff(k.Attempts + 1))
			log.Warn("a queued message waits for its next attempt", "error", err)
		}
		err = s.release(k, Ready, next, err)
	}
	if err != nil {
		log.Error("the queue cannot be written", "error", err)
	}
}

// release ends the lease also where the service is stopping.
func (s *Service) release(k Task, state State, next time.Time, cause error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	text := cause.Error()
	return s.Store.Write(ctx, k.Org, func(t *tx.Tx) error {
		_, err := s.Store.Release(t, k, state, next, text[:min(len(text), 500)])
		return err
	})
}

func (s *Service) attempt(ctx context.Context, k *Task) error {
	m, ok, err := s.Store.Message(ctx, nil, k.Message)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: the queue has lost its row", errCorrupt)
	}
	if err := s.checked(ctx, m); err != nil {
		return err
	}
	c, err := s.open(ctx, m)
	if err != nil {
		return err
	}
	defer c.Close()
	to, err := s.Store.Targets(ctx, nil, k.Message, k.Hop, 0, 1000)
	if err != nil {
		return err
	}
	switch way, name, _ := strings.Cut(k.Hop, "/"); {
	case way == "retry" && name == s.Region:
		return s.retry(ctx, k, m, c, to)
	case way == "region" && name == s.Region:
		return s.spread(ctx, k, m, c, to)
	case way == "region":
		return s.handOver(ctx, k, m, c, to, name)
	}
	return fmt.Errorf("%w: nobody knows the way %q", errCorrupt, k.Hop)
}

// spread delivers to more mailboxes than fit in one Write: in order of id, in
// slices, each of which moves the mark of the task in the same Write.
func (s *Service) spread(ctx context.Context, k *Task, m Message, c Content, to []Target) error {
	in, failed, err := s.incoming(ctx, m, c, to)
	if err != nil {
		return err
	}
	orgs := map[ids.Mailbox]ids.Org{}
	for _, r := range in.To {
		boxes := r.boxes
		if r.Kind == Group {
			if boxes, err = s.expand(ctx, r.Org, r.Entry, maxMembers); err != nil {
				return err
			}
		}
		for _, id := range boxes {
			orgs[id] = r.Org
		}
	}
	all := make([]box, 0, len(orgs))
	for id, o := range orgs {
		all = append(all, box{id, o, true})
	}
	slices.SortFunc(all, byID)
	prepared := map[ids.Org]*mailbox.Prepared{}
	for i, _ := slices.BinarySearchFunc(all, box{id: k.Reached + 1}, byID); i < len(all); {
		slice := all[i:min(i+now, len(all))]
		if err := s.slice(ctx, k, in, slice, prepared); err != nil {
			return err
		}
		i += len(slice)
	}
	return s.finish(ctx, k, to, failed)
}

func byID(a, b box) int { return int(min(max(a.id-b.id, -1), 1)) }

// incoming resolves a task's addresses again; failed are those that lead
// nowhere by now.
func (s *Service) incoming(ctx context.Context, m Message, c Content, to []Target) (in *Incoming, failed map[int64]error, err error) {
	sender, err := senderOf(m)
	if err != nil {
		return nil, nil, err
	}
	in = &Incoming{ID: m.ID, Sender: sender, Content: c, Head: "queue", org: m.Org, actor: m.Actor}
	failed = map[int64]error{}
	for _, t := range to {
		r, err := s.again(ctx, t.Address, m.Size)
		switch kind, _ := errs.Of(err); {
		case err == nil, kind == errs.OverQuota:
			in.To = append(in.To, r)
		case kind == errs.NotFound, kind == errs.State:
			failed[t.N] = err
		default:
			return nil, nil, err
		}
	}
	return in, failed, nil
}

// again resolves an address of this region. OverQuota comes with the recipient.
func (s *Service) again(ctx context.Context, text string, size int64) (Recipient, error) {
	a, err := address.Parse(text)
	if err != nil {
		return Recipient{}, errs.Say("mailflow.Route", errs.NotFound, errs.Address, "%q is no address.", text)
	}
	r, err := s.router.route(ctx, a, size+maxReturnPath)
	if err == nil && r.Region != s.Region {
		err = errs.Say("mailflow.Route", errs.NotFound, errs.Address, "The mail domain of %s has left.", a)
	}
	return r, err
}

// slice delivers to up to now mailboxes; those that are full get a way of their own.
func (s *Service) slice(ctx context.Context, k *Task, in *Incoming, boxes []box, prepared map[ids.Org]*mailbox.Prepared) error {
	last := boxes[len(boxes)-1].id
	full := map[ids.Mailbox]bool{}
	by := mailbox.Origin{Actor: string(in.actor), Head: in.Head, Operation: "mailflow.Accept"}
	for try := 0; ; try++ {
		place := boxes
		if len(full) > 0 {
			place = slices.DeleteFunc(slices.Clone(boxes), func(b box) bool { return full[b.id] })
		}
		for _, b := range place {
			if prepared[b.org] == nil {
				p, err := s.inbox.Prepare(ctx, b.org, in.Sender, in.Content)
				if err != nil {
					return err
				}
				prepared[b.org] = p
			}
		}
		until := s.Clock.Now().Add(lease)
		err := s.Store.Write(ctx, k.Org, func(t *tx.Tx) error {
			if ok, err := s.Store.Reach(t, *k, last, until); err != nil || !ok {
				return errors.Join(err, lost(ok))
			}
			if err := s.placeTx(ctx, t, place, prepared, by); err != nil {
				return err
			}
			return s.addRetries(t, k, full)
		})
		if err == nil {
			k.Reached = last
			return nil
		}
		if try == 3 || !errs.Is(err, errs.OverQuota) {
			return err
		}
		for id := range s.full(ctx, boxes, in.Content.Size()) {
			full[id] = true
		}
	}
}

func lost(ok bool) error {
	if ok {
		return nil
	}
	return errLeaseLost
}

func (s *Service) addRetries(t *tx.Tx, k *Task, full map[ids.Mailbox]bool) error {
	if len(full) == 0 {
		return nil
	}
	var to []Target
	for id := range full {
		to = append(to, Target{N: int64(id), Mailbox: id})
	}
	next := s.Clock.Now().Add(s.backoff(1))
	return s.Store.AddTask(t, Task{Message: k.Message, Hop: retryHop(s.Region), Org: k.Org, State: Ready, Next: next}, to)
}

// finish ends a task whose recipients all have it, but the failed ones.
func (s *Service) finish(ctx context.Context, k *Task, to []Target, failed map[int64]error) error {
	return s.Store.Write(ctx, k.Org, func(t *tx.Tx) error {
		if ok, err := s.Store.Reach(t, *k, k.Reached, s.Clock.Now().Add(lease)); err != nil || !ok {
			return errors.Join(err, lost(ok))
		}
		for _, r := range to {
			var err error
			if cause := failed[r.N]; cause != nil {
				err = s.Store.SetTarget(t, k.Message, k.Hop, r.N, Failed, errs.Public(cause))
			} else {
				err = s.Store.RemoveTargets(t, k.Message, k.Hop, []int64{r.N})
			}
			if err != nil {
				return err
			}
		}
		_, err := s.Store.Settle(t, k.Message, k.Hop)
		return err
	})
}

// retry delivers to mailboxes that were full, each in a Write of its own that
// takes it off the list.
func (s *Service) retry(ctx context.Context, k *Task, m Message, c Content, to []Target) error {
	sender, err := senderOf(m)
	if err != nil {
		return err
	}
	prepared := map[ids.Org]*mailbox.Prepared{}
	by := mailbox.Origin{Actor: string(m.Actor), Head: "queue", Operation: "mailflow.Accept"}
	var again error
	for _, r := range to {
		if err := s.Mailboxes.Fits(ctx, r.Mailbox, m.Size+maxReturnPath); errs.Is(err, errs.OverQuota) {
			again = err
			continue
		}
		o, err := s.Mailboxes.OrgOf(ctx, r.Mailbox)
		if err == nil && prepared[o] == nil {
			prepared[o], err = s.inbox.Prepare(ctx, o, sender, c)
		}
		if err == nil {
			err = s.Store.Write(ctx, k.Org, func(t *tx.Tx) error {
				if ok, err := s.Store.Reach(t, *k, k.Reached, s.Clock.Now().Add(lease)); err != nil || !ok {
					return errors.Join(err, lost(ok))
				}
				if err := s.Store.RemoveTargets(t, k.Message, k.Hop, []int64{r.N}); err != nil {
					return err
				}
				return s.inbox.PlaceTx(ctx, t, prepared[o], by, []ids.Mailbox{r.Mailbox})
			})
		}
		switch kind, _ := errs.Of(err); {
		case err == nil:
		case kind == errs.NotFound, kind == errs.State: // the mailbox has gone meanwhile
			if err := s.failTarget(ctx, k, r, err); err != nil {
				return err
			}
		case kind == errs.OverQuota:
			again = err
		default:
			return err
		}
	}
	if again != nil {
		return again
	}
	return s.settle(ctx, k)
}

func (s *Service) failTarget(ctx context.Context, k *Task, r Target, cause error) error {
	return s.Store.Write(ctx, k.Org, func(t *tx.Tx) error {
		return s.Store.SetTarget(t, k.Message, k.Hop, r.N, Failed, errs.Public(cause))
	})
}

func (s *Service) settle(ctx context.Context, k *Task) error {
	return s.Store.Write(ctx, k.Org, func(t *tx.Tx) error {
		_, err := s.Store.Settle(t, k.Message, k.Hop)
		return err
	})
}
