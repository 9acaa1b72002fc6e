package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/connect/adconnector"
	"postroom/internal/connect/builtindir"
	"postroom/internal/connect/ldapdir"
	"postroom/internal/core/access"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/delivery"
	"postroom/internal/core/directory"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/mailflow"
	"postroom/internal/core/org"
	"postroom/internal/core/provision"
	"postroom/internal/core/search"
	"postroom/internal/core/statistics"
	"postroom/internal/store/authstore"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/flowstore"
	"postroom/internal/store/mailstore"
	"postroom/internal/store/pack"
	"postroom/internal/store/searchstore"
	"postroom/internal/store/sqldb"
	"postroom/internal/store/statstore"
)

// Region is one region: its stores and the services over them.
type Region struct {
	Name      string
	DB        *sqldb.DB
	LogDB     *sqldb.DB
	Packs     mailbox.Packs
	Keys      *org.MasterKeyring
	Trail     *audit.Trail
	Notes     *audit.Log
	Lists     *audit.Lists
	Orgs      *org.Service
	Directory *directory.Service
	Access    *access.Service
	Mail      *mailstore.Store
	Mailboxes *mailbox.Service
	SearchDB  *searchstore.Store
	Search    *search.Service
	Flow      *mailflow.Service
	Delivery  *delivery.Service
	Provision *provision.Service

	Statistics *statistics.Recorder
	SignIns    *auth.SignInLog
}

// openRegion opens a region's databases and packs and makes its services.
func (a *App) openRegion(ctx context.Context, name string, key [32]byte, o Options) (*Region, error) {
	r := &Region{Name: name}
	dir := filepath.Join("regions", name)
	schema := strings.ReplaceAll(name, "-", "_")
	err := os.MkdirAll(filepath.Join(a.Config.Data, dir), 0o700)
	if err != nil {
		return nil, errs.Say("app.New", errs.Config, errs.Storage, "The folder of the region cannot be made: %v", err)
	}
	if r.DB, err = a.open(ctx, sqldb.Region, "region_"+schema, filepath.Join(dir, "region.db")); err != nil {
		return nil, err
	}
	if r.LogDB, err = a.open(ctx, sqldb.Log, "log_"+schema, filepath.Join(dir, "log.db")); err != nil {
		return nil, err
	}
	index := a.options(sqldb.Search, "search_"+schema, filepath.Join(dir, "search.db"))
	if r.SearchDB, err = searchstore.Open(ctx, index); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, r.SearchDB.Close)
	if r.Packs, err = a.openPacks(ctx, name); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, r.Packs.Close)
	r.makeServices(a, key, o)
	return r, nil
}

func (a *App) openPacks(ctx context.Context, region string) (mailbox.Packs, error) {
	if c := a.Config.S3; c.Bucket != "" {
		return pack.OpenS3(ctx, pack.S3Options{Endpoint: c.Endpoint, Bucket: c.Bucket, Prefix: c.Prefix + region + "/", Region: c.Region,
			AccessKey: c.AccessKey, Secret: c.Secret, PathStyle: c.PathStyle})
	}
	return pack.OpenDir(filepath.Join(a.Config.Data, "regions", region, "packs"), pack.Options{})
}

// connect opens foreign directories by their kind.
func connect(o ldapdir.Options) func(context.Context, directory.Settings) (directory.Foreign, error) {
	return func(_ context.Context, set directory.Settings) (directory.Foreign, error) {
		if set.Kind == directory.ADConnector {
			c, err := adconnector.Open(set, o)
			if err != nil {
				return nil, err
			}
			return c, nil
		}
		return ldapdir.Open(set, o)
	}
}

func (r *Region) makeServices(a *App, key [32]byte, o Options) {
	c, log := a.Config, a.Log.With("region", r.Name)
	trail, notes := dirstore.NewAudit(r.DB), dirstore.NewAudit(r.LogDB)
	r.Trail = audit.NewTrail(trail, a.Clock)
	r.Notes = audit.NewLog(notes, a.Clock, log)
	a.closers = append(a.closers, r.Notes.Close)
	r.Lists = audit.NewLists(trail, notes)

	orgs, entries := dirstore.NewOrgs(r.DB), dirstore.NewEntries(r.DB)
	r.Keys = org.NewMasterKeyring(key, orgs)
	r.Orgs = org.New(org.Config{Region: r.Name, BaseDomain: c.BaseDomain, Hosts: org.Hosts{Mail: c.Host, Autodiscover: c.Host}, Store: orgs,
		Claims: a.Claims, Keys: r.Keys, Resolver: o.Resolver, Trail: r.Trail, Clock: a.Clock, Log: log})
	r.Directory = directory.New(directory.Config{Store: entries, Builtin: builtindir.New(entries, a.Auth.Hasher), Orgs: r.Orgs,
		Hasher: a.Auth.Hasher, Trail: r.Trail, Clock: a.Clock, Log: log, Connect: connect(ldapdir.Options{Log: log, Clock: a.Clock})})
	a.closers = append(a.closers, r.Directory.Close)
	r.Access = access.New(access.Config{Store: dirstore.NewGrants(r.DB), Orgs: r.Orgs, Directory: r.Directory, Trail: r.Trail})

	r.Mail = mailstore.New(r.DB)
	r.Mailboxes = mailbox.New(mailbox.Options{Store: r.Mail, Packs: r.Packs, Keys: r.Keys, Access: r.Access, Addresses: r.Directory,
		Clock: a.Clock, Log: log, Recover: time.Duration(c.Limits.RecoverDays) * 24 * time.Hour, Snapshots: c.Limits.SnapshotsMB << 20})
	a.closers = append(a.closers, func() error { r.Mailboxes.Close(); return nil })

	r.Statistics = statistics.New(statstore.New(r.DB), a.Clock, log)
	r.SignIns = auth.NewSignInLog(authstore.NewSignIns(r.DB), a.Clock, log)
	a.closers = append(a.closers, r.SignIns.Close, r.Statistics.Close)

	readers := 1
	if c.S3.Bucket != "" {
		readers = 16 // each waits for the network
	}
	r.Search = search.New(search.Options{Store: r.SearchDB, Mailboxes: r.Mailboxes, Region: r.Name, Readers: readers, Clock: a.Clock, Log: log, Metrics: a.Metrics})
	a.closers = append(a.closers, func() error { r.Search.Close(); return nil })

	r.Flow = mailflow.New(mailflow.Options{Region: r.Name, Host: c.Host, Store: flowstore.New(r.DB), Packs: r.Packs, Keys: r.Keys,
		Mailboxes: r.Mailboxes, Directory: r.Directory, Access: r.Access, Clock: a.Clock, Log: log, Metrics: a.Metrics, Count: r.Statistics}, a.Router)
	r.Delivery = delivery.New(r.Flow, r.Mailboxes)
	a.closers = append(a.closers, func() error { r.Flow.Close(); return nil })
	r.Provision = provision.New(provision.Config{Orgs: r.Orgs, Directory: r.Directory, Access: r.Access, Mailboxes: r.Mailboxes,
		Queue: r.Flow, Purges: entries, Quota: c.Limits.QuotaMB << 20, Log: log})
}
