package org

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Store keeps organizations, mail domains, tags and client tokens of one region.
type Store interface {
	tx.Store

	Organization(ctx context.Context, v tx.View, id ids.Org) (o Organization, found bool, err error)
	OrganizationByAlias(ctx context.Context, v tx.View, alias string) (o Organization, found bool, err error)
	// Organizations are those that are not Deleted, with ids above after, in order.
	Organizations(ctx context.Context, v tx.View, after ids.Org, limit int) ([]Organization, error)
	// InsertOrganization answers false where as many as max exist already.
	InsertOrganization(t *tx.Tx, o Organization, max int) (bool, error)
	// UpdateOrganization writes all but id, alias and created. One that becomes Deleted no longer counts.
	UpdateOrganization(t *tx.Tx, o Organization) error

	Domain(ctx context.Context, v tx.View, org ids.Org, name string) (d Domain, found bool, err error)
	Domains(ctx context.Context, v tx.View, org ids.Org, after string, limit int) ([]Domain, error)
	// DomainsOf answers those of several organizations whose names begin with a prefix, in order of name.
	DomainsOf(ctx context.Context, v tx.View, orgs []ids.Org, prefix string, limit int) ([]Domain, error)
	CountDomains(ctx context.Context, v tx.View, org ids.Org) (int, error)
	// DomainsToCheck are unverified ones whose time has come, the oldest first.
	DomainsToCheck(ctx context.Context, v tx.View, now time.Time, limit int) ([]Domain, error)
	InsertDomain(t *tx.Tx, d Domain) error
	UpdateDomain(t *tx.Tx, d Domain) error
	DeleteDomain(t *tx.Tx, org ids.Org, name string) error

	Tags(ctx context.Context, v tx.View, org ids.Org) ([]Tag, error)
	PutTag(t *tx.Tx, org ids.Org, tag Tag) error
	DeleteTag(t *tx.Tx, org ids.Org, key string) error

	Replay(ctx context.Context, v tx.View, r Replay) (found Replay, ok bool, err error)
	PutReplay(t *tx.Tx, r Replay) error
	DeleteReplays(t *tx.Tx, before time.Time, limit int) (int64, error)

	// Erase deletes at most limit rows of all tables that this and core/directory and core/access own of an
	// organization, but the organization's own, and answers how many it deleted.
	Erase(t *tx.Tx, org ids.Org, limit int) (int64, error)
}

// ClaimStore keeps the claims in the deployment database.
type ClaimStore interface {
	tx.Store
	NameStore
	Claim(ctx context.Context, v tx.View, kind, name string) (c Claim, found bool, err error)
	// InsertClaim answers false where the name is claimed already.
	InsertClaim(t *tx.Tx, c Claim) (bool, error)
	UpdateClaim(t *tx.Tx, c Claim) error
	DeleteClaim(t *tx.Tx, kind, name string) error
	// Claims of a region in order of (kind, name) behind after.
	Claims(ctx context.Context, v tx.View, region string, after Claim, limit int) ([]Claim, error)
	// ClaimsOf are an organization's, at most limit.
	ClaimsOf(ctx context.Context, v tx.View, org ids.Org, limit int) ([]Claim, error)
}
