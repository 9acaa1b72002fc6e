package directory

import (
	"context"
	"errors"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// NewUser is what CreateUser takes.
type NewUser struct {
	ID                     ids.Entry // given at an import; else ""
	Name, DisplayName      string
	Password               string // "" for none
	Role                   Role   // USER, REMOTE_USER; "" is USER
	FirstName, LastName    string
	Hidden                 bool
	IdentityProviderUserID string
	ImportID               string   // the import that makes it; "" for none
	Groups                 []string // that it becomes a direct member of, each by id, name or address
	Email                  string   // with which it is enabled in the same Write; "": it is made DISABLED
}

// MaxGroups that a user begins with.
const MaxGroups = 100

// CreateUser makes a user: DISABLED, or enabled where Email is given; then
// mailbox runs in the same Write, as in RegisterToWorkMail. errs.Exists,
// Reserved, Password, Invalid.
func (v *View) CreateUser(ctx context.Context, in NewUser, mailbox Hook) (Entry, error) {
	const op = "directory.CreateUser"
	e, password, w, err := v.newUserIn(ctx, op, in)
	if err != nil {
		return Entry{}, err
	}
	hash := ""
	if w == nil && password != "" {
		if hash, err = v.s.Hasher.Hash(ctx, password); err != nil {
			return Entry{}, err
		}
	}
	plan := Intent{Entry: e, Email: in.Email, Mailbox: mailbox != nil, Groups: in.Groups}
	if w != nil {
		groups, err := v.joinable(ctx, in.Groups)
		if err != nil {
			return Entry{}, err
		}
		plan.Groups = nil
		for _, g := range groups {
			plan.Groups = append(plan.Groups, string(g.ID))
		}
	}
	whole, err := v.whole(&plan, mailbox)
	if err != nil {
		return Entry{}, err
	}
	return v.create(ctx, op, w, plan, password, func(t *tx.Tx, e *Entry) error {
		if hash != "" {
			if err := v.s.Store.PutPassword(t, v.org, e.ID, hash, e.Created); err != nil {
				return err
			}
		}
		return whole(t, e)
	})
}

// whole does in the Write that makes an entry what else belongs to it.
func (v *View) whole(i *Intent, mailbox Hook) (Hook, error) {
	if !i.Mailbox {
		mailbox = nil
	}
	var enable Hook
	if i.Email != "" {
		var err error
		if enable, err = v.Registered(i.Email, mailbox); err != nil {
			return nil, err
		}
	}
	join := v.joined(i.Groups)
	return func(t *tx.Tx, e *Entry) error {
		if err := enable.run(t, e); err != nil {
			return err
		}
		return join(t, e)
	}, nil
}

// newUserIn checks a new user and answers the entry, the password in the form
// that is hashed, and who makes it beside our store, see writer.
func (v *View) newUserIn(ctx context.Context, op string, in NewUser) (e Entry, password string, w Writer, err error) {
	if e, err = v.newUser(ctx, op, in); err != nil {
		return e, "", nil, err
	}
	if w, err = v.writer(ctx, op); err != nil {
		return e, "", nil, err
	}
	if password = in.Password; password != "" {
		if w == nil {
			password, err = checkPassword(op, password)
		} else { // it has its own policy
			password, err = foreignPassword(op, password)
		}
	}
	return e, password, w, err
}

// errTried ends the Write of TryUser, so that nothing of it stays.
var errTried = errors.New("tried")

// TryUser answers the error that CreateUser would, and changes nothing. What a
// foreign directory would say it does not know.
func (v *View) TryUser(ctx context.Context, in NewUser) error {
	const op = "directory.CreateUser"
	e, _, _, err := v.newUserIn(ctx, op, in)
	if err != nil {
		return err
	}
	if e, err = v.made(op, e); err != nil {
		return err
	}
	whole, err := v.whole(&Intent{Email: in.Email, Groups: in.Groups}, nil)
	if err != nil {
		return err
	}
	err = v.write(ctx, func(t *tx.Tx, _ *org.Organization) error {
		if err := v.nameFree(t, op, e.Name, ""); err != nil {
			return err
		}
		made := e
		if err := v.insert(t, op, &made, whole, ""); err != nil {
			return err
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}

func (v *View) newUser(ctx context.Context, op string, in NewUser) (Entry, error) {
	if in.Role == "" {
		in.Role = RoleUser
	}
	if in.Role != RoleUser && in.Role != RoleRemoteUser {
		return Entry{}, errs.Say(op, errs.Invalid, errs.Entry, "A user's role is USER or REMOTE_USER.")
	}
	if err := v.checkName(ctx, op, KindUser, in.Name); err != nil {
		return Entry{}, err
	}
	if len(in.Groups) > MaxGroups {
		return Entry{}, errs.Say(op, errs.Limit, errs.Entry, "A user begins as a member of at most %d groups.", MaxGroups)
	}
	if in.DisplayName == "" {
		return Entry{}, errs.Say(op, errs.Invalid, errs.Entry, "A user needs a display name.")
	}
	for _, f := range [][2]string{{"The display name", in.DisplayName}, {"The first name", in.FirstName}, {"The last name", in.LastName},
		{"The identity provider user", in.IdentityProviderUserID}} {
		if err := checkLine(op, f[0], f[1], maxText); err != nil {
			return Entry{}, err
		}
	}
	return Entry{
		ID: in.ID, Kind: KindUser, Role: in.Role, Name: in.Name, DisplayName: in.DisplayName, Hidden: in.Hidden,
		Details: Details{FirstName: in.FirstName, LastName: in.LastName}, IdentityProviderUserID: in.IdentityProviderUserID,
		ImportID: in.ImportID,
	}, nil
}

// create makes an entry: in one Write where our store is the directory (w is
// nil), else in three steps. whole runs in the Write that makes the rows, before
// the record; plan says the same of it, for Settle.
func (v *View) create(ctx context.Context, op string, w Writer, plan Intent, password string, whole Hook) (Entry, error) {
	e, err := v.made(op, plan.Entry)
	if err != nil {
		return Entry{}, err
	}
	if w != nil {
		plan.Entry = e
		return v.createOutside(ctx, op, w, plan, password, whole)
	}
	made := e
	err = v.write(ctx, func(t *tx.Tx, _ *org.Organization) error {
		made = e
		if err := v.nameFree(t, op, made.Name, ""); err != nil {
			return err
		}
		return v.insert(t, op, &made, whole, "")
	})
	return made, err
}

// made is a new entry with what each has, and an id where none was given.
func (v *View) made(op string, e Entry) (Entry, error) {
	e.Org, e.State, e.Dir, e.Created = v.org, Disabled, DirActive, v.s.Clock.Now()
	e.Version, e.Revision, e.GrantsRevision = 1, 1, 1
	if e.ID == "" {
		e.ID = ids.NewEntry()
		if e.Kind == KindResource {
			e.ID = ids.NewResource()
		}
	}
	if len(e.ID) < minID || len(e.ID) > 256 || !searchable(string(e.ID)) {
		return Entry{}, errs.Say(op, errs.Invalid, errs.Entry, "An id has 12 to 256 characters.")
	}
	return e, nil
}

// insert makes the rows and the record.
func (v *View) insert(t *tx.Tx, op string, e *Entry, then Hook, detail string) error {
	if _, found, err := v.s.Store.Entry(t.Context(), t, v.org, e.ID); err != nil || found {
		if found {
			err = errs.Say(op, errs.Exists, errs.Entry, "The id %s is taken.", e.ID)
		}
		return err
	}
	if err := v.s.Store.Insert(t, e); err != nil {
		return err
	}
	if then != nil {
		before := *e
		if err := then(t, e); err != nil {
			return err
		}
		if *e != before {
			if err := v.s.Store.Update(t, e); err != nil {
				return err
			}
		}
	}
	if e.ImportID != "" {
		detail = strings.TrimSuffix("imported, "+detail, ", ")
	}
	return v.record(t, e, detail)
}
