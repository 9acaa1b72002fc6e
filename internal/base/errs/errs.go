// Package errs is the one error type of the house: an operation, a kind, a
// subject, a sentence that may be shown, and a cause that may only be logged.
// It knows no protocol: each head turns kind and subject into its own codes by
// one table, and walks AllKinds in a test so that no hole stays.
package errs

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Kind says what went wrong. Kinds are few and stable.
type Kind uint8

const (
	Internal        Kind = iota // a fault of ours; the public text says nothing
	Invalid                     // input breaks a rule
	NotFound                    // the subject does not exist, or not for this caller
	Exists                      // a name is taken
	InUse                       // an address, mail domain or directory belongs to another, or is still used
	Reserved                    // a name that nobody may have
	State                       // the subject is in a state that forbids this
	Registered                  // the entry has a mailbox already
	Limit                       // a count has reached its limit
	Unsupported                 // this directory or this version cannot do it
	Password                    // the password breaks the policy
	Config                      // a combination of settings that cannot work
	Conflict                    // If-Match no longer holds
	Unauthenticated             // who calls is not proven
	Denied                      // who calls is known and may not
	Throttled                   // too often; later again
	TooLarge                    // longer or bigger than the limit
	OverQuota                   // the mailbox is full
	Unavailable                 // a part that is needed does not answer; later again
	kinds
)

var kindNames = [...]string{
	"internal", "invalid", "not found", "exists", "in use", "reserved", "state", "registered", "limit",
	"unsupported", "password", "config", "conflict", "unauthenticated", "denied", "throttled", "too large",
	"over quota", "unavailable",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// AllKinds returns every kind, for the tests of the heads' tables.
func AllKinds() []Kind {
	all := make([]Kind, kinds)
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}

// Subject says what the error is about.
type Subject uint8

const (
	Nothing Subject = iota
	Request         // the call itself: a parameter, a command
	Organization
	MailDomain
	Entry // a user, group or resource
	Address
	Directory
	Mailbox
	Folder
	Item
	Permission
	Tags
	Resource // an object of the API that is no entry: an ARN, a key, a token
	Administrator
	AccessKey
	Session
	Operation
	Region
	Message
	Queue
	Storage
	subjects
)

var subjectNames = [...]string{
	"", "request", "organization", "mail domain", "entry", "address", "directory", "mailbox", "folder", "item",
	"permission", "tags", "resource", "administrator", "access key", "session", "operation", "region", "message",
	"queue", "storage",
}

func (s Subject) String() string {
	if int(s) < len(subjectNames) {
		return subjectNames[s]
	}
	return fmt.Sprintf("subject %d", uint8(s))
}

// AllSubjects returns every subject, for the tests of the heads' tables.
func AllSubjects() []Subject {
	all := make([]Subject, subjects)
	for i := range all {
		all[i] = Subject(i)
	}
	return all
}

// Error is an error of the house. Op is "area.Operation". Public is a whole
// sentence for the person who caused it; Cause is for the log alone.
type Error struct {
	Op      string
	Kind    Kind
	Subject Subject
	Public  string
	Cause   error
}

// E makes an error whose public text is chosen by Public or by kind.
func E(op string, kind Kind, subject Subject, cause error) *Error {
	return &Error{Op: op, Kind: kind, Subject: subject, Cause: cause}
}

// Say makes an error with its public text.
func Say(op string, kind Kind, subject Subject, format string, args ...any) *Error {
	return &Error{Op: op, Kind: kind, Subject: subject, Public: fmt.Sprintf(format, args...)}
}

// Because adds the cause, which is logged and never shown.
func (e *Error) Because(cause error) *Error { e.Cause = cause; return e }

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	b.WriteString(e.Kind.String())
	if e.Subject != Nothing {
		b.WriteString(" " + e.Subject.String())
	}
	if e.Public != "" {
		b.WriteString(": " + e.Public)
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// Of returns kind and subject of err: the outermost Error of the chain. A
// cancelled or timed-out context is Unavailable; anything foreign is Internal.
func Of(err error) (Kind, Subject) {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Kind, e.Subject
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Unavailable, Nothing
	}
	return Internal, Nothing
}

// Is tells whether err is of this kind.
func Is(err error, kind Kind) bool {
	if err == nil {
		return false
	}
	k, _ := Of(err)
	return k == kind
}

// Public returns the sentence that may be shown for err.
func Public(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Kind != Internal {
		if e.Public != "" {
			return e.Public
		}
		if e.Subject != Nothing {
			return fmt.Sprintf("%s: %s", e.Subject, e.Kind)
		}
		return e.Kind.String()
	}
	if k, _ := Of(err); k == Unavailable {
		return "The server could not finish this in time. Try again."
	}
	return "An internal error occurred. The server's log has the details under this request's id."
}
