package directory

import (
	"context"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// maxDescription of a resource, in characters.
const maxDescription = 64

// NewResource is what CreateResource takes.
type NewResource struct {
	ID          ids.Entry // given at an import; else ""
	Name        string
	Type        ResourceType
	Description string
	Hidden      bool
}

// CreateResource makes a DISABLED resource, which is ours with every directory.
// It accepts requests by itself and declines conflicting ones. then is as in CreateUser.
func (v *View) CreateResource(ctx context.Context, in NewResource, then Hook) (Entry, error) {
	const op = "directory.CreateResource"
	if err := v.checkName(ctx, op, KindResource, in.Name); err != nil {
		return Entry{}, err
	}
	if err := checkType(op, in.Type); err != nil {
		return Entry{}, err
	}
	if err := checkText(op, "The description", in.Description, maxDescription); err != nil {
		return Entry{}, err
	}
	return v.create(ctx, op, nil, Intent{Entry: Entry{
		ID: in.ID, Kind: KindResource, Name: in.Name, ResourceType: in.Type, Description: in.Description, Hidden: in.Hidden,
		Booking: Booking{AutoAccept: true, DeclineConflicting: true},
	}}, "", then)
}

func checkType(op string, t ResourceType) error {
	if t != Room && t != Equipment {
		return errs.Say(op, errs.Invalid, errs.Entry, "A resource is a ROOM or EQUIPMENT.")
	}
	return nil
}

// ResourcePatch changes what is not nil; an empty description clears.
type ResourcePatch struct {
	Name        *string
	Type        *ResourceType
	Description *string
	Booking     *Booking
	Hidden      *bool
}

// UpdateResource changes a resource, found by id, name or address. A resource
// that neither accepts by itself nor has a delegate is errs.Config.
func (v *View) UpdateResource(ctx context.Context, resource string, p ResourcePatch) (Entry, error) {
	g := target{"directory.UpdateResource", resource, AcceptAny, KindResource}
	return v.change(ctx, g, func(t *tx.Tx, e *Entry) (bool, string, error) {
		before := *e
		var fields []string
		if p.Name != nil && *p.Name != e.Name {
			if err := v.checkName(ctx, g.op, KindResource, *p.Name); err != nil {
				return false, "", err
			}
			if err := v.nameFree(t, g.op, *p.Name, e.ID); err != nil {
				return false, "", err
			}
			e.Name = *p.Name
			fields = append(fields, "name "+e.Name+", was "+before.Name)
		}
		if p.Type != nil && *p.Type != e.ResourceType {
			if err := checkType(g.op, *p.Type); err != nil {
				return false, "", err
			}
			e.ResourceType = *p.Type
			fields = append(fields, "type "+string(e.ResourceType))
		}
		if p.Description != nil && *p.Description != e.Description {
			if err := checkText(g.op, "The description", *p.Description, maxDescription); err != nil {
				return false, "", err
			}
			e.Description = *p.Description
			fields = append(fields, isNow("description", e.Description))
		}
		if p.Hidden != nil && *p.Hidden != e.Hidden {
			e.Hidden = *p.Hidden
			fields = append(fields, e.listing())
		}
		if p.Booking != nil && *p.Booking != e.Booking {
			if err := v.booking(t, g.op, e, *p.Booking); err != nil {
				return false, "", err
			}
			fields = append(fields, e.Booking.said())
		}
		return *e != before, strings.Join(fields, ", "), nil
	})
}

func (v *View) booking(t *tx.Tx, op string, e *Entry, b Booking) error {
	if !b.AutoAccept {
		has, err := v.s.Store.Delegates(t.Context(), t, v.org, e.ID, "", 1)
		if err != nil {
			return err
		}
		if len(has) == 0 {
			return errs.Say(op, errs.Config, errs.Entry,
				"The resource %s has no delegate, so it must accept requests by itself. Add a delegate first.", e.Name)
		}
	}
	e.Booking = b
	return nil
}
