package directory

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/core/audit"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// Writable tells whether identities can be changed from here. One whose
// connection cannot be opened is not.
func (v *View) Writable(ctx context.Context) bool {
	src, err := v.s.source(ctx, v.org)
	if err != nil {
		return false
	}
	_, writer := src.(Writer)
	return writer || src.Facts().InStore
}

// ForeignDirectory answers the foreign directory that the organization has.
// errs.Unsupported, Directory where our store is the directory.
func (v *View) ForeignDirectory(ctx context.Context) (Directory, error) {
	const op = "directory.ForeignDirectory"
	id, err := v.s.directoryOf(ctx, nil, v.org)
	if err != nil {
		return Directory{}, err
	}
	if id == "" {
		return Directory{}, notForeign(op)
	}
	d, found, err := v.s.Store.Directory(ctx, nil, id)
	if err == nil && !found {
		err = noDirectory(op, id)
	}
	return d, err
}

func notForeign(op string) error {
	return errs.Say(op, errs.Unsupported, errs.Directory, "This organization's users and groups are kept here: there is nothing to follow.")
}

func phaseOf(fault string, held bool, mark Mark) SyncPhase {
	switch {
	case fault != "":
		return SyncFailing
	case held:
		return SyncPaused
	case mark == "":
		return SyncReading
	}
	return SyncFollowing
}

// SyncDirectory makes the mirror look now and compare everything, in whatever
// process it runs; it does not wait for that. errs.Unsupported, Directory where
// our store is the directory.
func (v *View) SyncDirectory(ctx context.Context) error {
	d, err := v.ForeignDirectory(ctx)
	if err != nil {
		return err
	}
	err = v.write(ctx, func(t *tx.Tx, _ *org.Organization) error {
		if err := v.s.Store.AskMirror(t, v.org, v.s.Clock.Now()); err != nil {
			return err
		}
		return v.s.Trail.Record(t, audit.Record{By: v.by, Org: v.org, Target: d.ID, TargetName: d.Alias})
	})
	if err == nil {
		v.s.PokeMirror(v.org)
	}
	return err
}
