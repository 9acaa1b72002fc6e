package org

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

const (
	// OwnershipLabel stands before a mail domain in the name of its ownership record.
	OwnershipLabel = "_postroom"
	// OwnershipPrefix stands before the token in the record's text.
	OwnershipPrefix = "postroom-verification="

	proofTime = 72 * time.Hour // without proof for so long: FAILED
)

// checkDomainName answers the key of a name that an organization may register.
func (s *Service) checkDomainName(name string) (string, error) {
	const op = "org.RegisterMailDomain"
	key, err := address.ParseDomain(name)
	if err != nil || len(key) < 3 || len(key) > 209 {
		return "", errs.Say(op, errs.Invalid, errs.MailDomain, "%q is not a valid mail domain.", name)
	}
	if key == s.BaseDomain || strings.HasSuffix(key, "."+s.BaseDomain) {
		return "", errs.Say(op, errs.InUse, errs.MailDomain, "%s belongs to this deployment: every organization has ALIAS.%s of its own.", key, s.BaseDomain)
	}
	return key, nil
}

func (s *Service) newDomain(org ids.Org, name string) Domain {
	var b [33]byte
	rand.Read(b[:])
	now := s.Clock.Now()
	return Domain{Org: org, Name: name, Token: base64.URLEncoding.EncodeToString(b[:]), State: Pending, Created: now, NextCheck: now, Revision: 1}
}

// RegisterMailDomain adds a mail domain, PENDING until its ownership record is
// seen. One that the organization has already is no error; a FAILED one is tried
// again. errs.InUse, MailDomain when another organization has proven it.
func (v *View) RegisterMailDomain(ctx context.Context, name, token string) error {
	key, err := v.s.checkDomainName(name)
	if err != nil {
		// The test domain is the organization's own already.
		if d, e := v.s.Domain(ctx, nil, v.org, address.DomainKey(name)); e == nil && d.Test {
			return nil
		}
		return err
	}
	replay := Replay{Operation: "RegisterMailDomain", Owner: v.by.ID, Org: v.org, Token: token, Input: InputHash(key)}
	if _, ok, err := v.s.Replayed(ctx, nil, replay); ok || err != nil {
		return err
	}
	c, claimed, err := v.s.Claims.Holder(ctx, ClaimDomain, key)
	if err != nil {
		return err
	}
	if claimed && c.Org != v.org {
		return errs.Say("org.RegisterMailDomain", errs.InUse, errs.MailDomain, "The mail domain %s belongs to another organization.", key)
	}
	return v.write(ctx, key, key, func(t *tx.Tx, o *Organization) (string, error) {
		if err := v.s.Remember(t, replay); err != nil {
			return "", err
		}
		d, found, err := v.s.Store.Domain(ctx, t, v.org, key)
		switch {
		case err != nil:
			return "", err
		case found && d.State == Refused:
			now := v.s.Clock.Now()
			d.State, d.Created, d.NextCheck, d.Revision = Pending, now, now, d.Revision+1
			return "again", v.s.Store.UpdateDomain(t, d)
		case found:
			return "known already", nil
		}
		n, err := v.s.Store.CountDomains(ctx, t, v.org)
		if err != nil {
			return "", err
		}
		if n >= MaxDomains {
			return "", errs.Say("org.RegisterMailDomain", errs.Limit, errs.MailDomain, "An organization has at most %d mail domains.", MaxDomains)
		}
		return "", v.s.Store.InsertDomain(t, v.s.newDomain(v.org, key))
	})
}

// DeregisterMailDomain removes a mail domain; an unknown one is no error. The
// test domain and the default one give errs.InUse. release runs in the same
// Write and refuses, or lets go, what uses the domain; where it answers that
// there is more of it, that much is committed and it runs again.
func (v *View) DeregisterMailDomain(ctx context.Context, name string, release func(t *tx.Tx, domain string) (more bool, err error)) error {
	key := address.DomainKey(name)
	_, err := v.s.Domain(ctx, nil, v.org, key)
	if errs.Is(err, errs.NotFound) {
		_, err = v.s.Serving(ctx, nil, v.org)
		return err
	}
	if err != nil {
		return err
	}
	verified := false
	for more := true; more && err == nil; {
		verified, more, err = v.deregister(ctx, key, release)
	}
	if err != nil || !verified {
		return err
	}
	// The claim goes last: until then nobody else can take the name.
	if err := v.s.Claims.Free(context.WithoutCancel(ctx), ClaimDomain, key, v.org); err != nil {
		v.s.Log.Error("a claim waits for the next comparison", "claim", key, "error", err)
	}
	return nil
}

