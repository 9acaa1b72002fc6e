package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/dnsx"
	"postroom/internal/base/errs"
	"postroom/internal/base/metrics"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailflow"
	"postroom/internal/core/org"
	"postroom/internal/store/authstore"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/sqldb"

	"golang.org/x/sys/unix"
)

// App is the whole server as one value: New opens the store and makes the
// services, Start binds the ports and serves, Close ends all of it.
type App struct {
	Config  Config
	Log     *slog.Logger
	Metrics *metrics.Registry
	Clock   clock.Clock

	DB      *sqldb.DB // the deployment's
	LogDB   *sqldb.DB
	Auth    *auth.Service
	Claims  *org.Claims
	Trail   *audit.Trail
	Notes   *audit.Log
	Lists   *audit.Lists
	Router  *mailflow.Router
	Regions []*Region
	TLS     *tls.Config

	// FirstPassword is the first administrator's, where this start made it.
	FirstPassword string
	// MasterKeyMade tells that this start made the master key.
	MasterKeyMade bool

	lock      *lock
	listeners map[string]net.Listener // bound and not yet served
	files     []string                // of databases that were opened, below the data folder
	// expected are those that were there at an earlier start.
	expected []string
	keyCheck string // of the master key, as in STORE
	proven   bool   // it was there at the start, and fits
	closers  []func() error
	heads    []head
	stop     context.CancelFunc
	jobs     sync.WaitGroup
	bound    map[string]string
	ready    atomic.Bool
	fatal    chan error
}

// Options are what only tests and commands on the machine set.
type Options struct {
	Log   *slog.Logger
	Clock clock.Clock
	// Resolver answers ownership records instead of the network.
	Resolver org.Resolver
	// Quiet opens the store without background work: for a command that works
	// where no server runs.
	Quiet bool
	// restoring opens a folder that a restore has just filled.
	restoring bool
	// portHint says what to do where a port is taken.
	portHint string
	// locked runs first when the folder is ours.
	locked func() error
}

// Version is the version that was built.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}

// New checks the configuration, binds the ports, gives up root where a user is
// named, takes the folder's lock, opens and migrates the databases, and makes the
// services of every region.
func New(ctx context.Context, c Config, o Options) (a *App, err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = clock.System
	}
	a = &App{Config: c, Log: o.Log, Clock: o.Clock, Metrics: metrics.New(), bound: map[string]string{}, fatal: make(chan error, 1)}
	defer func() {
		if err != nil {
			if sqldb.Corrupt(err) && errs.Is(err, errs.Internal) {
				err = errs.Say("app.New", errs.Unavailable, errs.Storage,
					"A database in %s is damaged. Look at the disk, then restore a backup (postroom restore). SQLite says: %v", c.Data, err).Because(err)
			}
			a.Close(context.WithoutCancel(ctx))
			a = nil
		}
	}()
	if err := a.settleIn(o); err != nil {
		return a, err
	}
	if o.locked != nil {
		if err := o.locked(); err != nil {
			return a, err
		}
	}
	if !o.restoring {
		if err := unfinished(c.Data); err != nil {
			return a, err
		}
	}
	if a.expected, a.keyCheck, err = readMark(c.Data); err != nil {
		return a, err
	}
	key, err := a.openKey()
	if err != nil {
		return a, err
	}
	if o.Resolver == nil {
		o.Resolver = a.resolver()
	}
	if err := a.openDeployment(ctx, key); err != nil {
		return a, err
	}
	for _, name := range c.Regions {
		r, err := a.openRegion(ctx, name, key, o)
		if err != nil {
			return a, fmt.Errorf("region %s: %w", name, err)
		}
		a.Regions = append(a.Regions, r)
		if err := a.Auth.AddRegion(ctx, auth.Region{Name: name, Directory: r.Directory, SignIns: r.SignIns, Statistics: r.Statistics}); err != nil {
			return a, err
		}
	}
	if err := a.proveKey(ctx); err != nil {
		return a, err
	}
	if err := a.recordFiles(); err != nil {
		return a, err
	}
	if err := a.settleClaims(ctx); err != nil {
		return a, err
	}
	if a.FirstPassword, _, err = a.Auth.Bootstrap(ctx); err != nil {
		return a, err
	}
	if !o.Quiet {
		a.startJobs()
	}
	return a, nil
}

