package mailstore

import (
	"context"
	"database/sql"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
)

// Numbers are scanned into any: into an int64 the driver's own goes by reflection.
func number(v any) int64 {
	n, _ := v.(int64)
	return n
}

// Metas implements mailbox.Store.
func (s *Store) Metas(ctx context.Context, id ids.Mailbox, folder ids.Folder, r mailbox.Range, parsed bool, f func(mailbox.Meta, []byte) error) error {
	text := `SELECT item.uid, item.body, item.size, item.received_at, item.sent_at FROM item
		WHERE item.mailbox = $1 AND item.folder = $2 AND item.uid >= $3 AND item.uid <= $4 ORDER BY item.uid`
	var uid, body, size, received, sent any
	var meta sql.RawBytes
	into := []any{&uid, &body, &size, &received, &sent}
	if parsed {
		text = `SELECT item.uid, item.body, item.size, item.received_at, item.sent_at, body.meta FROM item
			LEFT JOIN body ON body.mailbox = item.mailbox AND body.id = item.body
			WHERE item.mailbox = $1 AND item.folder = $2 AND item.uid >= $3 AND item.uid <= $4 ORDER BY item.uid`
		into = append(into, &meta)
	}
	return s.each(ctx, text, []any{id, folder, r.First, r.Last}, into, func() error {
		return f(mailbox.Meta{UID: ids.UID(number(uid)), Body: ids.Body(number(body)), Size: number(size),
			Received: moment(number(received)), Sent: moment(number(sent))}, meta)
	})
}

// Contents implements mailbox.Store.
func (s *Store) Contents(ctx context.Context, id ids.Mailbox, folder ids.Folder, r mailbox.Range, f func(ids.UID, mailbox.Body) error) error {
	var uid, pack, start, length, size any
	var key sql.RawBytes
	return s.each(ctx, `SELECT item.uid, body.pack, body.start, body.length, body.size, body.data_key FROM item
		LEFT JOIN body ON body.mailbox = item.mailbox AND body.id = item.body
		WHERE item.mailbox = $1 AND item.folder = $2 AND item.uid >= $3 AND item.uid <= $4 ORDER BY item.uid`,
		[]any{id, folder, r.First, r.Last}, []any{&uid, &pack, &start, &length, &size, &key}, func() error {
			at := mailbox.Place{Pack: number(pack), Offset: number(start), Length: number(length)}
			return f(ids.UID(number(uid)), mailbox.Body{Place: at, Size: number(size), DataKey: append([]byte(nil), key...)})
		})
}

// each calls f for each row of an answer, scanned into what may be the driver's
// own memory.
func (s *Store) each(ctx context.Context, text string, args, into []any, f func() error) error {
	rows, err := s.db.Q(nil).Query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for n := 0; rows.Next(); n++ {
		if n&255 == 255 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}
