package auth

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Sessions answers an administrator's open console sessions, the oldest first.
func (v *View) Sessions(ctx context.Context, admin ids.Admin) ([]Session, error) {
	const op = "auth.Sessions"
	if err := v.mayRead(op, admin); err != nil {
		return nil, err
	}
	if _, found, err := v.s.Store.Admin(ctx, nil, admin); err != nil || !found {
		if err == nil {
			err = noAdmin(op, admin)
		}
		return nil, err
	}
	list, err := v.s.Store.Sessions(ctx, nil, admin)
	if err != nil {
		return nil, err
	}
	v.s.mu.Lock()
	for i := range list { // what this process has seen and not written yet
		if at := v.s.used.sessions[list[i].ID]; at.After(list[i].Seen) {
			list[i].Seen = at
		}
	}
	v.s.mu.Unlock()
	now := v.s.Clock.Now()
	out := make([]Session, 0, len(list))
	for _, r := range list {
		if !now.Before(r.Expires) || now.Sub(r.Seen) >= v.s.SessionIdle+usedEvery {
			continue
		}
		r.Current = r.ID == v.actor.Session()
		out = append(out, r.Session)
	}
	return out, nil
}

// RevokeSession ends a session at once: its own by every administrator, all by
// those who manage.
func (v *View) RevokeSession(ctx context.Context, admin ids.Admin, session string) error {
	return v.endSession(ctx, admin, session)
}

func (v *View) endSession(ctx context.Context, admin ids.Admin, session string) error {
	const op = "auth.RevokeSession"
	return v.change(ctx, op, admin, true, func(t *tx.Tx, a *AdminRecord) (string, error) {
		list, err := v.s.Store.Sessions(t.Context(), t, admin)
		if err != nil {
			return "", err
		}
		for _, r := range list {
			if r.ID == session {
				t.AfterCommit(func() { v.s.revokeAdmin(admin, "s"+session) })
				return "session " + session, v.s.Store.DeleteSession(t, session)
			}
		}
		return "", errs.Say(op, errs.NotFound, errs.Session, "The administrator has no session %q.", session)
	})
}
