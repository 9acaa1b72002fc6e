package directory

import (
	"context"
	"time"

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

	Made string // by Create: the intent that makes it, which the directory keeps; of Lookup: what Create was given, "" for what others made
	Half bool   // of Lookup: Create was not done with it

	Mirrored // of a Foreign directory only
}

// Mirrored is what the mirror takes from a foreign directory beside the details.
type Mirrored struct {
	System      bool      // the directory's own account
	UPN         string    // userPrincipalName; "" for none
	Mail        string    // the address it has there; "" for none
	Addresses   []Address // that become aliases: Kind and Text alone; nil where the attribute map names none
	Hidden      bool      // from the address book
	PasswordSet string    // another text after each change of the password; "" where the directory does not tell
	Members     []string  // keys of a group's direct members, in no order
	Fault       string    // what is wrong with it there, in a sentence; without a name or an Entry it cannot be shown
}

// Answer is what a directory says to a password.
type Answer string

const (
	Right          Answer = "right"
	Wrong          Answer = "wrong" // also where there is no such user, or none with a password
	Locked         Answer = "locked"
	Inactive       Answer = "inactive" // disabled, or the account expired
	Expired        Answer = "expired"  // the password was right once
	ChangeRequired Answer = "change-required"
)

// Source is where identities live and passwords are proven. What only it can
// say is never remembered: Check asks each time. errs.Unavailable, Directory
// when it does not answer; errs.Denied, Directory when it refuses our account.
type Source interface {
	Facts() Facts
	// Check tells whether the password is the user's. It takes the same time for one without a password.
	// An empty password is Wrong without asking (RFC 4513 §5.1.2). For a Ref that names nobody, whose Key is
	// a UUID, it does the same steps as for a wrong password: a stranger sees the time.
	Check(ctx context.Context, org ids.Org, user Ref, password string) (Answer, error)
	// Lookup reads an identity back; errs.NotFound, Entry.
	Lookup(ctx context.Context, org ids.Org, r Ref) (Identity, error)
}

// Writer is a foreign directory that can be changed. Each method but Create is
// idempotent. It is never called inside a Write. A Source that is no Writer and
// not InStore is read-only.
type Writer interface {
	Source
	// Create makes a user (password may be "") or group and answers its key and id. It never answers what
	// was there: errs.Exists, Entry where the name is taken, by whomever. What it made carries i.Made, which
	// Lookup answers, with Half until all of it is done. errs.Password where its policy refuses the password.
	// After any error but errs.Unavailable nothing that it made is there.
	Create(ctx context.Context, org ids.Org, i Identity, password string) (Ref, error)
	Change(ctx context.Context, org ids.Org, i Identity) error
	SetPassword(ctx context.Context, org ids.Org, user Ref, password string) error
	SetMember(ctx context.Context, org ids.Org, group, member Ref, in bool) error
	// Delete takes away what has the Ref's key, and nothing else where it has one.
	Delete(ctx context.Context, org ids.Org, r Ref) error
}

// PasswordChanger is a Writer in which a user's password can be changed by who
// knows it, as the directory's policy for users allows, also one that expired.
// errs.Password where the policy refuses the new one; errs.Unauthenticated,
// Entry where the old one is wrong.
type PasswordChanger interface {
	Writer
	ChangePassword(ctx context.Context, org ids.Org, user Ref, old, password string) error
}

// Foreign is a directory on other machines that is mirrored into our store. The
// mirror takes a Mark, reads everything, and then asks again and again what
// changed behind it.
type Foreign interface {
	Source
	// Mark is where the directory stands now.
	Mark(ctx context.Context) (Mark, error)
	// Read hands over all users and groups under the base and filters, in pages of at most 1,000.
	Read(ctx context.Context, page func([]Identity) error) error
	// Changed tells what changed behind a Mark.
	Changed(ctx context.Context, since Mark) (Changes, error)
	// ReadKeys hands over those that are under the base and filters now; what is missing has left.
	ReadKeys(ctx context.Context, keys []string, page func([]Identity) error) error
	// Keys hands over the keys of all users and groups under the base and filters.
	Keys(ctx context.Context, page func([]string) error) error
	// Wait returns when the directory says that something changed (true), or after its own
	// time between two looks; an error where it cannot be reached.
	Wait(ctx context.Context) (told bool, err error)
	// Names are those that its people sign in with.
	Names(ctx context.Context) (Names, error)
	// Policy of a user's password; of a new user's where the Ref is empty.
	Policy(ctx context.Context, user Ref) (PasswordPolicy, error)
	// Test walks the steps of using it and reports each.
	Test(ctx context.Context, report func(TestStep))
	Close()
}

// Mark is a place in a directory's own history; its text is the directory's.
type Mark string

// Changes are what happened behind a Mark.
type Changes struct {
	Keys  []string // what changed, in the whole naming context: perhaps nothing of ours
	Next  Mark
	Anew  bool // the Mark means nothing to this server: all is to be read anew
	Sweep bool // something changed that is not seen, such as a deletion: Keys is to be compared
}

// Names are what a directory is called at sign-in.
type Names struct {
	NetBIOS  string   // before the \; "" for none
	Suffixes []string // UPN suffixes, behind the @
}

// PasswordPolicy is what a directory demands of a password.
type PasswordPolicy struct {
	Name       string // "" for the directory's own; else of the fine-grained one
	Known      bool   // false: the directory does not tell
	MinLength  int
	Complexity bool // three of upper case, lower case, digits, others; not the user's name (MS-SAMR 3.1.1.7.2)
	History    int  // so many former passwords are refused
	MinAge     time.Duration
	MaxAge     time.Duration // 0: it does not expire
	LockAfter  int           // wrong attempts; 0: never
	OldAllowed time.Duration // so long the former password is taken after a reset
}

// Outcome of a step of a test.
type Outcome string

const (
	StepOK      Outcome = "OK"
	StepWarning Outcome = "WARNING"
	StepFailed  Outcome = "FAILED"
	StepSkipped Outcome = "SKIPPED"
)

// TestStep is one thing that a test of a directory tried.
type TestStep struct {
	Name    string // RESOLVE, CONNECT, TLS, BIND, BASE, READ, SAMPLE, CHANGES, WRITE, POLICY
	Server  string // "" for none in particular
	Outcome Outcome
	Text    string // what was seen, in words
	Advice  string // how to mend it; "" where there is nothing to mend
	Sample  []Identity
}

// DirectoryKind is what a foreign directory is.
type DirectoryKind string

const (
	SimpleAD    DirectoryKind = "SIMPLE_AD"
	MicrosoftAD DirectoryKind = "MICROSOFT_AD"
	ADConnector DirectoryKind = "AD_CONNECTOR" // read-only
	LDAP        DirectoryKind = "LDAP"
)

// Settings are how a foreign directory is reached and read.
type Settings struct {
	Kind        DirectoryKind
	Servers     []string // HOST or HOST:PORT, asked in this order
	StartTLS    bool     // else LDAPS
	CA          string   // PEM; "" for the system's
	Account     string   // DN, UPN or DOMAIN\user of the service account
	Secret      string   // its password
	BaseDN      string
	UserFilter  string // beside the kind's own; "" for all
	GroupFilter string
	ReadOnly    bool              // an LDAP directory that is not to be written
	Attributes  map[string]string // ours → the directory's, over the kind's preset
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
	// Proven answers, by PasswordMark, the passwords of a user that it saw proven before a time, the newest first.
	Proven(org ids.Org, entry ids.Entry, before time.Time) []string
}
