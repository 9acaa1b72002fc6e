package directory

import (
	"context"
	"errors"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// attachTime is how long a directory may take to answer before an organization is made of it.
const attachTime = 20 * time.Second

// errSeen ends the reading of a directory whose first page is enough.
var errSeen = errors.New("seen")

// Attachable answers the DirectoryType of a registered directory that a new
// organization with an alias may have: none has it, the alias is the directory's,
// and it answers: connection, account and base. errs.Invalid, Organization for
// another alias; of errs.Directory: NotFound, InUse, Denied where it refuses our
// account, Unavailable.
func (s *Service) Attachable(ctx context.Context, id, alias string) (directoryType string, err error) {
	const op = "directory.Attachable"
	unknown := errs.Say(op, errs.NotFound, errs.Directory, "There is no directory %s in this region.", clipped(id))
	if len(id) > 64 || !searchable(id) {
		return "", unknown
	}
	d, found, err := s.Store.Directory(ctx, nil, id)
	if err != nil {
		return "", err
	}
	switch {
	case !found:
		return "", unknown
	case d.Org != "":
		return "", inUse(op, &d)
	case !strings.EqualFold(d.Alias, alias):
		return "", errs.Say(op, errs.Invalid, errs.Organization, "The alias of an organization with this directory is %s.", d.Alias)
	}
	ctx, cancel := context.WithTimeout(ctx, attachTime)
	defer cancel()
	f, err := s.foreign(ctx, id)
	if err == nil {
		err = answers(ctx, f)
	}
	return d.Settings.Kind.Type(), aboutDirectory(op, err)
}

func inUse(op string, d *Directory) error {
	return errs.Say(op, errs.InUse, errs.Directory, "The directory %s belongs to another organization.", d.Alias)
}

// answers tells that a directory takes our account and shows something under its base, or nothing.
func answers(ctx context.Context, f Foreign) error {
	if _, err := f.Mark(ctx); err != nil {
		return err
	}
	err := f.Read(ctx, func([]Identity) error { return errSeen })
	if errors.Is(err, errSeen) {
		return nil
	}
	return err
}

// aboutDirectory makes an error that a context's end or a connector left without a subject the directory's.
func aboutDirectory(op string, err error) error {
	kind, subject := errs.Of(err)
	switch {
	case err == nil, subject == errs.Directory:
		return err
	case kind == errs.Unavailable:
		return errs.Say(op, errs.Unavailable, errs.Directory, "The directory does not answer.").Because(err)
	}
	return err
}

// Attach gives a directory to an organization, in the Write that makes it.
func (s *Service) Attach(t *tx.Tx, id string, o *org.Organization) error {
	ok, err := s.Store.TakeDirectory(t, id, o.ID)
	if err == nil && !ok { // since Attachable looked
		err = inUse("directory.Attach", &Directory{Alias: o.Alias})
	}
	t.AfterCommit(s.lookForMirrors)
	return err
}

// Detach frees the directory of an organization that is being deleted. In the
// directory itself nothing changes.
func (s *Service) Detach(t *tx.Tx, org ids.Org) error {
	return s.Store.FreeDirectory(t, org)
}
