// Package audit keeps who did what: a change's record commits with the change,
// reads and refusals follow within a second in a log database. Records of one
// organization are chained by hash (those of the deployment under organization
// ""), so that a changed, missing or cut record shows. It decides nothing, and
// keeps no secret: callers put none into Detail.
package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// The kinds of By.
const (
	Administrator = "administrator"
	User          = "user"
	System        = "system"
	Operator      = "operator"
	Unknown       = "unknown"
)

// By is who acted, from where, and by which operation.
type By struct {
	Kind      string // Administrator, User, System, Operator, Unknown
	ID, Name  string
	Source    string // the caller's IP address
	RequestID string
	Head      string // awsapi, smtp, imap …
	Operation string // WorkMailService.CreateUser, SMTP.AUTH …
}

// OK is the Outcome of what was done; otherwise it is the kind of the error.
const OK = "ok"

// Record is one entry of a chain. ID and Time are set when it is taken.
type Record struct {
	ID         string // sorts by time
	Time       time.Time
	By         By
	Org        ids.Org // "": the deployment
	Target     string  // id of what was changed or read
	TargetName string
	Outcome    string
	Detail     string // one line of text, no secrets
}

// Link is a record in its chain.
type Link struct {
	Record
	Seq  int64
	Prev []byte // hash of the record before; empty at the first
	Hash []byte
}

// Trail writes the records of changes into the database of what was changed.
type Trail struct {
	store Store
	clock clock.Clock
}

// NewTrail writes to store, which lies in the database of the changes.
func NewTrail(store Store, c clock.Clock) *Trail { return &Trail{store, c} }

// Record adds r to the chain of r.Org in the same commit as t's changes.
func (a *Trail) Record(t *tx.Tx, r Record) error { return appendTo(t, a.store, a.clock.Now(), r, nil) }

// tip is the end of a chain that this Write has taken.
type tip struct {
	seq  int64 // of the next record
	prev []byte
}

// appendTo adds r to its chain. taken, where it is not nil, keeps the ends of
// the chains for further records of the same Write.
func appendTo(t *tx.Tx, store Store, now time.Time, r Record, taken map[ids.Org]tip) error {
	if r.Time.IsZero() {
		r.Time = now
	}
	r.Time = r.Time.UTC().Truncate(time.Millisecond)
	if r.Outcome == "" {
		r.Outcome = OK
	}
	if r.ID == "" {
		r.ID = newID(r.Time)
	}
	for _, p := range []*string{
		&r.By.ID, &r.By.Name, &r.By.Source, &r.By.RequestID, &r.By.Head, &r.By.Operation, &r.Target, &r.TargetName, &r.Outcome, &r.Detail,
	} {
		*p = plain(*p)
	}
	end, ok := taken[r.Org]
	if !ok {
		var err error
		if end.seq, end.prev, err = store.Next(t, r.Org); err != nil {
			return err
		}
	}
	sum := hash(end.seq, end.prev, r)
	if taken != nil {
		taken[r.Org] = tip{end.seq + 1, sum}
	}
	return store.Append(t, Link{Record: r, Seq: end.seq, Prev: end.prev, Hash: sum})
}

// maxField is how many bytes of a field are kept.
const maxField = 1024

// plain takes out what a database or a line of text does not hold: refusals
// carry what strangers sent.
func plain(s string) string {
	if len(s) > maxField {
		s = s[:maxField]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// newID makes an id that sorts by time: 12 hex digits of milliseconds, 20 random ones.
func newID(at time.Time) string { return timeKey(at) + ids.Hex(10) }

func timeKey(at time.Time) string { return fmt.Sprintf("%012x", at.UnixMilli()) }

// hash is SHA-256 over the previous hash and every field, each with its length.
func hash(seq int64, prev []byte, r Record) []byte {
	h := sha256.New()
	for _, s := range []string{
		string(prev), strconv.FormatInt(seq, 10), r.ID, strconv.FormatInt(r.Time.UnixMilli(), 10), string(r.Org),
		r.By.Kind, r.By.ID, r.By.Name, r.By.Source, r.By.RequestID, r.By.Head, r.By.Operation,
		r.Target, r.TargetName, r.Outcome, r.Detail,
	} {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	return h.Sum(nil)
}
