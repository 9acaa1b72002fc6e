// Package ids has the identities of the house as types of their own, so that a
// signature says what it takes, and makes new ones. It never looks anything up.
package ids

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"

	"github.com/google/uuid"
)

// Org is an organization's id: "m-" and 32 lower hex digits, unique over the deployment.
type Org string

// Entry is the id of a user, group or resource, unique in its organization: a
// UUID, an AD SID, or "r-" and 32 lower hex digits for a resource.
type Entry string

// Mailbox is a mailbox's id: positive, unique over the deployment.
type Mailbox int64

// Folder is a folder's id in its mailbox: the number of the change that made it.
type Folder int64

// Item is an item's id for life in its mailbox: the number of the change that made it.
type Item int64

// Seq is a number of the mailbox's counter (48 bits).
type Seq int64

// UID is a placement's number in its folder (RFC 9051 §2.3.1.1).
type UID uint32

// Body is a stored content's id in its mailbox.
type Body int64

// Admin is an administrator's id, a UUID.
type Admin string

// NewOrg makes an organization's id.
func NewOrg() Org { return Org("m-" + Hex(16)) }

// NewResource makes a resource's id.
func NewResource() Entry { return Entry("r-" + Hex(16)) }

// NewEntry makes the id of a user or group of the built-in directory.
func NewEntry() Entry { return Entry(uuid.NewString()) }

// NewDirectory makes a directory's id: "d-" and 10 lower hex digits.
func NewDirectory() string { return "d-" + Hex(5) }

// NewMailbox makes a mailbox's id: 62 random bits.
func NewMailbox() Mailbox {
	var b [8]byte
	rand.Read(b[:])
	return Mailbox(binary.BigEndian.Uint64(b[:])>>2 | 1)
}

// NewUUID makes a random UUID in text form.
func NewUUID() string { return uuid.NewString() }

// Hex returns n random bytes as 2n lower hex digits.
func Hex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// IsOrg tells whether s has the form of an organization's id.
func IsOrg(s string) bool { return len(s) == 34 && s[:2] == "m-" && isHex(s[2:]) }

// IsResource tells whether s has the form of a resource's id.
func IsResource(s string) bool { return len(s) == 34 && s[:2] == "r-" && isHex(s[2:]) }

func isHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
