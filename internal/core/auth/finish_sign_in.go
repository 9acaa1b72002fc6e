package auth

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
)

const finishOperation = "Postroom.FinishSignIn"

// SecondProof is what FinishSignIn takes: exactly one of them.
type SecondProof struct {
	Code         string // of the app, RFC 6238
	RecoveryCode string
	Passkey      string // AuthenticationResponseJSON (WebAuthn §5.5)
}

// askFactor begins the second step of a sign-in whose password was right. It
// tells nothing that could be used without a factor.
func (s *Service) askFactor(ctx context.Context, a AdminRecord, f Factors, from Browser) (SignedIn, error) {
	const op = "auth.AdminSignIn"
	out := SignedIn{Factors: f.Kinds()}
	token, hash := newToken()
	c := ChallengeRecord{Hash: hash, Admin: a.ID, Purpose: forSignIn, Version: a.Version}
	if len(f.Passkeys) > 0 {
		keys, err := s.Store.Passkeys(ctx, nil, a.ID)
		if err != nil {
			return SignedIn{}, err
		}
		if begun, err := s.beginAssertion(op, &a.Admin, keys); err == nil {
			c.Data, out.PasskeyOptions = begun.data, begun.options
		} else if !errs.Is(err, errs.Unsupported) { // the console's host was changed: other factors still work
			return SignedIn{}, err
		}
	}
	err := s.Store.Write(ctx, "", func(t *tx.Tx) error {
		if err := s.stillAs(t, &a); err != nil {
			return err
		}
		if err := s.insertChallenge(t, c); err != nil {
			return err
		}
		return s.Trail.Record(t, audit.Record{By: a.by(t, from, signInOperation), Target: string(a.ID), TargetName: a.Name, Detail: "password right, second factor asked for"})
	})
	if err != nil {
		return SignedIn{}, err
	}
	out.Challenge = token
	return out, nil
}

// FinishSignIn ends a sign-in that asked for a second factor, and opens a
// session with a new token. A challenge works once, for 5 minutes and 5 answers;
// a code works once (row 117). errs.Unauthenticated, Session: the challenge is
// over; Nothing: the proof is wrong. errs.Throttled after too many wrong codes.
func (s *Service) FinishSignIn(ctx context.Context, challenge string, p SecondProof, from Browser) (out SignedIn, err error) {
	defer func() { s.signIns.Inc("console", outcome(err)) }()
	c, a, err := s.challenged(ctx, challenge, p)
	if err != nil {
		return out, err
	}
	var attempt *attempt
	check := s.byPasskey(ctx, c, &a, p.Passkey)
	if p.Passkey == "" {
		check = s.byCode(&a, p)
	}
	if p.Code != "" { // the others are too long to guess
		if attempt, err = s.throttle.admitCode("factor/" + string(a.ID)); err != nil {
			return out, err
		}
	}
	token, r := s.newSession(&a, from)
	why, how := "", ""
	err = s.Store.Write(ctx, "", func(t *tx.Tx) error {
		why, how = "", ""
		if err := s.stillAs(t, &a); err != nil {
			return err
		}
		now, found, err := s.Store.Challenge(t.Context(), t, c.Hash)
		if err != nil {
			return err
		}
		if !found || now.Tries >= maxTries {
			return noChallenge()
		}
		if how, why, err = check(t); err != nil {
			return err
		}
		if why != "" {
			return s.Store.TriedChallenge(t, c.Hash)
		}
		if _, err := s.Store.DeleteChallenge(t, c.Hash); err != nil {
			return err
		}
		return s.openSession(t, a, r, "", from, finishOperation, "session "+r.ID+" by "+how)
	})
	switch {
	case err != nil:
		if attempt != nil {
			attempt.drop()
		}
		return out, err
	case why != "":
		s.refused(ctx, &a.Admin, from, finishOperation, why)
		return out, wrongFactor()
	case attempt != nil:
		attempt.drop()
	}
	s.throttle.know("administrator/"+string(a.ID), from.Remote)
	if out, err = s.signedIn(ctx, token, r, from); err != nil {
		return SignedIn{}, err
	}
	out.Codes, err = s.Store.CountRecoveryCodes(ctx, nil, a.ID)
	return out, err
}

