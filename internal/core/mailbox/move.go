package mailbox

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Copy copies the messages in set to a folder of dest, which is this mailbox or
// another of the same organization. A copy is a new item that shares the
// stored bytes where mailbox and content are the same.
func (m *Mailbox) Copy(ctx context.Context, folder ids.Folder, set []Range, dest *Mailbox, to ids.Folder) (Moved, error) {
	return m.each(ctx, folder, set, func(group []Range) (Moved, error) { return m.copySlice(ctx, folder, group, dest, to) })
}

// Move moves the messages in set. Within a mailbox an item keeps its id; into
// another mailbox it is copied and deleted, slice by slice.
func (m *Mailbox) Move(ctx context.Context, folder ids.Folder, set []Range, dest *Mailbox, to ids.Folder) (Moved, error) {
	const op = "mailbox.Move"
	if dest.id != m.id {
		return m.each(ctx, folder, set, func(group []Range) (Moved, error) {
			moved, err := m.copySlice(ctx, folder, group, dest, to)
			if err != nil {
				return moved, err
			}
			return moved, m.Delete(ctx, folder, group)
		})
	}
	return m.each(ctx, folder, set, func(group []Range) (all Moved, err error) {
		err = m.write(ctx, op, func(t *tx.Tx, c *changing) error {
			all = Moved{}
			for _, r := range group {
				count, _, err := m.s.store.Measure(ctx, t, m.id, folder, r, 0)
				if err != nil || count == 0 {
					if err != nil {
						return err
					}
					continue
				}
				base, err := c.take(count)
				if err != nil {
					return err
				}
				moved, err := m.s.store.Move(ctx, t, m.id, folder, r, to, base, c.now)
				if err != nil {
					return err
				}
				c.old = appendOldPlaces(c.old, moved.Items)
				all = all.and(moved)
			}
			return nil
		})
		return all, err
	})
}

func (m *Mailbox) each(ctx context.Context, folder ids.Folder, set []Range, f func([]Range) (Moved, error)) (all Moved, err error) {
	snap, err := m.Snapshot(ctx, folder)
	if err != nil {
		return all, err
	}
	err = snap.batches(set, func(group []Range) error {
		moved, err := f(group)
		all = all.and(moved)
		return err
	})
	return all, err
}

func (m Moved) and(more Moved) Moved {
	if more.UIDValidity != 0 {
		m.UIDValidity = more.UIDValidity
	}
	m.From, m.To, m.Size = append(m.From, more.From...), append(m.To, more.To...), m.Size+more.Size
	return m
}

func (m *Mailbox) copySlice(ctx context.Context, folder ids.Folder, group []Range, dest *Mailbox, to ids.Folder) (all Moved, err error) {
	const op = "mailbox.Copy"
	if dest.org != m.org {
		return all, errs.E(op, errs.NotFound, errs.Mailbox, nil)
	}
	snap, err := m.Snapshot(ctx, folder)
	if err != nil {
		return all, err
	}
	err = dest.write(ctx, op, func(t *tx.Tx, c *changing) error {
		all = Moved{}
		translate, err := c.translation(op, m.id, snap, group)
		if err != nil {
			return err
		}
		for _, r := range group {
			count, size, err := m.s.store.Measure(ctx, t, m.id, folder, r, 0)
			if err != nil {
				return err
			}
			if count == 0 {
				continue
			}
			base, err := c.takeSize(count, size)
			if err != nil {
				return err
			}
			if c.box.Size > c.box.Quota {
				return errs.Say(op, errs.OverQuota, errs.Mailbox, "The mailbox is full.")
			}
			moved, err := m.s.store.Copy(ctx, t, m.id, folder, r, dest.id, to, base, c.now, translate)
			if err != nil {
				return err
			}
			all = all.and(moved)
		}
		return c.warn()
	})
	return all, err
}

// Delete takes the messages in set out of the folder. They stay recoverable
// until the recovery window ends.
func (m *Mailbox) Delete(ctx context.Context, folder ids.Folder, set []Range) error {
	return m.remove(ctx, "mailbox.Delete", folder, set, 0)
}

// Expunge takes those messages in set out that are flagged \Deleted.
func (m *Mailbox) Expunge(ctx context.Context, folder ids.Folder, set []Range) error {
	return m.remove(ctx, "mailbox.Expunge", folder, set, Deleted)
}

func (m *Mailbox) remove(ctx context.Context, op string, folder ids.Folder, set []Range, only Flags) error {
	_, err := m.each(ctx, folder, set, func(group []Range) (all Moved, err error) {
		err = m.write(ctx, op, func(t *tx.Tx, c *changing) error {
			for _, r := range group {
				count, size, err := m.s.store.Measure(ctx, t, m.id, folder, r, only)
				if err != nil || count == 0 {
					if err != nil {
						return err
					}
					continue
				}
				base, err := c.takeSize(count, -size)
				if err != nil {
					return err
				}
				gone, err := m.s.store.Delete(ctx, t, m.id, folder, r, only, base, c.now)
				if err != nil {
					return err
				}
				c.old = appendOldPlaces(c.old, gone.Items)
			}
			return c.warn()
		})
		return all, err
	})
	return err
}

// translation returns how flags of the messages in group read in c's mailbox,
// adding the keywords that it lacks.
func (c *changing) translation(op string, from ids.Mailbox, snap *Snapshot, group []Range) (func(Flags) Flags, error) {
	if from == c.id {
		return nil, nil
	}
	var used Flags
	for _, r := range group {
		snap.Each(snap.Find(r.First), snap.Find(r.Last), func(_ int, e Entry) bool { used |= e.Flags; return true })
	}
	names := snap.Keywords.Names(used)
	to := make([]Flags, len(names))
	for i, n := range names {
		var err error
		if to[i], err = c.keywords(op, []string{n}); err != nil {
			return nil, err
		}
	}
	return func(f Flags) Flags {
		out := f & (1<<firstKeyword - 1)
		for i, n := range names {
			if f&snap.Keywords.Bit(n) != 0 {
				out |= to[i]
			}
		}
		return out
	}, nil
}
