package directory

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// NewGroup is what CreateGroup takes.
type NewGroup struct {
	ID     ids.Entry // given at an import; else ""
	Name   string
	Hidden bool
}

// CreateGroup makes a DISABLED group. then runs in the Write that makes it; it is
// for the built-in directory alone.
func (v *View) CreateGroup(ctx context.Context, in NewGroup, then Hook) (Entry, error) {
	const op = "directory.CreateGroup"
	if err := v.checkName(ctx, op, KindGroup, in.Name); err != nil {
		return Entry{}, err
	}
	w, err := v.writer(ctx, op)
	if err != nil {
		return Entry{}, err
	}
	return v.create(ctx, op, w, Intent{Entry: Entry{ID: in.ID, Kind: KindGroup, Name: in.Name, Hidden: in.Hidden}}, "", then)
}

// UpdateGroup says whether the address book shows the group; nil changes nothing.
func (v *View) UpdateGroup(ctx context.Context, group string, hidden *bool) (Entry, error) {
	g := target{"directory.UpdateGroup", group, AcceptAny, KindGroup}
	if _, err := v.writer(ctx, g.op); err != nil {
		return Entry{}, err
	}
	return v.change(ctx, g, func(_ *tx.Tx, e *Entry) (bool, string, error) {
		if hidden == nil || *hidden == e.Hidden {
			return false, "", nil
		}
		e.Hidden = *hidden
		return true, e.listing(), nil
	})
}
