package mailflow

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
	"postroom/internal/wire/address"
)

func isDomain(hop string) bool { return strings.HasPrefix(hop, "domain/") }

// open opens the body of a message. errCorrupt: its bytes cannot be had.
func (s *Service) open(ctx context.Context, m Message) (mailbox.Content, error) {
	key, err := s.Keys.Unwrap(ctx, m.Org, m.Key)
	if err != nil {
		return nil, corrupt(err)
	}
	c, err := s.Packs.Open(ctx, key, m.At)
	if err != nil {
		return nil, corrupt(err)
	}
	if n := c.Size(); n != m.Size {
		_, err = c.ReadAt(make([]byte, 1), 0)
		c.Close()
		return nil, corrupt(errors.Join(fmt.Errorf("the body has %d bytes, not %d", n, m.Size), err))
	}
	return c, nil
}

// errCorrupt marks an error after which the message is kept aside.
var errCorrupt = errors.New("the message's bytes are damaged")

// corrupt leaves errors that pass as they are.
func corrupt(err error) error {
	switch kind, _ := errs.Of(err); kind {
	case errs.Unavailable, errs.Throttled:
		return err
	}
	return fmt.Errorf("%w: %w", errCorrupt, err)
}

// checked reads every byte of a body once, so that damage is found before a
// part of the message is anywhere.
func (s *Service) checked(ctx context.Context, m Message) error {
	key, err := s.Keys.Unwrap(ctx, m.Org, m.Key)
	if err == nil {
		err = s.Packs.Verify(ctx, key, m.At)
	}
	if err != nil {
		return corrupt(err)
	}
	return nil
}

func senderOf(m Message) (address.Address, error) {
	if m.Sender == "" {
		return address.Address{}, nil
	}
	a, err := address.ParseLiteral(m.Sender)
	if err != nil {
		return a, fmt.Errorf("%w: sender %q: %w", errCorrupt, m.Sender, err)
	}
	return a, nil
}

// Queued is a message of the queue as administrators see it.
type Queued struct {
	ID          string
	Sender      string    // empty: the null reverse-path
	SubmittedBy ids.Entry // empty: it came in
	Size        int64
	Since       time.Time
	Recipients  []QueuedRecipient // at most 500 are told
}

// QueuedRecipient is one who has not got it yet.
type QueuedRecipient struct {
	Address  string // or the mailbox's number, where its member of a group was full
	Way      string // region/NAME, retry/NAME, domain/NAME
	State    State
	Attempts int64
	Next     time.Time
	Error    string
}

// Queue lists an organization's messages that wait, behind the id after, for
// its administrators. next is "" at the end.
func (v *View) Queue(ctx context.Context, org ids.Org, after string, limit int) (list []Queued, next string, err error) {
	if v.actor.Kind() == auth.User || !v.actor.MayOrg(org) {
		return nil, "", errs.Say("mailflow.Queue", errs.Denied, errs.Organization, "You may not see this organization's queue.")
	}
	found, err := v.s.Store.Messages(ctx, org, after, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].ID
	}
	for _, m := range found {
		q := Queued{ID: m.ID, Sender: m.Sender, SubmittedBy: m.Actor, Size: m.Size, Since: m.Made}
		if q.Recipients, err = v.s.queuedRecipients(ctx, m.ID); err != nil {
			return nil, "", err
		}
		list = append(list, q)
	}
	return list, next, nil
}

const shownRecipients = 500

func (s *Service) queuedRecipients(ctx context.Context, message string) ([]QueuedRecipient, error) {
	tasks, err := s.Store.Tasks(ctx, message)
	if err != nil {
		return nil, err
	}
	var all []QueuedRecipient
	for _, k := range tasks {
		to, err := s.Store.AllTargets(ctx, message, k.Hop, 0, shownRecipients-len(all))
		if err != nil {
			return nil, err
		}
		for _, t := range to {
			r := QueuedRecipient{Address: t.Address, Way: k.Hop, State: k.State, Attempts: k.Attempts, Next: k.Next, Error: t.Error}
			if r.Address == "" {
				r.Address = fmt.Sprint(int64(t.Mailbox))
			}
			if t.State == Failed {
				r.State = Failed
			}
			if r.Error == "" {
				r.Error = k.Error
			}
			all = append(all, r)
		}
	}
	return all, nil
}
