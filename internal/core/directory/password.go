package directory

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/core/tx"
)

// ResetPassword gives a user, found by id, a new password, and ends what the old
// one proved before this answers. errs.Password where the policy refuses it.
func (v *View) ResetPassword(ctx context.Context, id, password string) error {
	g := target{"directory.ResetPassword", id, AcceptID, KindUser}
	e, err := v.alive(ctx, nil, g)
	if err != nil {
		return err
	}
	if err := own(g.op, &e); err != nil {
		return err
	}
	if e.Role == RoleRemoteUser {
		return errs.Say(g.op, errs.State, errs.Entry, "%s is a remote user, who does not sign in here.", e.Name)
	}
	hash := ""
	if w, err := v.writer(ctx, g.op); err != nil {
		return err
	} else if w == nil {
		if password, err = checkPassword(g.op, password); err != nil {
			return err
		}
		if hash, err = v.s.Hasher.Hash(ctx, password); err != nil {
			return err
		}
	}
	set := func(ctx context.Context, w Writer) error { return w.SetPassword(ctx, v.org, ref(&e), password) }
	return v.outside(ctx, g.op, set, nil, func() error {
		_, err := v.change(ctx, g, func(t *tx.Tx, e *Entry) (bool, string, error) {
			e.Version++
			v.s.revoked(t, v.org, e.ID)
			if hash == "" {
				return true, "", nil
			}
			return true, "", v.s.Store.PutPassword(t, v.org, e.ID, hash, v.s.Clock.Now())
		})
		return err
	})
}
