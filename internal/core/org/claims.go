package org

import (
	"context"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// The kinds of claims.
const (
	ClaimDomain = "domain"
	ClaimAlias  = "alias"
)

// Claim is a name that one organization of the deployment has: first held, then
// live. Only live ones route and sign in.
type Claim struct {
	Kind, Name string
	Org        ids.Org
	Region     string
	Live       bool
	At         time.Time // the last change
}

// Claims are the names of the deployment, unique over all regions.
type Claims struct {
	store ClaimStore
	clock clock.Clock
}

// NewClaims keeps claims in store.
func NewClaims(store ClaimStore, c clock.Clock) *Claims { return &Claims{store, c} }

// Find answers a live claim.
func (c *Claims) Find(ctx context.Context, kind, name string) (Claim, bool, error) {
	found, ok, err := c.store.Claim(ctx, nil, kind, name)
	return found, ok && found.Live, err
}

// Holder answers a claim, held or live.
func (c *Claims) Holder(ctx context.Context, kind, name string) (Claim, bool, error) {
	return c.store.Claim(ctx, nil, kind, name)
}

// Hold takes a name for an organization, or makes its live claim held again. A
// name of another gives errs.InUse, MailDomain or errs.Exists, Organization.
func (c *Claims) Hold(ctx context.Context, kind, name string, org ids.Org, region string) error {
	want := Claim{Kind: kind, Name: name, Org: org, Region: region, At: c.clock.Now()}
	return c.store.Write(ctx, "", func(t *tx.Tx) error {
		ok, err := c.store.InsertClaim(t, want)
		if ok || err != nil {
			return err
		}
		has, found, err := c.store.Claim(t.Context(), t, kind, name)
		switch {
		case err != nil:
			return err
		case found && has.Org == org && has.Region == region:
			return c.store.UpdateClaim(t, want)
		case kind == ClaimDomain:
			return errs.Say("org.Hold", errs.InUse, errs.MailDomain, "The mail domain %s belongs to another organization.", name)
		}
		return errs.Say("org.Hold", errs.Exists, errs.Organization, "The alias %s is not available.", name)
	})
}

// Live makes a held claim of the organization count.
func (c *Claims) Live(ctx context.Context, kind, name string, org ids.Org) error {
	return c.change(ctx, kind, name, org, func(t *tx.Tx, has Claim) error {
		has.Live, has.At = true, c.clock.Now()
		return c.store.UpdateClaim(t, has)
	})
}

// Free ends a claim of the organization; none is no error.
func (c *Claims) Free(ctx context.Context, kind, name string, org ids.Org) error {
	return c.change(ctx, kind, name, org, func(t *tx.Tx, has Claim) error {
		return c.store.DeleteClaim(t, kind, name)
	})
}

func (c *Claims) change(ctx context.Context, kind, name string, org ids.Org, fn func(*tx.Tx, Claim) error) error {
	return c.store.Write(ctx, "", func(t *tx.Tx) error {
		has, found, err := c.store.Claim(t.Context(), t, kind, name)
		if err != nil || !found || has.Org != org {
			return err
		}
		return fn(t, has)
	})
}

// SettleClaims compares this region's held claims that are older than age with
// its organizations and mail domains: what is there becomes live, what is not
// is freed. With all, live ones are compared too: a crash may have come between
// the removal of a domain and that of its claim.
func (s *Service) SettleClaims(ctx context.Context, age time.Duration, all bool) error {
	limit := s.Clock.Now().Add(-age)
	var after Claim
	for {
		page, err := s.Claims.store.Claims(ctx, nil, s.Region, after, 200)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return s.settleNames(ctx)
		}
		for _, c := range page {
			after = c
			if c.Live && !all || c.At.After(limit) {
				continue
			}
			if err := s.settle(ctx, c); err != nil {
				return err
			}
		}
	}
}

func (s *Service) settle(ctx context.Context, c Claim) error {
	o, found, err := s.Store.Organization(ctx, nil, c.Org)
	if err != nil {
		return err
	}
	switch {
	case found && o.State == Deleting:
		return nil // freed when it is Deleted
	case found && o.State != Deleted && o.State != Failed && c.Kind == ClaimDomain:
		d, has, err := s.Store.Domain(ctx, nil, c.Org, c.Name)
		if err != nil {
			return err
		}
		found = has && d.State == Verified
	case found:
		found = o.State != Deleted && o.State != Failed
	}
	if found && c.Live {
		return nil
	}
	if found {
		return s.Claims.Live(ctx, c.Kind, c.Name, c.Org)
	}
	// What was held anew since c was read belongs to a step that is under way.
	return s.Claims.change(ctx, c.Kind, c.Name, c.Org, func(t *tx.Tx, has Claim) error {
		if !c.At.IsZero() && !has.At.Equal(c.At) {
			return nil
		}
		return s.Claims.store.DeleteClaim(t, c.Kind, c.Name)
	})
}
