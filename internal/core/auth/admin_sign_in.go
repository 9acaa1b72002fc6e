package auth

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/base/logging"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
)

const (
	signInOperation = "Postroom.SignIn"
	adminHead       = "awsapi"
)

// Browser is where a sign-in to the console comes from.
type Browser struct {
	Remote netip.Addr
	Agent  string // what it calls itself: anything
}

// agent is the name as it is kept: short, and text.
func (b Browser) agent() string {
	name := b.Agent
	if len(name) > maxAgent {
		name = name[:maxAgent]
	}
	return strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), "")
}

// SignedIn is what a right password led to: a session, or the question for a
// second factor.
type SignedIn struct {
	Actor   Actor
	Token   string // of the session, kept nowhere but in the cookie
	Expires time.Time
	Codes   int // recovery codes that are left, behind FinishSignIn

	Factors        []Factor // not empty: nobody is signed in yet
	Challenge      string   // for FinishSignIn, once
	PasskeyOptions string   // PublicKeyCredentialRequestOptions as JSON, where PASSKEY is among Factors
}

// AdminSignIn proves an administrator by name and password and opens a session:
// a new token each time (row 123). Where there is a second factor it opens none
// and asks for it. Errors are those of SignIn.
func (s *Service) AdminSignIn(ctx context.Context, name, password string, from Browser) (out SignedIn, err error) {
	asked := false
	defer func() {
		if asked && err == nil {
			s.signIns.Inc("console", "asked")
			return
		}
		s.signIns.Inc("console", outcome(err))
	}()
	a, attempt, err := s.checkAdmin(ctx, name, password, from.Remote)
	if err != nil {
		return out, err
	}
	fresh := ""
	if s.Hasher.Stale(a.Hash) {
		if fresh, err = s.Hasher.Hash(ctx, password); err != nil {
			fresh = ""
		}
	}
	f, err := s.factors(ctx, nil, a.ID)
	if err != nil {
		attempt.drop()
		return out, err
	}
	if asked = len(f.Kinds()) > 0; asked {
		attempt.drop() // who has the password alone makes no network known
		return s.askFactor(ctx, a, f, from)
	}
	attempt.right()
	token, r := s.newSession(&a, from)
	err = s.Store.Write(ctx, "", func(t *tx.Tx) error {
		if err := s.stillAs(t, &a); err != nil {
			return err
		}
		// One that was turned on at this very moment counts.
		if f, err := s.factors(t.Context(), t, a.ID); err != nil || len(f.Kinds()) > 0 {
			if err == nil {
				err = unauthenticated("auth.AdminSignIn", nil)
			}
			return err
		}
		return s.openSession(t, a, r, fresh, from, signInOperation, "session "+r.ID)
	})
	if err != nil {
		return out, err
	}
	return s.signedIn(ctx, token, r, from)
}

// newSession makes a session that is not kept yet.
func (s *Service) newSession(a *AdminRecord, from Browser) (token string, r SessionRecord) {
	token, hash := newToken()
	now := s.Clock.Now().UTC().Truncate(millisecond)
	return token, SessionRecord{Session: Session{
		ID: ids.NewUUID(), Admin: a.ID, Remote: from.Remote.Unmap().String(), Agent: from.agent(), Created: now, Seen: now, Expires: now.Add(s.SessionLife),
	}, Hash: hash, Version: a.Version}
}

const millisecond = time.Millisecond

func (s *Service) signedIn(ctx context.Context, token string, r SessionRecord, from Browser) (SignedIn, error) {
	actor, err := s.AdminSession(ctx, token)
	return SignedIn{Actor: actor.Via(adminHead, from.Remote), Token: token, Expires: r.Expires}, err
}

