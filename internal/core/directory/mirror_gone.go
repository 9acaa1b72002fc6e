package directory

import (
	"context"
	"slices"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

const (
	brakeUsers = 5 // fewer never stop a mirror
	brakeShare = 10
	brakeTime  = time.Minute      // what went in it counts together
	leaveRows  = 100              // entries that leave in one Write
	lateTime   = 15 * time.Minute // one server has by then what another had, also between sites
)

// lost takes away what was found to be gone by looking at single ones. Keys that
// were never seen count for nothing; those that are held stay held.
func (m *Mirror) lost(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	seen, err := m.s.Store.Seen(ctx, nil, m.org, keys)
	if err != nil {
		return err
	}
	var list []leaver
	for _, s := range seen {
		if s.Gone.IsZero() && !s.Held {
			list = append(list, leaver{s.Key, s.Kind == KindUser && s.Entry != "", false})
		}
	}
	return m.depart(ctx, list)
}

// compared takes away what a comparison of everything found missing. back are
// those that were held and are there again.
func (m *Mirror) compared(ctx context.Context, keys, back []string) error {
	if err := m.hold(ctx, back, false); err != nil {
		return err
	}
	var list []leaver
	for some := range slices.Chunk(keys, 500) {
		seen, err := m.s.Store.Seen(ctx, nil, m.org, some)
		if err != nil {
			return err
		}
		for _, s := range seen {
			if s.Gone.IsZero() {
				list = append(list, leaver{s.Key, s.Kind == KindUser && s.Entry != "", s.Held})
			}
		}
	}
	if err := m.depart(ctx, list); err != nil {
		return err
	}
	return m.released(ctx)
}

// notLate leaves out those who came shortly before another server was asked: they
// may come to that one later. They are looked for until lateTime is over.
func (m *Mirror) notLate(ctx context.Context, keys []string) (lost []string, err error) {
	m.late = false
	if m.s.Clock.Now().Sub(m.moved) >= lateTime {
		return keys, nil
	}
	for some := range slices.Chunk(keys, 500) {
		seen, err := m.s.Store.Seen(ctx, nil, m.org, some)
		if err != nil {
			return nil, err
		}
		var known []ids.Entry
		for i := range seen {
			known = append(known, seen[i].Entry)
		}
		entries, err := m.s.Store.Entries(ctx, nil, m.org, known)
		if err != nil {
			return nil, err
		}
		late := map[string]bool{}
		for i := range entries {
			late[entries[i].Key] = m.moved.Sub(entries[i].Created) < lateTime
		}
		for _, key := range some {
			if !late[key] {
				lost = append(lost, key)
			}
		}
	}
	m.late = len(lost) < len(keys)
	return lost, nil
}

// leaver is an identity that is no longer in the directory.
type leaver struct {
	key        string
	user, held bool
}

// depart lets identities go, unless they are so many that an administrator is asked.
func (m *Mirror) depart(ctx context.Context, list []leaver) error {
	if len(list) == 0 {
		return nil
	}
	users := 0
	var keys, free []string
	for _, l := range list {
		keys = append(keys, l.key)
		if l.user {
			users++
		}
		if !l.held {
			free = append(free, l.key)
		}
	}
	many, err := m.tooMany(ctx, users)
	if err != nil {
		return err
	}
	if !many {
		return m.gone(ctx, keys)
	}
	if err := m.hold(ctx, free, true); err != nil {
		return err
	}
	if m.row.HeldAt.IsZero() {
		m.row.HeldAt = m.s.Clock.Now()
		m.s.Log.Warn("a directory wants to take many users away; an administrator is asked", "org", m.org, "users", users)
	}
	return m.save(ctx)
}

// tooMany is the brake: more than a tenth of the users, and at least brakeUsers
// of them, with those that went just before.
func (m *Mirror) tooMany(ctx context.Context, users int) (bool, error) {
	since := m.s.Clock.Now().Add(-brakeTime)
	if end := m.row.ConfirmedAt.Add(time.Millisecond); end.After(since) {
		since = end
	}
	before, err := m.s.Store.GoneSince(ctx, nil, m.org, since)
	if err != nil || users == 0 {
		return false, err
	}
	c, err := m.s.Store.CountSeen(ctx, nil, m.org)
	n := users + before
	return n >= brakeUsers && n*brakeShare > c.Users+before, err
}

// hold marks what would go, or no longer. Where more would go, what was confirmed
// since this turn began is not that any more: an administrator is asked again.
func (m *Mirror) hold(ctx context.Context, keys []string, held bool) error {
	for some := range slices.Chunk(keys, 500) {
		err := m.write(ctx, func(t *tx.Tx) error {
			if held {
				if err := m.s.Store.Confirm(t, m.org, 0, m.row.ConfirmedAt); err != nil {
					return err
				}
			}
			return m.s.Store.Hold(t, m.org, some, held)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// released ends the asking when nothing is held any more.
func (m *Mirror) released(ctx context.Context) error {
	if m.row.HeldAt.IsZero() {
		return nil
	}
	held, err := m.s.Store.SeenWith(ctx, nil, m.org, SeenHeld, "", 1)
	if err != nil || len(held) > 0 {
		return err
	}
	m.row.HeldAt = time.Time{}
	return m.save(ctx)
}

// takeHeld takes away what an administrator confirmed: exactly that, and what is
// there again stays.
func (m *Mirror) takeHeld(ctx context.Context, f Foreign) error {
	for {
		list, err := m.s.Store.SeenWith(ctx, nil, m.org, SeenHeld, "", leaveRows)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
		keys := make([]string, len(list))
		for i := range list {
			keys[i] = list[i].Key
		}
		lost, err := m.readKeys(ctx, f, keys)
		if err == nil {
			err = m.gone(ctx, lost)
		}
		if err == nil {
			err = m.hold(ctx, keys, false) // what is there again
		}
		if err != nil {
			return err
		}
	}
	now := m.s.Clock.Now()
	m.row.Confirmed, m.row.ConfirmedAt, m.row.HeldAt = 0, now, time.Time{}
	row := m.row
	return m.write(ctx, func(t *tx.Tx) error {
		if err := m.s.Store.Confirm(t, m.org, 0, now); err != nil {
			return err
		}
		return m.s.Store.PutMirror(t, row)
	})
}

// gone locks entries out that are no longer in their directory. Those that are
// enabled or have a mailbox are kept as after Deregister, from now on; the others
// are deleted. Their memberships stay until they are forgotten: nothing shows
// them, and one that comes back is in its groups.
func (m *Mirror) gone(ctx context.Context, keys []string) error {
	for some := range slices.Chunk(keys, leaveRows) {
		err := m.write(ctx, func(t *tx.Tx) error {
			seen, err := m.s.Store.Seen(ctx, t, m.org, some)
			if err != nil {
				return err
			}
			for i := range seen {
				if err := m.goneOne(t, &seen[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *Mirror) goneOne(t *tx.Tx, s *Seen) error {
	e, found, err := m.s.Store.Entry(t.Context(), t, m.org, s.Entry)
	if err != nil {
		return err
	}
	if !found || e.State == Deleted || e.Key != s.Key {
		return m.s.Store.DeleteSeen(t, m.org, s.Key)
	}
	now := m.s.Clock.Now()
	s.Gone, s.Held, s.Again, s.Wanted, s.Fault, s.Hash = now, false, false, "", "", ""
	if err := m.s.Store.PutSeen(t, *s); err != nil || e.Dir == DirGone {
		return err
	}
	e.Dir, e.GoneAt = DirGone, now
	e.Version++
	e.Revision++
	note := "it is no longer in the directory; it is kept for 30 days"
	if e.State == Disabled && e.Mailbox == 0 {
		e.State, e.Email, e.DeletedAt = Deleted, "", now
		note = "it is no longer in the directory"
	}
	if e.State == Enabled && e.Mailbox != 0 {
		if err := m.c.Gone.run(t, &e); err != nil {
			return err
		}
	}
	if err := m.s.Store.Update(t, &e); err != nil {
		return err
	}
	m.s.revoked(t, m.org, e.ID)
	return m.v.record(t, &e, note)
}

// healAddresses looks again at entries that lack an address which nobody holds
// any more, or whose mail domain was verified since.
func (m *Mirror) healAddresses(ctx context.Context) error {
	list, err := m.s.Store.OpenAddresses(ctx, nil, m.org, leaveRows)
	if err != nil || len(list) == 0 {
		return err
	}
	var of []ids.Entry
	for _, r := range list {
		of = append(of, r.Entry)
	}
	return m.write(ctx, func(t *tx.Tx) error { return m.s.lookAgain(t, m.org, of) })
}
