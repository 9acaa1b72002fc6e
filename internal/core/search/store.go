package search

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Store keeps the index. Reads show what is committed; methods with a *tx.Tx run
// inside Write. store/searchstore has it for SQLite and PostgreSQL, storetest
// its contract.
type Store interface {
	tx.Store

	// State returns how far a mailbox is indexed; Layout is 0 where nothing is known.
	State(ctx context.Context, id ids.Mailbox) (State, error)
	// States returns at most n of the mailboxes behind after, up to last, by id.
	States(ctx context.Context, after, last ids.Mailbox, n int) ([]State, error)
	// SetState replaces old by st where the state is old still, and tells so. It
	// holds the state's row until the Write ends.
	SetState(t *tx.Tx, old, st State) (bool, error)

	AddLoose(t *tx.Tx, id ids.Mailbox, docs []Doc) error
	// Loose calls f for at most n loose documents, by item; the document is valid
	// until f returns.
	Loose(ctx context.Context, id ids.Mailbox, n int, f func(Doc) error) error
	RemoveLoose(t *tx.Tx, id ids.Mailbox, items []ids.Item) error

	AddBlock(t *tx.Tx, id ids.Mailbox, b *Block) error
	// Blocks returns the blocks of a mailbox, by number, without their parts.
	Blocks(ctx context.Context, id ids.Mailbox) ([]Block, error)
	// Part calls f with one part of every block that has it, in no order; the
	// postings are valid until f returns.
	Part(ctx context.Context, id ids.Mailbox, part uint8, f func(block int64, postings []byte) error) error
	// FillParts reads the parts of one block.
	FillParts(ctx context.Context, id ids.Mailbox, b *Block) error
	RemoveBlock(t *tx.Tx, id ids.Mailbox, block int64) error

	// Empty removes at most about n rows of a mailbox, its state last, and tells
	// whether any are left. A mailbox that is not Emptying is left alone.
	Empty(t *tx.Tx, id ids.Mailbox, n int) (more bool, err error)

	// Damaged tells whether err means that what is stored cannot be used any more.
	Damaged(err error) bool
	// Renew begins anew with an empty store; a damaged file is put aside.
	Renew(ctx context.Context) error
}

// State is how far a mailbox is indexed.
type State struct {
	Mailbox ids.Mailbox
	Epoch   int64    // the mailbox's at that time
	Through ids.Item // all items up to this are in; Emptying: none counts any more
	Purged  ids.Seq  // the log_floor up to which purged items were looked for
	Loose   int64    // count of loose documents
	Block   int64    // number of the next block
	Layout  int64    // another random number whenever documents change their place
}

// Emptying is the Through of a mailbox whose documents are being removed.
const Emptying ids.Item = -1

// Doc is one item's text as grams.
type Doc struct {
	Item     ids.Item
	Complete bool   // all of its text is in
	Grams    []byte // grams.go
}

// Block is up to BlockSize documents whose grams are turned around.
type Block struct {
	Number     int64
	Items      []byte // block.go
	Incomplete []byte // bitmap over the items
	Parts      [PartCount][]byte
}
