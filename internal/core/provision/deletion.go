package provision

import (
	"context"
	"errors"
	"strconv"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// Deletion is what DeleteOrganization takes.
type Deletion struct {
	Org             ids.Org
	Force           bool // also with enabled entries
	DeleteDirectory bool // the built-in directory goes in any case; a foreign one never: it is freed
	Token           string
}

// DeleteOrganization ends an organization: from its answer on nobody signs in
// and no mail comes; what it has goes in the background. errs.State,
// Organization while an entry is enabled and Force is not set.
func (d *Door) DeleteOrganization(ctx context.Context, operation, requestID string, ifMatch int64, in Deletion) (org.Organization, error) {
	const op = "provision.DeleteOrganization"
	if err := d.may(op, Write); err != nil {
		return org.Organization{}, err
	}
	_, err := d.s.Orgs.ByID(ctx, nil, in.Org)
	if !d.actor.MayOrg(in.Org) {
		return org.Organization{}, unknown(op, in.Org)
	}
	if err != nil {
		return org.Organization{}, err
	}
	replay := org.Replay{Operation: "DeleteOrganization", Owner: string(d.actor.Admin()), Org: in.Org, Token: in.Token,
		Input: org.InputHash(string(in.Org), strconv.FormatBool(in.Force), strconv.FormatBool(in.DeleteDirectory))}
	if _, ok, err := d.s.Orgs.Replayed(ctx, nil, replay); ok || err != nil {
		if err != nil {
			return org.Organization{}, err
		}
		return d.s.Orgs.ByID(ctx, nil, in.Org)
	}
	return d.s.Orgs.BeginDeletion(ctx, d.actor.By(operation, requestID), in.Org, ifMatch, replay, func(t *tx.Tx) error {
		enabled, err := d.s.Purges.AnyEnabled(ctx, t, in.Org)
		if err != nil {
			return err
		}
		if enabled && !in.Force {
			return errs.Say(op, errs.State, errs.Organization, "The organization has enabled users, groups or resources. Deregister them first, or delete with ForceDelete.")
		}
		d.s.Directory.RevokedAll(t, in.Org)
		return d.s.Directory.Detach(t, in.Org)
	})
}

// FinishDeletions takes away what organizations that are being deleted have,
// mailboxes first, the key last. It may be run again at any point. One that
// fails does not hold up the others.
func (s *Service) FinishDeletions(ctx context.Context) error {
	list, err := s.Orgs.BeingDeleted(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, id := range list {
		failed = errors.Join(failed, s.finish(ctx, id))
	}
	return failed
}

func (s *Service) finish(ctx context.Context, id ids.Org) error {
	// A crash may have come between the state and the names.
	if err := s.Orgs.HoldNames(ctx, id); err != nil {
		return err
	}
	if err := s.Mailboxes.PurgeOrg(ctx, id); err != nil {
		return err
	}
	if err := s.Queue.Purge(ctx, id); err != nil {
		return err
	}
	for {
		more, err := s.Orgs.Erase(ctx, id)
		if err != nil {
			return err
		}
		if !more {
			return s.Orgs.EndDeletion(ctx, id)
		}
	}
}

// PurgeDetached removes the mailboxes of those that were disabled or deleted
// longer ago than directory.RetentionTime. One that fails does not hold up the others.
func (s *Service) PurgeDetached(ctx context.Context) error {
	if err := s.Directory.Forget(ctx); err != nil {
		return err
	}
	var failed error
	var after ids.Mailbox
	for {
		list, err := s.Purges.Purges(ctx, nil, after, 100)
		if err != nil || len(list) == 0 {
			return errors.Join(failed, err)
		}
		for _, p := range list {
			after = p.Mailbox
			err := s.Mailboxes.Purge(ctx, p.Org, p.Mailbox)
			if err == nil {
				err = s.Purges.Write(ctx, p.Org, func(t *tx.Tx) error { return s.Purges.DeletePurge(t, p.Mailbox) })
			}
			failed = errors.Join(failed, err)
		}
	}
}
