package mailbox

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Keys wraps data keys under an organization's key (core/org).
type Keys interface {
	Wrap(ctx context.Context, org ids.Org, key [32]byte) ([]byte, error)
	Unwrap(ctx context.Context, org ids.Org, wrapped []byte) ([32]byte, error)
}

// Addresses names the addresses of an entry, the primary one first (core/directory).
type Addresses interface {
	Addresses(ctx context.Context, v tx.View, org ids.Org, entry ids.Entry) ([]string, error)
}

// Options are what a Service needs.
type Options struct {
	Store     Store
	Packs     Packs
	Keys      Keys
	Access    Access
	Addresses Addresses
	Clock     clock.Clock
	Log       *slog.Logger
	Recover   time.Duration // how long deleted items stay; default 14 days
	Snapshots int           // bytes for open folders; default 256 MiB
	Metas     int           // bytes for what was read of listed messages; default 64 MiB
	Poll      time.Duration // between looks for others' changes; default 5 s
}

// Service has the mailboxes of one region.
type Service struct {
	store     Store
	packs     Packs
	keys      Keys
	access    Access
	addresses Addresses
	clock     clock.Clock
	log       *slog.Logger
	recover   time.Duration
	hub       *hub
	snapshots *snapshots
	metas     *metas
	rooms     rooms
	changed   atomic.Pointer[func(ids.Org, ids.Mailbox)]
	stop      context.CancelFunc
	emptied   map[int64]time.Time // packs in which nothing lives, and since when it was seen; Rewrite's alone
}

