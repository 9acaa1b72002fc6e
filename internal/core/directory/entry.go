// Package directory has the rules of users, groups and resources: names,
// addresses, states, membership, delegates, passwords. Where identities live is
// a Source; the rows here are its mirror, and the directory itself for the
// built-in one. It does not know mailboxes: what becomes of them is told to it
// as functions that run in its Write. It never keeps or logs a password.
package directory

import (
	"strconv"
	"time"

	"postroom/internal/base/ids"
)

// Kind is what an entry is.
type Kind int8

const (
	KindUser     Kind = 1
	KindGroup    Kind = 2
	KindResource Kind = 3
)

// String is the API's word (EntityType).
func (k Kind) String() string {
	switch k {
	case KindUser:
		return "USER"
	case KindGroup:
		return "GROUP"
	case KindResource:
		return "RESOURCE"
	}
	return ""
}

func (k Kind) word() string {
	switch k {
	case KindUser:
		return "user"
	case KindGroup:
		return "group"
	case KindResource:
		return "resource"
	}
	return "user, group or resource"
}

// State is an entry's (EntityState).
type State string

const (
	Enabled  State = "ENABLED"
	Disabled State = "DISABLED"
	Deleted  State = "DELETED"
)

// DirState is what an entry's directory says of it.
type DirState string

const (
	DirActive   DirState = "active"
	DirDisabled DirState = "disabled"
	DirGone     DirState = "gone"
)

// Role of a user (UserRole).
type Role string

const (
	RoleUser       Role = "USER"
	RoleRemoteUser Role = "REMOTE_USER" // has an address and no mailbox here
	RoleSystemUser Role = "SYSTEM_USER" // the directory's own
	RoleResource   Role = "RESOURCE"    // a mailbox of a foreign system that stands for a room
)

// ResourceType of a resource.
type ResourceType string

const (
	Room      ResourceType = "ROOM"
	Equipment ResourceType = "EQUIPMENT"
)

// Booking says how a resource answers requests.
type Booking struct{ AutoAccept, DeclineRecurring, DeclineConflicting bool }

// said is how an audit record has it.
func (b Booking) said() string {
	word := map[bool]string{true: "yes", false: "no"}
	return "accepts by itself: " + word[b.AutoAccept] + ", declines recurring ones: " + word[b.DeclineRecurring] +
		", declines conflicting ones: " + word[b.DeclineConflicting]
}

// Details are what an address book shows of a user, each at most 256 characters.
type Details struct {
	FirstName, LastName, Initials, Telephone, Street, JobTitle string
	City, Company, ZipCode, Department, Country, Office        string
}

// Entry is a user, group or resource of an organization.
type Entry struct {
	Org         ids.Org
	ID          ids.Entry
	Kind        Kind
	Role        Role     // users only
	Name        string   // unique over the three kinds; "" where a mirrored name was taken
	DisplayName string   // users only
	State       State    // by Register and Deregister
	Dir         DirState // by the directory
	Email       string   // primary address; "" for none
	Hidden      bool     // from the address book

	Created, EnabledAt, DisabledAt, DeletedAt time.Time
	Provisioned, Deprovisioned                time.Time // when the mailbox was made and purged
	Mailbox                                   ids.Mailbox

	Details
	IdentityProviderUserID string

	ResourceType ResourceType
	Description  string
	Booking      Booking

	ImportID string // the import that made it; "" for none

	Key            string    // identity in a foreign directory: objectGUID, entryUUID
	UPN            string    // userPrincipalName there; "" for none
	PasswordSet    string    // Mirrored.PasswordSet, as last seen
	GoneAt         time.Time // since when its directory does not have it
	Version        int64     // of what signs in: raised when proofs made before must end
	Revision       int64
	GrantsRevision int64 // of the list of permissions on it

	// A password that was first proven before FormerBefore is a former one: it is
	// refused until FormerUntil without asking the directory, which may still take it.
	// Guard marks the only one that is taken until then; behind a "!", those that are not; "" where neither is known.
	FormerBefore, FormerUntil time.Time
	Guard                     string
}

// Shown is the state that the API tells: DISABLED also where only the directory says so.
func (e *Entry) Shown() State {
	if e.State == Enabled && e.Dir != DirActive {
		return Disabled
	}
	return e.State
}

// Enabled tells whether mail is taken for it and a user of it may sign in.
func (e *Entry) Enabled() bool { return e.Shown() == Enabled }

// Called is how an audit record names it: a name may be another's later.
func (e *Entry) Called() string { return e.Name + " (" + string(e.ID) + ")" }

// told is how many characters of a value an audit record says.
const told = 64

// isNow is what an audit record says of a detail that has a new value.
func isNow(what, value string) string {
	if value == "" {
		return "no " + what
	}
	if r := []rune(value); len(r) > told {
		value = string(r[:told]) + "…"
	}
	return what + " " + strconv.Quote(value)
}

// listing says whether the address book shows it, for an audit record.
func (e *Entry) listing() string {
	if e.Hidden {
		return "hidden from the address list"
	}
	return "shown in the address list"
}

// HasMailbox tells whether a mailbox belongs to such an entry once it is enabled.
func (e *Entry) HasMailbox() bool {
	return e.Kind == KindResource || e.Kind == KindUser && e.Role == RoleUser
}

// AddressKind is what an address is for.
type AddressKind string

const (
	SMTP AddressKind = "smtp"
	X500 AddressKind = "x500"
)

// Address is one of an entry's. Of several entries that once had it one holds
// it; a disabled entry keeps its addresses, until another takes them.
type Address struct {
	Org   ids.Org
	Entry ids.Entry
	Kind  AddressKind
	Key   string // address.Address.Key
	Text  string // as written
	Held  bool
}
