package mailstore

import (
	"context"
	"database/sql"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
)

// Metas implements mailbox.Store. The uid comes from the folder's index.
func (s *Store) Metas(ctx context.Context, id ids.Mailbox, folder ids.Folder, r mailbox.Range, f func(ids.UID, []byte) error) error {
	rows, err := s.db.Q(nil).Query(ctx, `SELECT item.uid, body.meta FROM item LEFT JOIN body ON body.mailbox = item.mailbox AND body.id = item.body
		WHERE item.mailbox = $1 AND item.folder = $2 AND item.uid >= $3 AND item.uid <= $4 ORDER BY item.uid`, id, folder, r.First, r.Last)
	if err != nil {
		return err
	}
	defer rows.Close()
	var uid int64
	var meta sql.RawBytes
	into := []any{&uid, &meta}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := f(ids.UID(uid), meta); err != nil {
			return err
		}
	}
	return rows.Err()
}
