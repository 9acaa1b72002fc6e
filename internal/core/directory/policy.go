package directory

import (
	"context"
	"sync"
	"time"

	"postroom/internal/base/ids"
)

// PolicyAnswer is what an organization's directory demands of a password.
type PolicyAnswer struct {
	PasswordPolicy
	MaxLength int  // 0: not known
	Writable  bool // passwords can be set from here
}

// The policy of the built-in directory (workmail.md 4.1), see checkPassword.
const (
	minPassword = 8
	maxPassword = 63
)

const (
	policyTime = 5 * time.Minute // so long a foreign directory's answer is remembered
	policyMost = 1000            // answers that are remembered
)

// policies remembers what foreign directories said of passwords: it is asked for
// while somebody types.
type policies struct {
	mu   sync.Mutex
	said map[policyKey]policyAnswer
}

type policyKey struct {
	org  ids.Org
	user ids.Entry
}

type policyAnswer struct {
	from   Foreign // another one after a change of settings
	at     time.Time
	policy PasswordPolicy
}

func (p *policies) get(k policyKey, from Foreign, now time.Time) (PasswordPolicy, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, found := p.said[k]
	return a.policy, found && a.from == from && now.Sub(a.at) < policyTime
}

func (p *policies) put(k policyKey, a policyAnswer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.said == nil || len(p.said) >= policyMost {
		p.said = map[policyKey]policyAnswer{}
	}
	p.said[k] = a
}

// PasswordPolicy answers what the directory demands of the password of a user,
// found by id; of a new user's where id is "". What a foreign directory said is
// remembered for 5 minutes. errs.Unavailable or Denied, Directory where it cannot
// be asked.
func (v *View) PasswordPolicy(ctx context.Context, id string) (PolicyAnswer, error) {
	const op = "directory.PasswordPolicy"
	var r Ref
	if id != "" {
		e, err := v.alive(ctx, nil, target{op, id, AcceptID, KindUser})
		if err != nil {
			return PolicyAnswer{}, err
		}
		r = ref(&e)
	}
	src, err := v.s.source(ctx, v.org)
	if err != nil {
		return PolicyAnswer{}, err
	}
	f, ok := src.(Foreign)
	if !ok || src.Facts().InStore {
		return PolicyAnswer{PasswordPolicy{Known: true, MinLength: minPassword, Complexity: true}, maxPassword, true}, nil
	}
	_, writable := src.(Writer)
	now, key := v.s.Clock.Now(), policyKey{v.org, r.Entry}
	if p, found := v.s.policies.get(key, f, now); found {
		return PolicyAnswer{p, 0, writable}, nil
	}
	p, err := f.Policy(ctx, r)
	if err != nil {
		return PolicyAnswer{}, aboutDirectory(op, err)
	}
	v.s.policies.put(key, policyAnswer{f, now, p})
	return PolicyAnswer{p, 0, writable}, nil
}
