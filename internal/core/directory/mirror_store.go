package directory

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// MirrorStore keeps what was seen of a foreign directory.
type MirrorStore interface {
	MirrorRow(ctx context.Context, v tx.View, org ids.Org) (r MirrorRow, found bool, err error)
	// TakeMirror makes holder the one that mirrors until a time, and answers false while another is. A first
	// one, or one for another directory, begins anew.
	TakeMirror(t *tx.Tx, org ids.Org, directory, holder string, now, until time.Time) (bool, error)
	// LeaveMirror lets another take it at once.
	LeaveMirror(t *tx.Tx, org ids.Org, holder string) error
	// PutMirror writes all but organization, directory, holder and what an administrator confirmed and asked for.
	PutMirror(t *tx.Tx, r MirrorRow) error
	// Confirm says how many may be taken away; 0 ends it.
	Confirm(t *tx.Tx, org ids.Org, number int, at time.Time) error

	// AskMirror says that everything is to be compared that was last compared before a time.
	AskMirror(t *tx.Tx, org ids.Org, at time.Time) error

	// Seen answers those of the keys that were seen, in no order.
	Seen(ctx context.Context, v tx.View, org ids.Org, keys []string) ([]Seen, error)
	// SeenEntries answers those that became one of the entries, in no order.
	SeenEntries(ctx context.Context, v tx.View, org ids.Org, list []ids.Entry) ([]Seen, error)
	// SeenKeys calls fn for each that is not gone, in order of key.
	SeenKeys(ctx context.Context, v tx.View, org ids.Org, fn func(key string, held bool)) error
	// SeenWith answers a page of those with a fault, held, or to be read again: marked so, or whose name is free now.
	SeenWith(ctx context.Context, v tx.View, org ids.Org, what SeenWhat, after string, limit int) ([]Seen, error)
	// CountSeen answers how many are not gone and became entries, and how many have a fault and are held.
	CountSeen(ctx context.Context, v tx.View, org ids.Org) (SeenCount, error)
	// GoneSince answers how many users went at or after a time.
	GoneSince(ctx context.Context, v tx.View, org ids.Org, at time.Time) (int, error)
	// PutSeen and PutMirroredAddress take each key once.
	PutSeen(t *tx.Tx, list ...Seen) error
	DeleteSeen(t *tx.Tx, org ids.Org, key string) error
	Hold(t *tx.Tx, org ids.Org, keys []string, held bool) error
	// EntriesByName answers who has each of the folded names, and which of them an intent holds.
	EntriesByName(ctx context.Context, v tx.View, org ids.Org, nameKeys []string) (entries []Entry, intents []string, err error)

	MirroredAddresses(ctx context.Context, v tx.View, org ids.Org, e ids.Entry) ([]MirroredAddress, error)
	PutMirroredAddress(t *tx.Tx, list ...MirroredAddress) error
	DeleteMirroredAddress(t *tx.Tx, org ids.Org, e ids.Entry, key string) error
	// OpenAddresses are those that were not given although their mail domain is verified and nobody holds them.
	OpenAddresses(ctx context.Context, v tx.View, org ids.Org, limit int) ([]MirroredAddress, error)

	// MemberIDs answers a page of a group's direct members in order.
	MemberIDs(ctx context.Context, v tx.View, org ids.Org, group, after ids.Entry, limit int) ([]ids.Entry, error)
	// Awaited are a group's members that were not seen yet, by key; AwaitedOf is who waits for keys.
	Awaited(ctx context.Context, v tx.View, org ids.Org, group ids.Entry) ([]string, error)
	AwaitedOf(ctx context.Context, v tx.View, org ids.Org, keys []string, limit int) ([]AwaitedMember, error)
	PutAwaited(t *tx.Tx, org ids.Org, a AwaitedMember) error
	DeleteAwaited(t *tx.Tx, org ids.Org, a AwaitedMember) error
}

// MirrorRow is how a mirror stands.
type MirrorRow struct {
	Org          ids.Org
	Directory    string
	Holder       string
	Mark         Mark // "": everything is to be read
	Read         int  // identities of the reading under way
	Looked       time.Time
	Full         time.Time
	Error        string
	FailingSince time.Time
	Impaired     bool
	HeldAt       time.Time
	Confirmed    int
	ConfirmedAt  time.Time
	AskedAt      time.Time // an administrator wants what was compared before this compared again
}

// Seen is an identity of a foreign directory as it was taken over.
type Seen struct {
	Org     ids.Org
	Key     string
	Entry   ids.Entry // "": it could not become one yet
	Kind    Kind
	Hash    string // of all but the members; "": look again
	Members string // hash of the members
	Hidden  bool
	Mail    string // its address there
	Wanted  string // its name, while another entry has it
	Fault   string // in words
	Again   bool
	Held    bool
	Gone    time.Time
}

// SeenWhat chooses among what was seen.
type SeenWhat byte

const (
	SeenFaults SeenWhat = 'f'
	SeenHeld   SeenWhat = 'h'
	SeenAgain  SeenWhat = 'a'
)

// SeenCount are the numbers of what was seen and is not gone.
type SeenCount struct{ Users, Groups, Faults, Held, HeldUsers int }

// MirroredAddress is an address that a directory names for an entry.
type MirroredAddress struct {
	Org    ids.Org
	Entry  ids.Entry
	Key    string
	Domain string // "" for x500
	Text   string
	Given  bool // it became the entry's by that
}

// AwaitedMember is one that a group has in its directory and that was not seen itself.
type AwaitedMember struct {
	Group ids.Entry
	Key   string
}
