package mailbox

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Store keeps mailboxes. Methods with a *tx.Tx write and run inside Write;
// those with a tx.View read there, or, given nil, what is committed. What is not
// there is errs.NotFound with the subject Mailbox, Folder or Item.
// store/mailstore has it for SQLite and PostgreSQL, storetest its contract.
type Store interface {
	tx.Store

	AddBox(ctx context.Context, t *tx.Tx, b Box) error
	Box(ctx context.Context, v tx.View, id ids.Mailbox) (Box, error)
	BoxOf(ctx context.Context, v tx.View, org ids.Org, entry ids.Entry) (Box, error)
	// BoxesOf returns mailboxes of an organization, at most n.
	BoxesOf(ctx context.Context, org ids.Org, n int) ([]ids.Mailbox, error)
	// Sum adds up what the mailboxes of an organization hold.
	Sum(ctx context.Context, org ids.Org) (Sum, error)
	SetQuota(ctx context.Context, t *tx.Tx, id ids.Mailbox, quota int64) error
	SetDetached(ctx context.Context, t *tx.Tx, id ids.Mailbox, at time.Time) error
	SetKeywords(ctx context.Context, t *tx.Tx, id ids.Mailbox, k Keywords) error
	SetWarned(ctx context.Context, t *tx.Tx, id ids.Mailbox, warned bool) error
	// Take takes n numbers of the counter and adds to the mailbox's size. Of the
	// mailbox as it is then it returns ID, Org, Entry, Seq, Size, Quota, Warned and
	// Detached; the numbers are Seq-n+1 to Seq.
	Take(ctx context.Context, t *tx.Tx, id ids.Mailbox, n, size int64) (Box, error)
	NextUIDValidity(ctx context.Context, t *tx.Tx, id ids.Mailbox) (uint32, error)
	// Seqs returns the counters of many mailboxes.
	Seqs(ctx context.Context, boxes []ids.Mailbox) (map[ids.Mailbox]ids.Seq, error)
	// Announce tells other processes of changed mailboxes; it may be lost.
	Announce(ctx context.Context, changed map[ids.Mailbox]ids.Seq) error
	// Listen calls f for what any process announces, until ctx ends or where
	// there can be no others.
	Listen(ctx context.Context, f func(ids.Mailbox, ids.Seq))
	// EmptyBox removes at most n rows of a mailbox and tells whether any are left.
	EmptyBox(ctx context.Context, t *tx.Tx, id ids.Mailbox, n int) (more bool, err error)

	Folders(ctx context.Context, v tx.View, id ids.Mailbox) ([]Folder, error)
	Folder(ctx context.Context, v tx.View, id ids.Mailbox, folder ids.Folder) (Folder, error)
	// FolderByName answers one below a parent; 0 is the top.
	FolderByName(ctx context.Context, v tx.View, id ids.Mailbox, parent ids.Folder, name string) (f Folder, found bool, err error)
	AddFolder(ctx context.Context, t *tx.Tx, id ids.Mailbox, f Folder) error
	MoveFolder(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder, parent ids.Folder, name string, seq ids.Seq) error
	RemoveFolder(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, seq ids.Seq) error
	Subscriptions(ctx context.Context, id ids.Mailbox, actor string) ([]string, error)
	Subscribe(ctx context.Context, t *tx.Tx, id ids.Mailbox, actor, path string, on bool) error

	// Entries reads a folder whole, by uid; about is the expected count.
	Entries(ctx context.Context, id ids.Mailbox, folder ids.Folder, about int64) ([]Entry, error)
	// EntriesOf returns, by uid, the messages of a folder among the items that
	// were made after one, and those named.
	EntriesOf(ctx context.Context, id ids.Mailbox, folder ids.Folder, after ids.Item, items []ids.Item) ([]Entry, error)
	// ChangesSince calls f with what each change after seq touched, oldest first.
	ChangesSince(ctx context.Context, id ids.Mailbox, seq ids.Seq, f func(old []byte) error) error
	// LeftSince returns uids that left a folder after seq, by uid.
	LeftSince(ctx context.Context, id ids.Mailbox, folder ids.Folder, seq ids.Seq) ([]ids.UID, error)

	// AddItem places a new item: counters of the folder, rows of item, meta,
	// placement and, where body is given, of the body.
	AddItem(ctx context.Context, t *tx.Tx, id ids.Mailbox, it NewItem) (ids.UID, uint32, error)
	Item(ctx context.Context, v tx.View, id ids.Mailbox, item ids.Item) (Item, error)
	// Items returns the items of a folder in a range of uids, by uid, with
	// their stored meta where meta is set.
	Items(ctx context.Context, id ids.Mailbox, folder ids.Folder, r Range, meta bool, f func(Item) error) error
	// Metas calls f for the messages of a folder in a range of uids, by uid, with
	// their stored meta where parsed is set; it is valid until f returns.
	Metas(ctx context.Context, id ids.Mailbox, folder ids.Folder, r Range, parsed bool, f func(m Meta, parsed []byte) error) error
	// Contents calls f for the messages of a folder in a range of uids, by uid;
	// Length is 0 where there is no content.
	Contents(ctx context.Context, id ids.Mailbox, folder ids.Folder, r Range, f func(ids.UID, Body) error) error
	Body(ctx context.Context, v tx.View, id ids.Mailbox, body ids.Body) (Body, error)
	// JoinThread puts Message-ID hashes into the conversation of which any is
	// a part already, else into thread, and returns which.
	JoinThread(ctx context.Context, t *tx.Tx, id ids.Mailbox, hashes []int64, thread ids.Item) (ids.Item, error)

	// SetFlags changes flags of the messages in r: flags become (flags &^
	// clear) | set. A message that changes gets base plus its uid minus r.First
	// as its number. Counters follow. It returns the old flags of those.
	SetFlags(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, r Range, set, clear Flags, base ids.Seq, now time.Time) ([]Entry, error)
	// Copy makes a new item of each message in r, in folder to of the mailbox
	// dest, numbered from base on and with uids from the folder's next on. Only
	// within one organization. translate gives the flags that keywords have in
	// dest; it is not asked within one mailbox.
	Copy(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, r Range, dest ids.Mailbox, to ids.Folder, base ids.Seq, now time.Time, translate func(Flags) Flags) (Moved, error)
	// Move closes placements and opens new ones in folder to, numbered likewise.
	Move(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, r Range, to ids.Folder, base ids.Seq, now time.Time) (Moved, error)
	// Delete closes the placements of the messages in r that have all flags of
	// only, numbered from base on. The items stay recoverable.
	Delete(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, r Range, only Flags, base ids.Seq, now time.Time) (Moved, error)
	// Measure returns count and bytes of the messages in r that have all flags of only.
	Measure(ctx context.Context, v tx.View, id ids.Mailbox, folder ids.Folder, r Range, only Flags) (count, size int64, err error)

	// NewItems, Waiting, ItemIDs and Boxes are what the search index asks for: see news.go.
	NewItems(ctx context.Context, id ids.Mailbox, after ids.Item, n int) ([]News, error)
	Waiting(ctx context.Context, id ids.Mailbox, after ids.Item) (count int64, first time.Time, err error)
	ItemIDs(ctx context.Context, id ids.Mailbox, after ids.Item, n int) ([]ids.Item, error)
	Boxes(ctx context.Context, after ids.Mailbox, n int) ([]Box, error)

	Properties(ctx context.Context, v tx.View, id ids.Mailbox, item ids.Item) ([]Property, error)
	SetProperties(ctx context.Context, t *tx.Tx, id ids.Mailbox, item ids.Item, set []Property) error
	PropertyID(ctx context.Context, t *tx.Tx, id ids.Mailbox, guid, name string) (uint16, error)

	AddChange(ctx context.Context, t *tx.Tx, id ids.Mailbox, c Change) error
	// Purge removes at most n items whose last placement closed before a
	// time and that nothing holds, with their bodies, and returns how many.
	Purge(ctx context.Context, t *tx.Tx, id ids.Mailbox, before time.Time, n int) (int, error)
	// Gone returns mailboxes that have closed placements from before a time.
	Gone(ctx context.Context, before time.Time, after ids.Mailbox, n int) ([]ids.Mailbox, error)

	// Live returns the places in a pack that rows refer to, by offset.
	Live(ctx context.Context, pack int64) ([]Place, error)
	// Relocate points the rows of one place to another.
	Relocate(ctx context.Context, t *tx.Tx, from, to Place) error
	// Bodies calls f for each body row from one on, by mailbox and body.
	Bodies(ctx context.Context, from ids.Mailbox, f func(ids.Mailbox, ids.Org, ids.Body, Body) error) error
}

