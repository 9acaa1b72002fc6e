package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/base/logging"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
)

// Factor is a kind of second factor.
type Factor string

const (
	TOTP    Factor = "TOTP"    // RFC 6238
	PASSKEY Factor = "PASSKEY" // WebAuthn
)

// Factors are an administrator's second factors. With one of them the password
// alone opens no session.
type Factors struct {
	TOTP     time.Time // when it was turned on; zero: it is off
	Passkeys []Passkey // in order of their creation
	Codes    int       // recovery codes that were not used
}

// Kinds are what FinishSignIn takes beside recovery codes, in a fixed order.
func (f Factors) Kinds() (list []Factor) {
	if !f.TOTP.IsZero() {
		list = append(list, TOTP)
	}
	if len(f.Passkeys) > 0 {
		list = append(list, PASSKEY)
	}
	return list
}

// Passkey is a credential of an authenticator, as it may be shown.
type Passkey struct {
	ID      string
	Admin   ids.Admin
	Name    string
	Created time.Time
	Used    time.Time // zero: never
}

// PasskeyRecord is a passkey as the Store keeps it.
type PasskeyRecord struct {
	Passkey
	Credential []byte // the authenticator's id of it
	PublicKey  []byte // COSE
	AAGUID     []byte
	Counter    int64
	Flags      int64 // of the authenticator data
	Transports string
}

// TOTPRecord is a one-time password as the Store keeps it.
type TOTPRecord struct {
	Admin     ids.Admin
	Sealed    []byte
	Made      time.Time
	Confirmed time.Time // zero: it does not count yet
	Step      int64     // of the last code that was taken
}

// Purposes of a challenge.
const (
	forSignIn  = "sign-in"
	forPasskey = "passkey"
)

// ChallengeRecord is something that was begun and takes one answer.
type ChallengeRecord struct {
	Hash    []byte // SHA-256 of the token
	Admin   ids.Admin
	Purpose string
	Version int64  // of the administrator
	Data    []byte // what the passkey's ceremony must remember
	Tries   int64
	Expires time.Time
}

const (
	challengeLife  = 5 * time.Minute
	totpSetUp      = 15 * time.Minute
	maxTries       = 5  // of one challenge
	maxChallenges  = 10 // of one administrator and purpose
	maxPasskeys    = 10
	maxPasskeyName = 64 // characters
	recoveryCodes  = 10
)

// factors reads an administrator's.
func (s *Service) factors(ctx context.Context, v tx.View, admin ids.Admin) (f Factors, err error) {
	totp, found, err := s.Store.TOTP(ctx, v, admin)
	if err != nil {
		return f, err
	}
	if found {
		f.TOTP = totp.Confirmed
	}
	keys, err := s.Store.Passkeys(ctx, v, admin)
	if err != nil {
		return f, err
	}
	for _, k := range keys {
		f.Passkeys = append(f.Passkeys, k.Passkey)
	}
	f.Codes, err = s.Store.CountRecoveryCodes(ctx, v, admin)
	return f, err
}

// SecondFactors tells which an administrator has.
func (v *View) SecondFactors(ctx context.Context, admin ids.Admin) (Factors, error) {
	const op = "auth.SecondFactors"
	if err := v.mayRead(op, admin); err != nil {
		return Factors{}, err
	}
	if _, found, err := v.s.Store.Admin(ctx, nil, admin); err != nil || !found {
		if err == nil {
			err = noAdmin(op, admin)
		}
		return Factors{}, err
	}
	return v.s.factors(ctx, nil, admin)
}

// own is the administrator who calls and may change its own factors.
func (v *View) own(op string) (ids.Admin, error) {
	if v.actor.Kind() != Administrator {
		return "", errs.Say(op, errs.Denied, errs.Administrator, "Only an administrator has second factors, and changes his own.")
	}
	return v.actor.Admin(), nil
}

// prove asks for the password of the administrator who calls, throttled as a sign-in.
func (v *View) prove(ctx context.Context, op, password string) (AdminRecord, error) {
	proven, attempt, err := v.s.checkAdmin(ctx, v.actor.Name(), password, v.actor.Remote())
	if errs.Is(err, errs.Unauthenticated) {
		// The session is good, only the password is not: the console must not read this as signed out.
		return proven, errs.Say(op, errs.Password, errs.Administrator, "The password is wrong.").Because(err)
	}
	if err != nil {
		return proven, err
	}
	attempt.right()
	return proven, nil
}

// changeProven runs fn as change does, once the password was right.
func (v *View) changeProven(ctx context.Context, op, password string, fn func(t *tx.Tx, a *AdminRecord) (string, error)) error {
	admin, err := v.own(op)
	if err != nil {
		return err
	}
	proven, err := v.prove(ctx, op, password)
	if err != nil {
		return err
	}
	return v.change(ctx, op, admin, true, func(t *tx.Tx, a *AdminRecord) (string, error) {
		if a.Version != proven.Version || a.ID != proven.ID {
			return "", noSession()
		}
		return fn(t, a)
	})
}

