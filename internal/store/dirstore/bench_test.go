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
	"postroom/internal/store/dirstore"
	"postroom/internal/store/sqldb"
)

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
	users := directory.New(directory.Config{Store: entries, Source: builtindir.New(entries, hasher), Orgs: service, Hasher: hasher, Trail: trail, Clock: clock.System})
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
