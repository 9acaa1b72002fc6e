package mailflow

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

// State is what becomes of a task of the queue.
type State string

const (
	Ready   State = "ready"   // a worker takes it when it is due
	Waiting State = "waiting" // for a transport to other servers
	Failed  State = "failed"  // nobody can take it; kept until somebody is told
	Corrupt State = "corrupt" // its body cannot be read; kept, never dropped
)

// Message is a message of the queue.
type Message struct {
	ID     string // sorts by time
	Org    ids.Org
	Sender string // "" is the null reverse-path
	Actor  ids.Entry
	At     mailbox.Place
	Size   int64
	Key    []byte // the body's key, wrapped by the organization's
	Made   time.Time
}

// Task is one way out of a message: its hop is "region/NAME" for mail to
// addresses of a region, "retry/NAME" for named mailboxes of this region that
// were full, "domain/NAME" for other servers.
type Task struct {
	Message  string
	Hop      string
	Org      ids.Org
	State    State
	Reached  ids.Mailbox // mailboxes up to this one have the message
	Attempts int64
	Next     time.Time // due, or until when the lease holds
	Lease    string
	Error    string
}

// Target is a recipient of a task: an address, or a mailbox.
type Target struct {
	N       int64
	Address string
	Mailbox ids.Mailbox
	State   State
	Error   string
}

// Store keeps the queue. Methods with a Tx belong to the caller's Write.
type Store interface {
	tx.Store

	AddMessage(t *tx.Tx, m Message) error
	AddTask(t *tx.Tx, k Task, to []Target) error
	// Message is false where there is none.
	Message(ctx context.Context, v tx.View, id string) (Message, bool, error)
	Task(ctx context.Context, v tx.View, message, hop string) (Task, bool, error)
	// Targets returns those in state Ready, in order, those behind n first.
	Targets(ctx context.Context, v tx.View, message, hop string, n int64, limit int) ([]Target, error)
	// Due returns ready tasks whose time has come: at most each of one
	// organization, organizations in order of id, those behind after first.
	Due(ctx context.Context, now time.Time, after ids.Org, each, limit int) ([]Task, error)
	// NextDue is when the first ready task is due; false: there is none.
	NextDue(ctx context.Context) (time.Time, bool, error)
	// Take leases a due task; false: another has it.
	Take(t *tx.Tx, k Task, lease string, until time.Time) (bool, error)
	// Reach records that mailboxes up to reached have the message and renews
	// the lease; false: the lease is lost, and the Write must not commit.
	Reach(t *tx.Tx, k Task, reached ids.Mailbox, until time.Time) (bool, error)
	// Release ends the lease; false: it was lost.
	Release(t *tx.Tx, k Task, state State, next time.Time, cause string) (bool, error)
	// SetTarget changes state and error of one recipient.
	SetTarget(t *tx.Tx, message, hop string, n int64, state State, cause string) error
	RemoveTargets(t *tx.Tx, message, hop string, ns []int64) error
	// Settle removes a task that has no recipient left, or marks it failed
	// where only failed ones are left, and removes a message without tasks.
	// more: recipients are still ready.
	Settle(t *tx.Tx, message, hop string) (more bool, err error)

	// Seen returns which ids were marked.
	Seen(ctx context.Context, v tx.View, ids []string) (map[string]bool, error)
	// MarkSeen fails with errs.Exists where one is marked already.
	MarkSeen(t *tx.Tx, ids []string, at time.Time) error
	ForgetSeen(t *tx.Tx, before time.Time, limit int) (int, error)

	// Messages lists an organization's messages behind an id, and Tasks and
	// AllTargets what belongs to one.
	Messages(ctx context.Context, org ids.Org, after string, limit int) ([]Message, error)
	Tasks(ctx context.Context, message string) ([]Task, error)
	AllTargets(ctx context.Context, message, hop string, after int64, limit int) ([]Target, error)
	// Counts is how many tasks are in each state.
	Counts(ctx context.Context) (map[State]int64, error)
	// Purge removes up to limit messages of an organization.
	Purge(t *tx.Tx, org ids.Org, limit int) (int, error)
	// Bodies is what lives in a pack, and MoveBody follows a rewritten pack.
	Bodies(ctx context.Context, pack int64) ([]Message, error)
	MoveBody(t *tx.Tx, from, to mailbox.Place) error
}
