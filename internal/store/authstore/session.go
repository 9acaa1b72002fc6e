package authstore

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/tx"
)

const sessionColumns = `hash, id, admin, version, remote, agent, created, seen, expires`

func scanSession(scan func(...any) error) (auth.SessionRecord, error) {
	var r auth.SessionRecord
	var created, seen, expires int64
	err := scan(&r.Hash, &r.ID, &r.Admin, &r.Version, &r.Remote, &r.Agent, &created, &seen, &expires)
	r.Created, r.Seen, r.Expires = at(created), at(seen), at(expires)
	return r, err
}

// Session finds a session by its token's hash.
func (s *Store) Session(ctx context.Context, v tx.View, hash []byte) (r auth.SessionRecord, found bool, err error) {
	err = s.Q(v).Each(ctx, `SELECT `+sessionColumns+` FROM session WHERE hash = $1`, []any{hash}, func(scan func(...any) error) error {
		found = true
		r, err = scanSession(scan)
		return err
	})
	return r, found, err
}

// Sessions are an administrator's, the oldest first.
func (s *Store) Sessions(ctx context.Context, v tx.View, admin ids.Admin) (list []auth.SessionRecord, err error) {
	err = s.Q(v).Each(ctx, `SELECT `+sessionColumns+` FROM session WHERE admin = $1 ORDER BY created, id`, []any{string(admin)},
		func(scan func(...any) error) error {
			r, err := scanSession(scan)
			list = append(list, r)
			return err
		})
	return list, err
}

// InsertSession adds a session.
func (s *Store) InsertSession(t *tx.Tx, r auth.SessionRecord) error {
	return s.exec(t, `INSERT INTO session (hash, id, admin, version, remote, agent, created, seen, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.Hash, r.ID, string(r.Admin), r.Version, r.Remote, r.Agent, ms(r.Created), ms(r.Seen), ms(r.Expires))
}

// SetSessionVersion keeps a session over a change of its administrator.
func (s *Store) SetSessionVersion(t *tx.Tx, id string, version int64) error {
	return s.exec(t, `UPDATE session SET version = $2 WHERE id = $1`, id, version)
}

// DeleteSession ends a session.
func (s *Store) DeleteSession(t *tx.Tx, id string) error {
	return s.exec(t, `DELETE FROM session WHERE id = $1`, id)
}

// DeleteSessions ends all of an administrator but one.
func (s *Store) DeleteSessions(t *tx.Tx, admin ids.Admin, but string) error {
	return s.exec(t, `DELETE FROM session WHERE admin = $1 AND id <> $2`, string(admin), but)
}

// ExpireSessions deletes what has ended.
func (s *Store) ExpireSessions(t *tx.Tx, now, seenBefore time.Time, limit int) (int64, error) {
	return s.Q(t).Exec(t.Context(), `DELETE FROM session WHERE hash IN
		(SELECT hash FROM session WHERE expires <= $1 OR seen <= $2 LIMIT $3)`, ms(now), ms(seenBefore), limit)
}
