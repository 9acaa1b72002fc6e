// Package flowstore keeps core/mailflow's queue in the region's database. It
// refuses to decide what is due to whom: it counts, leases and removes what it
// is told to.
package flowstore

import (
	"context"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/mailflow"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Store is a mailflow.Store.
type Store struct{ *sqldb.DB }

// New returns the queue of a region's database.
func New(db *sqldb.DB) *Store { return &Store{db} }

var _ mailflow.Store = (*Store)(nil)

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

const messageColumns = `id, org, sender, actor, pack, start, length, size, data_key, created_at`

func scanMessage(scan func(...any) error) (m mailflow.Message, err error) {
	var made int64
	err = scan(&m.ID, &m.Org, &m.Sender, &m.Actor, &m.At.Pack, &m.At.Offset, &m.At.Length, &m.Size, &m.Key, &made)
	m.Made = at(made)
	return m, err
}

func (s *Store) messages(ctx context.Context, text string, args ...any) ([]mailflow.Message, error) {
	var all []mailflow.Message
	err := s.Q(nil).Each(ctx, text, args, func(scan func(...any) error) error {
		m, err := scanMessage(scan)
		all = append(all, m)
		return err
	})
	return all, err
}

func (s *Store) AddMessage(t *tx.Tx, m mailflow.Message) error {
	_, err := s.Q(t).Exec(t.Context(), `INSERT INTO queue_message (`+messageColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		m.ID, string(m.Org), m.Sender, string(m.Actor), m.At.Pack, m.At.Offset, m.At.Length, m.Size, m.Key, ms(m.Made))
	return err
}

func (s *Store) Message(ctx context.Context, v tx.View, id string) (m mailflow.Message, found bool, err error) {
	err = s.Q(v).Each(ctx, `SELECT `+messageColumns+` FROM queue_message WHERE id = $1`, []any{id},
		func(scan func(...any) error) (err error) {
			found = true
			m, err = scanMessage(scan)
			return err
		})
	return m, found, err
}

func (s *Store) Messages(ctx context.Context, org ids.Org, after string, limit int) ([]mailflow.Message, error) {
	return s.messages(ctx, `SELECT `+messageColumns+` FROM queue_message WHERE org = $1 AND id > $2 ORDER BY id LIMIT $3`,
		string(org), after, limit)
}

func (s *Store) Bodies(ctx context.Context, pack int64) ([]mailflow.Message, error) {
	return s.messages(ctx, `SELECT `+messageColumns+` FROM queue_message WHERE pack = $1 ORDER BY start`, pack)
}

func (s *Store) MoveBody(t *tx.Tx, from, to mailbox.Place) error {
	_, err := s.Q(t).Exec(t.Context(), `UPDATE queue_message SET pack = $1, start = $2, length = $3 WHERE pack = $4 AND start = $5`,
		to.Pack, to.Offset, to.Length, from.Pack, from.Offset)
	return err
}

func (s *Store) Purge(t *tx.Tx, org ids.Org, limit int) (int, error) {
	var found []string
	q := s.Q(t)
	err := q.Each(t.Context(), `SELECT id FROM queue_message WHERE org = $1 ORDER BY id LIMIT $2`, []any{string(org), limit},
		func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			found = append(found, id)
			return err
		})
	for _, id := range found {
		for _, text := range []string{
			`DELETE FROM queue_recipient WHERE message = $1`, `DELETE FROM queue_task WHERE message = $1`, `DELETE FROM queue_message WHERE id = $1`,
		} {
			if err == nil {
				_, err = q.Exec(t.Context(), text, id)
			}
		}
	}
	return len(found), err
}

func (s *Store) Seen(ctx context.Context, v tx.View, keys []string) (map[string]bool, error) {
	seen := map[string]bool{}
	for _, k := range keys {
		var one int64
		found, err := s.Q(v).Found(ctx, `SELECT 1 FROM queue_seen WHERE id = $1`, []any{k}, &one)
		if err != nil {
			return nil, err
		}
		if found {
			seen[k] = true
		}
	}
	return seen, nil
}

func (s *Store) MarkSeen(t *tx.Tx, keys []string, when time.Time) error {
	for _, k := range keys {
		n, err := s.Q(t).Exec(t.Context(), `INSERT INTO queue_seen (id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, k, ms(when))
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Say("flowstore.MarkSeen", errs.Exists, errs.Queue, "The message came already.")
		}
	}
	return nil
}

func (s *Store) ForgetSeen(t *tx.Tx, before time.Time, limit int) (int, error) {
	n, err := s.Q(t).Exec(t.Context(), `DELETE FROM queue_seen WHERE id IN (SELECT id FROM queue_seen WHERE at < $1 ORDER BY at LIMIT $2)`,
		ms(before), limit)
	return int(n), err
}
