package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/store/mailstore"
	"postroom/internal/store/sqldb"
)

// RestoreOptions say what to restore where.
type RestoreOptions struct {
	From      string
	Config    Config // its data folder is empty, its database too
	MasterKey string // a file to copy into place first; empty: it is there
	Log       *slog.Logger
}

// RestoreReport is what a restore did.
type RestoreReport struct {
	Made    time.Time     `json:"made"` // when the backup was
	Version string        `json:"version"`
	Regions []string      `json:"regions"`
	Files   int           `json:"files"`
	Bytes   int64         `json:"bytes"`
	Took    time.Duration `json:"took"`
}

// restoringMark lies in a data folder while a restore fills it.
const restoringMark = "RESTORING"

// unfinished refuses a folder that a restore did not fill to the end.
func unfinished(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, restoringMark)); err != nil {
		return nil
	}
	return errs.Say("app.New", errs.Config, errs.Storage,
		"A restore into %s did not finish. Empty the folder (the master key stays) and restore again.", dir)
}

// Restore fills an empty data folder from a backup, after it has read and checked
// all of the backup. Mailboxes are new to every client: uidvalidity and epoch rise.
func Restore(ctx context.Context, o RestoreOptions, p Progress) (RestoreReport, error) {
	const op = "app.Restore"
	start := time.Now()
	r := &restore{RestoreOptions: o, progress: p}
	var err error
	if r.manifest, err = CheckBackup(ctx, o.From, p); err != nil {
		return RestoreReport{}, err
	}
	report := RestoreReport{Made: r.manifest.Made, Version: r.manifest.Version, Regions: r.manifest.Regions, Files: len(r.manifest.Files)}
	for _, f := range r.manifest.Files {
		report.Bytes += f.Size
	}
	if err := r.prepare(); err != nil {
		return report, err
	}
	if err := r.run(ctx); err != nil {
		var e *errs.Error
		if !errors.As(err, &e) {
			err = errs.Say(op, errs.Unavailable, errs.Storage, "The restore did not finish: %v. Empty %s (the master key stays) and restore again.", err, o.Config.Data)
		}
		return report, err
	}
	report.Took = time.Since(start)
	return report, nil
}

type restore struct {
	RestoreOptions
	manifest Manifest
	progress Progress
}

// prepare checks all that can be refused before anything is touched.
func (r *restore) prepare() error {
	const op = "app.Restore"
	c := r.Config
	for _, name := range r.manifest.Regions {
		if !slices.Contains(c.Regions, name) {
			return errs.Say(op, errs.Config, errs.Storage, "The backup has the region %s, which the configuration does not name. Add it to regions.", name)
		}
	}
	keyFile := c.MasterKey
	if r.MasterKey != "" {
		keyFile = r.MasterKey
	}
	if _, err := os.Stat(keyFile); err != nil {
		return errs.Say(op, errs.Config, errs.Storage,
			"The master key is not in a backup, and %s does not exist. Put your copy of it there, or name it with --master-key.", keyFile)
	}
	key, _, err := masterKey(keyFile, false)
	if err != nil {
		return err
	}
	if err := r.manifest.checkKey(key); err != nil {
		return err
	}
	if _, err := runAs(c); err != nil {
		return err
	}
	entries, err := os.ReadDir(c.Data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errs.Say(op, errs.Config, errs.Storage, "The data folder %s cannot be read: %v", c.Data, err)
	}
	for _, e := range entries {
		if file := filepath.Join(c.Data, e.Name()); file != c.MasterKey && e.Name() != "lock" {
			return errs.Say(op, errs.InUse, errs.Storage,
				"The data folder %s is not empty (%s). A restore fills an empty one: name another, or move away what is there.", c.Data, e.Name())
		}
	}
	return nil
}

func (r *restore) run(ctx context.Context) error {
	c := r.Config
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	l, err := takeLock(c.Data)
	if err != nil {
		return err
	}
	unlock := func() {
		if l != nil {
			l.release()
			l = nil
		}
	}
	defer unlock()
	mark := filepath.Join(c.Data, restoringMark)
	if err := writeFile(mark, []byte("A restore fills this folder.\n"), 0o600); err != nil {
		return err
	}
	if r.MasterKey != "" {
		key, _, err := masterKey(r.MasterKey, false)
		if err == nil {
			err = writeFile(c.MasterKey, key[:], 0o600)
		}
		if err != nil {
			return err
		}
	}
	a := &App{Config: c, Log: r.Log}
	if a.Log == nil {
		a.Log = slog.New(slog.DiscardHandler)
	}
	for _, name := range r.manifest.Regions {
		if err := r.packs(ctx, a, name); err != nil {
			return err
		}
	}
	if err := r.databases(ctx, a); err != nil {
		return err
	}
	unlock() // New takes it; the mark keeps everyone else out
	if err := r.settle(ctx); err != nil {
		return err
	}
	if as, err := runAs(c); err != nil {
		return err
	} else if as != nil {
		if err := as.give(c.Data, c.MasterKey); err != nil {
			return err
		}
	}
	if err := os.Remove(mark); err != nil {
		return err
	}
	return syncDir(c.Data)
}

