package auth

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
)

// Role is how much an administrator may do.
type Role string

const (
	Full     Role = "FULL"
	ReadOnly Role = "READ_ONLY"
)

// Rights are what an administrator may do, and where.
type Rights struct {
	Role          Role
	All           bool      // every organization, those of the future too
	Organizations []ids.Org // sorted; empty where All
}

// Within tells whether r gives nothing that parent does not have.
func (r Rights) Within(parent Rights) bool {
	if r.Role == Full && parent.Role != Full || r.All && !parent.All {
		return false
	}
	for _, o := range r.Organizations {
		if !parent.May(o) {
			return false
		}
	}
	return true
}

// May tells whether the rights reach an organization at all.
func (r Rights) May(org ids.Org) bool {
	return r.All || slices.Contains(r.Organizations, org)
}

// Manages tells whether the rights are those that administrators are managed with.
func (r Rights) Manages() bool { return r.Role == Full && r.All }

// Admin is an administrator, as it may be shown.
type Admin struct {
	ID   ids.Admin
	Name string
	Rights
	Enabled  bool
	Password bool     // has one; without it only access keys work
	Factors  []Factor // the kinds of second factors, as Factors.Kinds has them; changed by operations of their own
	Revision int64
	Created  time.Time
	Changed  time.Time
	SignedIn time.Time // zero: never
}

// AdminRecord is an administrator as the Store keeps it.
type AdminRecord struct {
	Admin
	Hash    string // PHC string, "" for none
	Version int64
}

// AccessKey is a key that signs API calls, without its secret.
type AccessKey struct {
	ID      string
	Admin   ids.Admin
	Active  bool
	Created time.Time
	Used    time.Time // within a minute; zero: never
}

// KeyRecord is an access key as the Store keeps it.
type KeyRecord struct {
	AccessKey
	Sealed []byte
}

// Session is a sign-in to the console that has not ended.
type Session struct {
	ID      string
	Admin   ids.Admin
	Remote  string
	Agent   string // what the browser that signed in calls itself
	Created time.Time
	Seen    time.Time // within a minute
	Expires time.Time // at the latest
	Current bool      // the one that asks
}

// SessionRecord is a session as the Store keeps it.
type SessionRecord struct {
	Session
	Hash    []byte // SHA-256 of the token
	Version int64
}

// RegionInfo is an entry of the deployment's list of regions.
type RegionInfo struct {
	Name    string
	Served  bool // by this process
	Created time.Time
}

const (
	maxAdminOrgs = 500
	maxKeys      = 10
	maxSessions  = 50
	minPassword  = 12
	maxAgent     = 256 // bytes that are kept of a browser's name
)

var adminName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$`)

// foldName is the form in which administrators' names are unique.
func foldName(name string) string { return strings.ToLower(name) }

func checkName(op, name string) error {
	if !adminName.MatchString(name) {
		return errs.Say(op, errs.Invalid, errs.Administrator,
			"An administrator's name has 1 to 64 letters, digits and . _ @ + - and begins with a letter or digit.")
	}
	return nil
}

// checkRights sorts the organizations and refuses what makes no sense.
func checkRights(op string, r Rights) (Rights, error) {
	no := func(format string, args ...any) (Rights, error) {
		return Rights{}, errs.Say(op, errs.Invalid, errs.Administrator, format, args...)
	}
	switch {
	case r.Role != Full && r.Role != ReadOnly:
		return no("The role is FULL or READ_ONLY.")
	case r.All && len(r.Organizations) > 0:
		return no("An administrator is for all organizations or for named ones, not both.")
	case !r.All && len(r.Organizations) == 0:
		return no("Name at least one organization, or choose all.")
	case len(r.Organizations) > maxAdminOrgs:
		return no("An administrator has at most %d named organizations.", maxAdminOrgs)
	}
	for _, o := range r.Organizations {
		if !ids.IsOrg(string(o)) {
			return no("%q is not an organization's id.", o)
		}
	}
	orgs := slices.Clone(r.Organizations)
	slices.Sort(orgs)
	r.Organizations = slices.Compact(orgs)
	return r, nil
}

// checkPassword is the policy for administrators' passwords.
func checkPassword(op, name, password string) error {
	plain, err := normal(password)
	if err != nil {
		return err
	}
	if utf8.RuneCountInString(plain) < minPassword {
		return errs.Say(op, errs.Password, errs.Administrator, "An administrator's password has at least %d characters.", minPassword)
	}
	if foldName(plain) == foldName(name) {
		return errs.Say(op, errs.Password, errs.Administrator, "The password is the administrator's name.")
	}
	return nil
}
