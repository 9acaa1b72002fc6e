package dirstore_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
	"postroom/internal/connect/builtindir"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/sqldb"
)

// someDisabled makes every thousandth user a disabled remote one.
func someDisabled(b *testing.B, ctx context.Context, s *dirstore.Entries, org ids.Org, n int) {
	for i := 0; i < n; i += 1000 {
		e, _, err := s.EntryByName(ctx, nil, org, fmt.Sprintf("user%07d", i))
		if err != nil {
			b.Fatal(err)
		}
		e.State, e.Role = directory.Disabled, directory.RoleRemoteUser
		if err := s.Write(ctx, org, func(t *tx.Tx) error { return s.Update(t, &e) }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDirectory measures pages and single entries among POSTROOM_BENCH_USERS
// users (20,000 where it is not set; `make bench` takes a million).
func BenchmarkDirectory(b *testing.B) {
	n := 20_000
	if s := os.Getenv("POSTROOM_BENCH_USERS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	ctx := context.Background()
	dir := b.TempDir()
	open := func(s sqldb.Schema) *sqldb.DB {
		db, err := sqldb.Open(ctx, sqldb.Options{Path: filepath.Join(dir, string(s)+".db"), Schema: s})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { db.Close() })
		return db
	}
	db := open(sqldb.Region)
	entries, orgs, hasher := dirstore.NewEntries(db), dirstore.NewOrgs(db), auth.NewHasher(nil)
	trail := audit.NewTrail(dirstore.NewAudit(db), clock.System)
	service := org.New(org.Config{
		Region: "us-east-1", BaseDomain: "postroom.test", Store: orgs, Claims: org.NewClaims(dirstore.NewClaims(open(sqldb.Deployment)), clock.System),
		Keys: org.NewMasterKeyring([32]byte{}, orgs), Trail: trail, Clock: clock.System,
	})
	users := directory.New(directory.Config{Store: entries, Builtin: builtindir.New(entries, hasher), Orgs: service, Hasher: hasher, Trail: trail, Clock: clock.System})
	o, err := service.CreateOrganization(ctx, audit.By{}, org.NewOrganization{Alias: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	if err := dirstore.FillUsers(ctx, db, o.ID, o.DefaultDomain, n); err != nil {
		b.Fatal(err)
	}
	v := users.View(o.ID, audit.By{}, 0)
	list := func(f directory.Filter, token string) string {
		page, next, err := v.ListUsers(ctx, f, token, 100)
		if err != nil || len(page) == 0 {
			b.Fatal(len(page), err)
		}
		return next
	}
	var last string
	b.Run("first page", func(b *testing.B) {
		for b.Loop() {
			list(directory.Filter{}, "")
		}
	})
	before, _, err := entries.EntryByName(ctx, nil, o.ID, fmt.Sprintf("user%07d", n-101))
	if err != nil {
		b.Fatal(err)
	}
	last = directory.PageToken(directory.IndexName, before.Name, before.ID)
	b.Run("last page", func(b *testing.B) {
		for b.Loop() {
			list(directory.Filter{}, last)
		}
	})
	for name, f := range map[string]directory.Filter{
		"state": {State: directory.Enabled}, "name": {NamePrefix: "user000"}, "display": {DisplayNamePrefix: "person 00"}, "email": {EmailPrefix: "user00"},
	} {
		b.Run("page by "+name, func(b *testing.B) {
			for b.Loop() {
				list(f, "")
			}
		})
	}
	find := func(q directory.Search) func(b *testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				if f, err := v.FindUsers(ctx, q); err != nil || len(f.Entries) == 0 || f.Total == 0 {
					b.Fatal(f, err)
				}
			}
		}
	}
	someDisabled(b, ctx, entries, o.ID, n)
	for _, c := range []struct {
		name string
		q    directory.Search
	}{
		{"first", directory.Search{}},
		{"last", directory.Search{Offset: n - 100}},
		{"middle", directory.Search{Offset: n / 2}},
		{"first by display name", directory.Search{SortBy: directory.ByDisplayName}},
		{"last by email, descending", directory.Search{SortBy: directory.ByEmail, Descending: true, Offset: n - 100}},
		{"middle by state", directory.Search{SortBy: directory.ByState, Offset: n / 2}},
		{"last by enabled date", directory.Search{SortBy: directory.ByEnabledDate, Offset: n - 100}},
		{"disabled of few, by email", directory.Search{States: []directory.State{directory.Disabled}, SortBy: directory.ByEmail}},
		{"middle of enabled, by email", directory.Search{States: []directory.State{directory.Enabled}, SortBy: directory.ByEmail, Offset: n / 2}},
		{"remote users of few", directory.Search{Roles: []directory.Role{directory.RoleRemoteUser}}},
		{"query of all", directory.Search{Query: "u"}},
		{"query of all, by enabled date", directory.Search{Query: "u", SortBy: directory.ByEnabledDate, Descending: true, Offset: 900}},
		{"query of 1,000", directory.Search{Query: "user0001"}},
		{"query of 1", directory.Search{Query: "user0001234"}},
		{"query of 1, by address", directory.Search{Query: "user0001234@bench"}},
		{"query of display names", directory.Search{Query: "person 00", SortBy: directory.ByDisplayName}},
		{"query of 1, by last name", directory.Search{Query: "0001234"}},
		{"query of 1, by two words", directory.Search{Query: "bench 0001234"}},
		{"query of all, by last name", directory.Search{Query: "bench"}},
		{"query of all, by two words", directory.Search{Query: "bench person"}},
		{"query of all, disabled", directory.Search{Query: "u", States: []directory.State{directory.Disabled}}},
	} {
		b.Run("find "+c.name, find(c.q))
	}
	b.Run("lookup", func(b *testing.B) {
		for b.Loop() {
			if list, err := users.Lookup(ctx, []ids.Org{o.ID}, "u", 20); err != nil || len(list) != 20 {
				b.Fatal(list, err)
			}
		}
	})
	b.Run("describe", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := v.DescribeUser(ctx, fmt.Sprintf("user%07d", i%n)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("create, 32 at once", func(b *testing.B) {
		b.SetParallelism(16)
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if _, err := v.CreateUser(ctx, directory.NewUser{Name: "new" + ids.Hex(8), DisplayName: "N"}, nil); err != nil {
					b.Error(err)
				}
			}
		})
	})
}
