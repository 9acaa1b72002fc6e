package imap

import (
	"errors"

	"postroom/internal/base/errs"
	wire "postroom/internal/wire/imap"
)

// answer is how a command is refused.
type answer struct {
	status wire.Status
	code   wire.Code
}

// row is a kind's answer, and those of subjects that have another.
type row struct {
	answer
	of map[errs.Subject]answer
}

func no(code wire.Code) answer { return answer{wire.NO, code} }

// refusals turns core's errors into response codes (RFC 5530, RFC 3501 §7.1).
var refusals = map[errs.Kind]row{
	errs.Internal: {no(wire.CodeServerBug), nil},
	errs.Invalid: {no(wire.CodeCannot), map[errs.Subject]answer{
		errs.Request: {wire.BAD, wire.CodeClientBug},
		errs.Message: no(""),
	}},
	errs.NotFound:        {no(wire.CodeNonExistent), map[errs.Subject]answer{errs.Item: no(wire.CodeExpungeIssued)}},
	errs.Exists:          {no(wire.CodeAlreadyExists), nil},
	errs.InUse:           {no(wire.CodeInUse), map[errs.Subject]answer{errs.Folder: no(wire.CodeHasChildren)}},
	errs.Reserved:        {no(wire.CodeCannot), nil},
	errs.State:           {no(wire.CodeUnavailable), nil},
	errs.Registered:      {no(wire.CodeCannot), nil},
	errs.Limit:           {no(wire.CodeLimit), nil},
	errs.Unsupported:     {no(wire.CodeCannot), nil},
	errs.Password:        {no(wire.CodeAuthFailed), nil},
	errs.Config:          {no(wire.CodeContactAdmin), nil},
	errs.Conflict:        {no(wire.CodeInUse), nil},
	errs.Unauthenticated: {no(wire.CodeAuthFailed), nil},
	errs.Denied: {no(wire.CodeNoPerm), map[errs.Subject]answer{
		errs.Folder: no(wire.CodeCannot), // a standard folder, for everyone
	}},
	errs.Throttled:   {no(wire.CodeUnavailable), map[errs.Subject]answer{errs.Mailbox: no(wire.CodeLimit)}},
	errs.TooLarge:    {no(wire.CodeTooBig), nil},
	errs.OverQuota:   {no(wire.CodeOverQuota), nil},
	errs.Unavailable: {no(wire.CodeUnavailable), nil},
}

// refusal finds the answer of an error of core.
func refusal(err error) answer {
	kind, subject := errs.Of(err)
	r, ok := refusals[kind]
	if !ok {
		return no(wire.CodeServerBug)
	}
	if a, ok := r.of[subject]; ok {
		return a
	}
	return r.answer
}

// said is an error of this head itself, with its whole answer.
type said struct {
	answer
	text string
}

func (s *said) Error() string { return s.text }

func sayNO(code wire.Code, text string) error  { return &said{no(code), text} }
func sayBAD(code wire.Code, text string) error { return &said{answer{wire.BAD, code}, text} }

// isOurs tells whether an error is a fault of the server, to be logged.
func isOurs(err error) bool {
	var s *said
	var syntax *wire.SyntaxError
	if errors.As(err, &s) || errors.As(err, &syntax) {
		return false
	}
	kind, _ := errs.Of(err)
	return kind == errs.Internal || kind == errs.Unavailable || kind == errs.Config
}
