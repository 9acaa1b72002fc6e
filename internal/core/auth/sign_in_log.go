package auth

import (
	"cmp"
	"context"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/statistics"
	"postroom/internal/core/tx"
)

// Refusal is why a mail user's sign-in was refused; administrators may know.
type Refusal string

const (
	Accepted      Refusal = ""
	WrongPassword Refusal = "WRONG_PASSWORD"
	NotEnabled    Refusal = "NOT_ENABLED" // the password was right, or nobody looked
	Throttled     Refusal = "THROTTLED"
	NoAnswer      Refusal = "UNAVAILABLE" // a directory, or our own store

	// The password was right once, and perhaps is in the directory: after a change there it is refused here for a while.
	FormerPassword Refusal = "FORMER_PASSWORD"

	// What a directory says of an account.
	Locked         Refusal = "LOCKED"
	Inactive       Refusal = "INACTIVE"
	Expired        Refusal = "EXPIRED"
	ChangeRequired Refusal = "CHANGE_REQUIRED"
)

// SignInRecord is what is alike of a mail user's sign-ins on one day.
type SignInRecord struct {
	Org    ids.Org
	Entry  ids.Entry
	Head   string // imap, smtp
	Remote string
	Reason Refusal
	Day    int64 // since 1970, UTC
	Count  int64
	First  time.Time
	Last   time.Time
}

// SignInStore keeps them in a region's database.
type SignInStore interface {
	tx.Store

	// AddSignIns adds to what is there of the same user, day, head, address and reason.
	AddSignIns(t *tx.Tx, list []SignInRecord) error
	// TrimSignIns keeps the newest of a user, as many of those that succeeded and of those that were refused.
	TrimSignIns(t *tx.Tx, org ids.Org, entry ids.Entry, keep int) error
	// SignIns are a user's, the newest first.
	SignIns(ctx context.Context, org ids.Org, entry ids.Entry) ([]SignInRecord, error)
	// PruneSignIns deletes at most limit that are older.
	PruneSignIns(t *tx.Tx, before time.Time, limit int) (int64, error)
}

const (
	signInFlush = 15 * time.Second
	signInBatch = 100 // rows of one Write
	signInKept  = 50  // of a user that succeeded, and as many that did not
	signInAge   = 90 * 24 * time.Hour
	signInMax   = 20_000 // different ones in memory; beyond them only their number is known
)

type signInKey struct {
	org    ids.Org
	entry  ids.Entry
	head   string
	remote netip.Addr
	reason Refusal
	day    int64
}

type signInCount struct {
	n           int64
	first, last time.Time
}

// SignInLog remembers the last sign-ins of a region's mail users. Noting one
// changes a number in memory; they are written behind, each few seconds and at
// the end, so that no sign-in waits. A crash loses the last 15 seconds.
type SignInLog struct {
	store SignInStore
	clock clock.Clock
	log   *slog.Logger

	mu      sync.Mutex
	waiting map[signInKey]signInCount
	lost    int64

	writing sync.Mutex
	stop    chan struct{}
	done    chan struct{}
	once    sync.Once
}

// NewSignInLog starts the writer. Close ends it.
func NewSignInLog(store SignInStore, c clock.Clock, log *slog.Logger) *SignInLog {
	l := &SignInLog{store: store, clock: c, log: log, waiting: map[signInKey]signInCount{}, stop: make(chan struct{}), done: make(chan struct{})}
	go l.run()
	return l
}

// note remembers one. A nil log remembers nothing.
func (l *SignInLog) note(org ids.Org, entry ids.Entry, head string, remote netip.Addr, reason Refusal) {
	if l == nil || org == "" || entry == "" {
		return
	}
	now := l.clock.Now().UTC()
	k := signInKey{org, entry, head, remote.Unmap().WithZone(""), reason, dayOf(now)}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.put(k, signInCount{1, now, now})
}

func dayOf(t time.Time) int64 { return t.Unix() / 86400 }

func (l *SignInLog) put(k signInKey, c signInCount) {
	have, ok := l.waiting[k]
	if !ok {
		if len(l.waiting) >= signInMax {
			l.lost += c.n
			return
		}
		have.first = c.first
	}
	have.n += c.n
	if c.first.Before(have.first) {
		have.first = c.first
	}
	if c.last.After(have.last) {
		have.last = c.last
	}
	l.waiting[k] = have
}

