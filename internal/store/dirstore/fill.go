package dirstore

import (
	"context"
	"fmt"
	"slices"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

const fillSlice = 500 // users of one Write, two rows each

// FillUsers makes n enabled users, user0000000 and so on, with addresses of
// domain, without rules, records and mailboxes: for benchmarks alone. Users that
// are there already make it begin behind them.
func FillUsers(ctx context.Context, db *sqldb.DB, org ids.Org, domain string, n int) error {
	s := NewEntries(db)
	var has int
	if err := s.Q(nil).QueryRow(ctx, `SELECT COUNT(*) FROM entry WHERE org = $1 AND kind = 1`, string(org)).Scan(&has); err != nil {
		return err
	}
	// Random ids, in order: an index that grows at its end is made in a tenth of the time.
	order := make([]ids.Entry, max(n-has, 0))
	for i := range order {
		order[i] = ids.NewEntry()
	}
	slices.Sort(order)
	made := time.Now().Truncate(time.Millisecond)
	for len(order) > 0 {
		some := order[:min(len(order), fillSlice)]
		err := s.Write(ctx, org, func(t *tx.Tx) error {
			return s.fill(t, org, domain, made, some, has, n)
		})
		if err != nil {
			return err
		}
		order, has = order[len(some):], has+len(some)
	}
	return nil
}

func (s *Entries) fill(t *tx.Tx, org ids.Org, domain string, made time.Time, list []ids.Entry, first, n int) error {
	for i, id := range list {
		name := fmt.Sprintf("user%07d", first+i)
		e := directory.Entry{
			Org: org, ID: id, Kind: directory.KindUser, Role: directory.RoleUser, Name: name, DisplayName: fmt.Sprintf("Person %07d Bench", n-first-i),
			State: directory.Enabled, Dir: directory.DirActive, Email: name + "@" + domain, Created: made, EnabledAt: made,
			Version: 1, Revision: 1, GrantsRevision: 1,
		}
		if err := s.Insert(t, &e); err != nil {
			return err
		}
		if err := s.PutAddress(t, directory.Address{Org: org, Entry: id, Kind: directory.SMTP, Key: e.Email, Text: e.Email, Held: true}); err != nil {
			return err
		}
	}
	return nil
}
