package directory

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// SyncPhase is what the mirror of a directory does.
type SyncPhase string

const (
	SyncReading   SyncPhase = "READING"   // everything, for the first time or because another server answers
	SyncFollowing SyncPhase = "FOLLOWING" // each change
	SyncFailing   SyncPhase = "FAILING"   // the directory cannot be read; what was seen stays
	SyncPaused    SyncPhase = "PAUSED"    // so many users are missing that an administrator is asked; other changes are followed
)

// SyncState is how our copy of an organization's directory stands.
type SyncState struct {
	Phase        SyncPhase
	Read, Total  int           // identities of the last reading of everything, and how many there are here; 0: not known yet
	LastSync     time.Time     // the last successful look
	LastFull     time.Time     // the last comparison of everything
	Lag          time.Duration // since LastSync
	Users        int
	Groups       int
	Error        string // of FAILING, and what to do
	FailingSince time.Time

	Faults    int         // identities that could not be taken over whole, and names for sign-in that do not count
	FaultList []SyncFault // at most 100 of them

	Held      int // of PAUSED: users and groups that are missing in the directory
	HeldUsers int // users among them
	HeldSince time.Time
	HeldNames []string // at most 20 of them
	Confirmed bool     // an administrator has said that they may go
}

// Entries is how many are mirrored.
func (s *SyncState) Entries() int { return s.Users + s.Groups }

// SyncFault is what is wrong with one identity, or with a name that the directory
// brings for sign-in: that has neither key nor kind.
type SyncFault struct {
	Entry ids.Entry // "" where it could not become an entry
	Key   string
	Name  string
	Kind  Kind
	Text  string
}

const (
	silentTime = time.Minute // a mirror that did not look so long does not follow, whatever is kept of it
	maxFaults  = 100
	maxSample  = 20
)

// DescribeDirectorySync answers how the copy of the organization's directory
// stands. errs.Unsupported, Directory where our store is the directory.
func (v *View) DescribeDirectorySync(ctx context.Context) (SyncState, error) {
	const op = "directory.DescribeDirectorySync"
	r, found, err := v.s.Store.MirrorRow(ctx, nil, v.org)
	if err != nil {
		return SyncState{}, err
	}
	if !found {
		inStore, err := v.s.InStore(ctx, nil, v.org)
		if err == nil && inStore {
			err = notForeign(op)
		}
		return SyncState{Phase: SyncReading}, err
	}
	c, err := v.s.Store.CountSeen(ctx, nil, v.org)
	if err != nil {
		return SyncState{}, err
	}
	s := SyncState{Read: r.Read, LastSync: r.Looked, LastFull: r.Full, Users: c.Users, Groups: c.Groups, Error: r.Error, FailingSince: r.FailingSince,
		Faults: c.Faults, Held: c.Held, HeldUsers: c.HeldUsers, HeldSince: r.HeldAt, Confirmed: r.Confirmed > 0}
	if !r.Full.IsZero() {
		s.Total = c.Users + c.Groups
	}
	if at := v.s.lookedHere(v.org); at.After(s.LastSync) {
		s.LastSync = at
	}
	if !s.LastSync.IsZero() {
		s.Lag = max(0, v.s.Clock.Now().Sub(s.LastSync))
	}
	s.Phase = phaseOf(r.Error, c.Held > 0, r.Mark)
	if s.Phase == SyncFollowing && s.Lag >= silentTime {
		s.Phase, s.FailingSince = SyncFailing, s.LastSync
		s.Error = "The directory has not been looked at for long: it is slow to answer, or no server mirrors it. Test the directory to see which step takes so long."
	}
	if s.FaultList, err = v.faults(ctx); err != nil {
		return SyncState{}, err
	}
	lost, err := v.s.lostNames(ctx, v.org)
	if err != nil {
		return SyncState{}, err
	}
	s.Faults += len(lost)
	s.FaultList = append(lost, s.FaultList...)
	s.FaultList = s.FaultList[:min(len(s.FaultList), maxFaults)]
	held, err := v.s.Store.SeenWith(ctx, nil, v.org, SeenHeld, "", maxSample)
	if err != nil {
		return SyncState{}, err
	}
	names, err := v.namesOf(ctx, held)
	for _, h := range held {
		s.HeldNames = append(s.HeldNames, names[h.Entry])
	}
	return s, err
}

