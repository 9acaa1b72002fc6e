package directory

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
)

const (
	leaseTime    = 12 * time.Second       // another process mirrors so long after this one died
	renewTime    = 4 * time.Second        // so often the lease and the last look are written
	followTime   = 30 * time.Second       // a mirror follows so long after its last look
	impairTime   = 2 * time.Minute        // an organization is impaired when its directory fails so long
	busyTime     = 250 * time.Millisecond // between two turns, however often the directory tells of changes
	stallTime    = 2 * time.Minute        // a directory that hands over nothing so long does not answer
	sweepTime    = 5 * time.Second        // between two comparisons of keys
	lookTime     = time.Second            // between two looks while everything is compared
	waitTime     = 20 * time.Second       // a look comes at least so often, whatever the directory's Wait does
	longestPause = 30 * time.Second       // between two attempts
	fullTime     = 24 * time.Hour         // between two comparisons of everything
	namesTime    = 5 * time.Minute        // between two looks at the names for sign-in
	fullHour     = 3                      // local time of them
)

// MirrorConfig says what a Mirror copies.
type MirrorConfig struct {
	// Directory is its id and the revision of its settings. Where it is another text than before, everything
	// is read anew.
	Directory string
	Open      func(ctx context.Context) (Foreign, error)
	// Gone runs in the Write in which an enabled entry with a mailbox goes, Back in that in which it returns.
	Gone, Back Hook
	Zone       *time.Location // of the nightly comparison; nil is the machine's
}

// Mirror keeps our copy of one organization's foreign directory. It never
// changes the directory, and never what Register and Deregister set.
type Mirror struct {
	s    *Service
	v    *View
	org  ids.Org
	c    MirrorConfig
	id   string // of this holder of the lease
	wake chan struct{}

	// Of the goroutine that turns.
	row    MirrorRow
	leased time.Time
	saved  time.Time // when row was written
	swept  time.Time
	named  time.Time     // when the names for sign-in were looked at
	before time.Time     // what was proven before this was proven to what the look before the last one saw
	lookAt time.Time     // the beginning of the last look
	sweep  bool          // a comparison of keys is wanted
	moved  time.Time     // when another server, or another history, was met
	late   bool          // somebody is not there that may still come, see notLate
	pause  time.Duration // until the next turn, without waiting for the directory

	looked atomic.Int64 // milliseconds of the last successful look; 0: it does not hold the lease
}

// errLost ends a turn of a process that another one follows.
var errLost = errors.New("another process mirrors now")

// Mirror makes the mirror of an organization. It is one goroutine's.
func (s *Service) Mirror(org ids.Org, c MirrorConfig) *Mirror {
	if c.Zone == nil {
		c.Zone = time.Local
	}
	by := audit.By{Kind: audit.System, Name: "mirror", Operation: "Mirror"}
	return &Mirror{s: s, v: s.View(org, by, 0), org: org, c: c, id: ids.NewUUID(), wake: make(chan struct{}, 1)}
}

// Run turns until ctx ends or the organization no longer serves.
func (m *Mirror) Run(ctx context.Context) {
	m.s.mirrors.Store(m.org, m)
	defer m.s.mirrors.CompareAndDelete(m.org, m)
	defer m.leave()
	faults := 0
	for ctx.Err() == nil {
		start := time.Now()
		ours, err := m.Turn(ctx)
		if ended(err) {
			return
		}
		if err == nil && ours { // what is told meanwhile is not put off until a comparison may come
			err = m.wait(ctx, m.pause)
			m.pause = 0
		}
		pause := m.pause
		switch {
		case err != nil:
			faults++
			pause = min(longestPause, time.Second<<min(faults, 5))
			pause = pause/2 + rand.N(pause/2)
			if ctx.Err() == nil {
				m.s.Log.Warn("a directory is not followed", "org", m.org, "directory", m.c.Directory, "error", err, "again_in", pause)
			}
		case !ours:
			pause = leaseTime/4 + rand.N(leaseTime/4)
		default:
			faults = 0
			pause = max(pause, busyTime-time.Since(start))
		}
		m.sleep(ctx, pause)
	}
}