func (v *View) deregister(ctx context.Context, key string, release func(*tx.Tx, string) (bool, error)) (verified, more bool, err error) {
	err = v.write(ctx, key, key, func(t *tx.Tx, o *Organization) (string, error) {
		d, found, err := v.s.Store.Domain(ctx, t, v.org, key)
		switch {
		case err != nil || !found:
			return "", err
		case d.Test:
			return "", errs.Say("org.DeregisterMailDomain", errs.InUse, errs.MailDomain, "%s is the organization's test domain and stays.", key)
		case o.DefaultDomain == key:
			return "", errs.Say("org.DeregisterMailDomain", errs.InUse, errs.MailDomain, "%s is the default domain. Make another one the default first.", key)
		}
		if err := v.match(d.Revision); err != nil {
			return "", err
		}
		if more, err = release(t, key); err != nil || more {
			return "addresses of disabled entries", err
		}
		verified = d.State == Verified
		return "", v.s.Store.DeleteDomain(t, v.org, key)
	})
	return verified, more, err
}

// UpdateDefaultMailDomain chooses the domain that new addresses are proposed in.
func (v *View) UpdateDefaultMailDomain(ctx context.Context, name string) error {
	key := address.DomainKey(name)
	return v.write(ctx, key, key, func(t *tx.Tx, o *Organization) (string, error) {
		d, err := v.s.VerifiedDomain(ctx, t, v.org, key)
		if err != nil {
			return "", err
		}
		if err := v.match(d.Revision); err != nil {
			return "", err
		}
		was := o.DefaultDomain
		o.DefaultDomain, o.Revision = key, o.Revision+1
		return "was " + was, v.s.Store.UpdateOrganization(t, *o)
	})
}

// GetMailDomain answers a domain, whether it is the default one, and the DNS
// records to set for it.
func (v *View) GetMailDomain(ctx context.Context, name string) (d Domain, isDefault bool, records []DNSRecord, err error) {
	o, err := v.s.Serving(ctx, nil, v.org)
	if err != nil {
		return Domain{}, false, nil, err
	}
	d, err = v.s.Domain(ctx, nil, v.org, address.DomainKey(name))
	if err != nil {
		return Domain{}, false, nil, err
	}
	return d, o.DefaultDomain == d.Name, v.s.Records(d), nil
}

// ListMailDomains answers a page in order of name, which of them is the default
// one, and the cursor of the next page.
func (v *View) ListMailDomains(ctx context.Context, after string, limit int) (list []Domain, def, next string, err error) {
	o, err := v.s.Serving(ctx, nil, v.org)
	if err != nil {
		return nil, "", "", err
	}
	if !plain(after) {
		return nil, "", "", errs.Say("org.ListMailDomains", errs.Invalid, errs.Request, "This NextToken is not of this list.")
	}
	list, err = v.s.Store.Domains(ctx, nil, v.org, after, limit+1)
	if err == nil && len(list) > limit {
		list, next = list[:limit], list[limit-1].Name
	}
	return list, o.DefaultDomain, next, err
}

// DomainSearch asks for mail domains.
type DomainSearch struct {
	Query  string        // what the name begins with; "" for all
	States []DomainState // none: all

	Descending    bool
	Offset, Limit int // Limit is 1 to 100; 0 is 100
}

// FoundDomains is a page of mail domains in order of name.
type FoundDomains struct {
	Domains           []Domain
	Total, Unfiltered int // how many fit, and how many there are
	Default           string
}

// FindMailDomains answers any page of the mail domains that fit. An organization
// has at most MaxDomains, so all are read at once.
func (v *View) FindMailDomains(ctx context.Context, q DomainSearch) (FoundDomains, error) {
	const op = "org.FindMailDomains"
	if q.Limit == 0 {
		q.Limit = 100
	}
	if q.Offset < 0 || q.Limit < 1 || q.Limit > 100 || !plain(q.Query) {
		return FoundDomains{}, errs.Say(op, errs.Invalid, errs.Request, "The query is valid text, an offset is 0 or more, and a page has 1 to 100 mail domains.")
	}
	o, err := v.s.Serving(ctx, nil, v.org)
	if err != nil {
		return FoundDomains{}, err
	}
	all, err := v.s.Store.Domains(ctx, nil, v.org, "", MaxDomains+1) // and the test domain
	if err != nil {
		return FoundDomains{}, err
	}
	prefix := address.Fold(q.Query)
	fit := slices.DeleteFunc(slices.Clone(all), func(d Domain) bool {
		return !strings.HasPrefix(d.Name, prefix) || len(q.States) > 0 && !slices.Contains(q.States, d.State)
	})
	if q.Descending {
		slices.Reverse(fit)
	}
	from := min(q.Offset, len(fit))
	return FoundDomains{fit[from:min(from+q.Limit, len(fit))], len(fit), len(all), o.DefaultDomain}, nil
}