// settleIn does all that can be refused before anything of the store is made:
// the user, the certificate, the ports. Then the folder is this process's.
func (a *App) settleIn(o Options) error {
	c := a.Config
	var as *machineUser
	var err error
	if !o.restoring {
		if as, err = runAs(c); err != nil {
			return err
		}
	}
	if as == nil && o.Quiet && !o.restoring && c.User == "" {
		as = keeperOf(c.Data)
	}
	if a.TLS, err = newTLS(c.TLS, c.Host, a.Log); err != nil {
		return err
	}
	// A server that runs is told before its ports are found taken.
	if _, err := os.Stat(filepath.Join(c.Data, "lock")); err == nil {
		if a.lock, err = takeLock(c.Data); err != nil {
			return err
		}
	}
	if !o.Quiet {
		if err := a.bindAll(o.portHint); err != nil {
			return err
		}
	}
	if as != nil {
		if err := as.become(c.Data); err != nil {
			return err
		}
		if err := unix.Access(c.TLS.Key, unix.R_OK); c.TLS.Key != "" && err != nil {
			a.Log.Warn("a renewed certificate will not load: the key cannot be read by the server's user", "file", c.TLS.Key, "user", c.User, "error", err)
		}
	}
	if err := CheckOwner(c.Data); err != nil {
		return err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return errs.Say("app.New", errs.Config, errs.Storage, "The data folder %s cannot be made: %v", c.Data, err)
	}
	if a.lock == nil {
		if a.lock, err = takeLock(c.Data); err != nil {
			return err
		}
	}
	return keepPrivate(c, a.Log)
}

func (a *App) resolver() org.Resolver {
	var r dnsx.Resolver = dnsx.System{Via: a.Config.Resolver}
	if len(a.Config.Zones) == 0 {
		return dnsx.Texts{Resolver: r}
	}
	texts := map[string][]string{}
	for _, z := range a.Config.Zones {
		if f := strings.SplitN(z, " ", 3); len(f) == 3 && f[1] == "TXT" {
			texts[f[0]] = append(texts[f[0]], f[2])
		}
	}
	return dnsx.Texts{Resolver: zones{r, texts}}
}

type zones struct {
	dnsx.Resolver
	texts map[string][]string
}

// TXT answers what the configuration says, else the network.
func (z zones) TXT(ctx context.Context, name string) ([]string, error) {
	if t, ok := z.texts[strings.TrimSuffix(strings.ToLower(name), ".")]; ok {
		return t, nil
	}
	return z.Resolver.TXT(ctx, name)
}

// options name one database: a file below the data folder, or a schema of PostgreSQL.
func (a *App) options(schema sqldb.Schema, name, file string) sqldb.Options {
	o := sqldb.Options{Schema: schema, Name: name, Log: a.Log}
	if a.Config.Database.DSN != "" {
		o.DSN = a.Config.Database.DSN
	} else {
		o.Path = filepath.Join(a.Config.Data, file)
	}
	return o
}

func (a *App) open(ctx context.Context, schema sqldb.Schema, name, file string) (*sqldb.DB, error) {
	o := a.options(schema, name, file)
	if o.Path != "" {
		if err := a.expect(file); err != nil {
			return nil, err
		}
		a.files = append(a.files, file)
	}
	db, err := sqldb.Open(ctx, o)
	if err == nil {
		a.closers = append(a.closers, db.Close)
	}
	return db, err
}

