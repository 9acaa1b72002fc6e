package auth

import (
	"context"
	"log/slog"
	"sort"
	"strings"
	"sync"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/base/metrics"
	"postroom/internal/core/audit"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/statistics"
	"postroom/internal/core/tx"
)

const (
	fresh       = 5 * time.Second // how long what was read of keys and sessions is believed
	pollEvery   = 4 * time.Second // below fresh: revoked elsewhere means ended here within 5 s
	usedEvery   = time.Minute     // how exact "last used" is
	maxCached   = 20_000
	expireEvery = time.Minute
)

// Notes takes audit records of refusals; *audit.Log is one.
type Notes interface{ Note(audit.Record) }

// Config is what a Service needs. Log, Metrics and Notes may be nil.
type Config struct {
	Store      Store
	Trail      *audit.Trail // of the deployment database
	Notes      Notes
	Claims     *org.Claims
	BaseDomain string // ALIAS.BaseDomain as TLS server name names an organization
	Hasher     *Hasher
	Sealer     Sealer
	Clock      clock.Clock
	Log        *slog.Logger
	Metrics    *metrics.Registry

	// Console is the host of the console's URL: where passkeys belong to, and
	// what an app shows beside its one-time password.
	Console string

	SessionIdle time.Duration // a console session ends when unused for this long; 0 is 1 hour
	SessionLife time.Duration // and at the latest after; 0 is 12 hours
}

// Service signs in and revokes for the deployment. One is in a process.
type Service struct {
	Config
	hub      *hub
	proofs   *proofs
	throttle *throttle
	signIns  metrics.Counter
	decoy    string // the secret of keys that do not exist

	mu       sync.Mutex
	regions  map[string]Region
	any      *Region
	keys     *lru[string, *keyEntry]
	sessions *lru[[32]byte, *sessionEntry]
	used     struct{ keys, sessions map[string]time.Time }

	expired time.Time
	stop    chan struct{}
	done    sync.WaitGroup
	closed  sync.Once
}

// Region is what auth needs of a region that this process serves.
type Region struct {
	Name      string
	Directory *directory.Service

	// SignIns and Statistics may be nil: then nothing is remembered or counted.
	SignIns    *SignInLog
	Statistics *statistics.Recorder
}

// New makes a Service. Start begins watching for what other machines revoke.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.SessionIdle == 0 {
		c.SessionIdle = time.Hour
	}
	if c.SessionLife == 0 {
		c.SessionLife = 12 * time.Hour
	}
	c.BaseDomain = strings.ToLower(strings.Trim(c.BaseDomain, "."))
	s := &Service{
		Config: c, hub: newHub(c.Clock), proofs: newProofs(c.Clock), throttle: newThrottle(c.Clock), decoy: newSecret(),
		signIns: c.Metrics.Counter("postroom_sign_ins_total", "Sign-ins by protocol head and outcome.", "head", "outcome"),
		regions: map[string]Region{}, keys: newLRU[string, *keyEntry](maxCached),
		sessions: newLRU[[32]byte, *sessionEntry](maxCached), stop: make(chan struct{}),
	}
	s.used.keys, s.used.sessions = map[string]time.Time{}, map[string]time.Time{}
	c.Metrics.GaugeFunc("postroom_proofs_live", "Credentials in use in this process.", func() float64 {
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		return float64(len(s.hub.lives))
	})
	return s
}

// AddRegion makes a region's users able to sign in, and adds it to the
// deployment's list. Its directory is told to report revocations here.
func (s *Service) AddRegion(ctx context.Context, r Region) error {
	list, err := s.Store.Regions(ctx, nil)
	if err != nil {
		return err
	}
	known := false
	for _, have := range list {
		known = known || have.Name == r.Name
	}
	if !known {
		err := s.Store.Write(ctx, "", func(t *tx.Tx) error {
			if err := s.Store.PutRegion(t, r.Name, s.Clock.Now()); err != nil {
				return err
			}
			return s.Trail.Record(t, audit.Record{By: audit.By{Kind: audit.System, Operation: "AddRegion"}, Target: r.Name, TargetName: r.Name})
		})
		if err != nil {
			return err
		}
	}
	r.Directory.OnRevoked(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.regions[r.Name] = r
	if s.any == nil {
		s.any = &r
	}
	return nil
}

func (s *Service) region(name string) (Region, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.regions[name]
	return r, ok
}

// System is the Actor of the server's own work in a region.
func (s *Service) System(region, head string) Actor {
	return Actor{who: &identity{kind: System, region: region, name: "postroom"}, head: head}
}

// Operator is the Actor of who has the machine, for the control socket alone.
func (s *Service) Operator(head string) Actor {
	return Actor{who: &identity{kind: Operator, name: "operator", rights: Rights{Role: Full, All: true}}, head: head}
}

// Revoked ends every proof of a user, or of an organization where entry is "":
// caches, and Actors by Done (directory.Revoker). The version in the store was
// raised before; other machines see it within 5 seconds.
func (s *Service) Revoked(org ids.Org, entry ids.Entry) {
	s.proofs.forget(org, entry)
	s.hub.revoke(org, func(k proofKey) bool { return entry == "" || k.entry == entry })
}

// Proven answers which passwords of a user were right before a time
// (directory.Revoker): what a process knows of former passwords is kept with the
// entry when its directory changes the password, and so outlives the process.
func (s *Service) Proven(org ids.Org, entry ids.Entry, before time.Time) []string {
	return s.proofs.before(userKey{org, entry}, before)
}

// RevokedAdmin ends every proof of an administrator in this process.
func (s *Service) RevokedAdmin(id ids.Admin) { s.revokeAdmin(id, "") }

// revokeAdmin ends an administrator's proofs, or only those by one means. What
// was read of it goes in any case, and is read again where it still holds.
func (s *Service) revokeAdmin(id ids.Admin, means string) {
	s.hub.revoke("", func(k proofKey) bool { return k.admin == id && (means == "" || k.means == means) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys.dropIf(func(_ string, e *keyEntry) bool { return e.admin.ID == id })
	s.sessions.dropIf(func(_ [32]byte, e *sessionEntry) bool { return e.admin.ID == id })
}

// Start watches, until Close, for what other machines revoke.
func (s *Service) Start() {
	s.done.Go(func() {
		tick := time.NewTicker(pollEvery)
		defer tick.Stop()
		for {
			select {
			case <-s.stop:
				return
			case <-tick.C:
			}
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			if err := s.Poll(ctx); err != nil {
				s.Log.Error("revoked credentials could not be looked up", "error", err)
			}
			cancel()
		}
	})
}

// Close ends Start and writes what was last used.
func (s *Service) Close() error {
	var err error
	s.closed.Do(func() {
		close(s.stop)
		s.done.Wait()
		err = s.flushUsed(context.Background())
	})
	return err
}

// served answers the names of the regions of this process, sorted.
func (s *Service) served() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for n := range s.regions {
		list = append(list, n)
	}
	sort.Strings(list)
	return list
}

func unauthenticated(op string, cause error) error {
	return errs.Say(op, errs.Unauthenticated, errs.Nothing, "The name or the password is wrong.").Because(cause)
}
