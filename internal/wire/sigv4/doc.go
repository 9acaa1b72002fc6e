// Package sigv4 checks the AWS Signature Version 4 of a request, as a server,
// and signs one, as a client ("Signature Version 4 signing process", the form
// in the Authorization header with AWS4-HMAC-SHA256).
//
// It refuses signatures in the query, chunked and unsigned payloads, temporary
// credentials (a security token), and a call whose Host, X-Amz-Date or
// X-Amz-Target is not signed. It finds no secret: the caller looks that up
// between Parse and Verify.
package sigv4

import (
	"errors"
	"time"
)

// Skew is how far the time of a signature may be from the server's.
const Skew = 5 * time.Minute

// Errors of Parse, Scope, Verify and Refuse, to be told by errors.Is; the error
// itself is an *Error.
var (
	ErrMissing    = errors.New("sigv4: no signature")
	ErrIncomplete = errors.New("sigv4: incomplete signature")
	ErrScope      = errors.New("sigv4: wrong credential scope")
	ErrSkew       = errors.New("sigv4: outside the time window")
	ErrMismatch   = errors.New("sigv4: signature does not match")
	ErrUnknownKey = errors.New("sigv4: unknown access key")
)

// Error is a refused signature. Text may be shown to the caller.
type Error struct {
	Kind error // one of the errors above
	Text string
}

func (e *Error) Error() string { return e.Text }
func (e *Error) Unwrap() error { return e.Kind }

// Exception returns the name that AWS gives this error.
func (e *Error) Exception() string {
	switch {
	case errors.Is(e.Kind, ErrMissing):
		return "MissingAuthenticationTokenException"
	case errors.Is(e.Kind, ErrIncomplete):
		return "IncompleteSignatureException"
	case errors.Is(e.Kind, ErrUnknownKey):
		return "UnrecognizedClientException"
	default:
		return "InvalidSignatureException"
	}
}

func refuse(kind error, text string) error { return &Error{kind, text} }