// ended tells that there is nothing to mirror any more.
func ended(err error) bool {
	kind, subject := errs.Of(err)
	return err != nil && subject == errs.Organization && (kind == errs.State || kind == errs.NotFound)
}

func (m *Mirror) sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-m.wake:
	case <-t.C:
	}
}

// Poke makes Run take its next turn now.
func (m *Mirror) Poke() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// wait returns when the directory says that something changed, when it is time
// to look again, at most then where that is known, or when it was poked.
func (m *Mirror) wait(ctx context.Context, most time.Duration) error {
	f, err := m.c.Open(ctx)
	if err != nil {
		return m.note(ctx, err)
	}
	if most == 0 {
		most = waitTime
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-m.wake:
			cancel()
		case <-stop:
		}
	}()
	if _, err = f.Wait(ctx); ctx.Err() != nil {
		return nil
	}
	return m.note(ctx, err)
}

// Turn brings the copy to where the directory is now, without waiting for
// changes, and notes how that went. It answers false where another process mirrors.
func (m *Mirror) Turn(ctx context.Context) (ours bool, err error) {
	m.pause = 0
	if err := m.lease(ctx); err != nil {
		if errors.Is(err, errLost) {
			err = nil
		}
		return false, err
	}
	renew, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { // a reading may take longer than the lease
		defer close(done)
		for t := time.NewTicker(renewTime); ; {
			select {
			case <-renew.Done():
				t.Stop()
				return
			case <-t.C:
				if _, err := m.take(renew); err != nil && renew.Err() == nil {
					m.s.Log.Warn("the lease of a mirror was not renewed", "org", m.org, "error", err)
				}
			}
		}
	}()
	err = m.turn(ctx)
	stop()
	<-done
	if errors.Is(err, errLost) {
		m.looked.Store(0)
		return false, nil
	}
	return true, m.note(ctx, err)
}

func (m *Mirror) turn(ctx context.Context) error {
	f, err := m.c.Open(ctx)
	if err != nil {
		return err
	}
	if m.row.Confirmed > 0 {
		if err := m.takeHeld(ctx, f); err != nil {
			return err
		}
	}
	if m.row.Mark != "" {
		if err := m.look(ctx, f); err != nil {
			return err
		}
	}
	if m.row.Mark == "" || !m.row.AskedAt.IsZero() && !m.row.AskedAt.Before(m.row.Full) || !m.s.Clock.Now().Before(m.nextFull()) {
		if err := m.read(ctx, f); err != nil {
			return err
		}
	}
	if now := m.s.Clock.Now(); now.Sub(m.named) >= namesTime {
		m.named = now
		if err := m.s.RefreshNames(ctx, m.org); err != nil { // nobody is kept from being mirrored by that
			m.s.Log.Warn("the names of a directory for sign-in are as they were", "org", m.org, "error", err)
		}
	}
	return m.heal(ctx, f)
}

// nextFull is the night behind the last comparison, a day after it at the latest.
func (m *Mirror) nextFull() time.Time {
	last := m.row.Full.In(m.c.Zone)
	night := time.Date(last.Year(), last.Month(), last.Day(), fullHour, 0, 0, 0, m.c.Zone)
	if !night.After(last) {
		night = time.Date(last.Year(), last.Month(), last.Day()+1, fullHour, 0, 0, 0, m.c.Zone)
	}
	if end := last.Add(fullTime); end.Before(night) {
		return end
	}
	return night
}

// lease takes or keeps the lease and reads how the mirror stands.
func (m *Mirror) lease(ctx context.Context) error {
	now := m.s.Clock.Now()
	if m.leased.IsZero() || now.Sub(m.leased) >= renewTime {
		ok, err := m.take(ctx)
		if err == nil && !ok {
			m.leased, err = time.Time{}, errLost
			m.looked.Store(0)
		}
		if err != nil {
			return err
		}
		m.leased = now
	}
	r, found, err := m.s.Store.MirrorRow(ctx, nil, m.org)
	if err == nil && (!found || r.Holder != m.id) {
		m.leased, err = time.Time{}, errLost
		m.looked.Store(0)
	}
	if err == nil {
		m.row = r
	}
	return err
}

