package auth

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
)

// FirstAdministrator is the name of the one that Bootstrap makes.
const FirstAdministrator = "admin"

// Bootstrap makes the first administrator, with full access to all, where the
// deployment has none, and answers its password, which is kept nowhere.
func (s *Service) Bootstrap(ctx context.Context) (password string, created bool, err error) {
	const op = "auth.Bootstrap"
	if n, err := s.Store.CountAdmins(ctx, nil); err != nil || n > 0 {
		return "", false, err
	}
	password = NewPassword()
	a, err := s.newAdmin(ctx, op, NewAdmin{Name: FirstAdministrator, Password: password, Rights: Rights{Role: Full, All: true}})
	if err != nil {
		return "", false, err
	}
	err = s.Store.Write(ctx, "", func(t *tx.Tx) error {
		created = false
		if err := s.Store.Lock(t); err != nil {
			return err
		}
		// Another process may have been first.
		if n, err := s.Store.CountAdmins(t.Context(), t); err != nil || n > 0 {
			return err
		}
		if created, err = s.Store.InsertAdmin(t, a, foldName(a.Name)); err != nil {
			return err
		}
		return s.Trail.Record(t, audit.Record{
			By: audit.By{Kind: audit.System, Operation: "Bootstrap"}, Target: string(a.ID), TargetName: a.Name, Detail: describe(a.Rights),
		})
	})
	if err != nil || !created {
		return "", false, err
	}
	return password, true, nil
}

// ResetAdministrator is the way back in for who has the machine: a new password
// for an administrator, who is enabled and whose sessions end. errs.NotFound
// for an unknown name.
func (s *Service) ResetAdministrator(ctx context.Context, name string) (password string, err error) {
	const op = "auth.ResetAdministrator"
	password = NewPassword()
	hash, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return "", err
	}
	err = s.Store.Write(ctx, "", func(t *tx.Tx) error {
		if err := s.Store.Lock(t); err != nil {
			return err
		}
		a, found, err := s.Store.AdminByName(t.Context(), t, foldName(name))
		if err != nil {
			return err
		}
		if !found {
			return errs.Say(op, errs.NotFound, errs.Administrator, "There is no administrator %q.", name)
		}
		v := s.For(s.Operator("cli")).Call("postroom admin reset", "", 0)
		a.Hash, a.Enabled = hash, true
		a.Version++
		if err := v.update(t, &a); err != nil {
			return err
		}
		if err := s.Store.DeleteSessions(t, a.ID, ""); err != nil {
			return err
		}
		t.AfterCommit(func() { s.RevokedAdmin(a.ID) })
		return v.record(t, &a.Admin, "new password")
	})
	if err != nil {
		return "", err
	}
	return password, nil
}
