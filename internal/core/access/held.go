package access

import (
	"bytes"
	"context"
	"encoding/base64"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
)

// Held is a grant with its owner and with who it was given to.
type Held struct {
	Grant
	Owner, To directory.Entry
}

// ListHeldPermissions answers a page (limit 1 to 100, 0 is 100) of what an entry,
// found by id, name or address, may do with others: its own grants and those of
// the enabled groups that it belongs to, in order of the owner's id; and the
// token of the next page.
func (v *View) ListHeldPermissions(ctx context.Context, entity, token string, limit int) ([]Held, string, error) {
	const op = "access.ListHeldPermissions"
	if limit == 0 {
		limit = 100
	}
	after, err := base64.RawURLEncoding.DecodeString(token)
	owner, grantee, cut := bytes.Cut(after, []byte{0})
	if err != nil || limit < 1 || limit > 100 || len(after) > 513 || !utf8.Valid(after) || cut != (token != "") || bytes.IndexByte(grantee, 0) >= 0 {
		return nil, "", errs.Say(op, errs.Invalid, errs.Request, "The page is not of this list: 1 to 100 permissions, and its own NextToken.")
	}
	e, err := v.s.Directory.Resolve(ctx, nil, v.org, entity)
	if err != nil {
		return nil, "", err
	}
	who, err := v.s.with(ctx, nil, v.org, e.ID)
	if err != nil {
		return nil, "", err
	}
	grants, err := v.s.Store.Held(ctx, nil, v.org, who, Grant{Owner: ids.Entry(owner), Grantee: ids.Entry(grantee)}, limit+1)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(grants) > limit {
		grants = grants[:limit]
		last := grants[limit-1]
		next = base64.RawURLEncoding.EncodeToString([]byte(string(last.Owner) + "\x00" + string(last.Grantee)))
	}
	list, err := v.both(ctx, e.ID, grants)
	return list, next, err
}

// both adds the entries of grants. What self has through a group on itself it has anyway.
func (v *View) both(ctx context.Context, self ids.Entry, grants []Grant) ([]Held, error) {
	who := make([]ids.Entry, 0, 2*len(grants))
	for _, g := range grants {
		who = append(who, g.Owner, g.Grantee)
	}
	entries, err := v.s.Directory.Store.Entries(ctx, nil, v.org, who)
	if err != nil {
		return nil, err
	}
	byID := make(map[ids.Entry]directory.Entry, len(entries))
	for _, e := range entries {
		byID[e.ID] = e
	}
	list := make([]Held, 0, len(grants))
	for _, g := range grants {
		owner, ok := byID[g.Owner]
		to, known := byID[g.Grantee]
		if ok && known && owner.ID != self {
			list = append(list, Held{g, owner, to})
		}
	}
	return list, nil
}
