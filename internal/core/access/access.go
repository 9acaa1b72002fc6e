// Package access has the permissions that an organization's administrator gives
// on mailboxes and groups: full access, send as, send on behalf; to users, and
// to groups for their members through nested groups. Folder rights that owners
// give are core/mailbox's; access rules by protocol and network are another thing.
package access

import (
	"context"
	"sort"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// Rights are what one entry may do with another's mailbox or name.
type Rights struct{ Full, SendAs, OnBehalf bool }

// None is true when nothing is allowed.
func (r Rights) None() bool { return r == Rights{} }

// Grant is one line of an entry's list of permissions.
type Grant struct {
	Org            ids.Org
	Owner, Grantee ids.Entry
	Rights
}

// Store keeps grants.
type Store interface {
	tx.Store
	// Grants on owner that were given to any of grantees.
	GrantsTo(ctx context.Context, v tx.View, org ids.Org, owner ids.Entry, grantees []ids.Entry) ([]Grant, error)
	// FullAccess answers the owners whose grants give any of grantees full access.
	FullAccess(ctx context.Context, v tx.View, org ids.Org, grantees []ids.Entry) ([]ids.Entry, error)
	Grants(ctx context.Context, v tx.View, org ids.Org, owner, after ids.Entry, limit int) ([]Grant, error)
	// Held answers the grants that were given to any of grantees, in order of
	// owner and grantee, behind those of after.
	Held(ctx context.Context, v tx.View, org ids.Org, grantees []ids.Entry, after Grant, limit int) ([]Grant, error)
	PutGrant(t *tx.Tx, g Grant) error
	DeleteGrant(t *tx.Tx, org ids.Org, owner, grantee ids.Entry) (bool, error)
	// RaiseGrants raises the revision of the owner's list.
	RaiseGrants(t *tx.Tx, org ids.Org, owner ids.Entry) error
}

// Config is what a Service needs.
type Config struct {
	Store     Store
	Orgs      *org.Service
	Directory *directory.Service
	Trail     *audit.Trail
}

// Service answers for one region who may do what.
type Service struct{ Config }

// New checks nothing and starts nothing.
func New(c Config) *Service { return &Service{c} }

// Rights of grantee on owner's mailbox or name, his own and those of the enabled
// groups that he belongs to. On himself he has all.
func (s *Service) Rights(ctx context.Context, v tx.View, org ids.Org, owner, grantee ids.Entry) (Rights, error) {
	if owner == grantee {
		return Rights{true, true, true}, nil
	}
	who, err := s.with(ctx, v, org, grantee)
	if err != nil {
		return Rights{}, err
	}
	list, err := s.Store.GrantsTo(ctx, v, org, owner, who)
	var r Rights
	for _, g := range list {
		r = Rights{r.Full || g.Full, r.SendAs || g.SendAs, r.OnBehalf || g.OnBehalf}
	}
	return r, err
}

// with answers an entry and the groups that it belongs to.
func (s *Service) with(ctx context.Context, v tx.View, org ids.Org, e ids.Entry) ([]ids.Entry, error) {
	groups, err := s.Directory.GroupsOf(ctx, v, org, e)
	return append(groups, e), err
}

// Shared answers the enabled entries with a mailbox that grantee has full access
// to, in order of name.
func (s *Service) Shared(ctx context.Context, org ids.Org, grantee ids.Entry) ([]directory.Entry, error) {
	who, err := s.with(ctx, nil, org, grantee)
	if err != nil {
		return nil, err
	}
	owners, err := s.Store.FullAccess(ctx, nil, org, who)
	if err != nil || len(owners) == 0 {
		return nil, err
	}
	all, err := s.Directory.Store.Entries(ctx, nil, org, owners)
	if err != nil {
		return nil, err
	}
	list := all[:0]
	for _, e := range all {
		if e.ID != grantee && e.Mailbox != 0 && e.Enabled() {
			list = append(list, e)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list, nil
}

// How an entry may send from an address.
type How uint8

const (
	No       How = iota // not at all
	Own                 // it holds the address
	As                  // From and Sender are the owner's
	OnBehalf            // Sender names who sends
)

// MaySend tells how sender may use from as the author of a message. A "+tag"
// of an address goes with the address. The owner must be enabled.
func (s *Service) MaySend(ctx context.Context, org ids.Org, sender ids.Entry, from address.Address) (How, error) {
	owner, found, err := s.Directory.Store.EntryByAddress(ctx, nil, org, from.Key())
	if err == nil && !found {
		if base, _ := address.SplitTag(from.Local); base != from.Local {
			plain := address.Address{Local: base, Domain: from.Domain}
			owner, found, err = s.Directory.Store.EntryByAddress(ctx, nil, org, plain.Key())
		}
	}
	if err != nil || !found || !owner.Enabled() {
		return No, err
	}
	if owner.ID == sender {
		return Own, nil
	}
	r, err := s.Rights(ctx, nil, org, owner.ID, sender)
	switch {
	case err != nil:
		return No, err
	case r.SendAs:
		return As, nil
	case r.OnBehalf:
		return OnBehalf, nil
	}
	return No, nil
}

// MayOpen answers nil where grantee has full access to owner's mailbox, himself
// or through groups, else errs.NotFound, Mailbox: he is not told that there is one.
func (s *Service) MayOpen(ctx context.Context, org ids.Org, owner, grantee ids.Entry) error {
	r, err := s.Rights(ctx, nil, org, owner, grantee)
	if err != nil || r.Full {
		return err
	}
	return errs.Say("access.MayOpen", errs.NotFound, errs.Mailbox, "There is no such mailbox.")
}
