package mailstore

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

// Gone implements mailbox.Store.
func (s *Store) Gone(ctx context.Context, before time.Time, after ids.Mailbox, n int) (list []ids.Mailbox, err error) {
	err = s.db.Q(nil).Each(ctx, `SELECT DISTINCT mailbox FROM placement WHERE left_at < $1 AND mailbox > $2 ORDER BY mailbox LIMIT $3`,
		[]any{millis(before), after, n}, func(scan func(...any) error) error {
			var id ids.Mailbox
			err := scan(&id)
			list = append(list, id)
			return err
		})
	return list, err
}

// Purge implements mailbox.Store. A closed placement goes; an item that no
// placement is left of goes with its meta, bag and use of the body. The log's
// floor rises: a cursor from before has to start again.
func (s *Store) Purge(ctx context.Context, t *tx.Tx, id ids.Mailbox, before time.Time, n int) (int, error) {
	q := s.db.Q(t)
	type row struct {
		item ids.Item
		left ids.Seq
	}
	var rows []row
	err := q.Each(ctx, `SELECT item, left_seq FROM placement WHERE mailbox = $1 AND left_at < $2 ORDER BY left_seq LIMIT $3`,
		[]any{id, millis(before), n}, func(scan func(...any) error) error {
			var r row
			err := scan(&r.item, &r.left)
			rows = append(rows, r)
			return err
		})
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	for _, r := range rows {
		if _, err := q.Exec(ctx, `DELETE FROM placement WHERE mailbox = $1 AND left_seq = $2`, id, r.left); err != nil {
			return 0, err
		}
		// The deletion is the last change of an item: its number is the last
		// placement's.
		var body ids.Body
		out, err := q.Found(ctx, `SELECT body FROM item WHERE mailbox = $1 AND id = $2 AND folder = 0 AND seq = $3`, []any{id, r.item, r.left}, &body)
		if err != nil {
			return 0, err
		}
		if out {
			if err := s.forget(ctx, q.Exec, id, r.item, body); err != nil {
				return 0, err
			}
		}
	}
	floor := rows[len(rows)-1].left
	if _, err = q.Exec(ctx, `UPDATE mailbox SET log_floor = $2 WHERE id = $1 AND log_floor < $2`, id, floor); err != nil {
		return 0, err
	}
	_, err = q.Exec(ctx, `DELETE FROM change WHERE mailbox = $1 AND seq_to IN (SELECT seq_to FROM change WHERE mailbox = $1 AND seq_to <= $2 LIMIT $3)`, id, floor, n)
	return len(rows), err
}

func (s *Store) forget(ctx context.Context, exec func(context.Context, string, ...any) (int64, error), id ids.Mailbox, item ids.Item, body ids.Body) error {
	for _, text := range []string{
		`DELETE FROM property WHERE mailbox = $1 AND item = $2`,
		`DELETE FROM item WHERE mailbox = $1 AND id = $2`,
	} {
		if _, err := exec(ctx, text, id, item); err != nil {
			return err
		}
	}
	if body == 0 {
		return nil
	}
	if _, err := exec(ctx, `UPDATE body SET uses = uses - 1 WHERE mailbox = $1 AND id = $2`, id, body); err != nil {
		return err
	}
	_, err := exec(ctx, `DELETE FROM body WHERE mailbox = $1 AND id = $2 AND uses <= 0`, id, body)
	return err
}

// Live implements mailbox.Store.
func (s *Store) Live(ctx context.Context, pack int64) (list []mailbox.Place, err error) {
	err = s.db.Q(nil).Each(ctx, `SELECT DISTINCT pack, start, length FROM body WHERE pack = $1 ORDER BY start`, []any{pack}, func(scan func(...any) error) error {
		var p mailbox.Place
		err := scan(&p.Pack, &p.Offset, &p.Length)
		list = append(list, p)
		return err
	})
	return list, err
}

// Relocate implements mailbox.Store.
func (s *Store) Relocate(ctx context.Context, t *tx.Tx, from, to mailbox.Place) error {
	_, err := s.db.Q(t).Exec(ctx, `UPDATE body SET pack = $3, start = $4, length = $5 WHERE pack = $1 AND start = $2`,
		from.Pack, from.Offset, to.Pack, to.Offset, to.Length)
	return err
}

// Bodies implements mailbox.Store.
func (s *Store) Bodies(ctx context.Context, from ids.Mailbox, f func(ids.Mailbox, ids.Org, ids.Body, mailbox.Body) error) error {
	return s.db.Q(nil).Each(ctx, `SELECT body.mailbox, mailbox.org, body.id, body.pack, body.start, body.length, body.size, body.data_key
		FROM body JOIN mailbox ON mailbox.id = body.mailbox WHERE body.mailbox >= $1 ORDER BY body.mailbox, body.id`, []any{from},
		func(scan func(...any) error) error {
			var id ids.Mailbox
			var org ids.Org
			var n ids.Body
			var b mailbox.Body
			if err := scan(&id, &org, &n, &b.Pack, &b.Offset, &b.Length, &b.Size, &b.DataKey); err != nil {
				return err
			}
			return f(id, org, n, b)
		})
}