// DomainsOf answers the mail domains of organizations whose names begin with a
// text, at most limit. Who may see them the caller knows.
func (s *Service) DomainsOf(ctx context.Context, orgs []ids.Org, text string, limit int) ([]Domain, error) {
	if !plain(text) {
		return nil, nil
	}
	return s.Store.DomainsOf(ctx, nil, orgs, address.Fold(text), limit)
}

// CheckMailDomain looks at DNS now and answers the domain as it is then;
// errs.Unavailable, MailDomain, where DNS does not answer.
func (v *View) CheckMailDomain(ctx context.Context, name string) (Domain, error) {
	d, err := v.s.Domain(ctx, nil, v.org, address.DomainKey(name))
	if err != nil || d.State == Verified {
		return d, err
	}
	unanswered, err := v.s.check(ctx, d, v.by)
	if err != nil {
		return d, err
	}
	if d, err = v.s.Domain(ctx, nil, v.org, d.Name); err == nil && unanswered != nil && d.State != Verified {
		err = errs.Say("org.CheckMailDomain", errs.Unavailable, errs.MailDomain,
			"DNS did not answer this server's question for %s, so it is not known whether the record is there. Try again; if it stays so, check the server's resolver.",
			OwnershipLabel+"."+d.Name).Because(unanswered)
	}
	return d, err
}

// ForceMailDomain takes the ownership as proven, on the operator's word.
func (v *View) ForceMailDomain(ctx context.Context, name string) error {
	d, err := v.s.Domain(ctx, nil, v.org, address.DomainKey(name))
	if err != nil || d.State == Verified {
		return err
	}
	return v.s.verify(ctx, d, v.by, "on the operator's word")
}

// CheckDomains looks at DNS for every domain whose time has come.
func (s *Service) CheckDomains(ctx context.Context) error {
	for {
		due, err := s.Store.DomainsToCheck(ctx, nil, s.Clock.Now(), 50)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, d := range due {
			if _, err := s.check(ctx, d, audit.By{Kind: audit.System, Name: "domain check", Operation: "CheckMailDomain"}); err != nil {
				return err
			}
		}
	}
}

// check looks at DNS and notes what it saw. A DNS that does not answer, which
// unanswered tells, only moves the next look.
func (s *Service) check(ctx context.Context, d Domain, by audit.By) (unanswered, err error) {
	asked, cancel := context.WithTimeout(ctx, 10*time.Second)
	texts, unanswered := s.Resolver.TXT(asked, OwnershipLabel+"."+d.Name)
	cancel()
	if unanswered == nil && slices.Contains(texts, OwnershipPrefix+d.Token) {
		err := s.verify(ctx, d, by, "ownership record seen")
		if !errs.Is(err, errs.InUse) && !errs.Is(err, errs.State) && !errs.Is(err, errs.NotFound) {
			return nil, err
		}
	}
	return unanswered, s.Store.Write(ctx, d.Org, func(t *tx.Tx) error {
		if err := t.LockOrg(d.Org); err != nil {
			return err
		}
		has, found, err := s.Store.Domain(ctx, t, d.Org, d.Name)
		if err != nil || !found || has.State == Verified {
			return err
		}
		now := s.Clock.Now()
		age := now.Sub(has.Created)
		has.Checked, has.NextCheck = now, now.Add(max(time.Minute, min(age/10, 30*time.Minute)))
		if age > proofTime {
			has.NextCheck = time.Time{}
			if has.State == Pending {
				has.State, has.Revision = Refused, has.Revision+1
			}
		}
		return s.Store.UpdateDomain(t, has)
	})
}

// verify claims the domain and makes it VERIFIED.
func (s *Service) verify(ctx context.Context, d Domain, by audit.By, why string) error {
	if err := s.Claims.Hold(ctx, ClaimDomain, d.Name, d.Org, s.Region); err != nil {
		return err
	}
	err := s.Store.Write(ctx, d.Org, func(t *tx.Tx) error {
		if _, err := s.Lock(t, d.Org); err != nil {
			return err
		}
		has, err := s.Domain(ctx, t, d.Org, d.Name)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		has.State, has.VerifiedAt, has.Checked, has.NextCheck, has.Revision = Verified, now, now, time.Time{}, has.Revision+1
		if err := s.Store.UpdateDomain(t, has); err != nil {
			return err
		}
		return s.Trail.Record(t, audit.Record{By: by, Org: d.Org, Target: d.Name, TargetName: d.Name, Detail: "verified: " + why})
	})
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		if e := s.settle(ctx, Claim{Kind: ClaimDomain, Name: d.Name, Org: d.Org}); e != nil {
			s.Log.Error("a claim stays held until the next comparison", "claim", d.Name, "error", e)
		}
		return err
	}
	return s.Claims.Live(ctx, ClaimDomain, d.Name, d.Org)
}
