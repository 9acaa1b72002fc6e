package provision

import (
	"context"
	"regexp"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

// ImportRow is a user to import, as a file had it.
type ImportRow struct {
	directory.NewUser
	Email  string   // "": it is not enabled
	Groups []string // by id, name or address
}

// ImportStatus is what became of a row.
type ImportStatus string

const (
	Created    ImportStatus = "CREATED"
	ExistsSame ImportStatus = "EXISTS_SAME" // an earlier call of the same import made it
	Ready      ImportStatus = "READY"       // of a dry run: it could be made
	Refused    ImportStatus = "REFUSED"
)

// ImportResult is what became of one row.
type ImportResult struct {
	Name   string
	Status ImportStatus
	Entry  ids.Entry // of Created and ExistsSame
	Err    error     // of Refused
}

var importForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// importTime is how long one call imports: what is left is for the next.
const importTime = 20 * time.Second

// ImportUsers makes users, each with mailbox and memberships in a Write of its
// own, so that each is there whole or not at all. A user remembers the import
// that made it: calling again with the same rows makes what is missing. The
// error is one that the next row would meet too; then the same call is repeated.
// A dry run writes nothing.
func (o *Organization) ImportUsers(ctx context.Context, importID string, rows []ImportRow, dry bool) ([]ImportResult, error) {
	if !importForm.MatchString(importID) {
		return nil, errs.Say("provision.ImportUsers", errs.Invalid, errs.Request, "An import's id has 1 to 64 letters, digits, dots, dashes and underlines.")
	}
	list := make([]ImportResult, len(rows))
	names, emails := map[string]bool{}, map[string]bool{}
	began := time.Now()
	for i, row := range rows {
		if time.Since(began) > importTime {
			return nil, errs.Say("provision.ImportUsers", errs.Throttled, errs.Nothing, "The server is busy. Call again with the same ImportId.")
		}
		row.tidy(importID)
		r := &list[i]
		r.Name = row.Name
		if err := o.importOne(ctx, row, r, dry, names, emails); err != nil {
			if stops(err) {
				return nil, err
			}
			*r = ImportResult{Name: row.Name, Status: Refused, Err: err}
		}
	}
	return list, nil
}

func (o *Organization) importOne(ctx context.Context, row ImportRow, r *ImportResult, dry bool, names, emails map[string]bool) error {
	has, err := o.s.Directory.ResolveAs(ctx, nil, o.ID, row.Name, directory.AcceptName)
	switch kind, _ := errs.Of(err); {
	case err == nil && has.ImportID == row.ImportID:
		r.Status, r.Entry = ExistsSame, has.ID
		return nil
	case err != nil && kind != errs.NotFound && kind != errs.Invalid: // CreateUser says better what is wrong with a name
		return err
	}
	if err := noPassword(row.NewUser); err != nil {
		return err
	}
	mailbox := directory.Hook(o.attach)
	if dry {
		mailbox = nil
		if err := twice(row, names, emails); err != nil {
			return err
		}
	}
	then, err := o.imported(row, mailbox)
	if err != nil {
		return err
	}
	if dry {
		r.Status = Ready
		return o.TryUser(ctx, row.NewUser, then)
	}
	e, err := o.CreateUser(ctx, row.NewUser, then)
	r.Status, r.Entry = Created, e.ID
	return err
}

// imported is what happens to a new user in the Write that makes it.
func (o *Organization) imported(row ImportRow, mailbox directory.Hook) (directory.Hook, error) {
	var register, join directory.Hook
	if row.Email != "" {
		var err error
		if register, err = o.Registered(row.Email, mailbox); err != nil {
			return nil, err
		}
	}
	if len(row.Groups) > 0 {
		join = o.Joined(row.Groups)
	}
	return func(t *tx.Tx, e *directory.Entry) error {
		for _, h := range []directory.Hook{register, join} {
			if h == nil {
				continue
			}
			if err := h(t, e); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// tidy takes away the spaces of cells, and fills in the display name.
func (row *ImportRow) tidy(importID string) {
	row.ImportID = importID
	for _, s := range []*string{&row.Name, &row.DisplayName, &row.FirstName, &row.LastName, &row.Email} {
		*s = strings.TrimSpace(*s)
	}
	row.Role = directory.Role(strings.ToUpper(strings.TrimSpace(string(row.Role))))
	if row.DisplayName == "" {
		row.DisplayName = strings.TrimSpace(row.FirstName + " " + row.LastName)
	}
	if row.DisplayName == "" {
		row.DisplayName = row.Name
	}
	groups := row.Groups
	row.Groups = nil
	for _, g := range groups {
		if g = strings.TrimSpace(g); g != "" {
			row.Groups = append(row.Groups, g)
		}
	}
}

// twice refuses a name or address that an earlier row of the call has.
func twice(row ImportRow, names, emails map[string]bool) error {
	const op = "provision.ImportUsers"
	name, email := directory.NameKey(row.Name), directory.EmailKey(row.Email)
	if name != "" && names[name] {
		return errs.Say(op, errs.Exists, errs.Entry, "An earlier row has the name %s.", row.Name)
	}
	if email != "" && emails[email] {
		return errs.Say(op, errs.InUse, errs.Address, "An earlier row has the address %s.", row.Email)
	}
	names[name], emails[email] = true, true
	return nil
}

// stops tells an error of the whole import from one of a row.
func stops(err error) bool {
	switch kind, subject := errs.Of(err); kind {
	case errs.Internal, errs.Unavailable, errs.Throttled, errs.Denied:
		return true
	case errs.NotFound, errs.State:
		return subject == errs.Organization
	case errs.Unsupported:
		return subject == errs.Directory
	}
	return false
}
