package directory

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// CreateAlias gives an enabled entry, found by id, a further address of a
// verified mail domain. One that it has already is no error.
func (v *View) CreateAlias(ctx context.Context, id, alias string) error {
	const op = "directory.CreateAlias"
	a, err := parseEmail(op, alias)
	if err != nil {
		return err
	}
	_, err = v.change(ctx, target{op, id, AcceptID, 0}, func(t *tx.Tx, e *Entry) (bool, string, error) {
		if err := enabled(op, e); err != nil {
			return false, "", err
		}
		changed, err := v.take(t, op, e, a, alias)
		if err != nil || !changed {
			return false, "", err
		}
		return true, "alias " + alias, v.aliasLimit(t, op, e)
	})
	return err
}

func enabled(op string, e *Entry) error {
	if e.State != Enabled {
		return errs.Say(op, errs.State, errs.Entry, "The %s %s is not enabled.", e.Kind.word(), e.Name)
	}
	return nil
}

// aliasLimit refuses more than MaxAliases beside the primary address.
func (v *View) aliasLimit(t *tx.Tx, op string, e *Entry) error {
	rows, err := v.s.Store.Addresses(t.Context(), t, v.org, e.ID, "", 10*MaxAliases)
	if err != nil {
		return err
	}
	n, primary := 0, EmailKey(e.Email)
	for _, a := range rows {
		if a.Held && a.Kind == SMTP && a.Key != primary {
			n++
		}
	}
	if n > MaxAliases {
		return errs.Say(op, errs.Limit, errs.Address, "%s has %d aliases, which is the most.", e.Name, MaxAliases)
	}
	return nil
}

// take gives e an address, and answers false where it holds it already. What an
// entry holds that is not enabled is taken from it; it keeps the memory of it.
func (v *View) take(t *tx.Tx, op string, e *Entry, a address.Address, text string) (bool, error) {
	ctx := t.Context()
	if _, err := v.s.Orgs.VerifiedDomain(ctx, t, v.org, address.DomainKey(a.Domain)); err != nil {
		return false, err
	}
	row := Address{Org: v.org, Entry: e.ID, Kind: SMTP, Key: a.Key(), Text: text, Held: true}
	has, found, err := v.s.Store.Holder(ctx, t, v.org, row.Key)
	if err != nil {
		return false, err
	}
	if found && has.Entry == e.ID {
		return false, nil
	}
	if found {
		other, err := v.s.ByID(ctx, t, v.org, has.Entry)
		if err != nil {
			return false, err
		}
		if other.State == Enabled && other.Dir != DirGone {
			return false, errs.Say(op, errs.InUse, errs.Address, "The address %s belongs to the %s %s.", text, other.Kind.word(), other.Name)
		}
		if err := v.lose(t, &other, has); err != nil {
			return false, err
		}
	}
	return true, v.s.Store.PutAddress(t, row)
}

func (v *View) lose(t *tx.Tx, e *Entry, a Address) error {
	a.Held = false
	if err := v.s.Store.PutAddress(t, a); err != nil {
		return err
	}
	if EmailKey(e.Email) == a.Key {
		e.Email = ""
	}
	e.Revision++
	return v.s.Store.Update(t, e)
}

// DeleteAlias takes an address away from an entry, found by id. One that it does
// not have is no error; the primary address is errs.Invalid.
func (v *View) DeleteAlias(ctx context.Context, id, alias string) error {
	const op = "directory.DeleteAlias"
	a, err := parseEmail(op, alias)
	if err != nil {
		return err
	}
	_, err = v.change(ctx, target{op, id, AcceptID, 0}, func(t *tx.Tx, e *Entry) (bool, string, error) {
		if EmailKey(e.Email) == a.Key() {
			return false, "", errs.Say(op, errs.Invalid, errs.Address, "%s is the primary address. Make another one the primary address first.", alias)
		}
		has, found, err := v.s.Store.Holder(ctx, t, v.org, a.Key())
		if err != nil || !found || has.Entry != e.ID {
			return false, "", err
		}
		return true, "alias " + alias, v.s.Store.DeleteAddress(t, v.org, e.ID, a.Key())
	})
	return err
}

// ListAliases answers a page of an entry's aliases, found by id, without the
// primary address, in order.
func (v *View) ListAliases(ctx context.Context, id, token string, limit int) ([]string, string, error) {
	const op = "directory.ListAliases"
	limit, err := pageLimit(op, limit)
	if err != nil {
		return nil, "", err
	}
	c, err := parseCursor(op, token, 'a')
	if err != nil {
		return nil, "", err
	}
	e, err := v.alive(ctx, nil, target{op, id, AcceptID, 0})
	if err != nil {
		return nil, "", err
	}
	rows, err := v.s.Store.Addresses(ctx, nil, v.org, e.ID, c.key, 10*MaxAliases)
	if err != nil {
		return nil, "", err
	}
	var list []string
	primary, last := EmailKey(e.Email), ""
	for _, a := range rows {
		if !a.Held || a.Kind != SMTP || a.Key == primary {
			continue
		}
		if len(list) == limit {
			return list, cursor{'a', last, e.ID}.String(), nil
		}
		list, last = append(list, a.Text), a.Key
	}
	return list, "", nil
}

// UpdatePrimaryEmailAddress makes an address the primary one of an enabled entry,
// found by id, name or address. The old one stays as an alias. Addresses are ours
// with every directory: also a read-only one takes no part.
func (v *View) UpdatePrimaryEmailAddress(ctx context.Context, entry, email string) error {
	const op = "directory.UpdatePrimaryEmailAddress"
	a, err := parseEmail(op, email)
	if err != nil {
		return err
	}
	_, err = v.change(ctx, target{op, entry, AcceptAny, 0}, func(t *tx.Tx, e *Entry) (bool, string, error) {
		if err := own(op, e); err != nil {
			return false, "", err
		}
		if err := enabled(op, e); err != nil {
			return false, "", err
		}
		if _, err := v.take(t, op, e, a, email); err != nil {
			return false, "", err
		}
		if EmailKey(e.Email) == a.Key() {
			return false, "", nil
		}
		was := e.Email
		e.Email = email
		return true, "primary address " + email + ", was " + was, v.aliasLimit(t, op, e)
	})
	return err
}
