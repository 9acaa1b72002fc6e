package ldapdir

import (
	"context"
	"strings"
	"time"

	"postroom/internal/core/directory"
)

// sweepEvery is how often a comparison of all keys may be asked for.
const sweepEvery = 5 * time.Second

// place is a Mark taken apart: words parted by spaces, the first says which kind.
//
//	usn INVOCATION USN [sweep]          Active Directory
//	csn ROOT CSN… [sweep]               LDAP with contextCSN
//	time ROOT TIME HASH [sweep]         LDAP without
type place struct {
	kind  string
	where string // of whose history it is
	at    []string
	sweep bool // something unseen changed, and no Sweep was asked for since
}

func (p place) mark() directory.Mark {
	list := append([]string{p.kind, p.where}, p.at...)
	if p.sweep {
		list = append(list, "sweep")
	}
	return directory.Mark(strings.Join(list, " "))
}

func placeOf(m directory.Mark) place {
	list := strings.Fields(string(m))
	if len(list) < 3 {
		return place{}
	}
	p := place{kind: list[0], where: list[1], at: list[2:]}
	if n := len(p.at); p.at[n-1] == "sweep" {
		p.at, p.sweep = p.at[:n-1], true
	}
	return p
}

// Mark is where the directory stands now.
func (d *Reader) Mark(ctx context.Context) (m directory.Mark, err error) {
	err = d.ask(ctx, "ldapdir.Mark", func(s *session) error {
		p, err := d.now(ctx, s, place{})
		m = p.mark()
		return err
	})
	return m, err
}

func (d *Reader) now(ctx context.Context, s *session, since place) (place, error) {
	if d.ad {
		return d.usn(ctx, s)
	}
	return d.csn(ctx, s, since)
}

// Changed tells what changed behind a Mark, in the whole naming context.
func (d *Reader) Changed(ctx context.Context, since directory.Mark) (c directory.Changes, err error) {
	err = d.ask(ctx, "ldapdir.Changed", func(s *session) error {
		old := placeOf(since)
		now, err := d.now(ctx, s, old)
		if err != nil {
			return err
		}
		if old.kind != now.kind || old.where != now.where || len(old.at) == 0 {
			c = directory.Changes{Next: now.mark(), Anew: true}
			return nil
		}
		if d.ad {
			c, err = d.changedAD(ctx, s, old, now)
		} else {
			c, err = d.changedLDAP(ctx, s, old, now)
		}
		return err
	})
	return c, err
}

// sweeps decides whether a Sweep that is due may be asked for now; one that may not stays in the Mark.
func (d *Reader) sweeps(due bool, next place) directory.Changes {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	if due && now.Sub(d.swept) >= sweepEvery {
		d.swept = now
		next.sweep = false
		return directory.Changes{Next: next.mark(), Sweep: true}
	}
	next.sweep = due
	return directory.Changes{Next: next.mark()}
}
