package auth

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
)

// View is the administration of administrators, access keys, sessions and
// regions, for one Actor and one call.
type View struct {
	s       *Service
	actor   Actor
	by      audit.By
	ifMatch int64
}

// For opens a View for an administrator or the operator; all others get one
// that denies everything.
func (s *Service) For(actor Actor) *View { return &View{s: s, actor: actor, by: actor.By("", "")} }

// Call is the View for one call: operation and request id go into the audit
// record; ifMatch is the revision of the administrator that the caller saw (0:
// whatever it is).
func (v *View) Call(operation, requestID string, ifMatch int64) *View {
	c := *v
	c.by, c.ifMatch = v.actor.By(operation, requestID), ifMatch
	return &c
}

func denied(op string) error {
	return errs.Say(op, errs.Denied, errs.Administrator, "Only an administrator with full access to all organizations may do this.")
}

// may is asked inside the Write, so that what it allows holds at commit. self
// is an administrator who may do this for itself, whatever its rights are.
func (v *View) may(t *tx.Tx, op string, self ids.Admin) error {
	if v.actor.Kind() == Operator {
		return nil
	}
	if v.actor.Kind() != Administrator {
		return denied(op)
	}
	me, found, err := v.s.Store.Admin(t.Context(), t, v.actor.Admin())
	switch {
	case err != nil:
		return err
	case !found || !me.Enabled || me.Version != v.actor.Version() || v.actor.Revoked():
		return noSession()
	case me.ID == self || me.Manages():
		return nil
	}
	return denied(op)
}

// mayRead is for lists of others.
func (v *View) mayRead(op string, self ids.Admin) error {
	k := v.actor.Kind()
	if k == Operator || k == Administrator && (v.actor.id().rights.All || v.actor.Admin() == self) {
		return nil
	}
	return errs.Say(op, errs.Denied, errs.Administrator, "Only an administrator for all organizations may see this.")
}

// change runs fn on an administrator in a Write, with the next revision, and
// records it.
func (v *View) change(ctx context.Context, op string, id ids.Admin, self bool, fn func(t *tx.Tx, a *AdminRecord) (detail string, err error)) error {
	own := ids.Admin("")
	if self {
		own = id
	}
	return v.s.Store.Write(ctx, "", func(t *tx.Tx) error {
		if err := v.s.Store.Lock(t); err != nil {
			return err
		}
		if err := v.may(t, op, own); err != nil {
			return err
		}
		a, found, err := v.s.Store.Admin(t.Context(), t, id)
		switch {
		case err != nil:
			return err
		case !found:
			return noAdmin(op, id)
		case v.ifMatch != 0 && v.ifMatch != a.Revision:
			return errs.Say(op, errs.Conflict, errs.Administrator, "The administrator %s was changed in the meantime. Load it again.", a.Name)
		}
		detail, err := fn(t, &a)
		if err != nil {
			return err
		}
		return v.record(t, &a.Admin, detail)
	})
}

func (v *View) record(t *tx.Tx, a *Admin, detail string) error {
	return v.s.Trail.Record(t, audit.Record{By: v.by, Target: string(a.ID), TargetName: a.Name, Detail: detail})
}

func noAdmin(op string, id ids.Admin) error {
	return errs.Say(op, errs.NotFound, errs.Administrator, "There is no administrator %q.", id)
}

// update stores a change of the record itself.
func (v *View) update(t *tx.Tx, a *AdminRecord) error {
	a.Revision++
	a.Changed = v.s.Clock.Now()
	a.Password = a.Hash != ""
	return v.s.Store.UpdateAdmin(t, *a)
}

// stillManaged refuses a change behind which nobody could manage administrators.
func (v *View) stillManaged(t *tx.Tx, op string) error {
	n, err := v.s.Store.CountManaging(t.Context(), t)
	if err == nil && n == 0 {
		err = errs.Say(op, errs.State, errs.Administrator,
			"This is the last enabled administrator with full access to all organizations. Make another one first.")
	}
	return err
}
