package audit

import (
	"bytes"
	"context"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
)

// Filter chooses records of one chain. Empty fields choose all.
type Filter struct {
	Org       ids.Org
	From, To  time.Time // From included, To not
	Actor     string    // id or name of who acted
	Operation string
	Target    string   // id or name of what was changed
	Changes   bool     // what was done, or tried and refused: no reads
	After     string   // the ID after which a page begins; from the page before
	Limit     int      // 1 to 1000; 0 is 100
	Reads     []string // the operations that only read: Changes leaves their refusals out too
}

// Bounds answers the ids between which f's records lie: low included, high not.
func (f Filter) Bounds() (low, high string) {
	high = "g" // above every hex digit
	if !f.From.IsZero() {
		low = timeKey(f.From)
	}
	if !f.To.IsZero() {
		high = timeKey(f.To)
	}
	if f.After != "" && f.After < high {
		high = f.After
	}
	return low, high
}

// Lists reads chains of several databases as one list.
type Lists struct{ stores []Store } // the trail's first

// NewLists reads what a trail wrote, then what the logs of reads and refusals did.
func NewLists(trail Store, logs ...Store) *Lists { return &Lists{append([]Store{trail}, logs...)} }

// List answers a page, newest first, and the After of the next page ("" at the end).
func (l *Lists) List(ctx context.Context, f Filter) ([]Record, string, error) {
	if f.Limit == 0 {
		f.Limit = 100
	}
	if f.Limit < 1 || f.Limit > 1000 {
		return nil, "", errs.Say("audit.List", errs.Invalid, errs.Request, "A page has 1 to 1000 records.")
	}
	for _, text := range []string{f.Actor, f.Operation, f.Target, f.After} {
		if len(text) > maxField || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return nil, "", errs.Say("audit.List", errs.Invalid, errs.Request, "The filter is not valid text.")
		}
	}
	limit := f.Limit
	f.Limit++
	var all []Record
	changes := f.Changes
	for i, s := range l.stores {
		f.Changes = changes && i > 0 // the trail has nothing else
		page, err := s.Page(ctx, f)
		if err != nil {
			return nil, "", err
		}
		all = append(all, page...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ID > all[j].ID })
	if len(all) <= limit {
		return all, "", nil
	}
	return all[:limit], all[limit-1].ID, nil
}

// Verify follows an organization's chain in each database from its first record
// to its head and answers how many records it read. A record that was changed,
// taken out or cut off gives errs.Internal with the place in the cause.
func (l *Lists) Verify(ctx context.Context, org ids.Org) (int64, error) {
	var total int64
	for _, s := range l.stores {
		n, err := verify(ctx, s, org)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

func verify(ctx context.Context, s Store, org ids.Org) (n int64, err error) {
	broken := func(why string) error {
		return errs.Say("audit.Verify", errs.Internal, errs.Storage, "The audit chain of %q is broken at record %d: %s.", org, n+1, why)
	}
	// The head is read first: what is appended meanwhile is not asked for.
	seq, last, err := s.Head(ctx, org)
	if err != nil {
		return 0, err
	}
	var prev []byte
	for n < seq {
		links, err := s.Chain(ctx, org, n, 500)
		if err != nil {
			return n, err
		}
		if len(links) == 0 {
			return n, broken("it is missing")
		}
		for _, l := range links {
			switch {
			case n == seq:
				continue
			case l.Seq != n+1:
				return n, broken("it is missing")
			case !bytes.Equal(l.Prev, prev):
				return n, broken("it does not follow the one before")
			case !bytes.Equal(l.Hash, hash(l.Seq, l.Prev, l.Record)):
				return n, broken("its text was changed")
			}
			n, prev = l.Seq, l.Hash
		}
	}
	if !bytes.Equal(prev, last) {
		return n, broken("the chain does not end at its head")
	}
	return n, nil
}
