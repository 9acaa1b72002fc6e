package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"postroom/internal/base/errs"
)

// sessionEntry is a session as it was read, believed for 5 seconds; live is nil
// for one that does not exist.
type sessionEntry struct {
	rec    SessionRecord
	admin  AdminRecord
	live   *live
	loaded time.Time
	seen   time.Time // last use that was noted
}

// AdminSession answers whom a cookie's token proves: errs.Unauthenticated for
// one that is unknown, ended, unused for too long or too old. Use Via to say
// from where the call came.
func (s *Service) AdminSession(ctx context.Context, token string) (Actor, error) {
	return s.adminSession(ctx, token, true)
}

// PolledAdminSession is AdminSession for a call that a page makes by itself: it
// is no use of the session, which ends for all that where nobody acts.
func (s *Service) PolledAdminSession(ctx context.Context, token string) (Actor, error) {
	return s.adminSession(ctx, token, false)
}

func (s *Service) adminSession(ctx context.Context, token string, used bool) (Actor, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 32 {
		return Actor{}, noSession()
	}
	hash := sha256.Sum256(raw)
	now := s.Clock.Now()
	s.mu.Lock()
	e, ok := s.sessions.get(hash)
	s.mu.Unlock()
	if !ok || now.Sub(e.loaded) >= fresh || now.Before(e.loaded) || e.live != nil && e.live.ended.Load() {
		if e, err = s.loadSession(ctx, hash, now, e); err != nil {
			return Actor{}, err
		}
	}
	if e.live == nil {
		return Actor{}, noSession()
	}
	s.mu.Lock()
	over := !now.Before(e.rec.Expires) || now.Sub(e.seen) >= s.SessionIdle
	if used && !over {
		if e.seen = now; now.Sub(e.rec.Seen) >= usedEvery {
			e.rec.Seen = now
			s.used.sessions[e.rec.ID] = now
		}
	}
	s.mu.Unlock()
	if over {
		s.hub.stop(e.live)
		return Actor{}, noSession()
	}
	return s.adminActor(e.admin, e.live, e.rec.ID, ""), nil
}

func noSession() error {
	return errs.Say("auth.AdminSession", errs.Unauthenticated, errs.Session, "The session has ended. Sign in again.")
}

func (s *Service) loadSession(ctx context.Context, hash [32]byte, now time.Time, before *sessionEntry) (*sessionEntry, error) {
	for try := 0; ; try++ {
		gen := s.hub.gen.Load()
		e := &sessionEntry{loaded: now}
		r, found, err := s.Store.Session(ctx, nil, hash[:])
		if err != nil {
			return nil, err
		}
		if found {
			if e.admin, found, err = s.Store.Admin(ctx, nil, r.Admin); err != nil {
				return nil, err
			}
		}
		if found && e.admin.Enabled && r.Version == e.admin.Version {
			e.rec, e.seen = r, r.Seen
			s.mu.Lock()
			if before != nil && before.seen.After(e.seen) {
				e.seen = before.seen // what is not written yet
			}
			s.mu.Unlock()
			e.live = s.hub.open(proofKey{admin: r.Admin, means: "s" + r.ID, digest: string(hash[:])}, r.Version)
		}
		s.mu.Lock()
		if s.hub.gen.Load() == gen {
			s.sessions.put(hash, e)
			s.mu.Unlock()
			return e, nil
		}
		s.mu.Unlock()
		if ctx.Err() != nil || try == maxReads {
			return nil, errs.E("auth.AdminSession", errs.Unavailable, errs.Session, ctx.Err())
		}
	}
}
