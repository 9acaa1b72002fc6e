package directory

import (
	"context"
	"errors"
	"fmt"
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

// RefreshNames makes the names that people of an organization sign in with what
// its foreign directory says that they are.
func (s *Service) RefreshNames(ctx context.Context, id ids.Org) error {
	of, err := s.directoryOf(ctx, nil, id)
	if err != nil || of == "" {
		return err
	}
	f, err := s.foreign(ctx, of)
	if err != nil {
		return err
	}
	names, err := f.Names(ctx)
	if err != nil {
		return err
	}
	if _, err := s.Orgs.Serving(ctx, nil, id); err != nil { // what a deletion took away does not come back
		return err
	}
	list := []org.SignInName{{Kind: org.ClaimNetBIOS, Name: names.NetBIOS}}
	for _, suffix := range names.Suffixes {
		list = append(list, org.SignInName{Kind: org.ClaimSuffix, Name: suffix})
	}
	if err := s.Orgs.Claims.Bring(ctx, id, s.Orgs.Region, list); err != nil {
		return err
	}
	return s.tellLost(ctx, id)
}

// tellLost tells the log of names that do not count, once until they are others.
func (s *Service) tellLost(ctx context.Context, id ids.Org) error {
	lost, err := s.lostNames(ctx, id)
	if err != nil {
		return err
	}
	var texts []string
	for _, f := range lost {
		texts = append(texts, f.Text)
	}
	now := strings.Join(texts, " ")
	if was, _ := s.lost.Swap(id, now); was != now && now != "" {
		s.Log.WarnContext(ctx, "names that a directory brings do not count at sign-in", "org", id, "why", now)
	}
	return nil
}

// lostNames are the faults of names that a directory brings for sign-in. Whose
// else they are is not this organization's to know.
func (s *Service) lostNames(ctx context.Context, id ids.Org) ([]SyncFault, error) {
	lost, err := s.Orgs.Claims.LostNames(ctx, id)
	var list []SyncFault
	for _, n := range lost {
		what, taken, instead := "The UPN suffix", "is a mail domain of another organization", "people sign in with their address"
		if n.Kind == org.ClaimNetBIOS {
			what, taken, instead = "The NetBIOS name", "is the alias of another organization", `people sign in with their address, or with the organization's alias before the \`
		}
		if !n.Claimed {
			taken = "is brought by the directory of another organization too"
		}
		list = append(list, SyncFault{Name: n.Name, Text: fmt.Sprintf("%s %s %s: %s.", what, n.Name, taken, instead)})
	}
	return list, err
}
