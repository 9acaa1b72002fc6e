package directory

import (
	"context"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Directory is a foreign directory that is registered in this region. At most
// one organization has it.
type Directory struct {
	ID       string // "d-" and 10 lower-case hexadecimal digits
	Alias    string // that an organization of it must have
	Settings Settings
	Sealed   []byte  // the account's password, sealed under the master key; Settings.Secret is "" in what is kept and shown
	Org      ids.Org // that has it; "" for none
	Created  time.Time
	Revision int64
}

// DirectoryStore keeps the foreign directories of one region.
type DirectoryStore interface {
	Directory(ctx context.Context, v tx.View, id string) (d Directory, found bool, err error)
	// DirectoryOf answers what is asked often: whose it is, and its revision.
	DirectoryOf(ctx context.Context, v tx.View, id string) (org ids.Org, revision int64, found bool, err error)
	// Directories are those with ids above after, in order.
	Directories(ctx context.Context, v tx.View, after string, limit int) ([]Directory, error)
	// Connected answers those that an organization has, by what is asked for often.
	Connected(ctx context.Context, v tx.View) ([]Connected, error)
	// Followed answers, for each directory that an organization has, whose it is and how its mirror stands.
	Followed(ctx context.Context, v tx.View) ([]Followed, error)
	// InsertDirectory answers false where the alias is taken or as many as max exist already.
	InsertDirectory(t *tx.Tx, d *Directory, max int) (bool, error)
	// UpdateDirectory writes settings, secret and revision of one that has the revision before; else it answers false.
	UpdateDirectory(t *tx.Tx, d *Directory) (bool, error)
	// DeleteDirectory answers false where it is not there, an organization has it, or it has another revision (0: any).
	DeleteDirectory(t *tx.Tx, id string, revision int64) (bool, error)
	// TakeDirectory gives it to an organization; false where another has it or it is not there.
	TakeDirectory(t *tx.Tx, id string, org ids.Org) (bool, error)
	// FreeDirectory takes it from its organization.
	FreeDirectory(t *tx.Tx, org ids.Org) error
}

// Connected is a directory that an organization has, and what tells that it was changed.
type Connected struct {
	ID       string
	Org      ids.Org
	Revision int64
}

// Followed is a directory that an organization has, in short.
type Followed struct {
	Directory string
	Org       ids.Org
	Alias     string // of the organization
	Mark      Mark
	Error     string // why it cannot be followed; "" where it can
	Held      bool   // users or groups are held, see ConfirmDirectoryChanges
}

// Phase is what the mirror does.
func (f *Followed) Phase() SyncPhase { return phaseOf(f.Error, f.Held, f.Mark) }

// MaxDirectories of a region: as many as organizations.
const MaxDirectories = 100

func noDirectory(op, id string) error {
	return errs.Say(op, errs.NotFound, errs.Directory, "There is no directory %s.", id)
}

// Type is the API's word for a foreign directory's kind (DirectoryType).
func (k DirectoryKind) Type() string {
	switch k {
	case SimpleAD:
		return "SimpleAD"
	case MicrosoftAD:
		return "MicrosoftAD"
	case ADConnector:
		return "ADConnector"
	}
	return string(k)
}
