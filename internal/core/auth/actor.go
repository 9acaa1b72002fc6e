package auth

import (
	"net/netip"
	"slices"
	"sync/atomic"

	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
)

// Kind is what an Actor is.
type Kind uint8

const (
	Nobody        Kind = iota // the zero Actor: has no right at all
	User                      // a mail user
	Administrator             // signed in to the console, or a signed API call
	System                    // the server itself: delivery, queue, jobs
	Operator                  // who has the machine: postroom … over the control socket
)

var kindNames = [...]string{audit.Unknown, audit.User, audit.Administrator, audit.System, audit.Operator}

func (k Kind) String() string { return kindNames[k] }

// Actor is who acts, proven. Only this package makes one that has rights; the
// zero Actor is Nobody. It is a value to pass around; rights are those of the
// moment of the proof, and Done tells when they end.
type Actor struct {
	who    *identity
	head   string
	remote netip.Addr
}

type identity struct {
	kind    Kind
	org     ids.Org
	entry   ids.Entry
	region  string
	name    string
	admin   ids.Admin
	rights  Rights
	version int64
	session string
	key     string

	hub    *hub
	live   *live
	pinned atomic.Bool
}

var nobody = &identity{}

func (a Actor) id() *identity {
	if a.who == nil {
		return nobody
	}
	return a.who
}

// Kind is what it is.
func (a Actor) Kind() Kind { return a.id().kind }

// Org is a mail user's organization, else "".
func (a Actor) Org() ids.Org { return a.id().org }

// Entry is a mail user's id in its organization, else "".
func (a Actor) Entry() ids.Entry { return a.id().entry }

// Region is the region of a mail user or of the System, else "".
func (a Actor) Region() string { return a.id().region }

// Name is the user's or administrator's name, for people.
func (a Actor) Name() string { return a.id().name }

// Head is the protocol head that the proof came through.
func (a Actor) Head() string { return a.head }

// Remote is the address on the other side, where known.
func (a Actor) Remote() netip.Addr { return a.remote }

// Admin is an administrator's id, else "".
func (a Actor) Admin() ids.Admin { return a.id().admin }

// Session is the id of an administrator's console session, else "".
func (a Actor) Session() string { return a.id().session }

// AccessKeyID is the key that signed an administrator's call, else "".
func (a Actor) AccessKeyID() string { return a.id().key }

// Version is the version of the credential that was proven.
func (a Actor) Version() int64 { return a.id().version }

// Rights are an administrator's. A mail user has none here.
func (a Actor) Rights() Rights {
	r := a.id().rights
	r.Organizations = slices.Clone(r.Organizations)
	return r
}

// ReadOnly tells whether it may only look: true for everyone but the System,
// the operator, administrators with full access, and a mail user in what is its own.
func (a Actor) ReadOnly() bool {
	i := a.id()
	switch i.kind {
	case User, System, Operator:
		return false
	}
	return i.rights.Role != Full
}

// MayOrg tells whether it may act on an organization at all.
func (a Actor) MayOrg(org ids.Org) bool {
	i := a.id()
	switch i.kind {
	case System, Operator:
		return true
	case Administrator:
		return i.rights.May(org)
	case User:
		return org != "" && i.org == org
	}
	return false
}

// AllOrgs tells whether it may act on every organization, and make new ones.
func (a Actor) AllOrgs() bool {
	i := a.id()
	return i.kind == System || i.kind == Operator || i.kind == Administrator && i.rights.All
}

// Manages tells whether it may change administrators.
func (a Actor) Manages() bool {
	i := a.id()
	return i.kind == Operator || i.kind == Administrator && i.rights.Manages()
}

// By is it for an audit record.
func (a Actor) By(operation, requestID string) audit.By {
	i := a.id()
	by := audit.By{Kind: i.kind.String(), Name: i.name, RequestID: requestID, Head: a.head, Operation: operation}
	switch i.kind {
	case User:
		by.ID = string(i.entry)
	case Administrator:
		by.ID = string(i.admin)
	}
	if a.remote.IsValid() {
		by.Source = a.remote.String()
	}
	return by
}

// Via is the Actor as it came through a head from an address.
func (a Actor) Via(head string, remote netip.Addr) Actor {
	a.head, a.remote = head, remote.Unmap()
	return a
}

// Done is closed when the proof ends: the password was changed, the user
// disabled or deleted, the session or key revoked, rights taken away. Whoever
// holds a connection open for the Actor waits on it, and calls Release when the
// connection ends by itself. It never closes for System and Operator.
func (a Actor) Done() <-chan struct{} {
	i := a.id()
	if i.live == nil {
		return nil
	}
	if i.pinned.CompareAndSwap(false, true) {
		i.hub.pin(i.live)
	}
	return i.live.done
}

// OnDone calls f on a goroutine of its own when Done is closed, at once where it
// is: for those of whom thousands wait, without a goroutine each. stop, called
// when the connection ends by itself, takes the call back, if it has not begun,
// and releases the Actor. System and Operator never call.
func (a Actor) OnDone(f func()) (stop func()) {
	i := a.id()
	if i.live == nil {
		return func() {}
	}
	a.Done()
	c := i.hub.call(i.live, f)
	return func() {
		i.hub.takeBack(i.live, c)
		a.Release()
	}
}

// Release ends the watch that Done began. It may be called at any time.
func (a Actor) Release() {
	if i := a.id(); i.live != nil && i.pinned.CompareAndSwap(true, false) {
		i.hub.unpin(i.live)
	}
}

// Revoked tells whether Done is closed.
func (a Actor) Revoked() bool {
	i := a.id()
	return i.live != nil && i.live.ended.Load()
}
