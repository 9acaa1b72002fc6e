package org

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
)

// BeginDeletion makes an organization Deleting: from then on nothing of it
// serves. allowed runs in the same Write and may refuse. Its claims are held
// until EndDeletion. One that is being deleted already is no error.
func (s *Service) BeginDeletion(ctx context.Context, by audit.By, id ids.Org, ifMatch int64, r Replay, allowed func(*tx.Tx) error) (Organization, error) {
	var o Organization
	err := s.Store.Write(ctx, id, func(t *tx.Tx) (err error) {
		if err := t.LockOrg(id); err != nil {
			return err
		}
		if o, err = s.ByID(ctx, t, id); err != nil {
			return err
		}
		switch {
		case o.State == Deleting:
			return nil
		case o.State == Deleted:
			return errs.Say("org.DeleteOrganization", errs.State, errs.Organization, "The organization %s is deleted already.", id)
		case ifMatch != 0 && ifMatch != o.Revision:
			return errs.Say("org.DeleteOrganization", errs.Conflict, errs.Organization, "It was changed in the meantime. Load it again.")
		}
		if err := allowed(t); err != nil {
			return err
		}
		o.State, o.Revision = Deleting, o.Revision+1
		if err := s.Store.UpdateOrganization(t, o); err != nil {
			return err
		}
		r.Answer = string(Deleting)
		if err := s.Remember(t, r); err != nil {
			return err
		}
		return s.Trail.Record(t, audit.Record{By: by, Org: id, Target: string(id), TargetName: o.Alias})
	})
	if err != nil {
		return Organization{}, err
	}
	return o, s.HoldNames(context.WithoutCancel(ctx), id)
}

// HoldNames takes an organization's names out of routing and sign-in.
func (s *Service) HoldNames(ctx context.Context, id ids.Org) error {
	if err := s.Claims.Bring(ctx, id, s.Region, nil); err != nil {
		return err
	}
	for {
		list, err := s.Claims.store.ClaimsOf(ctx, nil, id, 2*MaxDomains)
		if err != nil {
			return err
		}
		held := 0
		for _, c := range list {
			if c.Live {
				if err := s.Claims.Hold(ctx, c.Kind, c.Name, id, s.Region); err != nil {
					return err
				}
				held++
			}
		}
		if held == 0 {
			return nil
		}
	}
}

// Erase deletes a slice of what this region keeps of a Deleting organization
// beside its mailboxes; false when nothing is left.
func (s *Service) Erase(ctx context.Context, id ids.Org) (more bool, err error) {
	var n int64
	err = s.Store.Write(ctx, id, func(t *tx.Tx) error {
		if err := t.LockOrg(id); err != nil {
			return err
		}
		o, err := s.ByID(ctx, t, id)
		if err != nil {
			return err
		}
		if o.State != Deleting {
			return errs.Say("org.Erase", errs.State, errs.Organization, "The organization %s is not being deleted.", id)
		}
		n, err = s.Store.Erase(t, id, 1000)
		return err
	})
	return n > 0, err
}

// EndDeletion forgets the organization's key and name: what it had cannot be
// read any more, and its claims are free. The row stays, Deleted.
func (s *Service) EndDeletion(ctx context.Context, id ids.Org) error {
	err := s.Store.Write(ctx, id, func(t *tx.Tx) error {
		if err := t.LockOrg(id); err != nil {
			return err
		}
		o, err := s.ByID(ctx, t, id)
		if err != nil || o.State == Deleted {
			return err
		}
		o.State, o.Key, o.Completed, o.Revision = Deleted, nil, s.Clock.Now(), o.Revision+1
		if err := s.Store.UpdateOrganization(t, o); err != nil {
			return err
		}
		by := audit.By{Kind: audit.System, Name: "deletion", Operation: "DeleteOrganization"}
		return s.Trail.Record(t, audit.Record{By: by, Org: id, Target: string(id), TargetName: o.Alias, Detail: "deleted for good"})
	})
	if err != nil {
		return err
	}
	s.Keys.Forget(id)
	for {
		list, err := s.Claims.store.ClaimsOf(ctx, nil, id, 500)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, c := range list {
			if err := s.Claims.Free(ctx, c.Kind, c.Name, id); err != nil {
				return err
			}
		}
	}
}

// BeingDeleted are the organizations whose deletion has begun.
func (s *Service) BeingDeleted(ctx context.Context) ([]ids.Org, error) {
	var list []ids.Org
	var after ids.Org
	for {
		page, next, err := s.List(ctx, after, 100)
		if err != nil {
			return nil, err
		}
		for _, o := range page {
			if o.State == Deleting {
				list = append(list, o.ID)
			}
		}
		if next == "" {
			return list, nil
		}
		after = next
	}
}
