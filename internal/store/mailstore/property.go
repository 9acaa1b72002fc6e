package mailstore

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

// Properties implements mailbox.Store.
func (s *Store) Properties(ctx context.Context, v tx.View, id ids.Mailbox, item ids.Item) (list []mailbox.Property, err error) {
	err = s.db.Q(v).Each(ctx, `SELECT part, tag, value FROM property WHERE mailbox = $1 AND item = $2 ORDER BY part, tag`, []any{id, item},
		func(scan func(...any) error) error {
			var p mailbox.Property
			err := scan(&p.Part, &p.Tag, &p.Value)
			list = append(list, p)
			return err
		})
	return list, err
}

// SetProperties implements mailbox.Store.
func (s *Store) SetProperties(ctx context.Context, t *tx.Tx, id ids.Mailbox, item ids.Item, set []mailbox.Property) error {
	for _, p := range set {
		if p.Value == nil {
			p.Value = []byte{}
		}
		_, err := s.db.Q(t).Exec(ctx, `INSERT INTO property (mailbox, item, part, tag, value) VALUES ($1,$2,$3,$4,$5)
			ON CONFLICT (mailbox, item, part, tag) DO UPDATE SET value = excluded.value`, id, item, p.Part, int64(p.Tag), p.Value)
		if err != nil {
			return err
		}
	}
	return nil
}

const firstNamed, lastNamed = 0x8000, 0xfffe

// PropertyID implements mailbox.Store.
func (s *Store) PropertyID(ctx context.Context, t *tx.Tx, id ids.Mailbox, guid, name string) (uint16, error) {
	q := s.db.Q(t)
	var n int64
	there, err := q.Found(ctx, `SELECT id FROM property_name WHERE mailbox = $1 AND set_guid = $2 AND name = $3`, []any{id, guid, name}, &n)
	if err != nil || there {
		return uint16(n), err
	}
	err = q.QueryRow(ctx, `SELECT COALESCE(MAX(id), CAST($2 AS BIGINT)) + 1 FROM property_name WHERE mailbox = $1`, id, firstNamed-1).Scan(&n)
	if err != nil {
		return 0, err
	}
	if n > lastNamed {
		return 0, errs.Say("mailstore.PropertyID", errs.Limit, errs.Mailbox, "The mailbox has used up its named properties.")
	}
	_, err = q.Exec(ctx, `INSERT INTO property_name (mailbox, id, set_guid, name) VALUES ($1,$2,$3,$4)`, id, n, guid, name)
	return uint16(n), err
}
