// Package tx is the one way to write: Store.Write runs a function whose changes
// commit together, lasting, or not at all. It knows no SQL; store/sqldb
// implements it. Heads and connectors never see it.
package tx

import (
	"context"

	"postroom/internal/base/ids"
)

// View is something that reads can run on: a *Tx inside a Write, or nil for
// the store's own reading connections (each statement sees the last commit).
type View interface{ Handle() any }

// Tx is one running Write. Only a Store makes one. It must not outlive the
// function it was given to.
type Tx struct {
	ctx    context.Context
	handle any
	lock   func(root string) error
	after  []func()
}

// New is for a Store's Write alone: handle is what the store's statements run
// on, lock takes a root until the end of the transaction.
func New(ctx context.Context, handle any, lock func(root string) error) *Tx {
	return &Tx{ctx: ctx, handle: handle, lock: lock}
}

// Context is the caller's context.
func (t *Tx) Context() context.Context { return t.ctx }

// Handle is the store's.
func (t *Tx) Handle() any { return t.handle }

// LockOrg holds the organization's row: directory, addresses, mail domains.
// Organizations come before mailboxes, each in order of id.
func (t *Tx) LockOrg(org ids.Org) error { return t.lock("o" + string(org)) }

// LockMailbox holds the mailbox's row: its folders, items and counters.
func (t *Tx) LockMailbox(id ids.Mailbox) error { return t.lock(mailboxRoot(id)) }

// AfterCommit runs f once the change is lasting: wake-ups, metrics, cache
// invalidation. f must not fail and not block.
func (t *Tx) AfterCommit(f func()) { t.after = append(t.after, f) }

// Committed runs what AfterCommit gathered; for a Store's Write alone.
func (t *Tx) Committed() {
	for _, f := range t.after {
		f()
	}
}

// Store opens Writes. The function does no I/O, may run twice, and touches at
// most 1,000 rows or 20 ms. Turns are fair between the organizations named by
// fair ("" for work of the deployment). A nil answer means: it survives power loss.
type Store interface {
	Write(ctx context.Context, fair ids.Org, fn func(*Tx) error) error
}

func mailboxRoot(id ids.Mailbox) string {
	var b [17]byte
	b[0] = 'm'
	for i := 16; i > 0; i-- {
		b[i] = "0123456789abcdef"[id&15]
		id >>= 4
	}
	return string(b[:])
}
