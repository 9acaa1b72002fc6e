package directory

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// Registry administers the foreign directories of a region, for one call.
type Registry struct {
	s       *Service
	by      audit.By
	ifMatch int64
	sees    func(ids.Org) bool
}

// Registry is for one call: by goes into the audit record, ifMatch is the
// revision of the directory that the caller saw (0: whatever it is). sees tells
// which organizations' directories the caller may see, "" stands for those that
// none has.
func (s *Service) Registry(by audit.By, ifMatch int64, sees func(ids.Org) bool) *Registry {
	return &Registry{s, by, ifMatch, sees}
}

// testTime ends a test of a directory.
const testTime = 2 * time.Minute

// RegisterDirectory keeps a directory under an alias that no other has.
// errs.Exists or Limit, Directory; errs.Invalid, Directory for settings that
// cannot work. It does not ask the directory: TestDirectory does.
func (r *Registry) RegisterDirectory(ctx context.Context, alias string, set Settings) (Directory, error) {
	const op = "directory.RegisterDirectory"
	if err := org.CheckAlias(op, errs.Directory, alias); err != nil {
		return Directory{}, err
	}
	if set.Secret == "" {
		return Directory{}, badSettings(op, "The service account needs its password: a directory tells nothing to who has none.")
	}
	if err := r.s.tryOut(ctx, op, &set); err != nil {
		return Directory{}, err
	}
	d := Directory{ID: ids.NewDirectory(), Alias: alias, Settings: set, Created: r.s.Clock.Now(), Revision: 1}
	d.Sealed = r.s.Orgs.Keys.Seal(sealedAs(d.ID), []byte(set.Secret))
	d.Settings.Secret = ""
	err := r.s.Store.Write(ctx, "", func(t *tx.Tx) error {
		ok, err := r.s.Store.InsertDirectory(t, &d, MaxDirectories)
		if err != nil {
			return err
		}
		if !ok {
			all, err := r.s.Store.Directories(ctx, t, "", MaxDirectories)
			if err == nil && len(all) >= MaxDirectories {
				err = errs.Say(op, errs.Limit, errs.Directory, "A region has at most %d directories.", MaxDirectories)
			}
			if err == nil {
				err = errs.Say(op, errs.Exists, errs.Directory, "A directory with the alias %s is registered already.", alias)
			}
			return err
		}
		return r.record(t, &d, string(set.Kind)+", servers "+strings.Join(set.Servers, " "))
	})
	return d, err
}

// UpdateDirectory gives a directory other settings; its kind stays. Without a
// secret the present one is kept, unless the account's password would so go to a
// server that it was not given for.
func (r *Registry) UpdateDirectory(ctx context.Context, id string, set Settings) (Directory, error) {
	const op = "directory.UpdateDirectory"
	old, err := r.DescribeDirectory(ctx, id)
	if err != nil {
		return Directory{}, err
	}
	if r.ifMatch != 0 && r.ifMatch != old.Revision {
		return Directory{}, otherRevision(op, &old)
	}
	d := old
	if d.Settings, err = r.over(op, &old, set); err != nil {
		return Directory{}, err
	}
	if err := r.s.tryOut(ctx, op, &d.Settings); err != nil {
		return Directory{}, err
	}
	d.Sealed = r.s.Orgs.Keys.Seal(sealedAs(id), []byte(d.Settings.Secret))
	d.Settings.Secret, d.Revision = "", old.Revision+1
	changed := differences(&old.Settings, &d.Settings)
	if set.Secret != "" {
		changed = append(changed, "secret")
	}
	if len(changed) == 0 {
		return old, nil
	}
	err = r.s.Store.Write(ctx, d.Org, func(t *tx.Tx) error {
		if err := r.lock(t, &d); err != nil {
			return err
		}
		ok, err := r.s.Store.UpdateDirectory(t, &d)
		if err == nil && !ok {
			err = otherRevision(op, &d)
		}
		if err != nil {
			return err
		}
		return r.record(t, &d, strings.Join(changed, ", "))
	})
	if err != nil {
		return Directory{}, err
	}
	r.s.disconnect(id)
	return d, nil
}

func otherRevision(op string, d *Directory) error {
	return errs.Say(op, errs.Conflict, errs.Directory, "The directory %s was changed in the meantime. Load it again.", d.Alias)
}

// lock holds the organization that has the directory, whose record it is.
func (r *Registry) lock(t *tx.Tx, d *Directory) error {
	if d.Org == "" {
		return nil
	}
	return t.LockOrg(d.Org)
}

// over is new settings of a directory, with the secret that it has where none is given.
func (r *Registry) over(op string, old *Directory, set Settings) (Settings, error) {
	if set.Kind == "" {
		set.Kind = old.Settings.Kind
	}
	if set.Kind != old.Settings.Kind {
		return set, badSettings(op, "A directory's kind does not change. Register it anew.")
	}
	if set.Secret != "" {
		return set, nil
	}
	for _, server := range set.Servers {
		if !slices.Contains(old.Settings.Servers, server) {
			return set, badSettings(op, "Give the service account's password again: it would be sent to the server %s, which is new.", clipped(server))
		}
	}
	if set.CA != old.Settings.CA {
		return set, badSettings(op, "Give the service account's password again: with another certificate authority it may go to other servers.")
	}
	secret, err := r.s.Orgs.Keys.Open(sealedAs(old.ID), old.Sealed)
	set.Secret = string(secret)
	return set, err
}

