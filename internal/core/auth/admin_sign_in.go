package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
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

// AdminSignIn proves an administrator by name and password and opens a session:
// a new token each time (row 123), which is kept nowhere but in the cookie.
// expires is when it ends at the latest. Errors are those of SignIn.
func (s *Service) AdminSignIn(ctx context.Context, name, password string, from Browser) (actor Actor, token string, expires time.Time, err error) {
	defer func() { s.signIns.Inc("console", outcome(err)) }()
	a, attempt, err := s.checkAdmin(ctx, name, password, from.Remote)
	if err != nil {
		return Actor{}, "", time.Time{}, err
	}
	attempt.right()
	fresh := ""
	if s.Hasher.Stale(a.Hash) {
		if fresh, err = s.Hasher.Hash(ctx, password); err != nil {
			fresh = ""
		}
	}
	raw := random(32)
	sum := sha256.Sum256(raw)
	now := s.Clock.Now().UTC().Truncate(time.Millisecond)
	r := SessionRecord{Session: Session{
		ID: ids.NewUUID(), Admin: a.ID, Remote: from.Remote.Unmap().String(), Agent: from.agent(), Created: now, Seen: now, Expires: now.Add(s.SessionLife),
	}, Hash: sum[:], Version: a.Version}
	err = s.Store.Write(ctx, "", func(t *tx.Tx) error { return s.openSession(t, a, r, fresh) })
	if err != nil {
		return Actor{}, "", time.Time{}, err
	}
	token = base64.RawURLEncoding.EncodeToString(raw)
	actor, err = s.AdminSession(ctx, token)
	return actor.Via(adminHead, from.Remote), token, r.Expires, err
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

// openSession keeps a session whose administrator is still as it was proven.
func (s *Service) openSession(t *tx.Tx, proven AdminRecord, r SessionRecord, fresh string) error {
	if err := s.Store.Lock(t); err != nil {
		return err
	}
	a, found, err := s.Store.Admin(t.Context(), t, proven.ID)
	if err != nil {
		return err
	}
	if !found || !a.Enabled || a.Version != proven.Version {
		return unauthenticated("auth.AdminSignIn", nil)
	}
	open, err := s.Store.Sessions(t.Context(), t, a.ID)
	if err != nil {
		return err
	}
	for i := 0; i <= len(open)-maxSessions; i++ {
		if err := s.Store.DeleteSession(t, open[i].ID); err != nil {
			return err
		}
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
	return s.Trail.Record(t, audit.Record{
		By: audit.By{
			Kind: audit.Administrator, ID: string(a.ID), Name: a.Name, Source: r.Remote, RequestID: logging.Request(t.Context()),
			Head: adminHead, Operation: signInOperation,
		},
		Target: string(a.ID), TargetName: a.Name, Detail: "session " + r.ID,
	})
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
