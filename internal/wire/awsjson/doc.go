// Package awsjson reads and writes the bodies of AWS JSON 1.1 as the structs of
// the AWS SDK for Go and structs like them: fields that are pointers, lists,
// structs, times, named strings and maps of strings, under the member's own name.
//
// It refuses what encoding/json lets pass: names in another case, invalid
// UTF-8, lone surrogates, deep nesting, bytes behind the document. It knows no
// operation and checks no length or pattern; other maps, blobs and documents
// are not in these APIs and not here.
package awsjson

import (
	"fmt"
)

// Kind says what is wrong with a body.
type Kind uint8

const (
	Syntax   Kind = iota // not a JSON object, or beyond a limit: SerializationException
	Type                 // a member has a value of another type: SerializationException
	BadValue             // the type is right, the value can be no value of it: the operation's validation error
	TooLarge             // longer than Limits.Bytes
)

// Error is a body that cannot be read. Member is the path of the member, such as
// Domains.0.DomainName, empty for the document itself. Text never holds a value.
type Error struct {
	Kind   Kind
	Member string
	Text   string
	Offset int // in bytes
}

func (e *Error) Error() string {
	if e.Member == "" {
		return fmt.Sprintf("%s (at byte %d)", e.Text, e.Offset)
	}
	return fmt.Sprintf("%s at '%s' (at byte %d)", e.Text, e.Member, e.Offset)
}

// Limits bounds what a document may cost.
type Limits struct {
	Bytes    int // of the whole document
	Depth    int // of objects and lists
	Elements int // of all lists and maps together that are kept
}

// DefaultLimits suit every operation of WorkMail and Postroom: the longest
// legal input is a list of 1,024 address ranges.
var DefaultLimits = Limits{Bytes: 1 << 20, Depth: 32, Elements: 10_000}
