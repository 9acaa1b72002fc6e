package access

import (
	"bytes"
	"context"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

// View administers the permissions of one organization, for one call.
type View struct {
	s       *Service
	org     ids.Org
	by      audit.By
	ifMatch int64
	// Revision is the owner's GrantsRevision after the change that the call made, for the next call's ifMatch.
	Revision int64
}

// View is for one call; ifMatch is the GrantsRevision of the owner (0: any).
func (s *Service) View(org ids.Org, by audit.By, ifMatch int64) *View {
	return &View{s: s, org: org, by: by, ifMatch: ifMatch}
}

// PutMailboxPermissions replaces what grantee may do with entity's mailbox or
// name; each is an id, name or address. errs.Invalid for full access on a group
// or a remote user, for a resource as grantee, and for no right at all.
func (v *View) PutMailboxPermissions(ctx context.Context, entity, grantee string, r Rights) error {
	const op = "access.PutMailboxPermissions"
	if r.None() {
		return errs.Say(op, errs.Invalid, errs.Permission, "Name at least one permission.")
	}
	return v.change(ctx, op, entity, grantee, func(t *tx.Tx, owner, to *directory.Entry) (string, error) {
		for _, e := range []*directory.Entry{owner, to} {
			if e.State == directory.Deleted {
				return "", errs.Say(op, errs.State, errs.Entry, "%s is deleted.", e.Name)
			}
		}
		switch {
		case owner.ID == to.ID:
			return "", errs.Say(op, errs.Invalid, errs.Permission, "Nobody needs a permission on his own mailbox.")
		case to.Kind == directory.KindResource:
			return "", errs.Say(op, errs.Invalid, errs.Permission, "A permission is given to a user or a group.")
		case r.Full && !owner.HasMailbox():
			return "", errs.Say(op, errs.Invalid, errs.Permission, "%s has no mailbox, so there is no full access to it.", owner.Name)
		}
		return words(r), v.s.Store.PutGrant(t, Grant{v.org, owner.ID, to.ID, r})
	})
}

// DeleteMailboxPermissions takes all permissions of grantee on entity away; none is no error.
func (v *View) DeleteMailboxPermissions(ctx context.Context, entity, grantee string) error {
	const op = "access.DeleteMailboxPermissions"
	return v.change(ctx, op, entity, grantee, func(t *tx.Tx, owner, to *directory.Entry) (string, error) {
		had, err := v.s.Store.DeleteGrant(t, v.org, owner.ID, to.ID)
		if !had {
			return "no change", err
		}
		return "none", err
	})
}

func (v *View) change(ctx context.Context, op, entity, grantee string, fn func(t *tx.Tx, owner, to *directory.Entry) (string, error)) error {
	return v.s.Store.Write(ctx, v.org, func(t *tx.Tx) error {
		if _, err := v.s.Orgs.Lock(t, v.org); err != nil {
			return err
		}
		owner, err := v.s.Directory.Resolve(ctx, t, v.org, entity)
		if err != nil {
			return err
		}
		to, err := v.s.Directory.Resolve(ctx, t, v.org, grantee)
		if err != nil {
			return err
		}
		if v.ifMatch != 0 && v.ifMatch != owner.GrantsRevision {
			return errs.Say(op, errs.Conflict, errs.Permission, "The permissions on %s were changed in the meantime. Load them again.", owner.Name)
		}
		detail, err := fn(t, &owner, &to)
		if err != nil {
			return err
		}
		if err := v.s.Store.RaiseGrants(t, v.org, owner.ID); err != nil {
			return err
		}
		v.Revision = owner.GrantsRevision + 1
		return v.s.Trail.Record(t, audit.Record{
			By: v.by, Org: v.org, Target: string(owner.ID), TargetName: owner.Name,
			Detail: "permissions of " + to.Called() + ": " + detail,
		})
	})
}

func words(r Rights) string {
	var list []string
	for _, w := range []struct {
		has  bool
		word string
	}{{r.Full, "FULL_ACCESS"}, {r.SendAs, "SEND_AS"}, {r.OnBehalf, "SEND_ON_BEHALF"}} {
		if w.has {
			list = append(list, w.word)
		}
	}
	return strings.Join(list, ", ")
}

// Listed is a grant and who it was given to.
type Listed struct {
	Grant
	To directory.Entry
}

// ListMailboxPermissions answers a page (limit 1 to 100, 0 is 100) of the
// permissions on an entry in order of the grantee's id, the entry whose
// GrantsRevision they have, and the token of the next page.
func (v *View) ListMailboxPermissions(ctx context.Context, entity, token string, limit int) ([]Listed, directory.Entry, string, error) {
	const op = "access.ListMailboxPermissions"
	var none directory.Entry
	if limit == 0 {
		limit = 100
	}
	after, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || limit < 1 || limit > 100 || len(after) > 256 || !utf8.Valid(after) || bytes.IndexByte(after, 0) >= 0 {
		return nil, none, "", errs.Say(op, errs.Invalid, errs.Request, "The page is not of this list: 1 to 100 permissions, and its own NextToken.")
	}
	owner, err := v.s.Directory.Resolve(ctx, nil, v.org, entity)
	if err != nil {
		return nil, none, "", err
	}
	grants, err := v.s.Store.Grants(ctx, nil, v.org, owner.ID, ids.Entry(after), limit+1)
	if err != nil {
		return nil, none, "", err
	}
	next := ""
	if len(grants) > limit {
		grants = grants[:limit]
		next = base64.RawURLEncoding.EncodeToString([]byte(grants[limit-1].Grantee))
	}
	list, err := v.named(ctx, grants)
	return list, owner, next, err
}

func (v *View) named(ctx context.Context, grants []Grant) ([]Listed, error) {
	who := make([]ids.Entry, len(grants))
	for i, g := range grants {
		who[i] = g.Grantee
	}
	entries, err := v.s.Directory.Store.Entries(ctx, nil, v.org, who)
	if err != nil {
		return nil, err
	}
	byID := make(map[ids.Entry]directory.Entry, len(entries))
	for _, e := range entries {
		byID[e.ID] = e
	}
	list := make([]Listed, 0, len(grants))
	for _, g := range grants {
		if e, ok := byID[g.Grantee]; ok {
			list = append(list, Listed{g, e})
		}
	}
	return list, nil
}
