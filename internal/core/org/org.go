// Package org has organizations and their mail domains: states, the claims of
// aliases and domains over the deployment, the proof of ownership by DNS, the
// organizations' keys, tags, and the memory of client tokens. It does not know
// users, groups, resources or mailboxes: what spans those is core/provision.
package org

import (
	"context"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
)

// State is an organization's, in the API's words.
type State string

const (
	Requested State = "Requested"
	Creating  State = "Creating"
	Active    State = "Active"
	Impaired  State = "Impaired"
	Deleting  State = "Deleting"
	Deleted   State = "Deleted"
	Failed    State = "Failed"
)

// Serves tells whether mail flows and calls are answered in this state.
func (s State) Serves() bool { return s == Active || s == Impaired }

// Organization is a tenant.
type Organization struct {
	ID            ids.Org
	Alias         string
	State         State
	DirectoryID   string
	DirectoryType string // BuiltinDirectory for ours
	DefaultDomain string
	Error         string // why it is Failed or Impaired
	Key           []byte // its key, wrapped by the master key; nil once deleted
	Created       time.Time
	Completed     time.Time
	Revision      int64
}

// BuiltinDirectory is the DirectoryType of our own.
const BuiltinDirectory = "VpcDirectory"

// DomainState is what is known of a mail domain's ownership.
type DomainState string

const (
	Pending  DomainState = "PENDING"
	Verified DomainState = "VERIFIED"
	Refused  DomainState = "FAILED" // proven, but another organization has it, or 72 hours without proof
)

// Domain is a mail domain of an organization. Only a Verified one is a claim.
type Domain struct {
	Org        ids.Org
	Name       string // lower-case A-labels
	Token      string // of the ownership record; differs per organization
	State      DomainState
	Test       bool // ALIAS.BASE, made with the organization
	Created    time.Time
	VerifiedAt time.Time
	Checked    time.Time // the last look at DNS
	NextCheck  time.Time
	Revision   int64
}

// Resolver asks DNS for the texts of a name. A name that does not exist is an
// empty answer; an error means that it is not known.
type Resolver interface {
	TXT(ctx context.Context, name string) ([]string, error)
}

// Keyring makes, opens and forgets the organizations' keys; the master key is
// behind it. Wrap and Unwrap seal a data key under an organization's, Seal and
// Open a secret of the region itself under the master key.
type Keyring interface {
	Seal(about string, plain []byte) []byte
	Open(about string, sealed []byte) ([]byte, error)
	MAC(about string, data []byte) []byte
	NewOrgKey(org ids.Org) (wrapped []byte, err error)
	Wrap(ctx context.Context, org ids.Org, dataKey [32]byte) ([]byte, error)
	Unwrap(ctx context.Context, org ids.Org, wrapped []byte) (key [32]byte, err error)
	Forget(org ids.Org)
}

// Hosts are the names that DNS records of mail domains point to.
type Hosts struct {
	Mail         string // MX target
	Autodiscover string // CNAME target of autodiscover.DOMAIN
	SPF          string // include: of the SPF record; "" writes "mx"
}

// Config is what a Service needs.
type Config struct {
	Region     string
	BaseDomain string // test domains are ALIAS.BaseDomain
	Hosts      Hosts
	Store      Store
	Claims     *Claims
	Keys       Keyring
	Resolver   Resolver
	Trail      *audit.Trail
	Clock      clock.Clock
	Log        *slog.Logger
}

// Service has the organizations of one region.
type Service struct{ Config }

// New checks nothing and starts nothing.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{c}
}

// ByID answers an organization in whatever state; errs.NotFound, Organization.
func (s *Service) ByID(ctx context.Context, v tx.View, id ids.Org) (Organization, error) {
	o, found, err := s.Store.Organization(ctx, v, id)
	if err == nil && !found {
		err = errs.Say("org.ByID", errs.NotFound, errs.Organization, "The organization %s does not exist.", id)
	}
	return o, err
}

// ByAlias answers the organization of this region that holds the alias.
func (s *Service) ByAlias(ctx context.Context, v tx.View, alias string) (Organization, error) {
	o, found, err := s.Store.OrganizationByAlias(ctx, v, foldAlias(alias))
	if err == nil && !found {
		err = errs.Say("org.ByAlias", errs.NotFound, errs.Organization, "No organization has the alias %q.", alias)
	}
	return o, err
}

// Serving answers an organization that serves; errs.State for one that does not.
func (s *Service) Serving(ctx context.Context, v tx.View, id ids.Org) (Organization, error) {
	o, err := s.ByID(ctx, v, id)
	if err == nil && !o.State.Serves() {
		err = errs.Say("org.Serving", errs.State, errs.Organization, "The organization %s is %s.", id, o.State)
	}
	return o, err
}

// Lock takes the organization for the rest of t and answers it when it serves.
func (s *Service) Lock(t *tx.Tx, id ids.Org) (Organization, error) {
	if err := t.LockOrg(id); err != nil {
		return Organization{}, err
	}
	return s.Serving(t.Context(), t, id)
}

// List answers a page in order of id, and the cursor of the next ("" at the end).
// Deleted organizations are left out.
func (s *Service) List(ctx context.Context, after ids.Org, limit int) ([]Organization, ids.Org, error) {
	list, err := s.Store.Organizations(ctx, nil, after, limit+1)
	if err != nil || len(list) <= limit {
		return list, "", err
	}
	return list[:limit], list[limit-1].ID, nil
}

// Domain answers a mail domain of an organization; errs.NotFound, MailDomain.
func (s *Service) Domain(ctx context.Context, v tx.View, org ids.Org, name string) (Domain, error) {
	var d Domain
	var found bool
	var err error
	if plain(name) {
		d, found, err = s.Store.Domain(ctx, v, org, name)
	}
	if err == nil && !found {
		// Who calls for the organization of a file or a variable may mean another one.
		o, unknown := s.ByID(ctx, v, org)
		if unknown != nil {
			return d, unknown
		}
		err = errs.Say("org.Domain", errs.NotFound, errs.MailDomain, "The organization %s has no mail domain %q.", o.Alias, name)
	}
	return d, err
}

// plain tells whether a database can look for a name.
func plain(name string) bool {
	return len(name) <= 256 && utf8.ValidString(name) && !strings.ContainsRune(name, 0)
}

// VerifiedDomain is Domain that answers errs.State, MailDomain for one whose
// ownership is not proven.
func (s *Service) VerifiedDomain(ctx context.Context, v tx.View, org ids.Org, name string) (Domain, error) {
	d, err := s.Domain(ctx, v, org, name)
	if err == nil && d.State != Verified {
		err = errs.Say("org.VerifiedDomain", errs.State, errs.MailDomain, "The mail domain %s is not verified.", name)
	}
	return d, err
}