// checkAdmin is the password's part; what it refuses of a known administrator is noted.
func (s *Service) checkAdmin(ctx context.Context, name, password string, remote netip.Addr) (AdminRecord, *attempt, error) {
	const op = "auth.AdminSignIn"
	if len(name) > maxName {
		name = ""
	}
	a, found, err := s.Store.AdminByName(ctx, nil, foldName(name))
	if err != nil {
		return a, nil, err
	}
	account := "administrator?" + foldName(name)
	if found {
		account = "administrator/" + string(a.ID)
	}
	attempt, err := s.throttle.admit(account, remote)
	if err != nil {
		return a, nil, err
	}
	ok, err := s.Hasher.Verify(ctx, a.Hash, password)
	if err != nil {
		attempt.drop()
		return a, nil, err
	}
	if ok && found && a.Enabled {
		return a, attempt, nil
	}
	attempt.failed(password)
	if found && s.Notes != nil {
		s.Notes.Note(audit.Record{
			By: audit.By{
				Kind: audit.Unknown, Name: a.Name, Source: remote.Unmap().String(), RequestID: logging.Request(ctx),
				Head: adminHead, Operation: signInOperation,
			},
			Target: string(a.ID), TargetName: a.Name, Outcome: errs.Unauthenticated.String(),
		})
	}
	return a, nil, unauthenticated(op, nil)
}

// stillAs takes the lock and refuses where the administrator is no longer as it
// was proven; it reads the record anew.
func (s *Service) stillAs(t *tx.Tx, proven *AdminRecord) error {
	if err := s.Store.Lock(t); err != nil {
		return err
	}
	a, found, err := s.Store.Admin(t.Context(), t, proven.ID)
	if err == nil && (!found || !a.Enabled || a.Version != proven.Version) {
		err = unauthenticated("auth.AdminSignIn", nil)
	}
	return err
}

// openSession keeps a session, behind stillAs. fresh is the password's hash with
// the parameters of today, "" for none.
func (s *Service) openSession(t *tx.Tx, proven AdminRecord, r SessionRecord, fresh string, from Browser, operation, detail string) error {
	a, found, err := s.Store.Admin(t.Context(), t, proven.ID)
	if err != nil || !found {
		return err
	}
	open, err := s.Store.Sessions(t.Context(), t, a.ID)
	if err != nil {
		return err
	}
	for _, old := range s.unused(open, len(open)-maxSessions+1) {
		if err := s.Store.DeleteSession(t, old.ID); err != nil {
			return err
		}
		t.AfterCommit(func() { s.revokeAdmin(a.ID, "s"+old.ID) })
	}
	if err := s.Store.InsertSession(t, r); err != nil {
		return err
	}
	if fresh != "" && a.Hash == proven.Hash {
		a.Hash = fresh
		if err := s.Store.UpdateAdmin(t, a); err != nil {
			return err
		}
	}
	if err := s.Store.SetSignedIn(t, a.ID, r.Created); err != nil {
		return err
	}
	return s.Trail.Record(t, audit.Record{By: a.by(t, from, operation), Target: string(a.ID), TargetName: a.Name, Detail: detail})
}

// unused are the n sessions that were not used for longest: who works in one
// keeps it, however many are opened.
func (s *Service) unused(open []SessionRecord, n int) []SessionRecord {
	if n <= 0 {
		return nil
	}
	s.mu.Lock()
	for i := range open {
		if at := s.used.sessions[open[i].ID]; at.After(open[i].Seen) { // what is not written yet
			open[i].Seen = at
		}
	}
	s.mu.Unlock()
	slices.SortStableFunc(open, func(a, b SessionRecord) int { return a.Seen.Compare(b.Seen) })
	return open[:n]
}

// SignOut ends the session that proved the Actor; one that has ended is no error.
func (s *Service) SignOut(ctx context.Context, actor Actor) error {
	if actor.Session() == "" {
		return errs.Say("auth.SignOut", errs.Invalid, errs.Session, "This call was not made from a session.")
	}
	if actor.Revoked() {
		return nil
	}
	return s.For(actor).Call("Postroom.SignOut", logging.Request(ctx), 0).endSession(ctx, actor.Admin(), actor.Session())
}
