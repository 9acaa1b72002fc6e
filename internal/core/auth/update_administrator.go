package auth

import (
	"context"
	"slices"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// AdminChange is what to change; nil members stay.
type AdminChange struct {
	Rights   *Rights
	Enabled  *bool
	Password *string // of another administrator; the own one needs ChangeOwnPassword
}

// UpdateAdministrator changes one. New rights, disabling and a new password end
// its sessions at once; its access keys go on with the new rights, and stop
// while it is disabled. errs.State where nobody who manages would be left.
func (v *View) UpdateAdministrator(ctx context.Context, id ids.Admin, in AdminChange) (Admin, error) {
	const op = "auth.UpdateAdministrator"
	if !v.actor.Manages() {
		return Admin{}, denied(op)
	}
	if in.Password != nil && id == v.actor.Admin() {
		return Admin{}, errs.Say(op, errs.Invalid, errs.Administrator, "Changing the own password takes the old one.")
	}
	hash, err := v.preparePassword(ctx, op, id, in.Password)
	if err != nil {
		return Admin{}, err
	}
	if in.Rights != nil {
		r, err := checkRights(op, *in.Rights)
		if err != nil {
			return Admin{}, err
		}
		in.Rights = &r
	}
	var out Admin
	err = v.change(ctx, op, id, false, func(t *tx.Tx, a *AdminRecord) (string, error) {
		did := in.apply(a, hash)
		out = a.Admin
		if len(did) == 0 {
			return "no change", nil
		}
		a.Version++
		if err := v.update(t, a); err != nil {
			return "", err
		}
		if err := v.s.Store.DeleteSessions(t, id, ""); err != nil {
			return "", err
		}
		t.AfterCommit(func() { v.s.RevokedAdmin(id) })
		out = a.Admin
		return strings.Join(did, "; "), v.stillManaged(t, op)
	})
	return out, err
}

// preparePassword hashes a new password before the Write; "" where none is set.
func (v *View) preparePassword(ctx context.Context, op string, id ids.Admin, password *string) (string, error) {
	if password == nil {
		return "", nil
	}
	a, found, err := v.s.Store.Admin(ctx, nil, id)
	if err != nil {
		return "", err
	}
	if !found {
		return "", noAdmin(op, id)
	}
	if err := checkPassword(op, a.Name, *password); err != nil {
		return "", err
	}
	return v.s.Hasher.Hash(ctx, *password)
}

// apply changes the record and says what changed.
func (in AdminChange) apply(a *AdminRecord, hash string) (did []string) {
	if r := in.Rights; r != nil && (r.Role != a.Role || r.All != a.All || !slices.Equal(r.Organizations, a.Organizations)) {
		a.Rights = *r
		did = append(did, describe(*r))
	}
	if in.Enabled != nil && *in.Enabled != a.Enabled {
		a.Enabled = *in.Enabled
		did = append(did, map[bool]string{true: "enabled", false: "disabled"}[a.Enabled])
	}
	if hash != "" {
		a.Hash = hash
		did = append(did, "new password")
	}
	return did
}

// DeleteAdministrator deletes one with keys and sessions, which end at once.
// errs.State for the last one who manages.
func (v *View) DeleteAdministrator(ctx context.Context, id ids.Admin) error {
	const op = "auth.DeleteAdministrator"
	return v.change(ctx, op, id, false, func(t *tx.Tx, a *AdminRecord) (string, error) {
		if err := v.s.Store.DeleteAdmin(t, id); err != nil {
			return "", err
		}
		t.AfterCommit(func() { v.s.RevokedAdmin(id) })
		return "", v.stillManaged(t, op)
	})
}

// ChangeOwnPassword takes the old password, throttled as a sign-in (row 120),
// and ends all sessions of the administrator but the one that asks.
func (v *View) ChangeOwnPassword(ctx context.Context, old, password string) error {
	const op = "auth.ChangeOwnPassword"
	if v.actor.Kind() != Administrator {
		return denied(op)
	}
	id := v.actor.Admin()
	if err := checkPassword(op, v.actor.Name(), password); err != nil {
		return err
	}
	if old == password {
		return errs.Say(op, errs.Password, errs.Administrator, "The new password is the old one.")
	}
	proven, attempt, err := v.s.checkAdmin(ctx, v.actor.Name(), old, v.actor.Remote())
	if errs.Is(err, errs.Unauthenticated) {
		// The session is good, only the old password is not: the console must not read this as signed out.
		return errs.Say(op, errs.Password, errs.Administrator, "The old password is wrong.").Because(err)
	}
	if err != nil {
		return err
	}
	attempt.right()
	hash, err := v.s.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return v.change(ctx, op, id, true, func(t *tx.Tx, a *AdminRecord) (string, error) {
		if a.Version != proven.Version || a.ID != proven.ID {
			return "", noSession()
		}
		a.Hash = hash
		a.Version++
		if err := v.update(t, a); err != nil {
			return "", err
		}
		session := v.actor.Session()
		if err := v.s.Store.DeleteSessions(t, id, session); err != nil {
			return "", err
		}
		t.AfterCommit(func() { v.s.RevokedAdmin(id) })
		if session == "" {
			return "", nil
		}
		return "", v.s.Store.SetSessionVersion(t, session, a.Version)
	})
}
