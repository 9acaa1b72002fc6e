package auth

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// CreateAccessKey makes a key and shows its secret, this once. A key may what
// its administrator may, never more (row 122): administrators make their own,
// those who manage make them for all.
func (v *View) CreateAccessKey(ctx context.Context, admin ids.Admin) (AccessKey, string, error) {
	const op = "auth.CreateAccessKey"
	k := KeyRecord{AccessKey: AccessKey{ID: newKeyID(), Admin: admin, Active: true, Created: v.s.Clock.Now()}}
	secret := newSecret()
	var err error
	if k.Sealed, err = v.s.Sealer.Seal(sealedAs(k.ID), []byte(secret)); err != nil {
		return AccessKey{}, "", err
	}
	err = v.change(ctx, op, admin, true, func(t *tx.Tx, a *AdminRecord) (string, error) {
		have, err := v.s.Store.Keys(t.Context(), t, admin)
		if err != nil {
			return "", err
		}
		if len(have) >= maxKeys {
			return "", errs.Say(op, errs.Limit, errs.AccessKey, "An administrator has at most %d access keys.", maxKeys)
		}
		t.AfterCommit(func() { v.s.revokeKey(k.ID) })
		return "access key " + k.ID, v.s.Store.InsertKey(t, k)
	})
	if err != nil {
		return AccessKey{}, "", err
	}
	return k.AccessKey, secret, nil
}

// ListAccessKeys answers an administrator's keys, without secrets, in order of id.
func (v *View) ListAccessKeys(ctx context.Context, admin ids.Admin) ([]AccessKey, error) {
	const op = "auth.ListAccessKeys"
	if err := v.mayRead(op, admin); err != nil {
		return nil, err
	}
	if _, found, err := v.s.Store.Admin(ctx, nil, admin); err != nil || !found {
		if err == nil {
			err = noAdmin(op, admin)
		}
		return nil, err
	}
	keys, err := v.s.Store.Keys(ctx, nil, admin)
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	for i := range keys { // what this process has seen and not written yet
		if at := v.s.used.keys[keys[i].ID]; at.After(keys[i].Used) {
			keys[i].Used = at
		}
	}
	return keys, err
}

// UpdateAccessKey switches a key on or off; off, it signs nothing from now on.
func (v *View) UpdateAccessKey(ctx context.Context, admin ids.Admin, key string, active bool) error {
	const op = "auth.UpdateAccessKey"
	return v.change(ctx, op, admin, true, func(t *tx.Tx, a *AdminRecord) (string, error) {
		if err := v.ownKey(t, op, admin, key); err != nil {
			return "", err
		}
		t.AfterCommit(func() { v.s.revokeKey(key) })
		word := " inactive"
		if active {
			word = " active"
		}
		return "access key " + key + word, v.s.Store.SetKeyActive(t, key, active)
	})
}

// DeleteAccessKey deletes a key; it signs nothing from now on.
func (v *View) DeleteAccessKey(ctx context.Context, admin ids.Admin, key string) error {
	const op = "auth.DeleteAccessKey"
	return v.change(ctx, op, admin, true, func(t *tx.Tx, a *AdminRecord) (string, error) {
		if err := v.ownKey(t, op, admin, key); err != nil {
			return "", err
		}
		t.AfterCommit(func() { v.s.revokeKey(key) })
		return "access key " + key, v.s.Store.DeleteKey(t, key)
	})
}

func (v *View) ownKey(t *tx.Tx, op string, admin ids.Admin, key string) error {
	k, found, err := v.s.Store.Key(t.Context(), t, key)
	if err == nil && (!found || k.Admin != admin) {
		err = errs.Say(op, errs.NotFound, errs.AccessKey, "The administrator has no access key %q.", key)
	}
	return err
}

// revokeKey ends what a key proved, and what is believed of it.
func (s *Service) revokeKey(id string) {
	s.hub.revoke("", func(k proofKey) bool { return k.means == "k"+id })
	s.mu.Lock()
	s.keys.drop(id)
	s.mu.Unlock()
}

// AccessKeyOwner answers whose key it is, to its owner and to those who manage;
// for everybody else there is no such key.
func (v *View) AccessKeyOwner(ctx context.Context, key string) (ids.Admin, error) {
	k, found, err := v.s.Store.Key(ctx, nil, key)
	if err == nil && (!found || k.Admin != v.actor.Admin() && !v.actor.Manages()) {
		err = errs.Say("auth.AccessKeyOwner", errs.NotFound, errs.AccessKey, "There is no access key %q.", key)
	}
	return k.Admin, err
}
