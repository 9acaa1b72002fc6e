package directory

import (
	"context"
	"slices"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// AssociateMemberToGroup adds a user or group, each found by id, name or
// address. One that is a member already is no error; a cycle is errs.Invalid.
func (v *View) AssociateMemberToGroup(ctx context.Context, group, member string) error {
	return v.member(ctx, "directory.AssociateMemberToGroup", group, member, true)
}

// DisassociateMemberFromGroup takes a member out; one that is none is no error.
func (v *View) DisassociateMemberFromGroup(ctx context.Context, group, member string) error {
	return v.member(ctx, "directory.DisassociateMemberFromGroup", group, member, false)
}

func (v *View) member(ctx context.Context, op, group, member string, in bool) error {
	g, m := target{op, group, AcceptAny, KindGroup}, target{op, member, AcceptAny, 0}
	ge, err := v.alive(ctx, nil, g)
	if err != nil {
		return err
	}
	me, err := v.find(ctx, nil, m)
	if err != nil {
		return err
	}
	if err := v.mayJoin(ctx, nil, op, &ge, &me, in); err != nil { // before the foreign part
		return err
	}
	put := func(in bool) func(context.Context, Writer) error {
		return func(ctx context.Context, w Writer) error { return w.SetMember(ctx, v.org, ref(&ge), ref(&me), in) }
	}
	return v.outside(ctx, op, &ge, put(in), put(!in), func() error {
		_, err := v.change(ctx, target{op, string(ge.ID), AcceptID, KindGroup}, func(t *tx.Tx, e *Entry) (bool, string, error) {
			me, err := v.find(ctx, t, target{op, string(me.ID), AcceptID, 0})
			if err != nil {
				return false, "", err
			}
			if err := v.mayJoin(ctx, t, op, e, &me, in); err != nil {
				return false, "", err
			}
			var changed bool
			if in {
				changed, err = v.s.Store.PutMember(t, v.org, e.ID, me.ID)
			} else {
				changed, err = v.s.Store.DeleteMember(t, v.org, e.ID, me.ID)
			}
			return changed, "member " + me.Called(), err
		})
		return err
	})
}

// joinable answers the groups that a new user is to become a member of, each once.
func (v *View) joinable(ctx context.Context, groups []string) (list []Entry, err error) {
	const op = "directory.AssociateMemberToGroup"
	for _, name := range groups {
		g, err := v.alive(ctx, nil, target{op, name, AcceptAny, KindGroup})
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(list, func(e Entry) bool { return e.ID == g.ID }) {
			list = append(list, g)
		}
	}
	return list, nil
}

// joined makes a new user a member of groups, in the Write that makes it.
func (v *View) joined(groups []string) Hook {
	const op = "directory.AssociateMemberToGroup"
	return func(t *tx.Tx, e *Entry) error {
		for _, name := range groups {
			g, err := v.alive(t.Context(), t, target{op, name, AcceptAny, KindGroup})
			if err != nil {
				return err
			}
			if err := v.mayJoin(t.Context(), t, op, &g, e, true); err != nil {
				return err
			}
			changed, err := v.s.Store.PutMember(t, v.org, g.ID, e.ID)
			if err != nil {
				return err
			}
			if !changed {
				continue
			}
			g.Revision++
			if err := v.s.Store.Update(t, &g); err != nil {
				return err
			}
			if err := v.record(t, &g, "member "+e.Called()); err != nil {
				return err
			}
		}
		return nil
	}
}

func (v *View) mayJoin(ctx context.Context, view tx.View, op string, group, member *Entry, in bool) error {
	switch {
	case member.Kind == KindResource:
		return errs.Say(op, errs.Invalid, errs.Entry, "A resource cannot be a member of a group.")
	case member.State == Deleted && in:
		return errs.Say(op, errs.State, errs.Entry, "The %s %s is deleted.", member.Kind.word(), member.Name)
	case !in || member.Kind != KindGroup:
		return nil
	}
	// A cycle: the member is the group itself or stands above it.
	above, err := v.s.Store.Above(ctx, view, v.org, group.ID, []ids.Entry{member.ID})
	if err == nil && len(above) > 0 {
		err = errs.Say(op, errs.Invalid, errs.Entry, "The group %s contains %s already, so it cannot become its member.", member.Name, group.Name)
	}
	return err
}

// GroupsAbove answers those of up to 100 groups that cannot become members of a
// group, found by id, name or address: it itself, and which contain it.
func (v *View) GroupsAbove(ctx context.Context, group string, list []ids.Entry) ([]ids.Entry, error) {
	g, err := v.alive(ctx, nil, target{"directory.GroupsAbove", group, AcceptAny, KindGroup})
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(id ids.Entry) bool { return !searchable(string(id)) })
	if len(list) == 0 {
		return nil, nil
	}
	return v.s.Store.Above(ctx, nil, v.org, g.ID, list)
}

// ListGroupMembers answers a page of the direct members in order of id.
func (v *View) ListGroupMembers(ctx context.Context, group, token string, limit int) ([]Entry, string, error) {
	const op = "directory.ListGroupMembers"
	return v.listBelow(ctx, target{op, group, AcceptAny, KindGroup}, token, limit, v.s.Store.Members)
}

type below func(ctx context.Context, v tx.View, org ids.Org, of, after ids.Entry, limit int) ([]Entry, error)

func (v *View) listBelow(ctx context.Context, g target, token string, limit int, list below) ([]Entry, string, error) {
	limit, err := pageLimit(g.op, limit)
	if err != nil {
		return nil, "", err
	}
	c, err := parseCursor(g.op, token, 'm')
	if err != nil {
		return nil, "", err
	}
	e, err := v.alive(ctx, nil, g)
	if err != nil {
		return nil, "", err
	}
	page, err := list(ctx, nil, v.org, e.ID, c.id, limit+1)
	if err != nil || len(page) <= limit {
		return page, "", err
	}
	page = page[:limit]
	return page, cursor{'m', "", page[limit-1].ID}.String(), nil
}

// ListGroupsForEntity answers a page of the groups that an entry is a direct
// member of, in order of name, those whose names begin with prefix.
func (v *View) ListGroupsForEntity(ctx context.Context, entity, prefix, token string, limit int) ([]Entry, string, error) {
	const op = "directory.ListGroupsForEntity"
	limit, err := pageLimit(op, limit)
	if err != nil {
		return nil, "", err
	}
	if !searchable(prefix) {
		return nil, "", errs.Say(op, errs.Invalid, errs.Request, "The prefix is not valid text.")
	}
	c, err := parseCursor(op, token, 'g')
	if err != nil {
		return nil, "", err
	}
	e, err := v.alive(ctx, nil, target{op, entity, AcceptAny, 0})
	if err != nil {
		return nil, "", err
	}
	page, keys, err := v.s.Store.Groups(ctx, nil, v.org, e.ID, address.Fold(prefix), c.key, c.id, limit+1)
	if err != nil || len(page) <= limit {
		return page, "", err
	}
	return page[:limit], cursor{'g', keys[limit-1], page[limit-1].ID}.String(), nil
}
