package directory

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// Config is what a Service needs.
type Config struct {
	Store   Store
	Builtin Source // of the organizations that have no foreign directory
	Orgs    *org.Service
	Hasher  Hasher
	Trail   *audit.Trail
	Clock   clock.Clock
	Log     *slog.Logger

	// Connect opens a foreign directory. It does not wait for the network: what is
	// asked of the Foreign does. errs.Invalid, Directory for settings that cannot
	// work, such as a filter that is none. nil: there are no foreign directories.
	Connect func(ctx context.Context, set Settings) (Foreign, error)
}

// Service has the entries of one region. Its reads are for other areas of core;
// administration goes through View.
type Service struct {
	Config
	revoker  atomic.Pointer[Revoker]
	sources  sources
	policies policies
	mirrors  sync.Map      // ids.Org → *Mirror that runs in this process
	inactive recent        // users whom a mirror was asked to look at
	lost     sync.Map      // ids.Org → what the log was told of names that do not count
	attached chan struct{} // an organization was made of a directory
}

// New checks nothing and starts nothing.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{Config: c, attached: make(chan struct{}, 1)}
}

// OnRevoked says who is told when proofs of an entry must end. It is set once,
// before anybody signs in.
func (s *Service) OnRevoked(r Revoker) { s.revoker.Store(&r) }

// revoked tells the revoker behind the commit of t.
func (s *Service) revoked(t *tx.Tx, org ids.Org, e ids.Entry) {
	t.AfterCommit(func() {
		if r := s.revoker.Load(); r != nil {
			(*r).Revoked(org, e)
		}
	})
}

// RevokedAll tells that nothing of an organization is proven any more.
func (s *Service) RevokedAll(t *tx.Tx, org ids.Org) { s.revoked(t, org, "") }

// ByID answers an entry, Deleted ones too; errs.NotFound, Entry.
func (s *Service) ByID(ctx context.Context, v tx.View, org ids.Org, id ids.Entry) (Entry, error) {
	e, found, err := s.Store.Entry(ctx, v, org, id)
	return orNotFound(e, found, err, string(id))
}

// ByName answers the entry with a name, however it is written.
func (s *Service) ByName(ctx context.Context, v tx.View, org ids.Org, name string) (Entry, error) {
	e, found, err := s.Store.EntryByName(ctx, v, org, NameKey(name))
	return orNotFound(e, found, err, name)
}

// ByUPN answers the user with a userPrincipalName, however it is written;
// errs.NotFound, Entry, also where two have it.
func (s *Service) ByUPN(ctx context.Context, v tx.View, org ids.Org, upn string) (Entry, error) {
	list, err := s.Store.EntriesByUPN(ctx, v, org, NameKey(upn))
	if err != nil || len(list) != 1 {
		return orNotFound(Entry{}, false, err, upn)
	}
	return list[0], nil
}

// ByAddress answers who holds an address, enabled or not; key is address.Address.Key.
func (s *Service) ByAddress(ctx context.Context, v tx.View, org ids.Org, key string) (Entry, error) {
	e, found, err := s.Store.EntryByAddress(ctx, v, org, key)
	return orNotFound(e, found, err, key)
}

func orNotFound(e Entry, found bool, err error, what string) (Entry, error) {
	if err == nil && !found {
		err = errs.Say("directory.Find", errs.NotFound, errs.Entry, "There is no user, group or resource %q.", what)
	}
	return e, err
}

// minID is the length of the shortest id (WorkMailIdentifier).
const minID = 12

// Accept says what an identifier may be.
type Accept uint8

const (
	AcceptID Accept = 1 << iota
	AcceptName
	AcceptEmail
	AcceptAny = AcceptID | AcceptName | AcceptEmail
)

// Resolve answers the entry that an identifier names: by id, else by address,
// else by name.
func (s *Service) Resolve(ctx context.Context, v tx.View, org ids.Org, identifier string) (Entry, error) {
	return s.ResolveAs(ctx, v, org, identifier, AcceptAny)
}

// ResolveAs is Resolve for operations that take fewer forms.
func (s *Service) ResolveAs(ctx context.Context, v tx.View, org ids.Org, identifier string, accept Accept) (Entry, error) {
	if identifier == "" || len(identifier) > 512 || !utf8.ValidString(identifier) || strings.ContainsRune(identifier, 0) {
		return Entry{}, errs.Say("directory.Resolve", errs.Invalid, errs.Entry, "This is no id, name or address.")
	}
	if accept&AcceptID != 0 && len(identifier) >= minID {
		if e, found, err := s.Store.Entry(ctx, v, org, ids.Entry(identifier)); found || err != nil {
			return e, err
		}
	}
	if accept&AcceptEmail != 0 && strings.Contains(identifier, "@") {
		if a, err := address.Parse(identifier); err == nil {
			if e, found, err := s.Store.EntryByAddress(ctx, v, org, a.Key()); found || err != nil {
				return e, err
			}
		}
	}
	if accept&AcceptName != 0 {
		return s.ByName(ctx, v, org, identifier)
	}
	return orNotFound(Entry{}, false, nil, identifier)
}

// Members answers a page of a group's direct members in order of id.
func (s *Service) Members(ctx context.Context, v tx.View, org ids.Org, group, after ids.Entry, limit int) ([]Entry, error) {
	return s.Store.Members(ctx, v, org, group, after, limit)
}

// ExpandGroup answers the enabled users and resources that mail to a group
// reaches, through nested groups that are enabled, each once. errs.Limit above limit.
func (s *Service) ExpandGroup(ctx context.Context, org ids.Org, group ids.Entry, limit int) ([]Entry, error) {
	list, err := s.Store.Expand(ctx, nil, org, group, limit+1)
	if err == nil && len(list) > limit {
		return nil, errs.Say("directory.ExpandGroup", errs.Limit, errs.Entry, "The group has more than %d members.", limit)
	}
	return list, err
}

// GroupsOf answers the enabled groups that an entry belongs to, directly or
// through other enabled groups.
func (s *Service) GroupsOf(ctx context.Context, v tx.View, org ids.Org, e ids.Entry) ([]ids.Entry, error) {
	return s.Store.GroupsOf(ctx, v, org, e)
}

// Addresses answers the addresses that an entry holds, as written, primary first.
func (s *Service) Addresses(ctx context.Context, v tx.View, org ids.Org, id ids.Entry) ([]string, error) {
	e, err := s.ByID(ctx, v, org, id)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.Addresses(ctx, v, org, id, "", 10*MaxAliases)
	if err != nil {
		return nil, err
	}
	var list []string
	primary := EmailKey(e.Email)
	if e.Email != "" {
		list = append(list, e.Email)
	}
	for _, a := range rows {
		if a.Held && a.Kind == SMTP && a.Key != primary {
			list = append(list, a.Text)
		}
	}
	return list, nil
}

// Delegates answers a resource's delegates, at most limit.
func (s *Service) Delegates(ctx context.Context, v tx.View, org ids.Org, resource ids.Entry, limit int) ([]Entry, error) {
	return s.Store.Delegates(ctx, v, org, resource, "", limit)
}

func ref(e *Entry) Ref { return Ref{Kind: e.Kind, Entry: e.ID, Key: e.Key, Name: e.Name} }
