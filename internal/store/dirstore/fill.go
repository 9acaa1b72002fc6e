package dirstore

import (
	"context"
	"fmt"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// FillUsers makes n enabled users, user0000000 and so on, with addresses of
// domain, without rules, records and mailboxes: for benchmarks alone. Users that
// are there already make it begin behind them.
func FillUsers(ctx context.Context, db *sqldb.DB, org ids.Org, domain string, n int) error {
	s := NewEntries(db)
	var has int
	if err := s.Q(nil).QueryRow(ctx, `SELECT COUNT(*) FROM entry WHERE org = $1 AND kind = 1`, string(org)).Scan(&has); err != nil {
		return err
	}
	made := time.Now().Truncate(time.Millisecond)
	for has < n {
		end := min(has+1000, n)
		err := s.Write(ctx, org, func(t *tx.Tx) error {
			for i := has; i < end; i++ {
				name := fmt.Sprintf("user%07d", i)
				e := directory.Entry{
					Org: org, ID: ids.NewEntry(), Kind: directory.KindUser, Role: directory.RoleUser, Name: name, DisplayName: fmt.Sprintf("Person %07d", n-i),
					State: directory.Enabled, Dir: directory.DirActive, Email: name + "@" + domain, Created: made, EnabledAt: made,
					Version: 1, Revision: 1, GrantsRevision: 1,
				}
				if err := s.Insert(t, &e); err != nil {
					return err
				}
				if err := s.PutAddress(t, directory.Address{Org: org, Entry: e.ID, Kind: directory.SMTP, Key: e.Email, Text: e.Email, Held: true}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		has = end
	}
	return nil
}
