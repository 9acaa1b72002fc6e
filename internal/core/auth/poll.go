package auth

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

const pollBatch = 200

// Poll compares the proofs in use with the store and ends those that it no
// longer bears out; it also writes what was used and clears sessions that are
// over. Start calls it every few seconds.
func (s *Service) Poll(ctx context.Context) error {
	users := map[string]map[ids.Org][]*live{}
	admins := map[ids.Admin][]*live{}
	for _, l := range s.hub.watched() {
		if l.key.admin != "" {
			admins[l.key.admin] = append(admins[l.key.admin], l)
			continue
		}
		if users[l.key.region] == nil {
			users[l.key.region] = map[ids.Org][]*live{}
		}
		users[l.key.region][l.key.org] = append(users[l.key.region][l.key.org], l)
	}
	var failed []error
	for region, orgs := range users {
		for org, list := range orgs {
			failed = append(failed, s.pollUsers(ctx, region, org, list))
		}
	}
	for id, list := range admins {
		failed = append(failed, s.pollAdmin(ctx, id, list))
	}
	failed = append(failed, s.flushUsed(ctx), s.expire(ctx))
	return errors.Join(failed...)
}

func (s *Service) pollUsers(ctx context.Context, region string, org ids.Org, list []*live) error {
	r, ok := s.region(region)
	if !ok {
		return nil
	}
	_, err := r.Directory.Orgs.Serving(ctx, nil, org)
	if gone, err := missing(err); err != nil {
		return err
	} else if gone {
		s.Revoked(org, "")
		return nil
	}
	for len(list) > 0 {
		n := min(len(list), pollBatch)
		batch := list[:n]
		list = list[n:]
		want := make([]ids.Entry, n)
		for i, l := range batch {
			want[i] = l.key.entry
		}
		entries, err := r.Directory.Store.Entries(ctx, nil, org, want)
		if err != nil {
			return err
		}
		versions := map[ids.Entry]int64{}
		for i := range entries {
			if signsIn(&entries[i]) {
				versions[entries[i].ID] = entries[i].Version
			}
		}
		for _, l := range batch {
			if v, ok := versions[l.key.entry]; !ok || v != l.version {
				s.proofs.forget(org, l.key.entry)
				s.hub.stop(l)
			}
		}
	}
	return nil
}

func (s *Service) pollAdmin(ctx context.Context, id ids.Admin, list []*live) error {
	a, found, err := s.Store.Admin(ctx, nil, id)
	if err != nil {
		return err
	}
	for _, l := range list {
		holds := found && a.Enabled && a.Version == l.version
		if holds {
			if holds, err = s.meansHold(ctx, l.key); err != nil {
				return err
			}
		}
		if !holds {
			s.revokeAdmin(id, l.key.means)
			s.hub.stop(l)
		}
	}
	return nil
}

// meansHold tells whether a session or key is still there and on.
func (s *Service) meansHold(ctx context.Context, k proofKey) (bool, error) {
	if id := k.means[1:]; k.means[0] == 'k' {
		key, found, err := s.Store.Key(ctx, nil, id)
		return found && key.Active, err
	}
	r, found, err := s.Store.Session(ctx, nil, []byte(k.digest))
	return found && bytes.Equal(r.Hash, []byte(k.digest)) && s.Clock.Now().Before(r.Expires), err
}

// flushUsed writes when keys and sessions were last used.
func (s *Service) flushUsed(ctx context.Context) error {
	s.mu.Lock()
	keys, sessions := maps.Clone(s.used.keys), maps.Clone(s.used.sessions)
	s.mu.Unlock()
	if len(keys)+len(sessions) == 0 {
		return nil
	}
	err := s.Store.Write(ctx, "", func(t *tx.Tx) error { return s.Store.Used(t, keys, sessions) })
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	written := func(of map[string]time.Time) func(string, time.Time) bool {
		return func(id string, at time.Time) bool { return of[id].Equal(at) }
	}
	maps.DeleteFunc(s.used.keys, written(keys))
	maps.DeleteFunc(s.used.sessions, written(sessions))
	return nil
}

// expire deletes sessions that are over.
func (s *Service) expire(ctx context.Context) error {
	now := s.Clock.Now()
	s.mu.Lock()
	due := now.Sub(s.expired) >= expireEvery
	if due {
		s.expired = now
	}
	s.mu.Unlock()
	if !due {
		return nil
	}
	return s.Store.Write(ctx, "", func(t *tx.Tx) error {
		if _, err := s.Store.ExpireChallenges(t, now, 500); err != nil {
			return err
		}
		_, err := s.Store.ExpireSessions(t, now, now.Add(-s.SessionIdle-usedEvery), 500)
		return err
	})
}
