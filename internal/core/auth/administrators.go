package auth

import (
	"context"
	"fmt"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// NewAdmin is what an administrator begins with. Without a password it can only
// be used by access keys.
type NewAdmin struct {
	Name     string
	Password string
	Rights
}

// CreateAdministrator adds one: errs.Exists for a taken name, errs.Password for
// one that the policy refuses.
func (v *View) CreateAdministrator(ctx context.Context, in NewAdmin) (Admin, error) {
	const op = "auth.CreateAdministrator"
	if !v.actor.Manages() {
		return Admin{}, denied(op)
	}
	a, err := v.s.newAdmin(ctx, op, in)
	if err != nil {
		return Admin{}, err
	}
	err = v.s.Store.Write(ctx, "", func(t *tx.Tx) error {
		if err := v.s.Store.Lock(t); err != nil {
			return err
		}
		if err := v.may(t, op, ""); err != nil {
			return err
		}
		ok, err := v.s.Store.InsertAdmin(t, a, foldName(a.Name))
		if err != nil {
			return err
		}
		if !ok {
			return errs.Say(op, errs.Exists, errs.Administrator, "There is an administrator %s already.", a.Name)
		}
		return v.record(t, &a.Admin, describe(a.Rights))
	})
	return a.Admin, err
}

func (s *Service) newAdmin(ctx context.Context, op string, in NewAdmin) (AdminRecord, error) {
	if err := checkName(op, in.Name); err != nil {
		return AdminRecord{}, err
	}
	rights, err := checkRights(op, in.Rights)
	if err != nil {
		return AdminRecord{}, err
	}
	now := s.Clock.Now()
	a := AdminRecord{Admin: Admin{
		ID: ids.Admin(ids.NewUUID()), Name: in.Name, Rights: rights, Enabled: true, Password: in.Password != "", Revision: 1, Created: now, Changed: now,
	}, Version: 1}
	if in.Password != "" {
		if err := checkPassword(op, in.Name, in.Password); err != nil {
			return a, err
		}
		a.Hash, err = s.Hasher.Hash(ctx, in.Password)
	}
	return a, err
}

func describe(r Rights) string {
	if r.All {
		return fmt.Sprintf("role %s, all organizations", r.Role)
	}
	names := make([]string, 0, 10)
	for i, o := range r.Organizations {
		if i == 10 {
			names = append(names, fmt.Sprintf("and %d more", len(r.Organizations)-i))
			break
		}
		names = append(names, string(o))
	}
	return fmt.Sprintf("role %s, organizations %s", r.Role, strings.Join(names, " "))
}

// DescribeAdministrator answers one; everybody may see itself.
func (v *View) DescribeAdministrator(ctx context.Context, id ids.Admin) (Admin, error) {
	const op = "auth.DescribeAdministrator"
	if err := v.mayRead(op, id); err != nil {
		return Admin{}, err
	}
	a, found, err := v.s.Store.Admin(ctx, nil, id)
	if err == nil && !found {
		err = noAdmin(op, id)
	}
	return a.Admin, err
}

// FindAdministrator answers one by name.
func (v *View) FindAdministrator(ctx context.Context, name string) (Admin, error) {
	const op = "auth.FindAdministrator"
	a, found, err := v.s.Store.AdminByName(ctx, nil, foldName(name))
	if err != nil {
		return Admin{}, err
	}
	if err := v.mayRead(op, a.ID); err != nil {
		return Admin{}, err
	}
	if !found {
		return Admin{}, errs.Say(op, errs.NotFound, errs.Administrator, "There is no administrator %q.", name)
	}
	return a.Admin, nil
}

// ListAdministrators answers a page in order of name behind the name after, and
// the after of the next page ("" at the end). limit is 1 to 100; 0 is 100.
func (v *View) ListAdministrators(ctx context.Context, after string, limit int) ([]Admin, string, error) {
	const op = "auth.ListAdministrators"
	if err := v.mayRead(op, ""); err != nil {
		return nil, "", err
	}
	if limit == 0 {
		limit = 100
	}
	if limit < 1 || limit > 100 {
		return nil, "", errs.Say(op, errs.Invalid, errs.Request, "A page has 1 to 100 administrators.")
	}
	list, err := v.s.Store.Admins(ctx, nil, foldName(after), limit+1)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].Name
	}
	out := make([]Admin, len(list))
	for i := range list {
		out[i] = list[i].Admin
	}
	return out, next, nil
}