// New starts the service; Close ends it.
func New(o Options) *Service {
	if o.Recover == 0 {
		o.Recover = 14 * 24 * time.Hour
	}
	if o.Snapshots == 0 {
		o.Snapshots = 256 << 20
	}
	if o.Metas == 0 {
		o.Metas = 64 << 20
	}
	if o.Poll == 0 {
		o.Poll = 5 * time.Second
	}
	if o.Clock == nil {
		o.Clock = clock.System
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Service{store: o.Store, packs: o.Packs, keys: o.Keys, access: o.Access, addresses: o.Addresses, clock: o.Clock, log: o.Log, recover: o.Recover,
		hub: newHub(), snapshots: newSnapshots(o.Snapshots), metas: newMetas(o.Metas), stop: stop, emptied: map[int64]time.Time{}}
	go s.hub.poll(ctx, s.store, o.Poll)
	go s.hub.announce(ctx, s.store)
	go s.store.Listen(ctx, s.hub.changed)
	return s
}

// Close ends the polling. Mailboxes that are open fail with the store.
func (s *Service) Close() { s.stop() }

// OnChange names who is told of each mailbox that has new content (the search
// index). f must not block.
func (s *Service) OnChange(f func(ids.Org, ids.Mailbox)) { s.changed.Store(&f) }

// Provision makes the mailbox of an entry with its standard folders. quota is in bytes.
func (s *Service) Provision(ctx context.Context, t *tx.Tx, org ids.Org, entry ids.Entry, quota int64) (ids.Mailbox, error) {
	now := s.clock.Now()
	b := Box{ID: ids.NewMailbox(), Org: org, Entry: entry, Epoch: 1, Seq: ids.Seq(len(standard)), Quota: quota, Created: now,
		UIDValidity: uint32(now.Unix())}
	first := b.UIDValidity
	b.UIDValidity += uint32(len(standard))
	if err := s.store.AddBox(ctx, t, b); err != nil {
		return 0, err
	}
	for i, f := range standard {
		err := s.store.AddFolder(ctx, t, b.ID, Folder{ID: ids.Folder(i + 1), Name: f.name, Role: f.role, Kind: f.kind,
			UIDValidity: first + uint32(i), UIDNext: 1, SeqProps: ids.Seq(i + 1), SeqCounts: ids.Seq(i + 1)})
		if err == nil && f.kind == KindMail { // clients show what is subscribed
			err = s.store.Subscribe(ctx, t, b.ID, string(entry), f.name, true)
		}
		if err != nil {
			return 0, err
		}
	}
	return b.ID, s.store.AddChange(ctx, t, b.ID, Change{From: 1, To: b.Seq, At: now, Operation: "provision"})
}

// Detach starts the time after which Purge takes the mailbox away.
func (s *Service) Detach(ctx context.Context, t *tx.Tx, id ids.Mailbox, at time.Time) error {
	t.AfterCommit(func() { s.rooms.forget(id) })
	return s.store.SetDetached(ctx, t, id, at)
}

// Reattach takes a detached mailbox into use again.
func (s *Service) Reattach(ctx context.Context, t *tx.Tx, id ids.Mailbox) error {
	return s.store.SetDetached(ctx, t, id, time.Time{})
}

// SetQuota sets the quota and answers what it was, both in bytes.
func (s *Service) SetQuota(ctx context.Context, t *tx.Tx, id ids.Mailbox, quota int64) (was int64, err error) {
	b, err := s.store.Box(ctx, t, id)
	if err != nil {
		return 0, err
	}
	t.AfterCommit(func() { s.rooms.forget(id) })
	return b.Quota, s.store.SetQuota(ctx, t, id, quota)
}

// Usage returns size and quota in bytes.
func (s *Service) Usage(ctx context.Context, id ids.Mailbox) (size, quota int64, err error) {
	b, err := s.store.Box(ctx, nil, id)
	return b.Size, b.Quota, err
}

// Sum is what the mailboxes of an organization hold.
type Sum struct {
	Boxes    int64
	Detached int64 // of them
	Messages int64 // in their folders
	Bytes    int64
}

// Sum adds up what the mailboxes of an organization hold, detached ones too.
func (s *Service) Sum(ctx context.Context, org ids.Org) (Sum, error) { return s.store.Sum(ctx, org) }

func (b Box) fits(op string, bytes int64) error {
	if b.Size+bytes > b.Quota {
		return errs.Say(op, errs.OverQuota, errs.Mailbox, "The mailbox is full.")
	}
	return nil
}

const purgeSlice = 300

// Purge removes a mailbox for good, in slices; it may be run again after a crash.
// Once its rows are gone its bodies' keys are too, and the bytes are unreadable.
func (s *Service) Purge(ctx context.Context, org ids.Org, id ids.Mailbox) error {
	defer s.metas.forget(id)
	for more := true; more; {
		err := s.store.Write(ctx, org, func(t *tx.Tx) (err error) {
			if err = t.LockMailbox(id); err != nil {
				return err
			}
			more, err = s.store.EmptyBox(ctx, t, id, purgeSlice)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// PurgeItems removes what was deleted longer than the recovery window ago, over
// all mailboxes, in slices.
func (s *Service) PurgeItems(ctx context.Context) error {
	before := s.clock.Now().Add(-s.recover)
	var after ids.Mailbox
	for {
		boxes, err := s.store.Gone(ctx, before, after, 100)
		if err != nil || len(boxes) == 0 {
			return err
		}
		for _, id := range boxes {
			after = id
			for n := purgeSlice; n == purgeSlice; {
				err := s.store.Write(ctx, "", func(t *tx.Tx) (err error) {
					if err = t.LockMailbox(id); err != nil {
						return err
					}
					n, err = s.store.Purge(ctx, t, id, before, purgeSlice)
					return err
				})
				if err != nil {
					return err
				}
			}
		}
	}
}

// PurgeOrg removes all mailboxes of an organization for good.
func (s *Service) PurgeOrg(ctx context.Context, org ids.Org) error {
	for {
		list, err := s.store.BoxesOf(ctx, org, 100)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, id := range list {
			if err := s.Purge(ctx, org, id); err != nil {
				return err
			}
		}
	}
}
