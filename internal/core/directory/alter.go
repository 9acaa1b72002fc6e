package directory

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Alter runs do on an entry found by id, name or address, in a Write with the
// audit record whose detail do answers and the next revision: for what other
// areas change of it.
func (v *View) Alter(ctx context.Context, op, entry string, do func(t *tx.Tx, e *Entry) (detail string, err error)) (Entry, error) {
	return v.change(ctx, target{op, entry, AcceptAny, 0}, func(t *tx.Tx, e *Entry) (bool, string, error) {
		detail, err := do(t, e)
		return true, detail, err
	})
}

// ReleaseDomain refuses with errs.InUse, MailDomain while an enabled entry has an
// address of a mail domain; the addresses that disabled ones keep of it go, as
// many as one Write may take, and more tells that some are left.
func (s *Service) ReleaseDomain(t *tx.Tx, org ids.Org, domain string) (more bool, err error) {
	const op = "directory.ReleaseDomain"
	id, used, err := s.Store.DomainUsed(t.Context(), t, org, domain)
	if err != nil {
		return false, err
	}
	if used {
		e, err := s.ByID(t.Context(), t, org, id)
		if err != nil {
			return false, err
		}
		return false, errs.Say(op, errs.InUse, errs.MailDomain, "%s has an address of %s. Remove it first.", e.Name, domain)
	}
	n, err := s.Store.DropDomain(t, org, domain, slice)
	return n >= slice, err
}
