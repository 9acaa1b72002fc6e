package directory

import (
	"context"
	"strings"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/wire/address"
)

// Filter chooses entries of a list; at most one member is set.
type Filter struct {
	NamePrefix        string
	DisplayNamePrefix string // users only
	EmailPrefix       string // of the primary address
	IdPPrefix         string // of the identity provider's user id; users only
	State             State
}

// ListUsers answers a page (limit 1 to 100, 0 is 100) and the token of the next
// ("" at the end). Deleted users come only where State asks for them. The entries
// have what a list shows (see Store.Page).
func (v *View) ListUsers(ctx context.Context, f Filter, token string, limit int) ([]Entry, string, error) {
	return v.list(ctx, "directory.ListUsers", KindUser, f, token, limit)
}

// ListGroups is ListUsers for groups.
func (v *View) ListGroups(ctx context.Context, f Filter, token string, limit int) ([]Entry, string, error) {
	return v.list(ctx, "directory.ListGroups", KindGroup, f, token, limit)
}

// ListResources is ListUsers for resources.
func (v *View) ListResources(ctx context.Context, f Filter, token string, limit int) ([]Entry, string, error) {
	return v.list(ctx, "directory.ListResources", KindResource, f, token, limit)
}

func (v *View) list(ctx context.Context, op string, kind Kind, f Filter, token string, limit int) ([]Entry, string, error) {
	limit, err := pageLimit(op, limit)
	if err != nil {
		return nil, "", err
	}
	q, err := f.query(op, kind)
	if err != nil {
		return nil, "", err
	}
	mark := q.Index - Index(32*(kind-KindUser)) // a page of users does not go on in groups
	c, err := parseCursor(op, token, mark)
	if err != nil {
		return nil, "", err
	}
	q.Org, q.Kind, q.AfterKey, q.After, q.Limit = v.org, kind, c.key, c.id, limit+1
	page, keys, err := v.s.Store.Page(ctx, nil, q)
	if err != nil || len(page) <= limit {
		return page, "", err
	}
	return page[:limit], cursor{mark, keys[limit-1], page[limit-1].ID}.String(), nil
}

func (f Filter) query(op string, kind Kind) (PageQuery, error) {
	q := PageQuery{Index: IndexName}
	set := 0
	for _, p := range []struct {
		index Index
		text  string
		users bool
	}{
		{IndexName, f.NamePrefix, false}, {IndexDisplay, f.DisplayNamePrefix, true}, {IndexEmail, f.EmailPrefix, false},
		{IndexIdP, f.IdPPrefix, true}, {IndexState, string(f.State), false},
	} {
		if p.text == "" {
			continue
		}
		if p.users && kind != KindUser {
			return q, errs.Say(op, errs.Invalid, errs.Request, "This filter is for users only.")
		}
		if !searchable(p.text) {
			return q, errs.Say(op, errs.Invalid, errs.Request, "The filter is not valid text.")
		}
		q.Index, q.Prefix = p.index, SortKey(p.text)
		if p.index == IndexState {
			q.Prefix = p.text
		}
		set++
	}
	if set > 1 {
		return q, errs.Say(op, errs.Invalid, errs.Request, "A list takes one filter at a time.")
	}
	if f.State != "" && f.State != Enabled && f.State != Disabled && f.State != Deleted {
		return q, errs.Say(op, errs.Invalid, errs.Request, "A state is ENABLED, DISABLED or DELETED.")
	}
	return q, nil
}

// searchable tells whether a database can look for a text.
func searchable(text string) bool {
	return len(text) <= 1024 && utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}

// maxSortKey in bytes, so that a cursor stays short. Longer texts sort and are
// found by their beginning.
const maxSortKey = 256

// SortKey is the form of a text in the indexes of lists.
func SortKey(text string) string {
	key := address.Fold(text)
	if len(key) > maxSortKey {
		key = key[:maxSortKey]
		for !utf8.ValidString(key) {
			key = key[:len(key)-1]
		}
	}
	return key
}

// NameKey is the form in which names are compared: no two of an organization's
// entries have the same.
func NameKey(name string) string { return address.Fold(name) }

// EmailKey is address.Address.Key of an address of ours as written.
func EmailKey(text string) string {
	if text == "" {
		return ""
	}
	a, err := address.Parse(text)
	if err != nil {
		return address.Fold(text)
	}
	return a.Key()
}
