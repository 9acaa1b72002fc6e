package auth

import (
	"context"
	"encoding/base64"
	"strings"
	"time"

	"postroom/internal/base/errs"
)

const (
	keyIDLength  = 20
	secretLength = 40
	maxReads     = 20 // of a credential, while others are revoked
)

// newKeyID makes an access key's id: PR and 18 of A-Z2-7.
func newKeyID() string { return "PR" + randomText(keyIDLength-2) }

// newSecret makes an access key's secret: 40 characters of base64, 240 bits.
func newSecret() string { return base64.StdEncoding.EncodeToString(random(secretLength / 4 * 3)) }

func randomText(n int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	b := random(n)
	for i := range b {
		b[i] = letters[b[i]&31]
	}
	return string(b)
}

func isKeyID(s string) bool {
	return len(s) == keyIDLength && s[:2] == "PR" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

// keyEntry is a key as it was read, believed for 5 seconds. secret is "" for
// one that does not exist or is off.
type keyEntry struct {
	secret string
	key    AccessKey
	admin  AdminRecord
	live   *live
	loaded time.Time
	noted  time.Time // last use that was noted
}

// AccessKey answers the secret of a key, to check a signature with, and whom the
// signature then proves. For a key that is unknown or off, or whose
// administrator is disabled, it answers a secret that signs nothing, the zero
// Actor, and errs.Unauthenticated, so that the signature is checked all the
// same. Use Via to say through which head and from where the call came.
func (s *Service) AccessKey(ctx context.Context, id string) (secret string, a Actor, err error) {
	if !isKeyID(id) {
		return s.decoy, Actor{}, unknownKey()
	}
	now := s.Clock.Now()
	s.mu.Lock()
	e, ok := s.keys.get(id)
	s.mu.Unlock()
	if !ok || now.Sub(e.loaded) >= fresh || now.Before(e.loaded) || e.live != nil && e.live.ended.Load() {
		if e, err = s.loadKey(ctx, id, now); err != nil {
			return s.decoy, Actor{}, err
		}
	}
	if e.secret == "" {
		return s.decoy, Actor{}, unknownKey()
	}
	s.mu.Lock()
	if now.Sub(e.noted) >= usedEvery {
		e.noted = now
		s.used.keys[id] = now
	}
	s.mu.Unlock()
	return e.secret, s.adminActor(e.admin, e.live, "", id), nil
}

func unknownKey() error {
	return errs.Say("auth.AccessKey", errs.Unauthenticated, errs.AccessKey, "The access key is not valid.")
}

// loadKey reads a key. Where something was revoked while it read, it reads again.
func (s *Service) loadKey(ctx context.Context, id string, now time.Time) (*keyEntry, error) {
	for try := 0; ; try++ {
		gen := s.hub.gen.Load()
		e, err := s.readKey(ctx, id)
		if err != nil {
			return nil, err
		}
		e.loaded = now
		if e.secret != "" {
			e.live = s.hub.open(proofKey{admin: e.admin.ID, means: "k" + id}, e.admin.Version)
		}
		s.mu.Lock()
		if s.hub.gen.Load() == gen {
			s.keys.put(id, e)
			s.mu.Unlock()
			return e, nil
		}
		s.mu.Unlock()
		if ctx.Err() != nil || try == maxReads {
			return nil, errs.E("auth.AccessKey", errs.Unavailable, errs.AccessKey, ctx.Err())
		}
	}
}

func (s *Service) readKey(ctx context.Context, id string) (*keyEntry, error) {
	e := &keyEntry{}
	k, found, err := s.Store.Key(ctx, nil, id)
	if err != nil || !found {
		return e, err
	}
	a, found, err := s.Store.Admin(ctx, nil, k.Admin)
	e.key, e.noted, e.admin = k.AccessKey, k.Used, a
	if err != nil || !found || !a.Enabled || !k.Active {
		return e, err
	}
	plain, err := s.Sealer.Open(sealedAs(id), k.Sealed)
	if err != nil {
		return e, err
	}
	e.secret = string(plain)
	return e, nil
}

func sealedAs(keyID string) string { return "access key " + keyID }

func (s *Service) adminActor(a AdminRecord, l *live, session, key string) Actor {
	return Actor{who: &identity{
		kind: Administrator, name: a.Name, admin: a.ID, rights: a.Rights, version: a.Version, session: session, key: key, hub: s.hub, live: l,
	}}
}
