package auth_test

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
)

type localSource struct {
	store directory.Store
	h     directory.Hasher
}

func (s localSource) Facts() directory.Facts {
	return directory.Facts{InStore: true, UserNames: 64}
}
func (s localSource) Check(ctx context.Context, o ids.Org, u directory.Ref, p string) (bool, error) {
	hash, err := s.store.PasswordHash(ctx, nil, o, u.Entry)
	if err != nil {
		return false, err
	}
	return s.h.Verify(ctx, hash, p)
}
func (s localSource) Lookup(context.Context, ids.Org, directory.Ref) (directory.Identity, error) {
	return directory.Identity{}, nil
}
