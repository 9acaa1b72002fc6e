package mailstore

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
)

// NewItems implements mailbox.Store.
func (s *Store) NewItems(ctx context.Context, id ids.Mailbox, after ids.Item, n int) (list []mailbox.News, err error) {
	err = s.db.Q(nil).Each(ctx, `SELECT item.id, COALESCE(body.pack, 0), COALESCE(body.start, 0), COALESCE(body.length, 0), COALESCE(body.size, 0), body.data_key, body.meta
		FROM item LEFT JOIN body ON body.mailbox = item.mailbox AND body.id = item.body
		WHERE item.mailbox = $1 AND item.id > $2 ORDER BY item.id LIMIT $3`, []any{id, after, n}, func(scan func(...any) error) error {
		var it mailbox.News
		err := scan(&it.Item, &it.Body.Pack, &it.Body.Offset, &it.Body.Length, &it.Body.Size, &it.Body.DataKey, &it.Meta)
		list = append(list, it)
		return err
	})
	return list, err
}

// Waiting implements mailbox.Store.
func (s *Store) Waiting(ctx context.Context, id ids.Mailbox, after ids.Item) (count int64, first time.Time, err error) {
	var ms int64
	err = s.db.Q(nil).QueryRow(ctx, `SELECT COUNT(*), COALESCE(MIN(entered_at), 0) FROM item WHERE mailbox = $1 AND id > $2`, id, after).Scan(&count, &ms)
	return count, moment(ms), err
}

// ItemIDs implements mailbox.Store.
func (s *Store) ItemIDs(ctx context.Context, id ids.Mailbox, after ids.Item, n int) (list []ids.Item, err error) {
	err = s.db.Q(nil).Each(ctx, `SELECT id FROM item WHERE mailbox = $1 AND id > $2 ORDER BY id LIMIT $3`, []any{id, after, n}, func(scan func(...any) error) error {
		var item ids.Item
		err := scan(&item)
		list = append(list, item)
		return err
	})
	return list, err
}

// Boxes implements mailbox.Store.
func (s *Store) Boxes(ctx context.Context, after ids.Mailbox, n int) (list []mailbox.Box, err error) {
	err = s.db.Q(nil).Each(ctx, `SELECT `+boxColumns+` FROM mailbox WHERE id > $1 ORDER BY id LIMIT $2`, []any{after, n}, func(scan func(...any) error) error {
		b, err := scanBox(scan)
		list = append(list, b)
		return err
	})
	return list, err
}
