package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/connect/builtindir"
	"postroom/internal/core/access"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// DirectoryStores are the stores of one region and of its deployment, empty.
type DirectoryStores struct {
	Orgs    org.Store
	Claims  org.ClaimStore
	Entries directory.Store
	Grants  access.Store
	Trail   audit.Store // beside Orgs
	Log     audit.Store
}

// Directory is the contract of the stores of core/org, core/directory,
// core/access and core/audit, told through those areas.
func Directory(t *testing.T, open func(t *testing.T) DirectoryStores) {
	for name, story := range map[string]func(o *office){
		"organizations are made with test domain and key": orgMade,
		"a taken alias leaves nothing behind":             orgAliasTaken,
		"a hundred organizations and no more":             orgLimit,
		"client tokens replay":                            orgReplay,
		"domains prove ownership by DNS":                  domainProven,
		"a domain has one owner":                          domainOneOwner,
		"domains without proof fail after 72 hours":       domainFails,
		"domains leave unless they are used":              domainLeaves,
		"claims are compared after a crash":               claimsSettled,
		"organizations are deleted":                       orgDeleted,
		"tags are limited":                                tags,
		"users are kept whole":                            userKept,
		"names are unique over three kinds":               namesUnique,
		"bad input is named":                              badEntries,
		"passwords follow the policy":                     passwords,
		"register and deregister":                         lifecycle,
		"addresses stay until another takes them":         addressesTaken,
		"aliases":                            aliases,
		"mail follows each change at once":   mailFollows,
		"deleting":                           deleting,
		"deleting a large group":             deletingLarge,
		"retention ends":                     retention,
		"groups nest without cycles":         groups,
		"resources":                          resources,
		"lists page by key with filters":     lists,
		"any page is found, with the number": finding,
		"any word of a name finds":           byWords,
		"a rare word leads":                  rareLeads,
		"counts follow each change":          countsFollow,
		"anything is looked up":              lookup,
		"addresses are proposed":             proposing,
		"permissions reach through groups":   permissions,
		"If-Match guards every change":       ifMatch,
		"changes at once stay unique":        race,
		"foreign directories are kept":       foreignDirectories,
		"a userPrincipalName finds one":      userPrincipalNames,
		"names that a directory brings":      signInNames,
		"former passwords are forgotten":     formerDropped,
		"what is done is recorded":           recorded,
		"a chain that was changed shows":     chainBroken,
		"notes are written behind":           notes,
		"another organization is never seen": tenants,
		"a foreign directory is mirrored":    mirrored,
		"a mirror stops before many leave":   mirrorBrakes,
		"one process mirrors":                mirrorLease,
		"what was seen is kept":              seenKept,
	} {
		t.Run(name, func(t *testing.T) { story(newOffice(t, open(t))) })
	}
}

var officeStart = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// zone is the DNS of the tests.
type zone struct {
	mu    sync.Mutex
	texts map[string][]string
	down  bool
}

func (z *zone) TXT(_ context.Context, name string) ([]string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.down {
		return nil, errs.E("zone.TXT", errs.Unavailable, errs.Nothing, nil)
	}
	return z.texts[name], nil
}

func (z *zone) set(name string, texts ...string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.texts[name] = texts
}

// office is the services over the stores, with one organization.
type office struct {
	*testing.T
	ctx   context.Context
	s     DirectoryStores
	clock *clock.Set
	dns   *zone

	claims *org.Claims
	orgs   *org.Service
	dir    *directory.Service
	access *access.Service
	lists  *audit.Lists

	org     org.Organization
	revoked []ids.Entry
	box     ids.Mailbox
}

