package directory

import (
	"context"

	"postroom/internal/base/ids"
)

// Facts are what a directory is.
type Facts struct {
	Type      string // the API's DirectoryType
	InStore   bool   // the entries in our store are the directory: what is written there is all
	UserNames int    // longest user name in characters
}

// Ref names an identity of a directory: by Key where it is known, else by Name.
type Ref struct {
	Kind  Kind
	Entry ids.Entry
	Key   string
	Name  string
}

// Identity is what a directory knows of a user or group.
type Identity struct {
	Ref
	State       DirState
	DisplayName string
	Details     Details
}

// Source is where identities live and passwords are proven. What only it can
// say is never remembered: Check asks each time. errs.Unavailable, Directory
// when it does not answer.
type Source interface {
	Facts() Facts
	// Check tells whether the password is the user's. It takes the same time for one without a password.
	Check(ctx context.Context, org ids.Org, user Ref, password string) (bool, error)
	// Lookup reads an identity back; errs.NotFound, Entry.
	Lookup(ctx context.Context, org ids.Org, r Ref) (Identity, error)
}

// Writer is a foreign directory that can be changed. Each method is idempotent:
// made again with the same name or key it answers what is there. It is never
// called inside a Write. A Source that is no Writer and not InStore is read-only.
type Writer interface {
	Source
	// Create makes a user (password may be "") or group and answers its key and id.
	Create(ctx context.Context, org ids.Org, i Identity, password string) (Ref, error)
	Change(ctx context.Context, org ids.Org, i Identity) error
	SetPassword(ctx context.Context, org ids.Org, user Ref, password string) error
	SetMember(ctx context.Context, org ids.Org, group, member Ref, in bool) error
	Delete(ctx context.Context, org ids.Org, r Ref) error
}

// Hasher keeps passwords. Hash and Verify may answer errs.Throttled when too
// many wait. Verify of an empty hash takes as long as any and answers false.
type Hasher interface {
	Hash(ctx context.Context, password string) (string, error)
	Verify(ctx context.Context, hash, password string) (bool, error)
}

// Revoker ends what was proven before: caches, sessions and open connections of
// an entry, or of the whole organization where entry is "". It does not block.
type Revoker interface {
	Revoked(org ids.Org, entry ids.Entry)
}
