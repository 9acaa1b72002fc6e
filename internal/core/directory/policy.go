package directory

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
)

// PolicyAnswer is what an organization's directory demands of a password.
type PolicyAnswer struct {
	PasswordPolicy
	MaxLength  int  // 0: not known
	Writable   bool // passwords can be set from here
	NoPassword bool // the user is known to have none: a foreign directory does not tell
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
	said map[policyKey]saidPolicy
}

type policyKey struct {
	org  ids.Org
	user ids.Entry
}

type saidPolicy struct {
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

func (p *policies) put(k policyKey, a saidPolicy) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.said == nil || len(p.said) >= policyMost {
		p.said = map[policyKey]saidPolicy{}
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
		a := PolicyAnswer{PasswordPolicy: PasswordPolicy{Known: true, MinLength: minPassword, Complexity: true}, MaxLength: maxPassword, Writable: true}
		if id != "" {
			hash, err := v.s.Store.PasswordHash(ctx, nil, v.org, r.Entry)
			if err != nil {
				return PolicyAnswer{}, err
			}
			a.NoPassword = hash == ""
		}
		return a, nil
	}
	_, writable := src.(Writer)
	now, key := v.s.Clock.Now(), policyKey{v.org, r.Entry}
	if p, found := v.s.policies.get(key, f, now); found {
		return PolicyAnswer{PasswordPolicy: p, Writable: writable}, nil
	}
	p, err := f.Policy(ctx, r)
	if err != nil {
		return PolicyAnswer{}, aboutDirectory(op, err)
	}
	v.s.policies.put(key, saidPolicy{f, now, p})
	return PolicyAnswer{PasswordPolicy: p, Writable: writable}, nil
}

// demanding adds to a directory's refusal of a password what its policy demands,
// where it tells: of a user, or of a new one where the Ref is empty.
func demanding(ctx context.Context, op string, w Writer, r Ref, err error) error {
	f, ok := w.(Foreign)
	if !ok || !errs.Is(err, errs.Password) {
		return err
	}
	p, failed := f.Policy(ctx, r)
	if failed != nil || !p.Known {
		return err
	}
	if text := p.demands(op == "directory.ChangePassword"); text != "" {
		return errs.Say(op, errs.Password, errs.Entry, "%s It demands %s.", errs.Public(err), text).Because(err)
	}
	return err
}

// demands are in words what a policy wants; "" for nothing. own is for a user who
// changes the own password: the minimum age is for nobody else.
func (p *PasswordPolicy) demands(own bool) string {
	var list []string
	if p.MinLength > 0 {
		list = append(list, fmt.Sprintf("at least %d characters", p.MinLength))
	}
	if p.Complexity {
		list = append(list, "three of upper case, lower case, digits and others, without the user's name")
	}
	if p.History > 0 {
		list = append(list, fmt.Sprintf("none of the last %d passwords", p.History))
	}
	if p.MinAge > 0 && own {
		list = append(list, fmt.Sprintf("that the present one is %g hours old", p.MinAge.Hours()))
	}
	return strings.Join(list, "; ")
}
