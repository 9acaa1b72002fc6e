package org

import (
	"context"
	"regexp"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

const (
	// MaxOrganizations of a region.
	MaxOrganizations = 100
	// MaxDomainsAtStart is how many mail domains CreateOrganization takes.
	MaxDomainsAtStart = 5
	// MaxDomains of an organization.
	MaxDomains = 1000
)

var aliasForm = regexp.MustCompile(`^[\da-zA-Z]+(-[\da-zA-Z]+)*$`)

// hostAliases would make a test domain that looks like one of the deployment's own hosts.
var hostAliases = map[string]bool{
	"www": true, "mail": true, "mx": true, "smtp": true, "imap": true, "pop": true, "autodiscover": true,
	"autoconfig": true, "mta-sts": true, "console": true, "api": true, "localhost": true, "ns": true, "dns": true,
}

func foldAlias(alias string) string { return strings.ToLower(alias) }

// NewOrganization is what CreateOrganization takes.
type NewOrganization struct {
	ID      ids.Org // given at an import; else ""
	Alias   string
	Domains []string
	Token   string // client token
	Owner   string // who calls, for the token

	// DirectoryID is a foreign directory's; "" makes the organization one of the built-in directory. Connect
	// then answers its DirectoryType or refuses, before anything is made; Attach runs in the Write that makes it.
	DirectoryID string
	Connect     func(ctx context.Context) (directoryType string, err error)
	Attach      func(t *tx.Tx, o Organization) error
}

// CreateOrganization makes an organization with its key and its test domain.
// errs.Exists, Organization for a taken alias; errs.Limit for one too many.
func (s *Service) CreateOrganization(ctx context.Context, by audit.By, in NewOrganization) (Organization, error) {
	domains, err := s.checkNew(in)
	if err != nil {
		return Organization{}, err
	}
	input := append([]string{in.Alias}, in.Domains...)
	if in.DirectoryID != "" {
		input = append(input, "directory", in.DirectoryID)
	}
	replay := Replay{Operation: "CreateOrganization", Owner: in.Owner, Token: in.Token, Input: InputHash(input...)}
	if id, ok, err := s.Replayed(ctx, nil, replay); ok || err != nil {
		if err != nil {
			return Organization{}, err
		}
		return s.ByID(ctx, nil, ids.Org(id))
	}
	o := s.newOrganization(in)
	if in.DirectoryID != "" {
		o.DirectoryID = in.DirectoryID
		if o.DirectoryType, err = in.Connect(ctx); err != nil {
			return Organization{}, err
		}
	}
	if o.Key, err = s.Keys.NewOrgKey(o.ID); err != nil {
		return Organization{}, err
	}
	if err := s.Claims.Hold(ctx, ClaimAlias, foldAlias(o.Alias), o.ID, s.Region); err != nil {
		return Organization{}, err
	}
	if err = s.Claims.Hold(ctx, ClaimDomain, o.DefaultDomain, o.ID, s.Region); err == nil {
		err = s.insert(ctx, by, o, domains, replay, in.Attach)
	}
	if err != nil {
		s.settleBoth(context.WithoutCancel(ctx), o)
		return Organization{}, err
	}
	// From here on it exists: what fails now is settled by SettleClaims.
	ctx = context.WithoutCancel(ctx)
	for _, c := range [][2]string{{ClaimAlias, foldAlias(o.Alias)}, {ClaimDomain, o.DefaultDomain}} {
		if err := s.Claims.Live(ctx, c[0], c[1], o.ID); err != nil {
			s.Log.Error("a claim waits for the next comparison", "claim", c[1], "error", err)
		}
	}
	return o, nil
}

func (s *Service) checkNew(in NewOrganization) (domains []string, err error) {
	const op = "org.CreateOrganization"
	if err := CheckAlias(op, errs.Organization, in.Alias); err != nil {
		return nil, err
	}
	switch {
	case len(in.Domains) > MaxDomainsAtStart:
		return nil, errs.Say(op, errs.Invalid, errs.MailDomain, "An organization begins with at most %d mail domains.", MaxDomainsAtStart)
	case in.ID != "" && !ids.IsOrg(string(in.ID)):
		return nil, errs.Say(op, errs.Invalid, errs.Organization, "An organization's id is m- and 32 lower-case hexadecimal digits.")
	}
	seen := map[string]bool{}
	for _, d := range in.Domains {
		name, err := s.checkDomainName(d)
		if err != nil {
			return nil, err
		}
		if !seen[name] {
			domains = append(domains, name)
		}
		seen[name] = true
	}
	return domains, nil
}

// CheckAlias tells whether an organization could have an alias; subject is what
// the error is about.
func CheckAlias(op string, subject errs.Subject, name string) error {
	alias := foldAlias(name)
	switch {
	case len(alias) < 1 || len(alias) > 62 || !aliasForm.MatchString(alias) || strings.HasPrefix(alias, "d-"):
		return errs.Say(op, errs.Invalid, subject,
			"An alias has 1 to 62 letters, digits and single hyphens between them, and does not begin with d-.")
	case hostAliases[alias]:
		return errs.Say(op, errs.Exists, subject, "The alias %s is not available.", name)
	}
	return nil
}

func (s *Service) newOrganization(in NewOrganization) Organization {
	id, now := in.ID, s.Clock.Now()
	if id == "" {
		id = ids.NewOrg()
	}
	return Organization{
		ID: id, Alias: in.Alias, State: Active, DirectoryID: ids.NewDirectory(), DirectoryType: BuiltinDirectory,
		DefaultDomain: address.DomainKey(in.Alias + "." + s.BaseDomain), Created: now, Completed: now, Revision: 1,
	}
}

func (s *Service) insert(ctx context.Context, by audit.By, o Organization, domains []string, replay Replay, attach func(*tx.Tx, Organization) error) error {
	return s.Store.Write(ctx, o.ID, func(t *tx.Tx) error {
		ok, err := s.Store.InsertOrganization(t, o, MaxOrganizations)
		if err != nil {
			return err
		}
		if !ok {
			return errs.Say("org.CreateOrganization", errs.Limit, errs.Organization, "A region has at most %d organizations.", MaxOrganizations)
		}
		now := s.Clock.Now()
		test := Domain{
			Org: o.ID, Name: o.DefaultDomain, State: Verified, Test: true, Created: now, VerifiedAt: now, Checked: now, Revision: 1,
		}
		if err := s.Store.InsertDomain(t, test); err != nil {
			return err
		}
		for _, name := range domains {
			if err := s.Store.InsertDomain(t, s.newDomain(o.ID, name)); err != nil {
				return err
			}
		}
		if attach != nil {
			if err := attach(t, o); err != nil {
				return err
			}
		}
		replay.Answer = string(o.ID)
		if err := s.Remember(t, replay); err != nil {
			return err
		}
		return s.Trail.Record(t, audit.Record{By: by, Org: o.ID, Target: string(o.ID), TargetName: o.Alias, Detail: "alias " + o.Alias})
	})
}

// settleBoth frees the names of an organization that was not made. It looks,
// since an error of Write may hide a commit.
func (s *Service) settleBoth(ctx context.Context, o Organization) {
	for _, c := range []Claim{{Kind: ClaimDomain, Name: o.DefaultDomain, Org: o.ID}, {Kind: ClaimAlias, Name: foldAlias(o.Alias), Org: o.ID}} {
		if err := s.settle(ctx, c); err != nil {
			s.Log.Error("a claim stays held until the next comparison", "claim", c.Name, "error", err)
		}
	}
}
