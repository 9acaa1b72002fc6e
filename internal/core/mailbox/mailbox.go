package mailbox

import (
	"context"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

// Access tells whose mailboxes an entry may open (core/access).
type Access interface {
	// MayOpen answers nil where grantee has full access to owner's mailbox,
	// himself or through groups, else errs.NotFound.
	MayOpen(ctx context.Context, org ids.Org, owner, grantee ids.Entry) error
	// Shared returns the enabled entries to whose mailboxes grantee has full access.
	Shared(ctx context.Context, org ids.Org, grantee ids.Entry) ([]directory.Entry, error)
}

// View is what one signed-in user may open.
type View struct {
	s     *Service
	actor auth.Actor
}

// For returns the mailboxes as actor sees them.
func (s *Service) For(actor auth.Actor) *View { return &View{s, actor} }

// Mailbox is one mailbox, open for one actor.
type Mailbox struct {
	s     *Service
	id    ids.Mailbox
	org   ids.Org
	owner ids.Entry
	actor auth.Actor
}

// Own opens the actor's own mailbox.
func (v *View) Own(ctx context.Context) (*Mailbox, error) { return v.open(ctx, v.actor.Entry()) }

// Open opens the mailbox of an entry to which the actor has full access. To
// anyone else it does not exist.
func (v *View) Open(ctx context.Context, owner ids.Entry) (*Mailbox, error) {
	if owner != v.actor.Entry() {
		if err := v.s.access.MayOpen(ctx, v.actor.Org(), owner, v.actor.Entry()); err != nil {
			return nil, err
		}
	}
	return v.open(ctx, owner)
}

// Shared returns the owners of the other mailboxes that the actor may open.
func (v *View) Shared(ctx context.Context) ([]directory.Entry, error) {
	return v.s.access.Shared(ctx, v.actor.Org(), v.actor.Entry())
}

func (v *View) open(ctx context.Context, owner ids.Entry) (*Mailbox, error) {
	b, err := v.s.store.BoxOf(ctx, nil, v.actor.Org(), owner)
	if err != nil {
		return nil, err
	}
	if !b.Detached.IsZero() {
		return nil, errs.Say("mailbox.Open", errs.NotFound, errs.Mailbox, "There is no such mailbox.")
	}
	return &Mailbox{s: v.s, id: b.ID, org: b.Org, owner: owner, actor: v.actor}, nil
}

// ID is the mailbox's id.
func (m *Mailbox) ID() ids.Mailbox { return m.id }

// Owner is the entry whose mailbox this is.
func (m *Mailbox) Owner() ids.Entry { return m.owner }

// Quota returns size and quota in bytes.
func (m *Mailbox) Quota(ctx context.Context) (size, quota int64, err error) {
	return m.s.Usage(ctx, m.id)
}

// Keywords returns the names of the keyword bits.
func (m *Mailbox) Keywords(ctx context.Context) (Keywords, error) {
	b, err := m.s.store.Box(ctx, nil, m.id)
	return b.Keywords, err
}

func (m *Mailbox) actorID() string { return string(m.actor.Entry()) }

// changing is one transaction's change of one mailbox: it takes numbers of the
// counter and becomes one row of the log.
type changing struct {
	s        *Service
	ctx      context.Context
	t        *tx.Tx
	id       ids.Mailbox
	now      time.Time
	from, to ids.Seq
	box      Box
	old      []byte
}

// take takes n numbers and returns the first. Numbers of one change follow each other.
func (c *changing) take(n int64) (ids.Seq, error) { return c.takeSize(n, 0) }

func (c *changing) takeSize(n, size int64) (ids.Seq, error) {
	b, err := c.s.store.Take(c.ctx, c.t, c.id, n, size)
	if err != nil {
		return 0, err
	}
	first := b.Seq - ids.Seq(n) + 1
	if c.from == 0 {
		c.from = first
	}
	c.to, c.box = b.Seq, b
	return first, nil
}

// end writes the log's row and wakes the watchers after the commit.
func (c *changing) end(org ids.Org, actor, head, operation string) error {
	if c.from == 0 {
		return nil // nothing changed
	}
	err := c.s.store.AddChange(c.ctx, c.t, c.id, Change{From: c.from, To: c.to, At: c.now, Actor: actor, Head: head, Operation: operation, Old: c.old})
	if err != nil {
		return err
	}
	s, id, to := c.s, c.id, c.to
	c.t.AfterCommit(func() {
		s.hub.made(id, to)
		if f := s.changed.Load(); f != nil {
			(*f)(org, id)
		}
	})
	return nil
}

// write runs f in a Write of this mailbox and closes its change.
func (m *Mailbox) write(ctx context.Context, op string, f func(*tx.Tx, *changing) error) error {
	return m.s.store.Write(ctx, m.org, func(t *tx.Tx) error {
		if err := t.LockMailbox(m.id); err != nil {
			return err
		}
		c := &changing{s: m.s, ctx: ctx, t: t, id: m.id, now: m.s.clock.Now()}
		if err := f(t, c); err != nil {
			return err
		}
		return c.end(m.org, m.actorID(), m.actor.Head(), op)
	})
}

// OpenFor opens a mailbox by its id for work of core's own (delivery, restore,
// jobs); heads open through For.
func (s *Service) OpenFor(ctx context.Context, id ids.Mailbox, actor auth.Actor) (*Mailbox, error) {
	b, err := s.store.Box(ctx, nil, id)
	if err != nil {
		return nil, err
	}
	return &Mailbox{s: s, id: b.ID, org: b.Org, owner: b.Entry, actor: actor}, nil
}
