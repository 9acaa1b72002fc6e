package imap

import (
	"errors"
	"fmt"
)

// Status is the word of a status response (RFC 3501 §7.1).
type Status string

// The status words. PREAUTH and BYE are only ever untagged.
const (
	OK      Status = "OK"
	NO      Status = "NO"
	BAD     Status = "BAD"
	BYE     Status = "BYE"
	PREAUTH Status = "PREAUTH"
)

// SyntaxError is a complaint about one command. The connection stays in step:
// answer the command's tag (or "*" without one) with Status, Code and Text and
// read the next command.
type SyntaxError struct {
	Status Status // BAD, or NO where the grammar was right and a limit was not
	Code   Code   // response code without brackets, or empty
	Text   string // says what was expected and where; holds no bytes of the client
}

func (e *SyntaxError) Error() string { return e.Text }

// TooBigError ends the connection: what follows could only be understood by
// reading more than the limit allows. Answer the tag with BAD, then BYE, close.
type TooBigError struct {
	What  string // "line", "literal", "command", "commands before sign-in"
	Limit int64  // bytes
}

func (e *TooBigError) Error() string {
	return fmt.Sprintf("%s longer than %d bytes", e.What, e.Limit)
}

// IsFatal reports whether err ends the connection: everything but a SyntaxError.
func IsFatal(err error) bool {
	var se *SyntaxError
	return err != nil && !errors.As(err, &se)
}
