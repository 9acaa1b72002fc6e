package authstore

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/tx"
)

// Key finds an access key.
func (s *Store) Key(ctx context.Context, v tx.View, id string) (k auth.KeyRecord, found bool, err error) {
	var created, used int64
	found, err = s.Q(v).Found(ctx, `SELECT id, admin, secret, active, created, used FROM access_key WHERE id = $1`, []any{id},
		&k.ID, &k.Admin, &k.Sealed, &k.Active, &created, &used)
	k.Created, k.Used = at(created), at(used)
	return k, found, err
}

// Keys are an administrator's, in order of id.
func (s *Store) Keys(ctx context.Context, v tx.View, admin ids.Admin) (list []auth.AccessKey, err error) {
	err = s.Q(v).Each(ctx, `SELECT id, admin, active, created, used FROM access_key WHERE admin = $1 ORDER BY id`, []any{string(admin)},
		func(scan func(...any) error) error {
			var k auth.AccessKey
			var created, used int64
			err := scan(&k.ID, &k.Admin, &k.Active, &created, &used)
			k.Created, k.Used = at(created), at(used)
			list = append(list, k)
			return err
		})
	return list, err
}

// InsertKey adds a key.
func (s *Store) InsertKey(t *tx.Tx, k auth.KeyRecord) error {
	return s.exec(t, `INSERT INTO access_key (id, admin, secret, active, created, used) VALUES ($1, $2, $3, $4, $5, $6)`,
		k.ID, string(k.Admin), k.Sealed, k.Active, ms(k.Created), ms(k.Used))
}

// SetKeyActive switches a key on or off.
func (s *Store) SetKeyActive(t *tx.Tx, id string, active bool) error {
	return s.exec(t, `UPDATE access_key SET active = $2 WHERE id = $1`, id, active)
}

// DeleteKey deletes a key.
func (s *Store) DeleteKey(t *tx.Tx, id string) error {
	return s.exec(t, `DELETE FROM access_key WHERE id = $1`, id)
}

// Used notes when keys and sessions were last used, never backwards.
func (s *Store) Used(t *tx.Tx, keys, sessions map[string]time.Time) error {
	for id, when := range keys {
		if err := s.exec(t, `UPDATE access_key SET used = $2 WHERE id = $1 AND used < $2`, id, ms(when)); err != nil {
			return err
		}
	}
	for id, when := range sessions {
		if err := s.exec(t, `UPDATE session SET seen = $2 WHERE id = $1 AND seen < $2`, id, ms(when)); err != nil {
			return err
		}
	}
	return nil
}
