package directory

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/core/tx"
)

// AssociateDelegateToResource makes a user or group one that answers the
// resource's requests. One that is a delegate already is no error.
func (v *View) AssociateDelegateToResource(ctx context.Context, resource, delegate string) error {
	const op = "directory.AssociateDelegateToResource"
	_, err := v.change(ctx, target{op, resource, AcceptAny, KindResource}, func(t *tx.Tx, e *Entry) (bool, string, error) {
		d, err := v.alive(ctx, t, target{op, delegate, AcceptAny, 0})
		if err != nil {
			return false, "", err
		}
		if d.Kind == KindResource {
			return false, "", errs.Say(op, errs.Invalid, errs.Entry, "A resource cannot be a delegate.")
		}
		changed, err := v.s.Store.PutDelegate(t, v.org, e.ID, d.ID)
		return changed, "delegate " + d.Called(), err
	})
	return err
}

// DisassociateDelegateFromResource takes a delegate away; one that is none is no
// error. The last one of a resource that does not accept by itself is errs.State.
func (v *View) DisassociateDelegateFromResource(ctx context.Context, resource, delegate string) error {
	const op = "directory.DisassociateDelegateFromResource"
	_, err := v.change(ctx, target{op, resource, AcceptAny, KindResource}, func(t *tx.Tx, e *Entry) (bool, string, error) {
		d, err := v.find(ctx, t, target{op, delegate, AcceptAny, 0})
		if err != nil {
			return false, "", err
		}
		changed, err := v.s.Store.DeleteDelegate(t, v.org, e.ID, d.ID)
		if err != nil || !changed || e.Booking.AutoAccept {
			return changed, "delegate " + d.Called(), err
		}
		left, err := v.s.Store.Delegates(ctx, t, v.org, e.ID, "", 1)
		if err == nil && len(left) == 0 {
			err = errs.Say(op, errs.State, errs.Entry, "%s is the last delegate of %s, which does not accept requests by itself.", d.Name, e.Name)
		}
		return changed, "delegate " + d.Called(), err
	})
	return err
}

// ListResourceDelegates answers a page of the delegates in order of id.
func (v *View) ListResourceDelegates(ctx context.Context, resource, token string, limit int) ([]Entry, string, error) {
	const op = "directory.ListResourceDelegates"
	return v.listBelow(ctx, target{op, resource, AcceptAny, KindResource}, token, limit, v.s.Store.Delegates)
}
