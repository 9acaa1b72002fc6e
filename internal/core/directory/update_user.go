package directory

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/core/tx"
)

// UserPatch changes what is not nil; an empty text clears.
type UserPatch struct {
	Role        *Role
	DisplayName *string
	Hidden      *bool

	FirstName, LastName, Initials, Telephone, Street, JobTitle *string
	City, Company, ZipCode, Department, Country, Office        *string
	IdentityProviderUserID                                     *string
}

// UpdateUser changes a user's details, found by id, name or address. The role
// changes between USER and REMOTE_USER, and only while DISABLED.
func (v *View) UpdateUser(ctx context.Context, user string, p UserPatch) (Entry, error) {
	g := target{"directory.UpdateUser", user, AcceptAny, KindUser}
	var old, changed Entry
	var err error
	if old, err = v.alive(ctx, nil, g); err != nil {
		return Entry{}, err
	}
	changed = old
	if _, err := p.apply(g.op, &changed); err != nil {
		return Entry{}, err
	}
	put := func(e *Entry) func(context.Context, Writer) error {
		return func(ctx context.Context, w Writer) error { return w.Change(ctx, v.org, identity(e)) }
	}
	err = v.outside(ctx, g.op, &old, put(&changed), put(&old), func() error {
		changed, err = v.change(ctx, g, func(_ *tx.Tx, e *Entry) (bool, string, error) {
			fields, err := p.apply(g.op, e)
			return fields != "", fields, err
		})
		return err
	})
	return changed, err
}

// apply changes e and answers what changed, as its audit record says it.
func (p UserPatch) apply(op string, e *Entry) (fields string, err error) {
	if err := own(op, e); err != nil {
		return "", err
	}
	if err := there(op, e); err != nil {
		return "", err
	}
	note := func(what string) {
		if fields != "" {
			fields += ", "
		}
		fields += what
	}
	if p.Role != nil && *p.Role != e.Role {
		switch {
		case *p.Role != RoleUser && *p.Role != RoleRemoteUser:
			return "", errs.Say(op, errs.Invalid, errs.Entry, "A user's role is USER or REMOTE_USER.")
		case e.State == Enabled:
			return "", errs.Say(op, errs.State, errs.Entry, "The role of %s changes only while the user is disabled.", e.Name)
		}
		e.Role = *p.Role
		note("role " + string(e.Role))
	}
	if p.Hidden != nil && *p.Hidden != e.Hidden {
		e.Hidden = *p.Hidden
		note(e.listing())
	}
	for _, f := range []struct {
		name string
		from *string
		to   *string
	}{
		{"display name", p.DisplayName, &e.DisplayName},
		{"first name", p.FirstName, &e.FirstName},
		{"last name", p.LastName, &e.LastName},
		{"initials", p.Initials, &e.Initials},
		{"telephone", p.Telephone, &e.Telephone},
		{"street", p.Street, &e.Street},
		{"job title", p.JobTitle, &e.JobTitle},
		{"city", p.City, &e.City},
		{"company", p.Company, &e.Company},
		{"zip code", p.ZipCode, &e.ZipCode},
		{"department", p.Department, &e.Department},
		{"country", p.Country, &e.Country},
		{"office", p.Office, &e.Office},
		{"identity provider user", p.IdentityProviderUserID, &e.IdentityProviderUserID},
	} {
		if f.from == nil || *f.from == *f.to {
			continue
		}
		check := checkLine
		if f.to == &e.Street {
			check = checkText
		}
		if err := check(op, "The "+f.name, *f.from, maxText); err != nil {
			return "", err
		}
		*f.to = *f.from
		note(isNow(f.name, *f.to))
	}
	return fields, nil
}
