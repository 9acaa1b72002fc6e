package directory

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// slice is how many rows of an entry's relations one Write deletes.
const slice = 900

// DeleteUser deletes a DISABLED user, found by id or name, from its directory
// too. An unknown one is no error; an enabled one is errs.State. Its id answers
// DELETED until its mailbox is purged.
func (v *View) DeleteUser(ctx context.Context, user string) error {
	return v.delete(ctx, target{"directory.DeleteUser", user, AcceptID | AcceptName, KindUser})
}

// DeleteGroup is DeleteUser for groups.
func (v *View) DeleteGroup(ctx context.Context, group string) error {
	return v.delete(ctx, target{"directory.DeleteGroup", group, AcceptID | AcceptName, KindGroup})
}

// DeleteResource is DeleteUser for resources.
func (v *View) DeleteResource(ctx context.Context, resource string) error {
	return v.delete(ctx, target{"directory.DeleteResource", resource, AcceptID | AcceptName, KindResource})
}

func (v *View) delete(ctx context.Context, g target) error {
	e, err := v.find(ctx, nil, g)
	if errs.Is(err, errs.NotFound) || err == nil && e.State == Deleted {
		return nil
	}
	if err != nil {
		return err
	}
	if err := v.mayDelete(g.op, &e); err != nil {
		return err
	}
	ours := func() error { return v.deleteRows(ctx, g.op, e.ID) }
	if e.Kind == KindResource {
		return ours()
	}
	gone := func(ctx context.Context, w Writer) error { return w.Delete(ctx, v.org, ref(&e)) }
	return v.outside(ctx, g.op, &e, gone, nil, ours)
}

func (v *View) mayDelete(op string, e *Entry) error {
	if err := own(op, e); err != nil {
		return err
	}
	if e.State == Enabled {
		return errs.Say(op, errs.State, errs.Entry, "The %s %s is enabled. Deregister it first.", e.Kind.word(), e.Name)
	}
	return v.match(op, e)
}

// deleteRows leaves the entry's row as DELETED. What else there is of it goes in
// slices; a crash between them leaves rows that nothing sees, until Forget.
func (v *View) deleteRows(ctx context.Context, op string, id ids.Entry) error {
	var more bool
	err := v.write(ctx, func(t *tx.Tx, _ *org.Organization) error {
		e, err := v.s.ByID(ctx, t, v.org, id)
		if err != nil || e.State == Deleted {
			return err
		}
		if err := v.mayDelete(op, &e); err != nil {
			return err
		}
		e.State, e.Email, e.DeletedAt = Deleted, "", v.s.Clock.Now()
		e.Version++
		e.Revision++
		if err := v.s.Store.Update(t, &e); err != nil {
			return err
		}
		n, err := v.s.Store.DropRelations(t, v.org, id, slice)
		if err != nil {
			return err
		}
		more = n >= slice
		v.s.revoked(t, v.org, id)
		return v.record(t, &e, "")
	})
	if err != nil || !more {
		return err
	}
	return v.s.dropRelations(ctx, v.org, id)
}

func (s *Service) dropRelations(ctx context.Context, org ids.Org, id ids.Entry) error {
	for {
		var n int64
		err := s.Store.Write(ctx, org, func(t *tx.Tx) (err error) {
			if err := t.LockOrg(org); err != nil {
				return err
			}
			n, err = s.Store.DropRelations(t, org, id, slice)
			return err
		})
		if err != nil || n < slice {
			return err
		}
	}
}

// Forget ends the retention of what left more than RetentionTime ago: mailboxes
// are noted as purges, rows of deleted entries go, and what is gone from a foreign
// directory is Deleted.
func (s *Service) Forget(ctx context.Context) error {
	if err := s.dropFormer(ctx); err != nil {
		return err
	}
	before := s.Clock.Now().Add(-RetentionTime)
	var afterOrg ids.Org
	var after ids.Entry
	for {
		list, err := s.Store.Left(ctx, nil, before, afterOrg, after, 100)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, e := range list {
			afterOrg, after = e.Org, e.ID
			if e.State == Deleted {
				if err := s.dropRelations(ctx, e.Org, e.ID); err != nil {
					return err
				}
			}
			if err := s.forget(ctx, e); err != nil {
				return err
			}
			if e.Dir == DirGone && e.State != Deleted { // it is deleted now, unless it came back
				if now, found, err := s.Store.Entry(ctx, nil, e.Org, e.ID); err != nil || found && now.State == Deleted {
					if err == nil {
						err = s.dropRelations(ctx, e.Org, e.ID)
					}
					if err != nil {
						return err
					}
				}
			}
		}
	}
}

func (s *Service) forget(ctx context.Context, seen Entry) error {
	return s.Store.Write(ctx, seen.Org, func(t *tx.Tx) error {
		if err := t.LockOrg(seen.Org); err != nil {
			return err
		}
		e, found, err := s.Store.Entry(ctx, t, seen.Org, seen.ID)
		if err != nil || !found || e.Revision != seen.Revision {
			return err // it came back, or changed: the next run looks again
		}
		if e.Mailbox != 0 {
			if err := s.Store.PutPurge(t, Purge{e.Org, e.Mailbox}); err != nil {
				return err
			}
		}
		if e.State == Deleted {
			return s.Store.DeleteEntry(t, e.Org, e.ID)
		}
		if e.Mailbox != 0 {
			e.Deprovisioned = s.Clock.Now()
		}
		e.Mailbox, e.Revision = 0, e.Revision+1
		if e.Dir == DirGone {
			e.State, e.Email, e.DeletedAt, e.Version = Deleted, "", s.Clock.Now(), e.Version+1
		}
		return s.Store.Update(t, &e)
	})
}