// tidy removes the recovery codes where no factor is left: they replace one.
func (s *Service) tidy(t *tx.Tx, admin ids.Admin) (detail string, err error) {
	f, err := s.factors(t.Context(), t, admin)
	if err != nil || len(f.Kinds()) > 0 || f.Codes == 0 {
		return "", err
	}
	return ", the last second factor: recovery codes removed", s.Store.PutRecoveryCodes(t, admin, nil)
}

// CreateRecoveryCodes makes new ones in place of those before.
func (v *View) CreateRecoveryCodes(ctx context.Context, password string) ([]string, error) {
	const op = "auth.CreateRecoveryCodes"
	codes, hashes := newRecoveryCodes()
	err := v.changeProven(ctx, op, password, func(t *tx.Tx, a *AdminRecord) (string, error) {
		f, err := v.s.factors(t.Context(), t, a.ID)
		if err != nil {
			return "", err
		}
		if len(f.Kinds()) == 0 {
			return "", errs.Say(op, errs.NotFound, errs.Administrator, "There is no second factor that recovery codes could replace. Set up one first.")
		}
		return "new recovery codes", v.s.Store.PutRecoveryCodes(t, a.ID, hashes)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// firstCodes makes recovery codes for one who has none.
func (s *Service) firstCodes(t *tx.Tx, admin ids.Admin, hashes [][]byte) (made bool, err error) {
	n, err := s.Store.CountRecoveryCodes(t.Context(), t, admin)
	if err != nil || n > 0 {
		return false, err
	}
	return true, s.Store.PutRecoveryCodes(t, admin, hashes)
}

// newRecoveryCodes makes codes of 80 bits: too many to guess, so that a plain
// hash keeps them.
func newRecoveryCodes() (codes []string, hashes [][]byte) {
	for range recoveryCodes {
		raw := strings.ToLower(rand.Text()[:16])
		codes = append(codes, raw[:4]+"-"+raw[4:8]+"-"+raw[8:12]+"-"+raw[12:])
		hashes = append(hashes, recoveryHash(raw))
	}
	return codes, hashes
}

// recoveryHash takes a code however it was typed.
func recoveryHash(code string) []byte {
	plain := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	sum := sha256.Sum256([]byte("postroom recovery code v1\x00" + plain))
	return sum[:]
}

// ResetFactors takes all second factors of an administrator away, for who has
// the machine. errs.NotFound for an unknown name.
func (s *Service) ResetFactors(ctx context.Context, name string) (had Factors, err error) {
	v := s.For(s.Operator("cli")).Call("postroom admin reset-factors", "", 0)
	a, err := v.FindAdministrator(ctx, name)
	if err != nil {
		return Factors{}, err
	}
	return v.ResetSecondFactor(ctx, a.ID)
}

// ResetSecondFactor takes one-time password, passkeys and recovery codes of
// another administrator away and ends its sessions and begun sign-ins. The own
// ones take the own password (RemoveTotp, DeletePasskey): errs.Invalid. Without
// a second factor nothing changes.
func (v *View) ResetSecondFactor(ctx context.Context, id ids.Admin) (had Factors, err error) {
	const op = "auth.ResetSecondFactor"
	if !v.actor.Manages() {
		return had, denied(op)
	}
	if id == v.actor.Admin() && v.actor.Kind() == Administrator {
		return had, errs.Say(op, errs.Invalid, errs.Administrator, "Change your own second factors under your account: that takes your password.")
	}
	err = v.change(ctx, op, id, false, func(t *tx.Tx, a *AdminRecord) (string, error) {
		if had, err = v.s.factors(t.Context(), t, id); err != nil {
			return "", err
		}
		if err := v.s.Store.DeleteFactors(t, id); err != nil {
			return "", err
		}
		if len(had.Kinds()) == 0 && had.Codes == 0 {
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
		return "second factors removed, sessions ended", nil
	})
	return had, err
}

// refused notes a second step that failed.
func (s *Service) refused(ctx context.Context, a *Admin, from Browser, operation, why string) {
	if s.Notes == nil {
		return
	}
	s.Notes.Note(audit.Record{
		By: audit.By{
			Kind: audit.Unknown, Name: a.Name, Source: from.Remote.Unmap().String(), RequestID: logging.Request(ctx), Head: adminHead, Operation: operation,
		},
		Target: string(a.ID), TargetName: a.Name, Outcome: errs.Unauthenticated.String(), Detail: why,
	})
}

// by is an administrator who signs in, for an audit record.
func (a *Admin) by(t *tx.Tx, from Browser, operation string) audit.By {
	return audit.By{
		Kind: audit.Administrator, ID: string(a.ID), Name: a.Name, Source: from.Remote.Unmap().String(), RequestID: logging.Request(t.Context()),
		Head: adminHead, Operation: operation,
	}
}