// Flush writes what was noted. What cannot be written waits on.
func (l *SignInLog) Flush(ctx context.Context) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	all, lost := l.waiting, l.lost
	l.waiting, l.lost = map[signInKey]signInCount{}, 0
	l.mu.Unlock()
	if lost > 0 {
		l.log.Warn("sign-ins were not kept: more came than are remembered at once", "count", lost)
	}
	keys := make([]signInKey, 0, len(all))
	for k := range all {
		keys = append(keys, k)
	}
	// In one order, so that two processes lock rows in one.
	slices.SortFunc(keys, func(a, b signInKey) int {
		return cmp.Or(cmp.Compare(a.org, b.org), cmp.Compare(a.entry, b.entry), cmp.Compare(a.reason, b.reason), cmp.Compare(a.day, b.day),
			cmp.Compare(a.head, b.head), a.remote.Compare(b.remote))
	})
	for part := range slices.Chunk(keys, signInBatch) {
		if err := l.write(ctx, part, all); err != nil {
			l.mu.Lock()
			defer l.mu.Unlock()
			for _, k := range keys {
				if c, ok := all[k]; ok {
					l.put(k, c)
				}
			}
			return err
		}
		for _, k := range part {
			delete(all, k)
		}
	}
	return nil
}

func (l *SignInLog) write(ctx context.Context, keys []signInKey, all map[signInKey]signInCount) error {
	list := make([]SignInRecord, len(keys))
	for i, k := range keys {
		c := all[k]
		list[i] = SignInRecord{Org: k.org, Entry: k.entry, Head: k.head, Remote: addressText(k.remote), Reason: k.reason, Day: k.day, Count: c.n, First: c.first, Last: c.last}
	}
	return l.store.Write(ctx, "", func(t *tx.Tx) error {
		if err := l.store.AddSignIns(t, list); err != nil {
			return err
		}
		for i, r := range list {
			if i > 0 && list[i-1].Org == r.Org && list[i-1].Entry == r.Entry {
				continue
			}
			if err := l.store.TrimSignIns(t, r.Org, r.Entry, signInKept); err != nil {
				return err
			}
		}
		return nil
	})
}

func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// prune deletes what is older than 90 days.
func (l *SignInLog) prune(ctx context.Context) error {
	for n := int64(1); n > 0; {
		err := l.store.Write(ctx, "", func(t *tx.Tx) (err error) {
			n, err = l.store.PruneSignIns(t, l.clock.Now().Add(-signInAge), 500)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *SignInLog) run() {
	defer close(l.done)
	tick := time.NewTicker(signInFlush)
	defer tick.Stop()
	var pruned time.Time
	for {
		select {
		case <-l.stop:
			return
		case <-tick.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		if err := l.Flush(ctx); err != nil {
			l.log.Error("sign-ins could not be written; they are tried again", "error", err)
		}
		if now := time.Now(); now.Sub(pruned) >= time.Hour {
			pruned = now
			if err := l.prune(ctx); err != nil {
				l.log.Error("old sign-ins could not be deleted", "error", err)
			}
		}
		cancel()
	}
}

// Close writes what was noted and ends the writer.
func (l *SignInLog) Close() error {
	var err error
	l.once.Do(func() {
		close(l.stop)
		<-l.done
		err = l.Flush(context.Background())
	})
	return err
}

// SignIns answers a mail user's last sign-ins and the last that were refused,
// the newest first, to who may look at the organization. What this process has
// noted and not written yet is written first.
func (v *View) SignIns(ctx context.Context, region string, org ids.Org, entry ids.Entry) ([]SignInRecord, error) {
	const op = "auth.SignIns"
	if k := v.actor.Kind(); k != Administrator && k != Operator || !v.actor.MayOrg(org) {
		return nil, errs.Say(op, errs.Denied, errs.Organization, "Only an administrator of the organization may see this.")
	}
	r, ok := v.s.region(region)
	if !ok || r.SignIns == nil {
		return nil, errs.Say(op, errs.Unavailable, errs.Region, "The region %s is not served here.", region)
	}
	if err := r.SignIns.Flush(ctx); err != nil {
		return nil, err
	}
	return r.SignIns.store.SignIns(ctx, org, entry)
}

// noted remembers a sign-in of a mail user that exists, and counts it.
func (s *Service) noted(a *Attempt, t *target, why Refusal) {
	if t.entry.ID == "" || t.org == "" {
		return
	}
	r, ok := s.region(t.region)
	if !ok {
		return
	}
	r.SignIns.note(t.org, t.entry.ID, a.Head, a.Remote, why)
	kind := statistics.SignIns
	if why != Accepted {
		kind = statistics.SignInsRefused
	}
	r.Statistics.Add(t.org, kind, 1)
}

// refusalOf tells an error apart; what core/auth says is the same for a wrong
// password and a user who is not enabled, on purpose.
func refusalOf(err error, t *target) Refusal {
	switch kind, _ := errs.Of(err); {
	case err == nil:
		return Accepted
	case kind == errs.Throttled:
		return Throttled
	case kind != errs.Unauthenticated:
		return NoAnswer
	}
	switch t.says {
	case directory.Former:
		return FormerPassword
	case directory.Locked:
		return Locked
	case directory.Inactive:
		return Inactive
	case directory.Expired:
		return Expired
	case directory.ChangeRequired:
		return ChangeRequired
	}
	if !t.may {
		return NotEnabled
	}
	return WrongPassword
}
