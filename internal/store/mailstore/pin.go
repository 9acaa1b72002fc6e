package mailstore

import (
	"context"
	"time"

	"postroom/internal/core/tx"
)

// Pin keeps all packs of the region from being removed until a time, on every
// machine; the same holder renews it by pinning again.
func (s *Store) Pin(ctx context.Context, holder string, until time.Time) error {
	return s.Write(ctx, "", func(t *tx.Tx) error {
		_, err := s.db.Q(t).Exec(ctx, `INSERT INTO pack_pin (holder, until) VALUES ($1, $2)
			ON CONFLICT (holder) DO UPDATE SET until = excluded.until`, holder, millis(until))
		return err
	})
}

// Unpin ends a holder's pin, and those whose lease ran out.
func (s *Store) Unpin(ctx context.Context, holder string, now time.Time) error {
	return s.Write(ctx, "", func(t *tx.Tx) error {
		_, err := s.db.Q(t).Exec(ctx, `DELETE FROM pack_pin WHERE holder = $1 OR until < $2`, holder, millis(now))
		return err
	})
}

// Pinned tells whether anyone holds the packs now.
func (s *Store) Pinned(ctx context.Context, now time.Time) (bool, error) {
	var holder string
	return s.db.Q(nil).Found(ctx, `SELECT holder FROM pack_pin WHERE until >= $1 LIMIT 1`, []any{millis(now)}, &holder)
}
