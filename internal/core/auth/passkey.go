package auth

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// BeginPasskey begins to add a passkey to the administrator who calls, and
// answers PublicKeyCredentialCreationOptions as JSON (WebAuthn §5.1.8).
func (v *View) BeginPasskey(ctx context.Context) (string, error) {
	const op = "auth.BeginPasskey"
	admin, err := v.own(op)
	if err != nil {
		return "", err
	}
	keys, err := v.s.Store.Passkeys(ctx, nil, admin)
	if err != nil {
		return "", err
	}
	begun, err := v.s.beginRegistration(op, admin, v.actor.Name(), keys)
	if err != nil {
		return "", err
	}
	err = v.change(ctx, op, admin, true, func(t *tx.Tx, a *AdminRecord) (string, error) {
		if err := v.s.roomForPasskey(t, op, admin); err != nil {
			return "", err
		}
		return "", v.s.insertChallenge(t, ChallengeRecord{Hash: begun.hash, Admin: admin, Purpose: forPasskey, Version: a.Version, Data: begun.data})
	})
	return begun.options, err
}

func (s *Service) roomForPasskey(t *tx.Tx, op string, admin ids.Admin) error {
	keys, err := s.Store.Passkeys(t.Context(), t, admin)
	if err == nil && len(keys) >= maxPasskeys {
		err = errs.Say(op, errs.Limit, errs.Administrator, "An administrator has at most %d passkeys.", maxPasskeys)
	}
	return err
}

// insertChallenge keeps what was begun, and drops the oldest where many were.
func (s *Service) insertChallenge(t *tx.Tx, r ChallengeRecord) error {
	r.Expires = s.Clock.Now().Add(challengeLife)
	if err := s.Store.TrimChallenges(t, r.Admin, r.Purpose, maxChallenges-1); err != nil {
		return err
	}
	return s.Store.InsertChallenge(t, r)
}

// FinishPasskey adds the passkey that the browser made, under a name of its
// own, and answers recovery codes where the administrator has none. errs.Invalid
// for an answer that does not hold; errs.Exists for a name that is taken.
func (v *View) FinishPasskey(ctx context.Context, name, response string) (Passkey, []string, error) {
	const op = "auth.FinishPasskey"
	admin, err := v.own(op)
	if err != nil {
		return Passkey{}, nil, err
	}
	if name, err = passkeyName(op, name); err != nil {
		return Passkey{}, nil, err
	}
	made, hash, err := v.s.finishRegistration(ctx, op, admin, v.actor.Name(), response)
	if err != nil {
		return Passkey{}, nil, err
	}
	made.Passkey = Passkey{ID: ids.NewUUID(), Admin: admin, Name: name, Created: v.s.Clock.Now().UTC().Truncate(millisecond)}
	codes, hashes := newRecoveryCodes()
	fresh := false
	err = v.change(ctx, op, admin, true, func(t *tx.Tx, a *AdminRecord) (string, error) {
		// Whoever deletes the challenge has it: it is used once.
		if taken, err := v.s.Store.DeleteChallenge(t, hash); err != nil || !taken {
			if err == nil {
				err = staleRegistration(op)
			}
			return "", err
		}
		if err := v.s.roomForPasskey(t, op, admin); err != nil {
			return "", err
		}
		keys, err := v.s.Store.Passkeys(t.Context(), t, admin)
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(keys, func(k PasskeyRecord) bool { return strings.EqualFold(k.Name, name) }) {
			return "", errs.Say(op, errs.Exists, errs.Administrator, "A passkey is called %q already.", name)
		}
		if ok, err := v.s.Store.InsertPasskey(t, made); err != nil || !ok {
			if err == nil {
				err = errs.Say(op, errs.Invalid, errs.Administrator, "This passkey is there already.")
			}
			return "", err
		}
		fresh, err = v.s.firstCodes(t, admin, hashes)
		return "passkey " + made.ID + " " + name, err
	})
	if err != nil || !fresh {
		return made.Passkey, nil, err
	}
	return made.Passkey, codes, nil
}

func passkeyName(op, name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > maxPasskeyName || strings.ContainsFunc(name, unicode.IsControl) {
		return "", errs.Say(op, errs.Invalid, errs.Administrator, "A passkey's name has 1 to %d characters and no control characters.", maxPasskeyName)
	}
	return name, nil
}

func staleRegistration(op string) error {
	return errs.Say(op, errs.Invalid, errs.Administrator, "This passkey was not begun here, or more than 5 minutes ago. Begin again.")
}

// DeletePasskey deletes a passkey of the administrator who calls. It takes the password.
func (v *View) DeletePasskey(ctx context.Context, id, password string) error {
	const op = "auth.DeletePasskey"
	return v.changeProven(ctx, op, password, func(t *tx.Tx, a *AdminRecord) (string, error) {
		keys, err := v.s.Store.Passkeys(t.Context(), t, a.ID)
		if err != nil {
			return "", err
		}
		i := slices.IndexFunc(keys, func(k PasskeyRecord) bool { return k.ID == id })
		if i < 0 {
			return "", errs.Say(op, errs.NotFound, errs.Administrator, "There is no passkey %q.", id)
		}
		if err := v.s.Store.DeletePasskey(t, id); err != nil {
			return "", err
		}
		detail, err := v.s.tidy(t, a.ID)
		return "passkey " + id + " " + keys[i].Name + detail, err
	})
}