// challenged finds what was begun and whose it is.
func (s *Service) challenged(ctx context.Context, challenge string, p SecondProof) (c ChallengeRecord, a AdminRecord, err error) {
	given := 0
	for _, v := range []string{p.Code, p.RecoveryCode, p.Passkey} {
		if v != "" {
			given++
		}
	}
	if given != 1 {
		return c, a, errs.Say("auth.FinishSignIn", errs.Invalid, errs.Request, "Give exactly one of the code, a recovery code and the passkey's answer.")
	}
	hash, ok := tokenHash(challenge)
	if !ok {
		return c, a, noChallenge()
	}
	c, found, err := s.Store.Challenge(ctx, nil, hash)
	if err != nil {
		return c, a, err
	}
	if !found || c.Purpose != forSignIn || c.Tries >= maxTries || !s.Clock.Now().Before(c.Expires) {
		return c, a, noChallenge()
	}
	a, found, err = s.Store.Admin(ctx, nil, c.Admin)
	if err == nil && (!found || !a.Enabled || a.Version != c.Version) {
		err = noChallenge()
	}
	return c, a, err
}

func noChallenge() error {
	return errs.Say("auth.FinishSignIn", errs.Unauthenticated, errs.Session, "This sign-in took too long, was tried too often or is over. Begin again with name and password.")
}

func wrongFactor() error {
	return errs.Say("auth.FinishSignIn", errs.Unauthenticated, errs.Nothing, "The code or the passkey is wrong.")
}

// step checks a second factor inside the Write and uses it up; why is not empty
// where it is wrong.
type step func(t *tx.Tx) (how, why string, err error)

func (s *Service) byCode(a *AdminRecord, p SecondProof) step {
	return func(t *tx.Tx) (how, why string, err error) {
		if p.RecoveryCode != "" {
			ok, err := s.Store.TakeRecoveryCode(t, a.ID, recoveryHash(p.RecoveryCode))
			if !ok {
				why = "wrong recovery code"
			}
			return "recovery code", why, err
		}
		r, found, err := s.Store.TOTP(t.Context(), t, a.ID)
		if err != nil {
			return "", "", err
		}
		if !found || r.Confirmed.IsZero() {
			return "", "a code without a one-time password", nil
		}
		secret, err := s.Sealer.Open(totpAbout(a.ID), r.Sealed)
		if err != nil {
			return "", "", err
		}
		n, err := totpStep(string(secret), p.Code, r.Step, s.Clock.Now())
		if err != nil || n == 0 {
			return "", "wrong code, or one that was used", err
		}
		r.Step = n
		return "one-time password", "", s.Store.PutTOTP(t, r)
	}
}

// byPasskey does the arithmetic outside the Write, and looks inside whether the
// passkey is still as it was.
func (s *Service) byPasskey(ctx context.Context, c ChallengeRecord, a *AdminRecord, response string) step {
	const op = "auth.FinishSignIn"
	if response == "" {
		return nil
	}
	var used PasskeyRecord
	var why string
	keys, err := s.Store.Passkeys(ctx, nil, a.ID)
	if err == nil {
		used, why, err = s.checkAssertion(op, &a.Admin, keys, c.Data, response)
	}
	return func(t *tx.Tx) (string, string, error) {
		if err != nil || why != "" {
			return "", why, err
		}
		now, err := s.Store.Passkeys(t.Context(), t, a.ID)
		if err != nil {
			return "", "", err
		}
		for _, k := range now {
			if k.ID != used.ID {
				continue
			}
			if used.Counter <= k.Counter && (used.Counter != 0 || k.Counter != 0) {
				return "", "a passkey whose counter went back: it may have been copied", nil
			}
			used.Used = s.Clock.Now()
			return "passkey " + k.ID, "", s.Store.UsePasskey(t, used)
		}
		return "", "a passkey that is gone", nil
	}
}
