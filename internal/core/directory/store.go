package directory

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
)

// Store keeps the entries of one region. Lists are in byte order of their keys
// and begin behind a cursor.
type Store interface {
	tx.Store
	DirectoryStore
	MirrorStore

	Entry(ctx context.Context, v tx.View, org ids.Org, id ids.Entry) (e Entry, found bool, err error)
	// EntryByName takes a folded name; deleted entries have none.
	EntryByName(ctx context.Context, v tx.View, org ids.Org, nameKey string) (e Entry, found bool, err error)
	// EntryByAddress answers who holds an address.
	EntryByAddress(ctx context.Context, v tx.View, org ids.Org, addressKey string) (e Entry, found bool, err error)
	// EntriesByUPN answers those that have a folded userPrincipalName, at most two.
	EntriesByUPN(ctx context.Context, v tx.View, org ids.Org, key string) ([]Entry, error)
	// TargetByAddress is EntryByAddress for mail: only organizations that serve.
	TargetByAddress(ctx context.Context, v tx.View, org ids.Org, addressKey string) (t Target, found bool, err error)
	// Entries answers those that exist, in no order.
	Entries(ctx context.Context, v tx.View, org ids.Org, list []ids.Entry) ([]Entry, error)
	Insert(t *tx.Tx, list ...*Entry) error
	// Update writes all but organization, id, kind and created.
	Update(t *tx.Tx, e *Entry) error
	// Page answers entries in the order of the query's index, and the index key of each. They have what a
	// list shows: no Details, Booking, Version, GrantsRevision, and of the times EnabledAt and DisabledAt only.
	Page(ctx context.Context, v tx.View, q PageQuery) (entries []Entry, keys []string, err error)
	// Find answers a page of those that fit, as Page has them, with their number.
	Find(ctx context.Context, v tx.View, q FindQuery) (Found, error)
	// Exactly answers entries of several organizations, as Page has them, that have a key as name, as display name,
	// as address or an id, in this order, of each at most limit; not Deleted ones.
	Exactly(ctx context.Context, v tx.View, orgs []ids.Org, key, id string, limit int) ([]Entry, error)
	// Lookup answers entries, as Page has them, by name, by display name, by later words, by address, by id, in this order; not Deleted ones.
	Lookup(ctx context.Context, v tx.View, q LookupQuery) ([]Entry, error)
	// AnyEnabled tells whether an entry of the organization is ENABLED.
	AnyEnabled(ctx context.Context, v tx.View, org ids.Org) (bool, error)
	// Counts answers how many entries there are of each kind and state, Deleted ones too.
	Counts(ctx context.Context, v tx.View, org ids.Org) ([]Count, error)
	// EnabledUsers answers how many users are ENABLED in each organization that has any.
	EnabledUsers(ctx context.Context, v tx.View) (map[ids.Org]int64, error)

	// Holder answers the row that holds an address.
	Holder(ctx context.Context, v tx.View, org ids.Org, addressKey string) (a Address, found bool, err error)
	// Holders answers those of the addresses that somebody holds, in no order.
	Holders(ctx context.Context, v tx.View, org ids.Org, addressKeys []string) ([]Address, error)
	// Addresses of an entry in order of key behind after, held and lost.
	Addresses(ctx context.Context, v tx.View, org ids.Org, e ids.Entry, after string, limit int) ([]Address, error)
	PutAddress(t *tx.Tx, a Address) error
	DeleteAddress(t *tx.Tx, org ids.Org, e ids.Entry, addressKey string) error
	// DomainUsed answers an ENABLED entry that holds an address of a mail domain.
	DomainUsed(ctx context.Context, v tx.View, org ids.Org, domain string) (id ids.Entry, found bool, err error)
	// DropDomain deletes addresses of a mail domain, at most limit, clears them as primary, and answers how many.
	DropDomain(t *tx.Tx, org ids.Org, domain string, limit int) (int64, error)

	// PutMember and DeleteMember answer whether something changed.
	PutMember(t *tx.Tx, org ids.Org, group, member ids.Entry) (bool, error)
	DeleteMember(t *tx.Tx, org ids.Org, group, member ids.Entry) (bool, error)
	// Members of a group in order of id.
	Members(ctx context.Context, v tx.View, org ids.Org, group, after ids.Entry, limit int) ([]Entry, error)
	// Groups that have the member directly, in order of (sort key, id) from a sort-key prefix.
	Groups(ctx context.Context, v tx.View, org ids.Org, member ids.Entry, prefix, afterKey string, after ids.Entry, limit int) (groups []Entry, keys []string, err error)
	// GroupsOf answers all enabled groups that have the entry as a member, directly or through enabled groups.
	GroupsOf(ctx context.Context, v tx.View, org ids.Org, member ids.Entry) ([]ids.Entry, error)
	// Above answers those of a list that are the group, or have it as a member, directly or through any groups.
	Above(ctx context.Context, v tx.View, org ids.Org, group ids.Entry, list []ids.Entry) ([]ids.Entry, error)
	// Expand answers the enabled users and resources below an enabled group, at most limit.
	Expand(ctx context.Context, v tx.View, org ids.Org, group ids.Entry, limit int) ([]Entry, error)

	PutDelegate(t *tx.Tx, org ids.Org, resource, delegate ids.Entry) (bool, error)
	DeleteDelegate(t *tx.Tx, org ids.Org, resource, delegate ids.Entry) (bool, error)
	Delegates(ctx context.Context, v tx.View, org ids.Org, resource, after ids.Entry, limit int) ([]Entry, error)

	// Related answers a page of members or delegates, as Page has them, with their number.
	Related(ctx context.Context, v tx.View, q RelatedQuery) (Found, error)

	// DropFormer forgets what marked former passwords until a time, of at most limit entries, and answers of how many.
	DropFormer(t *tx.Tx, until time.Time, limit int) (int64, error)
	// PasswordHash answers "" where none is set.
	PasswordHash(ctx context.Context, v tx.View, org ids.Org, e ids.Entry) (hash string, err error)
	// WithPassword answers those of a list that have one set.
	WithPassword(ctx context.Context, v tx.View, org ids.Org, list []ids.Entry) ([]ids.Entry, error)
	PutPassword(t *tx.Tx, org ids.Org, e ids.Entry, hash string, at time.Time) error

	// DropRelations deletes addresses, memberships, delegates, permissions and
	// password of an entry, at most limit rows, and answers how many.
	DropRelations(t *tx.Tx, org ids.Org, e ids.Entry, limit int) (int64, error)
	// DeleteEntry takes away the row of a Deleted entry.
	DeleteEntry(t *tx.Tx, org ids.Org, e ids.Entry) error
	// Left answers entries that are not ENABLED, left (by Deregister or Delete) before a time, and still have
	// a mailbox or are Deleted; in order of (organization, id).
	Left(ctx context.Context, v tx.View, before time.Time, afterOrg ids.Org, after ids.Entry, limit int) ([]Entry, error)

	// PutPurge notes a mailbox that belongs to nobody any more and is to be purged.
	PutPurge(t *tx.Tx, p Purge) error
	Purges(ctx context.Context, v tx.View, after ids.Mailbox, limit int) ([]Purge, error)
	DeletePurge(t *tx.Tx, id ids.Mailbox) error

	// PutIntent makes an intent, or changes all but name and time of the one with its id.
	PutIntent(t *tx.Tx, i Intent) error
	Intent(ctx context.Context, v tx.View, org ids.Org, id string) (i Intent, found bool, err error)
	IntentByName(ctx context.Context, v tx.View, org ids.Org, nameKey string) (i Intent, found bool, err error)
	// Intents are those made before a time, the oldest first.
	Intents(ctx context.Context, v tx.View, before time.Time, limit int) ([]Intent, error)
	DeleteIntent(t *tx.Tx, org ids.Org, id string) error
}

// Index is an order of entries.
type Index byte

const (
	IndexName    Index = 'n'
	IndexDisplay Index = 'd'
	IndexEmail   Index = 'e'
	IndexState   Index = 's'
	IndexIdP     Index = 'i'
)

// Count is how many entries of a kind are in a state.
type Count struct {
	Kind    Kind
	State   State
	Entries int64
}

// PageQuery asks for entries of one kind. Only IndexState shows Deleted ones.
type PageQuery struct {
	Org      ids.Org
	Kind     Kind
	Index    Index
	Prefix   string // of the index's key; with IndexState: the state
	AfterKey string
	After    ids.Entry
	Limit    int
}

// Intent holds the name of an entry that is being made in a foreign directory.
// It keeps no secret.
type Intent struct {
	Org     ids.Org
	ID      string
	NameKey string
	Entry   Entry // as it will be
	Created time.Time

	// What else the call was to do, see NewUser; and who called.
	Email   string
	Mailbox bool
	Groups  []string
	By      audit.By

	Back bool // it is being taken back: Entry.Key is to be deleted
}

// Purge is a mailbox that waits to be purged.
type Purge struct {
	Org     ids.Org
	Mailbox ids.Mailbox
}
