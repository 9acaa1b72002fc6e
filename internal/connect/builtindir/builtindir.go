// Package builtindir is the built-in directory: the entries in our own store
// are the identities. It refuses to keep anything itself.
package builtindir

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
)

// maxUserName is WorkMail's limit of the user names of its own directory.
const maxUserName = 64

// Directory implements directory.Source over core/directory's own Store.
type Directory struct {
	store  directory.Store
	hasher directory.Hasher
}

// New makes the built-in directory of a region.
func New(store directory.Store, hasher directory.Hasher) *Directory {
	return &Directory{store, hasher}
}

var _ directory.Source = (*Directory)(nil)

// Facts say that a Write to our store is all that a change needs.
func (d *Directory) Facts() directory.Facts {
	return directory.Facts{Type: org.BuiltinDirectory, InStore: true, UserNames: maxUserName}
}

// Check compares with the stored hash; a user without one takes as long.
func (d *Directory) Check(ctx context.Context, org ids.Org, user directory.Ref, password string) (directory.Answer, error) {
	hash, err := d.store.PasswordHash(ctx, nil, org, user.Entry)
	if err != nil {
		return directory.Wrong, err
	}
	if ok, err := d.hasher.Verify(ctx, hash, password); !ok || err != nil {
		return directory.Wrong, err
	}
	return directory.Right, nil
}

// Lookup reads the entry.
func (d *Directory) Lookup(ctx context.Context, org ids.Org, r directory.Ref) (directory.Identity, error) {
	e, found, err := d.store.Entry(ctx, nil, org, r.Entry)
	if err == nil && (!found || e.State == directory.Deleted) {
		err = errs.E("builtindir.Lookup", errs.NotFound, errs.Entry, nil)
	}
	if err != nil {
		return directory.Identity{}, err
	}
	return directory.Identity{Ref: directory.Ref{Kind: e.Kind, Entry: e.ID, Key: string(e.ID), Name: e.Name}, State: e.Dir,
		DisplayName: e.DisplayName, Details: e.Details}, nil
}