func newOffice(t *testing.T, s DirectoryStores) *office {
	o := &office{T: t, ctx: t.Context(), s: s, clock: clock.At(officeStart), dns: &zone{texts: map[string][]string{}}}
	o.claims = org.NewClaims(s.Claims, o.clock)
	trail := audit.NewTrail(s.Trail, o.clock)
	hasher := auth.NewHasher(nil)
	o.orgs = org.New(org.Config{
		Region: "us-east-1", BaseDomain: "postroom.test", Hosts: org.Hosts{Mail: "mx.postroom.test", Autodiscover: "auto.postroom.test"},
		Store: s.Orgs, Claims: o.claims, Keys: org.NewMasterKeyring([32]byte{1}, s.Orgs), Resolver: o.dns, Trail: trail, Clock: o.clock,
	})
	o.dir = directory.New(directory.Config{
		Store: s.Entries, Builtin: builtindir.New(s.Entries, hasher), Orgs: o.orgs, Hasher: hasher, Trail: trail, Clock: o.clock,
	})
	o.dir.OnRevoked(o)
	o.access = access.New(access.Config{Store: s.Grants, Orgs: o.orgs, Directory: o.dir, Trail: trail})
	o.lists = audit.NewLists(s.Trail, s.Log)
	o.org = o.organization("example")
	return o
}

// Revoked implements directory.Revoker.
func (o *office) Revoked(_ ids.Org, e ids.Entry) { o.revoked = append(o.revoked, e) }

func (o *office) Proven(ids.Org, ids.Entry, time.Time) []string { return nil }

var officeBy = audit.By{Kind: audit.Administrator, ID: "a1", Name: "admin", Head: "awsapi", Source: "192.0.2.1", RequestID: "r1", Operation: "Test"}

func (o *office) organization(alias string, domains ...string) org.Organization {
	o.Helper()
	made, err := o.orgs.CreateOrganization(o.ctx, officeBy, org.NewOrganization{Alias: alias, Domains: domains})
	o.must(err)
	return made
}

func (o *office) view() *directory.View { return o.dir.View(o.org.ID, officeBy, 0) }

func (o *office) domains() *org.View { return o.orgs.View(o.org.ID, officeBy, 0) }

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// want fails unless err is of this kind about this subject.
func (o *office) want(err error, kind errs.Kind, subject errs.Subject) {
	o.Helper()
	if k, s := errs.Of(err); err == nil || k != kind || s != subject {
		o.Fatalf("got %v, want %s %s", err, kind, subject)
	}
	if errs.Public(err) == "" || strings.Contains(errs.Public(err), "%!") {
		o.Fatalf("public text %q", errs.Public(err))
	}
}

func (o *office) user(name string) directory.Entry {
	o.Helper()
	e, err := o.view().CreateUser(o.ctx, directory.NewUser{Name: name, DisplayName: "User " + name}, nil)
	o.must(err)
	return e
}

func (o *office) group(name string, members ...directory.Entry) directory.Entry {
	o.Helper()
	g, err := o.view().CreateGroup(o.ctx, directory.NewGroup{Name: name}, nil)
	o.must(err)
	for _, m := range members {
		o.must(o.view().AssociateMemberToGroup(o.ctx, string(g.ID), string(m.ID)))
	}
	return g
}

// register enables an entry at NAME@example.postroom.test.
func (o *office) register(e directory.Entry) directory.Entry {
	o.Helper()
	e, err := o.view().RegisterToWorkMail(o.ctx, string(e.ID), e.Name+"@example.postroom.test", o.attach)
	o.must(err)
	return e
}

// attach is what a mailbox service does.
func (o *office) attach(_ *tx.Tx, e *directory.Entry) error {
	if e.Mailbox == 0 {
		o.box++
		e.Mailbox, e.Provisioned = o.box, e.EnabledAt
	}
	return nil
}

func (o *office) deregister(e directory.Entry) {
	o.Helper()
	_, err := o.view().DeregisterFromWorkMail(o.ctx, string(e.ID), nil)
	o.must(err)
}

func (o *office) reload(e directory.Entry) directory.Entry {
	o.Helper()
	e, err := o.dir.ByID(o.ctx, nil, e.Org, e.ID)
	o.must(err)
	return e
}

func names(list []directory.Entry) []string {
	out := []string{}
	for _, e := range list {
		out = append(out, e.Name)
	}
	return out
}

func (o *office) equal(got, want any) {
	o.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		o.Fatalf("got %s, want %s", g, w)
	}
}

func sorted(list []string) []string { slices.Sort(list); return list }