func (a *App) openDeployment(ctx context.Context, key [32]byte) (err error) {
	if a.DB, err = a.open(ctx, sqldb.Deployment, "deployment", "deployment.db"); err != nil {
		return err
	}
	if a.LogDB, err = a.open(ctx, sqldb.Log, "deployment_log", "deployment-log.db"); err != nil {
		return err
	}
	trail, log := dirstore.NewAudit(a.DB), dirstore.NewAudit(a.LogDB)
	a.Trail = audit.NewTrail(trail, a.Clock)
	a.Notes = audit.NewLog(log, a.Clock, a.Log)
	a.closers = append(a.closers, a.Notes.Close)
	a.Lists = audit.NewLists(trail, log)
	a.Claims = org.NewClaims(dirstore.NewClaims(a.DB), a.Clock)
	a.Router = mailflow.NewRouter(a.Claims)

	sealer, err := auth.NewSealer(key[:])
	if err != nil {
		return err
	}
	pepper, err := auth.PepperOf(key[:])
	if err != nil {
		return err
	}
	a.Auth = auth.New(auth.Config{Store: authstore.New(a.DB), Trail: a.Trail, Notes: a.Notes, Claims: a.Claims, BaseDomain: a.Config.BaseDomain,
		Hasher: auth.NewHasher(pepper), Sealer: sealer, Clock: a.Clock, Log: a.Log, Metrics: a.Metrics, Console: a.Config.Host})
	a.closers = append(a.closers, a.Auth.Close)
	return nil
}

// Region returns a region that this process hosts.
func (a *App) Region(name string) (*Region, bool) {
	for _, r := range a.Regions {
		if r.Name == name {
			return r, true
		}
	}
	return nil, false
}

// Failed returns the fault after which nothing is written any more, of any
// database or pack folder: the process must end and start again.
func (a *App) Failed() error {
	for _, db := range a.databases() {
		if err := db.Failed(); err != nil {
			return err
		}
	}
	for _, r := range a.Regions {
		if f, ok := r.Packs.(interface{ Failed() error }); ok && f.Failed() != nil {
			return f.Failed()
		}
	}
	return nil
}

func (a *App) databases() []*sqldb.DB {
	dbs := []*sqldb.DB{a.DB, a.LogDB}
	for _, r := range a.Regions {
		dbs = append(dbs, r.DB, r.LogDB)
	}
	return dbs
}

// Close ends the heads, then the work, then the stores. Connections have until
// ctx ends to finish what they do.
func (a *App) Close(ctx context.Context) error {
	var all []error
	all = append(all, a.stopHeads(ctx))
	for _, l := range a.listeners {
		all = append(all, l.Close())
	}
	a.listeners = nil
	if a.stop != nil {
		a.stop()
	}
	a.jobs.Wait()
	for i := len(a.closers) - 1; i >= 0; i-- {
		all = append(all, a.closers[i]())
	}
	a.closers = nil
	if a.lock != nil {
		a.lock.release()
		a.lock = nil
	}
	return errors.Join(all...)
}

// settleClaims ends what a crash left between the two databases: an organization
// whose claim is only held gets no mail and no sign-in. Where other servers may be
// in the middle of a step, the job that looks every minute does this.
func (a *App) settleClaims(ctx context.Context) error {
	const whatever = -100 * 365 * 24 * time.Hour // age: also what an earlier clock dates in the future
	if a.Config.Database.DSN != "" {
		return nil
	}
	for _, r := range a.Regions {
		if err := r.Orgs.SettleClaims(ctx, whatever, false); err != nil {
			return err
		}
	}
	return nil
}

// startJobs begins what happens by the clock.
func (a *App) startJobs() {
	ctx, stop := context.WithCancel(context.Background())
	a.stop = stop
	a.Auth.Start()
	for _, r := range a.Regions {
		a.startRegion(ctx, r)
	}
	a.every(ctx, "watch faults", time.Second, func(context.Context) error {
		if err := a.Failed(); err != nil {
			a.fail(err)
		}
		return nil
	})
}
