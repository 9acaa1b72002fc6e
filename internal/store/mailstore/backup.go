package mailstore

import (
	"context"
	"time"

	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Extents adds to into how long each pack must be for what the rows of a
// snapshot refer to.
func Extents(ctx context.Context, s *sqldb.Snapshot, into map[int64]int64) error {
	return extents(ctx, s, into, `SELECT pack, start + length FROM body WHERE pack > $1 ORDER BY pack LIMIT 1`,
		`SELECT start + length FROM body WHERE pack = $1 ORDER BY start DESC LIMIT 1`)
}

// QueueExtents is Extents of the queue's messages.
func QueueExtents(ctx context.Context, s *sqldb.Snapshot, into map[int64]int64) error {
	return extents(ctx, s, into, `SELECT pack, start + length FROM queue_message WHERE pack > $1 ORDER BY pack LIMIT 1`,
		`SELECT start + length FROM queue_message WHERE pack = $1 ORDER BY start DESC LIMIT 1`)
}

// extents steps from pack to pack by the index: contents do not overlap, so the
// last one ends last.
func extents(ctx context.Context, s *sqldb.Snapshot, into map[int64]int64, next, last string) error {
	for pack := int64(0); ; {
		found := false
		err := s.Each(ctx, next, []any{pack}, func(scan func(...any) error) error {
			var end int64
			found = true
			return scan(&pack, &end)
		})
		if err != nil || !found {
			return err
		}
		err = s.Each(ctx, last, []any{pack}, func(scan func(...any) error) error {
			var end int64
			err := scan(&end)
			into[pack] = max(into[pack], end)
			return err
		})
		if err != nil {
			return err
		}
	}
}

// validitySlack is more uidvalidities than a server gives out between a backup
// and its loss.
const validitySlack = 100_000

// Renew makes all mailboxes of a restored database strangers to what clients
// remember: every uidvalidity rises above any that was given out after the
// backup, and the epoch, which is part of every cursor.
func (s *Store) Renew(ctx context.Context, t *tx.Tx, now time.Time) error {
	q := s.db.Q(t)
	var lowest int64
	if found, err := q.Found(ctx, `SELECT uidvalidity FROM folder ORDER BY uidvalidity LIMIT 1`, nil, &lowest); err != nil || !found {
		return err
	}
	rise := max(now.Unix()-lowest, 0) + validitySlack
	if _, err := q.Exec(ctx, `UPDATE folder SET uidvalidity = uidvalidity + $1`, rise); err != nil {
		return err
	}
	_, err := q.Exec(ctx, `UPDATE mailbox SET uidvalidity = uidvalidity + $1, epoch = epoch + 1`, rise)
	return err
}
