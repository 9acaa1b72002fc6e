package org

import (
	"context"
	"slices"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// The kinds of names that a foreign directory brings, for sign-in alone. They
// count where no alias or mail domain does, and where one organization of the
// deployment brings them.
const (
	ClaimNetBIOS = "netbios" // before the \
	ClaimSuffix  = "suffix"  // behind the @
)

// MaxNames that an organization's directory brings.
const MaxNames = 200

// SignInName is a name that an organization's directory brings.
type SignInName struct {
	Kind, Name string // folded
	Org        ids.Org
	Region     string
}

// NameStore keeps the sign-in names of the deployment.
type NameStore interface {
	// SignInNames are those who bring a name, at most limit.
	SignInNames(ctx context.Context, v tx.View, kind, name string, limit int) ([]SignInName, error)
	// SignInNamesOf are an organization's, in order; SignInNamesIn a region's.
	SignInNamesOf(ctx context.Context, v tx.View, org ids.Org) ([]SignInName, error)
	SignInNamesIn(ctx context.Context, v tx.View, region string) ([]SignInName, error)
	PutSignInName(t *tx.Tx, n SignInName) error
	DeleteSignInName(t *tx.Tx, n SignInName) error
}

// Brought answers which organization alone brings a name.
func (c *Claims) Brought(ctx context.Context, kind, name string) (Claim, bool, error) {
	list, err := c.store.SignInNames(ctx, nil, kind, name, 2)
	if err != nil || len(list) != 1 {
		return Claim{}, false, err
	}
	return Claim{Kind: kind, Name: name, Org: list[0].Org, Region: list[0].Region, Live: true}, true, nil
}

// LostName is one that an organization's directory brings and that does not count
// for it: another organization has it as its alias or mail domain, or else
// another one's directory brings it too.
type LostName struct {
	Kind, Name string
	Claimed    bool
}

// LostNames are those of an organization, in order.
func (c *Claims) LostNames(ctx context.Context, org ids.Org) ([]LostName, error) {
	names, err := c.store.SignInNamesOf(ctx, nil, org)
	if err != nil {
		return nil, err
	}
	var lost []LostName
	for _, n := range names {
		claim := ClaimDomain
		if n.Kind == ClaimNetBIOS {
			claim = ClaimAlias
		}
		holder, found, err := c.Find(ctx, claim, n.Name)
		if err != nil {
			return nil, err
		}
		if found {
			if holder.Org != org {
				lost = append(lost, LostName{n.Kind, n.Name, true})
			}
			continue
		}
		_, alone, err := c.Brought(ctx, n.Kind, n.Name)
		if err != nil {
			return nil, err
		}
		if !alone {
			lost = append(lost, LostName{n.Kind, n.Name, false})
		}
	}
	return lost, nil
}

// FoldName is the form in which names of a kind are compared.
func FoldName(kind, name string) string {
	if kind == ClaimSuffix || kind == ClaimDomain {
		return address.DomainKey(name)
	}
	return strings.ToLower(name)
}

// Bring makes names the ones that an organization's directory brings, in place of
// all before. What is the same already writes nothing. What no name can be is
// left out, as is what is more than MaxNames.
func (c *Claims) Bring(ctx context.Context, org ids.Org, region string, names []SignInName) error {
	var want []SignInName
	for _, n := range names {
		n.Name, n.Org, n.Region = FoldName(n.Kind, strings.TrimSpace(n.Name)), org, region
		if n.Name != "" && plain(n.Name) && !strings.ContainsAny(n.Name, `\@`) && !slices.Contains(want, n) && len(want) < MaxNames {
			want = append(want, n)
		}
	}
	has, err := c.store.SignInNamesOf(ctx, nil, org)
	if err != nil || same(has, want) {
		return err
	}
	return c.store.Write(ctx, "", func(t *tx.Tx) error {
		has, err := c.store.SignInNamesOf(t.Context(), t, org)
		if err != nil {
			return err
		}
		for _, n := range has {
			if !slices.Contains(want, n) {
				if err := c.store.DeleteSignInName(t, n); err != nil {
					return err
				}
			}
		}
		for _, n := range want {
			if !slices.Contains(has, n) {
				if err := c.store.PutSignInName(t, n); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func same(a, b []SignInName) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(n SignInName) bool { return !slices.Contains(b, n) })
}

// settleNames takes away what organizations of this region bring that do not
// serve, or that have no foreign directory: a crash may have left it.
func (s *Service) settleNames(ctx context.Context) error {
	all, err := s.Claims.store.SignInNamesIn(ctx, nil, s.Region)
	if err != nil {
		return err
	}
	done := map[ids.Org]bool{}
	for _, n := range all {
		if done[n.Org] {
			continue
		}
		done[n.Org] = true
		o, err := s.ByID(ctx, nil, n.Org)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err != nil || !o.State.Serves() || o.DirectoryType == BuiltinDirectory {
			if err := s.Claims.Bring(ctx, n.Org, s.Region, nil); err != nil {
				return err
			}
		}
	}
	return nil
}
