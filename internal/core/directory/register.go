package directory

import (
	"context"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// RegisterToWorkMail enables an entry, found by id or name: it gets its primary
// address, and those of its former ones back that are still free. mailbox runs
// in the same Write and gives it one. An enabled one with this primary address
// changes nothing; with another it is errs.Registered.
func (v *View) RegisterToWorkMail(ctx context.Context, entry, email string, mailbox Hook) (Entry, error) {
	const op = "directory.RegisterToWorkMail"
	a, err := parseEmail(op, email)
	if err != nil {
		return Entry{}, err
	}
	return v.change(ctx, target{op, entry, AcceptID | AcceptName, 0}, func(t *tx.Tx, e *Entry) (bool, string, error) {
		if err := own(op, e); err != nil {
			return false, "", err
		}
		if e.State == Enabled {
			if EmailKey(e.Email) == a.Key() {
				return false, "", nil
			}
			return false, "", errs.Say(op, errs.Registered, errs.Entry, "%s is registered already, with the address %s.", e.Name, e.Email)
		}
		return true, "address " + email, v.register(t, op, e, a, email, mailbox)
	})
}

// Registered is RegisterToWorkMail as the then of a Create command: the new
// entry is enabled in the same Write. email is checked before.
func (v *View) Registered(email string, mailbox Hook) (Hook, error) {
	const op = "directory.RegisterToWorkMail"
	a, err := parseEmail(op, email)
	if err != nil {
		return nil, err
	}
	return func(t *tx.Tx, e *Entry) error { return v.register(t, op, e, a, email, mailbox) }, nil
}

func (v *View) register(t *tx.Tx, op string, e *Entry, a address.Address, email string, mailbox Hook) error {
	if err := there(op, e); err != nil {
		return err
	}
	if _, err := v.take(t, op, e, a, email); err != nil {
		return err
	}
	if err := v.regain(t, e); err != nil {
		return err
	}
	e.Email, e.State, e.EnabledAt = email, Enabled, v.s.Clock.Now()
	e.Version++
	if err := v.aliasLimit(t, op, e); err != nil {
		return err
	}
	if e.HasMailbox() {
		return mailbox.run(t, e)
	}
	return nil
}

// there refuses what is no longer in its directory, and so cannot be changed.
func there(op string, e *Entry) error {
	if e.Dir == DirGone {
		return errs.Say(op, errs.State, errs.Entry, "%s is no longer in its directory.", e.Name)
	}
	return nil
}

// regain gives e back what it lost and nobody holds now, up to MaxAliases.
func (v *View) regain(t *tx.Tx, e *Entry) error {
	rows, err := v.s.Store.Addresses(t.Context(), t, v.org, e.ID, "", 10*MaxAliases)
	if err != nil {
		return err
	}
	held := 0
	for _, a := range rows {
		if a.Held {
			held++
		}
	}
	for _, a := range rows {
		if a.Held || held > MaxAliases { // the primary address is one of them
			continue
		}
		if _, found, err := v.s.Store.Holder(t.Context(), t, v.org, a.Key); err != nil || found {
			if err != nil {
				return err
			}
			continue
		}
		a.Held, held = true, held+1
		if err := v.s.Store.PutAddress(t, a); err != nil {
			return err
		}
	}
	return nil
}

// DeregisterFromWorkMail disables an entry, found by id, name or address: it is
// locked out when this answers. It keeps its addresses until another takes them.
// detach runs in the same Write.
func (v *View) DeregisterFromWorkMail(ctx context.Context, entry string, detach Hook) (Entry, error) {
	const op = "directory.DeregisterFromWorkMail"
	return v.change(ctx, target{op, entry, AcceptAny, 0}, func(t *tx.Tx, e *Entry) (bool, string, error) {
		if err := enabled(op, e); err != nil {
			return false, "", err
		}
		e.State, e.DisabledAt = Disabled, v.s.Clock.Now()
		e.Version++
		v.s.revoked(t, v.org, e.ID)
		return true, "", detach.run(t, e)
	})
}

// SawDirectory notes whether a foreign directory has an entry active. One that
// is not is locked out at once; state, addresses and mailbox stay.
func (v *View) SawDirectory(ctx context.Context, id string, state DirState) (Entry, error) {
	const op = "directory.SawDirectory"
	return v.change(ctx, target{op, id, AcceptID, 0}, func(t *tx.Tx, e *Entry) (bool, string, error) {
		if e.Dir == state {
			return false, "", nil
		}
		e.Dir = state
		e.Version++
		v.s.revoked(t, v.org, e.ID)
		return true, "the directory says " + string(state), nil
	})
}

// RetentionTime is how long the mailbox of a disabled entry stays.
const RetentionTime = 30 * 24 * time.Hour
