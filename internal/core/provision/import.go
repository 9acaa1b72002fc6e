package provision

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
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
	Created      ImportStatus = "CREATED"
	ExistsSame   ImportStatus = "EXISTS_SAME"   // an earlier call of the same import made it
	ExistsBefore ImportStatus = "EXISTS_BEFORE" // this import did not make it, but it is what the row says
	Ready        ImportStatus = "READY"         // of a dry run: it could be made
	Refused      ImportStatus = "REFUSED"
)

// ImportResult is what became of one row.
type ImportResult struct {
	Name   string
	Status ImportStatus
	Entry  ids.Entry // of Created, ExistsSame and ExistsBefore
	Err    error     // of Refused
}

var importForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// importTime is how long one call imports, at least one row: what is left is for the next.
var importTime = 20 * time.Second

// ImportUsers makes users, each with mailbox and memberships in a Write of its
// own, so that each is there whole or not at all. A user remembers the import
// that made it: calling again with the same rows makes what is missing. Another
// import of the same rows leaves them as they are. The error is one that the next
// row would meet too; then the same call is repeated.
// Where that happens behind the first row, what became of the rows before is
// answered, and the others are refused as errs.Throttled. A dry run writes nothing.
func (o *Organization) ImportUsers(ctx context.Context, importID string, rows []ImportRow, dry bool) ([]ImportResult, error) {
	if !importForm.MatchString(importID) {
		return nil, errs.Say("provision.ImportUsers", errs.Invalid, errs.Request, "An import's id has 1 to 64 letters, digits, dots, dashes and underlines.")
	}
	list := make([]ImportResult, len(rows))
	names, emails := map[string]bool{}, map[string]bool{}
	began := time.Now()
	for i, row := range rows {
		if i > 0 && time.Since(began) > importTime {
			rest(list, rows, i, nil)
			break
		}
		row.tidy(importID)
		r := &list[i]
		r.Name = row.Name
		if err := o.importOne(ctx, row, r, dry, names, emails); err != nil {
			if stops(err) && i == 0 {
				return nil, err
			}
			if stops(err) {
				rest(list, rows, i, err)
				break
			}
			*r = ImportResult{Name: row.Name, Status: Refused, Err: err}
		}
	}
	return list, nil
}

// rest marks the rows that are left for the next call.
func rest(list []ImportResult, rows []ImportRow, from int, why error) {
	err := errs.Say("provision.ImportUsers", errs.Throttled, errs.Nothing, "The server did not come to this row. Call again with the same ImportId.").Because(why)
	for i := from; i < len(rows); i++ {
		list[i] = ImportResult{Name: strings.TrimSpace(rows[i].Name), Status: Refused, Err: err}
	}
}

func (o *Organization) importOne(ctx context.Context, row ImportRow, r *ImportResult, dry bool, names, emails map[string]bool) error {
	if err := twice(row, names, emails); err != nil {
		return err
	}
	if found, err := o.isThere(ctx, row, r); found || err != nil {
		return err
	}
	if err := noPassword(row.NewUser); err != nil {
		return err
	}
	if dry {
		r.Status = Ready
		return o.TryUser(ctx, row.NewUser)
	}
	e, err := o.CreateUser(ctx, row.NewUser, o.attach)
	if errs.Is(err, errs.Exists) { // a call beside this one may have made it
		if found, err := o.isThere(ctx, row, r); found || err != nil {
			return err
		}
	}
	r.Status, r.Entry = Created, e.ID
	return err
}

// isThere tells whether the row's user is there already, and whether this import
// made it. Where the user is not what the row says, the name is taken.
func (o *Organization) isThere(ctx context.Context, row ImportRow, r *ImportResult) (bool, error) {
	e, err := o.s.Directory.ResolveAs(ctx, nil, o.ID, row.Name, directory.AcceptName)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Invalid) { // CreateUser says better what is wrong with a name
		return false, nil
	}
	if err != nil {
		return false, err
	}
	differs, err := o.differs(ctx, row, e)
	if err != nil {
		return false, err
	}
	ours := e.ImportID == row.ImportID
	if len(differs) > 0 && !ours {
		return false, nil // CreateUser says that the name is taken
	}
	if len(differs) > 0 {
		return false, errs.Say("provision.ImportUsers", errs.Exists, errs.Entry, "This import made the user %s already, but what this row has for it differs: %s.", e.Name, strings.Join(differs, ", "))
	}
	r.Status, r.Entry = ExistsBefore, e.ID
	if ours {
		r.Status = ExistsSame
	}
	return true, nil
}

// differs names what a user has otherwise than the row. The password cannot be
// compared, and memberships change by the groups.
func (o *Organization) differs(ctx context.Context, row ImportRow, e directory.Entry) ([]string, error) {
	role := row.Role
	if role == "" {
		role = directory.RoleUser
	}
	holds := row.Email == ""
	if !holds {
		list, err := o.s.Directory.Addresses(ctx, nil, o.ID, e.ID)
		if err != nil {
			return nil, err
		}
		key := directory.EmailKey(row.Email)
		holds = slices.ContainsFunc(list, func(has string) bool { return directory.EmailKey(has) == key })
	}
	var list []string
	for _, f := range []struct {
		what string
		same bool
	}{
		{"the display name", e.DisplayName == row.DisplayName},
		{"the address", holds},
		{"the role", e.Kind == directory.KindUser && e.Role == role},
		{"hidden from the address book", e.Hidden == row.Hidden},
	} {
		if !f.same {
			list = append(list, f.what)
		}
	}
	return list, nil
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
	row.NewUser.Email, row.NewUser.Groups = row.Email, nil
	for _, g := range row.Groups {
		if g = strings.TrimSpace(g); g != "" {
			row.NewUser.Groups = append(row.NewUser.Groups, g)
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