// packs writes a region's packs. In a bucket that outlived its database they are
// there already: an object is never changed, so its length tells.
func (r *restore) packs(ctx context.Context, a *App, region string) error {
	to, err := a.openPacks(ctx, region)
	if err != nil {
		return err
	}
	defer to.Close()
	there := map[int64]int64{}
	have, err := to.List(ctx)
	if err != nil {
		return err
	}
	for _, p := range have {
		there[p.Pack] = p.Length
	}
	all := r.manifest.packs(region)
	var total int64
	numbers := make([]int64, 0, len(all))
	for n, f := range all {
		total += f.Size
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	m := r.progress.start("restoring packs of "+region, "bytes", total)
	for _, n := range numbers {
		f := all[n]
		if length, ok := there[n]; ok && length == f.Size {
			m.add(f.Size)
			continue
		}
		from, err := os.Open(filepath.Join(r.From, f.Name))
		if err != nil {
			return err
		}
		err = to.WritePack(ctx, n, io.TeeReader(io.LimitReader(from, f.Size), m))
		from.Close()
		if err != nil {
			return fmt.Errorf("pack %d of %s: %w", n, region, err)
		}
	}
	return to.Close()
}

// databases puts each database in place, brings its schema up and makes its
// mailboxes new.
func (r *restore) databases(ctx context.Context, a *App) error {
	if err := r.database(ctx, a, sqldb.Deployment, "deployment", "deployment.db"); err != nil {
		return err
	}
	if err := r.database(ctx, a, sqldb.Log, "deployment_log", "deployment-log.db"); err != nil {
		return err
	}
	for _, name := range r.manifest.Regions {
		schema := strings.ReplaceAll(name, "-", "_")
		if err := r.database(ctx, a, sqldb.Region, "region_"+schema, "regions/"+name+"/region.db"); err != nil {
			return err
		}
		if err := r.database(ctx, a, sqldb.Log, "log_"+schema, "regions/"+name+"/log.db"); err != nil {
			return err
		}
	}
	return nil
}

func (r *restore) database(ctx context.Context, a *App, schema sqldb.Schema, name, file string) error {
	f, ok := r.manifest.database(file)
	if !ok {
		return errs.Say("app.Restore", errs.Invalid, errs.Storage, "The backup has no %s.", file)
	}
	m := r.progress.start("restoring "+file, "bytes", f.Size)
	place := filepath.Join(a.Config.Data, file)
	if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
		return err
	}
	if err := copyFile(ctx, filepath.Join(r.From, f.Name), place, f.Size, m); err != nil {
		return err
	}
	db, err := sqldb.Open(ctx, sqldb.Options{Path: place, Schema: schema, Name: name, Log: a.Log})
	if err != nil {
		return err
	}
	if schema == sqldb.Region {
		err = db.Write(ctx, "", func(t *tx.Tx) error { return mailstore.New(db).Renew(ctx, t, time.Now()) })
	}
	if err = errors.Join(err, db.Close()); err != nil || a.Config.Database.DSN == "" {
		return err
	}
	// The file was only the way: its rows go into PostgreSQL.
	to, err := sqldb.Open(ctx, sqldb.Options{DSN: a.Config.Database.DSN, Schema: schema, Name: name, Log: a.Log})
	if err != nil {
		return err
	}
	defer to.Close()
	rows := r.progress.start("filling "+name, "rows", 0)
	if err := to.Fill(ctx, place, rows.add); err != nil {
		return err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(place + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// copyFile copies size bytes into a new file, lasting.
func copyFile(ctx context.Context, from, to string, size int64, m *meter) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(out, contextReader{ctx, io.TeeReader(io.LimitReader(in, size), m)})
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close(), syncDir(filepath.Dir(to)))
}

// settle opens the restored store and makes claims and regions agree: the
// databases were taken one after another.
func (r *restore) settle(ctx context.Context) error {
	a, err := New(ctx, r.Config, Options{Log: r.Log, Quiet: true, restoring: true})
	if err != nil {
		return err
	}
	defer a.Close(ctx)
	for _, region := range a.Regions {
		if err := region.reclaim(ctx); err != nil {
			return err
		}
		if err := region.Orgs.SettleClaims(ctx, 0, true); err != nil {
			return err
		}
	}
	return a.Close(ctx)
}

// reclaim takes for each organization the names that it has.
func (r *Region) reclaim(ctx context.Context) error {
	for after := ""; ; {
		list, next, err := r.Orgs.List(ctx, ids.Org(after), 100)
		if err != nil {
			return err
		}
		for _, o := range list {
			if !o.State.Serves() {
				continue
			}
			if err := r.claim(ctx, org.ClaimAlias, strings.ToLower(o.Alias), o); err != nil {
				return err
			}
			if err := r.reclaimDomains(ctx, o); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		after = string(next)
	}
}

func (r *Region) reclaimDomains(ctx context.Context, o org.Organization) error {
	for after := ""; ; {
		list, err := r.Orgs.Store.Domains(ctx, nil, o.ID, after, 100)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, d := range list {
			after = d.Name
			if d.State != org.Verified {
				continue
			}
			if err := r.claim(ctx, org.ClaimDomain, d.Name, o); err != nil {
				return err
			}
		}
	}
}

func (r *Region) claim(ctx context.Context, kind, name string, o org.Organization) error {
	if c, found, err := r.Orgs.Claims.Holder(ctx, kind, name); err != nil || found && c.Live && c.Org == o.ID {
		return err
	}
	if err := r.Orgs.Claims.Hold(ctx, kind, name, o.ID, r.Name); err != nil {
		return err
	}
	return r.Orgs.Claims.Live(ctx, kind, name, o.ID)
}
