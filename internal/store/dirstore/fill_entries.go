package dirstore

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Filled is an entry with what hangs on it.
type Filled struct {
	directory.Entry
	Addresses []string    // beside its Email
	Members   []ids.Entry // of a group
}

// FillEntries writes entries of an organization as they are given, unchecked,
// without records and mailboxes: for fixtures alone, which need what no
// operation makes, such as a directory's own accounts.
func FillEntries(ctx context.Context, db *sqldb.DB, org ids.Org, list []Filled) error {
	s := NewEntries(db)
	for rows := 0; len(list) > 0; rows = 0 {
		n := 0
		for n < len(list) && (n == 0 || rows < 2*fillSlice) {
			rows += 2 + len(list[n].Addresses) + len(list[n].Members)
			n++
		}
		some := list[:n]
		err := s.Write(ctx, org, func(t *tx.Tx) error {
			for i := range some {
				if err := s.fillEntry(t, &some[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

func (s *Entries) fillEntry(t *tx.Tx, f *Filled) error {
	if err := s.Insert(t, &f.Entry); err != nil {
		return err
	}
	all := f.Addresses
	if f.Email != "" {
		all = append([]string{f.Email}, all...)
	}
	for _, text := range all {
		a := directory.Address{Org: f.Org, Entry: f.ID, Kind: directory.SMTP, Key: directory.EmailKey(text), Text: text, Held: true}
		if err := s.PutAddress(t, a); err != nil {
			return err
		}
	}
	for _, m := range f.Members {
		if _, err := s.PutMember(t, f.Org, f.ID, m); err != nil {
			return err
		}
	}
	return nil
}
