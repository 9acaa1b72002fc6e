package dirstore

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

// EnabledUsers implements directory.Store.
func (s *Entries) EnabledUsers(ctx context.Context, v tx.View) (map[ids.Org]int64, error) {
	out := map[ids.Org]int64{}
	err := s.Q(v).Each(ctx, `SELECT org, CAST(SUM(n) AS BIGINT) FROM entry_count WHERE kind = $1 AND shown = 'ENABLED' GROUP BY org`, []any{int64(directory.KindUser)},
		func(scan func(...any) error) error {
			var org ids.Org
			var n int64
			err := scan((*string)(&org), &n)
			out[org] = n
			return err
		})
	return out, err
}