// Box is a mailbox's own row. Sizes are in bytes.
type Box struct {
	ID          ids.Mailbox
	Org         ids.Org
	Entry       ids.Entry
	Epoch       int64
	Seq         ids.Seq
	LogFloor    ids.Seq
	UIDValidity uint32
	Size        int64
	Quota       int64
	Warned      bool
	Keywords    Keywords
	Created     time.Time
	Detached    time.Time // zero: in use
}

// Body is where a content lies and how it is opened. Size is of the plain bytes.
type Body struct {
	Place
	Size    int64
	DataKey []byte // wrapped by the organization's key
}

// Item is an item as it is stored.
type Item struct {
	ID         ids.Item
	Folder     ids.Folder // 0: in none any more
	UID        ids.UID
	Flags      Flags
	Seq        ids.Seq
	CreatedSeq ids.Seq
	ContentSeq ids.Seq // names the content version
	ReadSeq    ids.Seq
	FlagsSeq   ids.Seq
	Entered    time.Time
	Modified   time.Time
	Received   time.Time // INTERNALDATE
	Sent       time.Time
	Size       int64
	Body       ids.Body // 0: no content
	Thread     ids.Item
	Class      string // IPM.…
	Associated bool
	Attachment bool
	SourceKey  []byte
	ChangeKey  []byte
	Meta       []byte // wire/mime's form; empty where not asked for
}

// NewItem is an item to place. Its id is its Seq.
type NewItem struct {
	Folder     ids.Folder
	Flags      Flags
	Seq        ids.Seq
	Now        time.Time
	Received   time.Time
	Sent       time.Time
	Size       int64
	Body       *Body // nil: an item without content
	Thread     ids.Item
	Class      string
	Associated bool
	Attachment bool
	SourceKey  []byte
	ChangeKey  []byte
	Name       string
	Meta       []byte
}

// Moved is what a copy, move or deletion did: uids from and to, pairwise, and
// their bytes. To is empty for a deletion.
type Moved struct {
	UIDValidity uint32 // of the target
	From, To    []ids.UID
	Items       []ids.Item // moved or deleted, pairwise with From
	Size        int64
}

// Property is a typed value of an item's bag. Part 0 is the item itself. Tag is
// the property's id << 16 | its type ([MS-OXCDATA] 2.11).
type Property struct {
	Part  int64
	Tag   uint32
	Value []byte
}

// Change is what one transaction did to a mailbox.
type Change struct {
	From, To  ids.Seq
	At        time.Time
	Actor     string
	Head      string
	Operation string
	Old       []byte // what was replaced: see history.go
}
