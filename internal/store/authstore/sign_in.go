package authstore

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// SignIns implements auth.SignInStore in a region's database.
type SignIns struct{ *sqldb.DB }

// NewSignIns keeps in db, whose schema is sqldb.Region.
func NewSignIns(db *sqldb.DB) *SignIns { return &SignIns{db} }

var _ auth.SignInStore = (*SignIns)(nil)

// AddSignIns adds to what is there of the same user, day, head, address and reason.
func (s *SignIns) AddSignIns(t *tx.Tx, list []auth.SignInRecord) error {
	for _, r := range list {
		_, err := s.Q(t).Exec(t.Context(), `INSERT INTO sign_in (org, entry, ok, day, head, remote, reason, n, first_at, last_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (org, entry, ok, day, head, remote, reason) DO UPDATE SET n = sign_in.n + excluded.n,
			first_at = CASE WHEN excluded.first_at < sign_in.first_at THEN excluded.first_at ELSE sign_in.first_at END,
			last_at = CASE WHEN excluded.last_at > sign_in.last_at THEN excluded.last_at ELSE sign_in.last_at END`,
			string(r.Org), string(r.Entry), r.Reason == auth.Accepted, r.Day, r.Head, r.Remote, string(r.Reason), r.Count, ms(r.First), ms(r.Last))
		if err != nil {
			return err
		}
	}
	return nil
}

// TrimSignIns keeps the newest of a user, as many of those that succeeded and of
// those that were refused.
func (s *SignIns) TrimSignIns(t *tx.Tx, org ids.Org, entry ids.Entry, keep int) error {
	for _, ok := range []bool{true, false} {
		_, err := s.Q(t).Exec(t.Context(), `DELETE FROM sign_in WHERE org = $1 AND entry = $2 AND ok = $3 AND last_at <
			(SELECT last_at FROM sign_in WHERE org = $1 AND entry = $2 AND ok = $3 ORDER BY last_at DESC LIMIT 1 OFFSET $4)`,
			string(org), string(entry), ok, keep-1)
		if err != nil {
			return err
		}
	}
	return nil
}

// SignIns are a user's, the newest first.
func (s *SignIns) SignIns(ctx context.Context, org ids.Org, entry ids.Entry) (list []auth.SignInRecord, err error) {
	err = s.Q(nil).Each(ctx, `SELECT org, entry, head, remote, reason, day, n, first_at, last_at FROM sign_in WHERE org = $1 AND entry = $2
		ORDER BY last_at DESC, head, remote, reason LIMIT 200`, []any{string(org), string(entry)}, func(scan func(...any) error) error {
		var r auth.SignInRecord
		var first, last int64
		err := scan(&r.Org, &r.Entry, &r.Head, &r.Remote, &r.Reason, &r.Day, &r.Count, &first, &last)
		r.First, r.Last = at(first), at(last)
		list = append(list, r)
		return err
	})
	return list, err
}

// PruneSignIns deletes at most limit that are older.
func (s *SignIns) PruneSignIns(t *tx.Tx, before time.Time, limit int) (int64, error) {
	return s.Q(t).Exec(t.Context(), `DELETE FROM sign_in WHERE (org, entry, ok, day, head, remote, reason) IN
		(SELECT org, entry, ok, day, head, remote, reason FROM sign_in WHERE last_at < $1 LIMIT $2)`, ms(before), limit)
}
