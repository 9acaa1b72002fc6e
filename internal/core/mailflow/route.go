package mailflow

import (
	"context"
	"slices"
	"sync"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/statistics"
	"postroom/internal/wire/address"
)

// Kind is what an address leads to.
type Kind uint8

const (
	Foreign Kind = iota // no organization of this deployment has the mail domain
	Remote              // a region that this process does not serve
	Mailbox
	Group
)

// Recipient is an address that was resolved.
type Recipient struct {
	Address address.Address
	Kind    Kind
	Region  string
	Org     ids.Org
	Entry   ids.Entry
	boxes   []ids.Mailbox // in order
	big     bool          // too many to be delivered at once; boxes is empty
}

// Router finds the region of a mail domain. One for the deployment.
type Router struct {
	claims *org.Claims
	mu     sync.RWMutex
	all    map[string]*Service
	known  map[string]knownClaim
}

type knownClaim struct {
	claim org.Claim
	until time.Time
}

// claimTime is how long a live claim is remembered. The directory of its region
// is asked each time, so a domain that was just given up leads nowhere.
const (
	claimTime   = time.Second
	claimsKnown = 10_000
)

// NewRouter makes a router without regions.
func NewRouter(claims *org.Claims) *Router {
	return &Router{claims: claims, all: map[string]*Service{}, known: map[string]knownClaim{}}
}

func (r *Router) add(s *Service) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all[s.Region] = s
}

// Region returns the mail flow of a region that this process serves.
func (r *Router) Region(name string) (*Service, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	s, ok := r.all[name]
	return s, ok
}

func (r *Router) claim(ctx context.Context, domain string) (org.Claim, bool, error) {
	r.mu.RLock()
	k, ok := r.known[domain]
	r.mu.RUnlock()
	if ok && time.Now().Before(k.until) {
		return k.claim, true, nil
	}
	c, ok, err := r.claims.Find(ctx, org.ClaimDomain, domain)
	if err != nil || !ok {
		return c, false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.known) >= claimsKnown {
		clear(r.known)
	}
	r.known[domain] = knownClaim{c, time.Now().Add(claimTime)}
	return c, true, nil
}

// Route resolves an address for a message of size bytes (0: not known yet).
//
// errs.NotFound, Address: its organization has no such address. errs.State,
// Entry: it belongs to one that gets no mail now. errs.OverQuota, Mailbox: there
// is no room for the message.
func (r *Router) Route(ctx context.Context, a address.Address, size int64) (Recipient, error) {
	to, err := r.route(ctx, a, size)
	if err != nil && to.Org != "" {
		switch kind, _ := errs.Of(err); kind {
		case errs.NotFound, errs.State, errs.OverQuota:
			if s, ok := r.Region(to.Region); ok {
				s.Count.Add(to.Org, statistics.MailRefused, 1)
			}
		}
	}
	return to, err
}

// route is Route for what was accepted before.
func (r *Router) route(ctx context.Context, a address.Address, size int64) (Recipient, error) {
	to := Recipient{Address: a}
	if a.IsZero() || a.Domain == "" {
		return to, unknown(a)
	}
	if a.Domain[0] == '[' {
		return to, nil
	}
	c, ok, err := r.claim(ctx, address.DomainKey(a.Domain))
	if err != nil || !ok {
		return to, err
	}
	to.Region, to.Org = c.Region, c.Org
	s, ok := r.Region(c.Region)
	if !ok {
		to.Kind = Remote
		return to, nil
	}
	return s.resolve(ctx, to, size)
}

func unknown(a address.Address) error {
	return errs.Say("mailflow.Route", errs.NotFound, errs.Address, "There is no mailbox %s here.", a)
}

// target finds the exact address, then the one without "+tag".
func (s *Service) target(ctx context.Context, o ids.Org, a address.Address) (directory.Target, error) {
	t, err := s.Directory.Target(ctx, nil, o, a.Key())
	if errs.Is(err, errs.NotFound) {
		if local, _ := address.SplitTag(a.Local); local != a.Local {
			t, err = s.Directory.Target(ctx, nil, o, address.Address{Local: local, Domain: a.Domain}.Key())
		}
	}
	if errs.Is(err, errs.NotFound) {
		err = unknown(a)
	}
	return t, err
}

func (s *Service) resolve(ctx context.Context, to Recipient, size int64) (Recipient, error) {
	t, err := s.target(ctx, to.Org, to.Address)
	if err != nil {
		return to, err
	}
	if !t.Enabled || t.Kind != directory.KindGroup && t.Mailbox == 0 {
		return to, errs.Say("mailflow.Route", errs.State, errs.Entry, "The mailbox %s takes no mail now.", to.Address)
	}
	to.Entry = t.Entry
	if t.Kind != directory.KindGroup {
		to.Kind = Mailbox
		to.boxes = []ids.Mailbox{t.Mailbox}
		return to, s.Mailboxes.Fits(ctx, t.Mailbox, max(size, 1))
	}
	to.Kind = Group
	to.boxes, err = s.expand(ctx, to.Org, t.Entry, now)
	if to.big = errs.Is(err, errs.Limit); to.big {
		return to, nil
	}
	if err == nil && len(to.boxes) == 0 {
		err = errs.Say("mailflow.Route", errs.State, errs.Entry, "The group %s has no member that takes mail.", to.Address)
	}
	return to, err
}

// expand returns the mailboxes of a group, each once, in order; errs.Limit: it
// has more members.
func (s *Service) expand(ctx context.Context, o ids.Org, group ids.Entry, limit int) ([]ids.Mailbox, error) {
	members, err := s.Directory.ExpandGroup(ctx, o, group, limit)
	if err != nil {
		return nil, err
	}
	boxes := make([]ids.Mailbox, 0, len(members))
	for _, m := range members {
		if m.Enabled() && m.HasMailbox() && m.Mailbox != 0 {
			boxes = append(boxes, m.Mailbox)
		}
	}
	slices.Sort(boxes)
	return slices.Compact(boxes), nil
}