// differences names what two settings have otherwise, without the secret.
func differences(a, b *Settings) (list []string) {
	x, y := reflect.ValueOf(*a), reflect.ValueOf(*b)
	for i := range x.NumField() {
		name := x.Type().Field(i).Name
		same := reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface())
		if name == "Attributes" {
			same = maps.Equal(a.Attributes, b.Attributes)
		}
		if name != "Secret" && !same {
			list = append(list, name)
		}
	}
	return list
}

// DescribeDirectory answers a directory, without its secret.
func (r *Registry) DescribeDirectory(ctx context.Context, id string) (Directory, error) {
	const op = "directory.DescribeDirectory"
	if len(id) > 64 || !searchable(id) {
		return Directory{}, errs.Say(op, errs.Invalid, errs.Directory, "This is no id of a directory.")
	}
	d, found, err := r.s.Store.Directory(ctx, nil, id)
	if err == nil && (!found || !r.sees(d.Org)) {
		err = noDirectory(op, id)
	}
	if err != nil {
		return Directory{}, err
	}
	return d, nil
}

// ListDirectories answers all that the caller may see, in order of alias.
func (r *Registry) ListDirectories(ctx context.Context) ([]Directory, error) {
	all, err := r.s.Store.Directories(ctx, nil, "", MaxDirectories)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(d Directory) bool { return !r.sees(d.Org) })
	slices.SortFunc(all, func(a, b Directory) int { return strings.Compare(strings.ToLower(a.Alias), strings.ToLower(b.Alias)) })
	return all, nil
}

// Followed answers, by id, how the mirrors of those stand that an organization has and the caller may see.
func (r *Registry) Followed(ctx context.Context) (map[string]Followed, error) {
	list, err := r.s.Store.Followed(ctx, nil)
	all := map[string]Followed{}
	for _, f := range list {
		if r.sees(f.Org) {
			all[f.Directory] = f
		}
	}
	return all, err
}

// DeregisterDirectory forgets a directory; errs.InUse, Directory while an
// organization has it. In the directory itself nothing changes.
func (r *Registry) DeregisterDirectory(ctx context.Context, id string) error {
	const op = "directory.DeregisterDirectory"
	d, err := r.DescribeDirectory(ctx, id)
	if err != nil {
		return err
	}
	err = r.s.Store.Write(ctx, "", func(t *tx.Tx) error {
		ok, err := r.s.Store.DeleteDirectory(t, id, r.ifMatch)
		if err != nil {
			return err
		}
		if !ok {
			owner, _, found, err := r.s.Store.DirectoryOf(ctx, t, id)
			if err != nil || !found {
				return err // another call was first
			}
			if owner == "" {
				return otherRevision(op, &d)
			}
			return errs.Say(op, errs.InUse, errs.Directory, "The organization %s has the directory %s. Delete that organization first.", owner, d.Alias)
		}
		return r.record(t, &d, "")
	})
	if err == nil {
		r.s.disconnect(id)
	}
	return err
}

// TestDirectory tries settings out, step by step, and reports each; nothing is
// kept. id names a directory whose secret is taken where set has none, as
// UpdateDirectory does; "" for none. With set nil it is tried as it is kept. One
// at a time, since a server that is not known yet may send much: errs.Throttled.
func (r *Registry) TestDirectory(ctx context.Context, id string, set *Settings, report func(TestStep)) error {
	const op = "directory.TestDirectory"
	var try Settings
	switch {
	case id == "" && set == nil:
		return badSettings(op, "Name a directory, or say how one is reached.")
	case id == "":
		try = *set
	default:
		d, err := r.DescribeDirectory(ctx, id)
		if err != nil {
			return err
		}
		if set == nil {
			set = &d.Settings
		}
		if try, err = r.over(op, &d, *set); err != nil {
			return err
		}
	}
	if try.Secret == "" {
		return badSettings(op, "The service account needs its password: a directory tells nothing to who has none.")
	}
	f, err := r.s.checked(ctx, op, &try)
	if err != nil {
		return err
	}
	defer f.Close()
	if !r.s.sources.testing.TryLock() {
		return errs.Say(op, errs.Throttled, errs.Directory, "A test is under way; try again.")
	}
	defer r.s.sources.testing.Unlock()
	ctx, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	f.Test(ctx, report)
	return nil
}

// tryOut checks settings by our rules and by those of who connects.
func (s *Service) tryOut(ctx context.Context, op string, set *Settings) error {
	f, err := s.checked(ctx, op, set)
	if err == nil {
		f.Close()
	}
	return err
}

// checked is who connects with settings, which asks no server yet. All that is
// wrong with them is said at once, a sentence on each line.
func (s *Service) checked(ctx context.Context, op string, set *Settings) (Foreign, error) {
	faults := settingsFaults(set)
	if len(faults) == 0 {
		return s.dial(ctx, *set)
	}
	// What only who connects knows is said beside our own faults, which are not said twice.
	rest := Settings{Kind: set.Kind, Servers: []string{"localhost"}, Account: "-", Secret: "-",
		BaseDN: set.BaseDN, UserFilter: set.UserFilter, GroupFilter: set.GroupFilter}
	if f, err := s.dial(ctx, rest); err == nil {
		f.Close()
	} else if errs.Is(err, errs.Invalid) {
		faults = append(faults, errs.Public(err))
	}
	return nil, badSettings(op, "%s", strings.Join(faults, "\n"))
}

func (r *Registry) record(t *tx.Tx, d *Directory, detail string) error {
	return r.s.Trail.Record(t, audit.Record{By: r.by, Org: d.Org, Target: d.ID, TargetName: d.Alias, Detail: detail})
}
