package dirstore

import (
	"context"
	"sync"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	organization "postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// targets remembers where mail goes, while the edition stands.
type targets struct {
	mu      sync.RWMutex
	edition uint64
	known   map[targetKey]directory.Target
}

type targetKey struct {
	org ids.Org
	key string
}

const targetsKnown = 1 << 14

func (c *targets) get(edition uint64, k targetKey) (directory.Target, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	t, ok := c.known[k]
	return t, ok && c.edition == edition
}

func (c *targets) put(edition uint64, k targetKey, t directory.Target) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.edition > edition {
		return
	}
	if c.known == nil || c.edition < edition || len(c.known) >= targetsKnown {
		c.edition, c.known = edition, map[targetKey]directory.Target{}
	}
	c.known[k] = t
}

// TargetByAddress implements directory.Store.
func (s *Entries) TargetByAddress(ctx context.Context, v tx.View, org ids.Org, key string) (directory.Target, bool, error) {
	edition, known := s.Edition()
	known = known && v == nil
	k := targetKey{org, key}
	if known {
		if t, ok := s.targets.get(edition, k); ok {
			return t, true, nil
		}
	}
	t, found, err := s.target(ctx, v, org, key)
	if known && found && err == nil {
		s.targets.put(edition, k, t)
	}
	return t, found, err
}

// target reads what mail needs and no more. Of an organization that does
// not serve, nothing is found.
func (s *Entries) target(ctx context.Context, v tx.View, org ids.Org, key string) (t directory.Target, found bool, err error) {
	var id, role, shown string
	var kind, box int64
	found, err = s.Q(v).Found(ctx, `SELECT e.id, e.kind, e.role, e.shown, e.mailbox FROM address a JOIN entry e ON e.org = a.org AND e.id = a.entry
		JOIN organization o ON o.id = a.org AND o.state IN ($3, $4)
		WHERE a.org = $1 AND a.addr_key = $2 AND a.held`, []any{string(org), key, string(organization.Active), string(organization.Impaired)}, &id, &kind, &role, &shown, &box)
	e := directory.Entry{Kind: directory.Kind(kind), Role: directory.Role(role)}
	t = directory.Target{Entry: ids.Entry(id), Kind: e.Kind, Enabled: shown == string(directory.Enabled)}
	if e.HasMailbox() {
		t.Mailbox = ids.Mailbox(box)
	}
	return t, found, err
}