func (m *Mirror) take(ctx context.Context) (ok bool, err error) {
	err = m.s.Store.Write(ctx, m.org, func(t *tx.Tx) (err error) {
		if _, err = m.s.Orgs.Lock(t, m.org); err != nil {
			return err
		}
		now := m.s.Clock.Now()
		ok, err = m.s.Store.TakeMirror(t, m.org, m.c.Directory, m.id, now, now.Add(leaseTime))
		return err
	})
	return ok, err
}

// leave lets another process mirror at once.
func (m *Mirror) leave() {
	m.looked.Store(0)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := m.s.Store.Write(ctx, m.org, func(t *tx.Tx) error { return m.s.Store.LeaveMirror(t, m.org, m.id) })
	if err != nil {
		m.s.Log.Debug("a mirror's lease ends by its time", "org", m.org, "error", err)
	}
}

// write runs fn with the organization locked, while this process mirrors it.
func (m *Mirror) write(ctx context.Context, fn func(t *tx.Tx) error) error {
	return m.s.Store.Write(ctx, m.org, func(t *tx.Tx) error {
		if _, err := m.s.Orgs.Lock(t, m.org); err != nil {
			return err
		}
		r, found, err := m.s.Store.MirrorRow(t.Context(), t, m.org)
		if err != nil {
			return err
		}
		if !found || r.Holder != m.id {
			return errLost
		}
		return fn(t)
	})
}

// save writes how the mirror stands.
func (m *Mirror) save(ctx context.Context) error {
	row, now := m.row, m.s.Clock.Now()
	err := m.write(ctx, func(t *tx.Tx) error { return m.s.Store.PutMirror(t, row) })
	if err == nil {
		m.saved = now
	}
	return err
}

// note keeps how a turn went: what fails for long makes the organization
// Impaired, what goes well makes it Active again.
func (m *Mirror) note(ctx context.Context, failed error) error {
	if ctx.Err() != nil || ended(failed) || errors.Is(failed, errLost) {
		return failed
	}
	now, was := m.s.Clock.Now(), m.row
	if failed == nil {
		m.row.Error, m.row.FailingSince, m.row.Looked = "", time.Time{}, now
		m.looked.Store(now.UnixMilli())
	} else {
		m.row.Error = inWords(failed)
		if m.row.FailingSince.IsZero() {
			m.row.FailingSince = now
		}
	}
	m.row.Impaired = failed != nil && (was.Impaired || now.Sub(m.row.FailingSince) >= impairTime)
	same := m.row
	same.Looked = was.Looked
	if same == was && (failed != nil || now.Sub(was.Looked) < renewTime) { // what is kept may be a little older
		return failed
	}
	row := m.row
	err := m.write(ctx, func(t *tx.Tx) error {
		if row.Impaired || was.Impaired {
			why := ""
			if row.Impaired {
				why = row.Error
			}
			if err := m.s.Orgs.Impair(t, m.v.by, m.org, why); err != nil {
				return err
			}
		}
		return m.s.Store.PutMirror(t, row)
	})
	return errors.Join(failed, err)
}

// inWords says what is wrong and what to do.
func inWords(err error) string {
	kind, subject := errs.Of(err)
	text := errs.Public(err)
	switch {
	case subject == errs.Directory && kind == errs.Unavailable:
		return text + " Users and groups stay as they were last seen. Check that the directory's servers run and can be reached from here; test the directory to see which step fails."
	case subject == errs.Directory && kind == errs.Denied:
		return text + " Users and groups stay as they were last seen. Check the service account of the directory: its name, its password, whether it expired, and its rights."
	case subject == errs.Directory:
		return text + " Test the directory to see which step fails."
	}
	return "What was read from the directory could not be kept here. It is tried again; the server's log says why."
}