func (v *View) faults(ctx context.Context) ([]SyncFault, error) {
	rows, err := v.s.Store.SeenWith(ctx, nil, v.org, SeenFaults, "", maxFaults)
	if err != nil {
		return nil, err
	}
	names, err := v.namesOf(ctx, rows)
	var list []SyncFault
	for _, r := range rows {
		list = append(list, SyncFault{Entry: r.Entry, Key: r.Key, Name: cmp.Or(r.Wanted, names[r.Entry]), Kind: r.Kind, Text: r.Fault})
	}
	return list, err
}

// namesOf are the names of entries; of those without one, the display name or id.
func (v *View) namesOf(ctx context.Context, list []Seen) (map[ids.Entry]string, error) {
	var want []ids.Entry
	for _, s := range list {
		if s.Entry != "" {
			want = append(want, s.Entry)
		}
	}
	entries, err := v.s.Store.Entries(ctx, nil, v.org, want)
	names := map[ids.Entry]string{}
	for _, e := range entries {
		names[e.ID] = cmp.Or(e.Name, e.DisplayName, string(e.ID))
	}
	return names, err
}

// ConfirmDirectoryChanges lets go what a PAUSED mirror asks about: exactly those
// that it holds now, which are number. errs.Conflict where they are no longer as
// many. They go within the mirror's next turn; what is there again by then stays.
func (v *View) ConfirmDirectoryChanges(ctx context.Context, number int) error {
	const op = "directory.ConfirmDirectoryChanges"
	err := v.write(ctx, func(t *tx.Tx, o *org.Organization) error {
		r, found, err := v.s.Store.MirrorRow(ctx, t, v.org)
		if err != nil {
			return err
		}
		c, err := v.s.Store.CountSeen(ctx, t, v.org)
		switch {
		case err != nil:
			return err
		case !found || c.Held == 0:
			return errs.Say(op, errs.State, errs.Directory, "The directory's changes are not stopped: there is nothing to confirm.")
		case c.Held != number:
			return errs.Say(op, errs.Conflict, errs.Directory, "The directory has changed: %d users and groups are missing now, not %d. Look again.", c.Held, number)
		}
		if err := v.s.Store.Confirm(t, v.org, number, v.s.Clock.Now()); err != nil {
			return err
		}
		return v.s.Trail.Record(t, audit.Record{By: v.by, Org: v.org, Target: directoryID(r.Directory), TargetName: o.Alias,
			Detail: fmt.Sprintf("%d users and groups that are no longer in the directory may go", number)})
	})
	if err == nil {
		v.s.PokeMirror(v.org)
	}
	return err
}

// directoryID is the id in MirrorConfig.Directory.
func directoryID(s string) string {
	id, _, _ := strings.Cut(s, "@")
	return id
}

// PokeMirror makes the mirror of an organization look now, where it runs in this
// process: after a change that was made in the directory through us.
func (s *Service) PokeMirror(org ids.Org) {
	if m, ok := s.mirrors.Load(org); ok {
		m.(*Mirror).Poke()
	}
}

// lookedHere is the last successful look of a mirror that runs in this process.
func (s *Service) lookedHere(org ids.Org) time.Time {
	if m, ok := s.mirrors.Load(org); ok {
		if at := m.(*Mirror).looked.Load(); at > 0 {
			return time.UnixMilli(at).UTC()
		}
	}
	return time.Time{}
}

// Follows tells whether what is kept of an organization's directory is as the
// directory was less than 30 seconds ago; always where our store is the directory.
func (s *Service) Follows(ctx context.Context, org ids.Org) (bool, error) {
	if in, err := s.InStore(ctx, nil, org); in || err != nil {
		return in, err
	}
	now := s.Clock.Now()
	if at := s.lookedHere(org); !at.IsZero() && now.Sub(at) < followTime {
		return true, nil
	}
	r, found, err := s.Store.MirrorRow(ctx, nil, org)
	return found && r.Mark != "" && now.Sub(r.Looked) < followTime, err
}
