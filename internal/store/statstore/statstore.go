// Package statstore keeps core/statistics' figures in a region's database, and
// reads what organizations use from the rows of mailboxes and entries. It
// decides nothing.
package statstore

import (
	"context"
	"maps"
	"slices"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/statistics"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Store implements statistics.Store.
type Store struct{ *sqldb.DB }

// New keeps in db, whose schema is sqldb.Region.
func New(db *sqldb.DB) *Store { return &Store{db} }

var _ statistics.Store = (*Store)(nil)

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// Add adds to the rows of these organizations.
func (s *Store) Add(t *tx.Tx, step time.Duration, at time.Time, counts map[ids.Org]statistics.Counts) error {
	for _, org := range slices.Sorted(maps.Keys(counts)) {
		c := counts[org]
		_, err := s.Q(t).Exec(t.Context(), `INSERT INTO statistic
			(org, step, at, mail_in, mail_out, mail_refused, sign_ins, sign_ins_refused, storage, users) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, -1, -1)
			ON CONFLICT (org, step, at) DO UPDATE SET mail_in = statistic.mail_in + excluded.mail_in, mail_out = statistic.mail_out + excluded.mail_out,
			mail_refused = statistic.mail_refused + excluded.mail_refused, sign_ins = statistic.sign_ins + excluded.sign_ins,
			sign_ins_refused = statistic.sign_ins_refused + excluded.sign_ins_refused`,
			string(org), seconds(step), at.Unix(), c[statistics.MailIn], c[statistics.MailOut], c[statistics.MailRefused], c[statistics.SignIns], c[statistics.SignInsRefused])
		if err != nil {
			return err
		}
	}
	return nil
}

// SetUsage writes what is used at an interval.
func (s *Store) SetUsage(t *tx.Tx, step time.Duration, at time.Time, usage map[ids.Org]statistics.Usage) error {
	for _, org := range slices.Sorted(maps.Keys(usage)) {
		u := usage[org]
		_, err := s.Q(t).Exec(t.Context(), `INSERT INTO statistic
			(org, step, at, mail_in, mail_out, mail_refused, sign_ins, sign_ins_refused, storage, users) VALUES ($1, $2, $3, 0, 0, 0, 0, 0, $4, $5)
			ON CONFLICT (org, step, at) DO UPDATE SET storage = excluded.storage, users = excluded.users`,
			string(org), seconds(step), at.Unix(), u.Storage, u.Users)
		if err != nil {
			return err
		}
	}
	return nil
}

const sums = `SELECT at, CAST(SUM(mail_in) AS BIGINT), CAST(SUM(mail_out) AS BIGINT), CAST(SUM(mail_refused) AS BIGINT), CAST(SUM(sign_ins) AS BIGINT),
	CAST(SUM(sign_ins_refused) AS BIGINT), CAST(SUM(CASE WHEN storage < 0 THEN 0 ELSE storage END) AS BIGINT),
	CAST(SUM(CASE WHEN users < 0 THEN 0 ELSE users END) AS BIGINT), CAST(SUM(CASE WHEN users < 0 THEN 0 ELSE 1 END) AS BIGINT)
	FROM statistic WHERE step = $1 AND at >= $2`

// Rows are in order of time; several organizations are added up.
func (s *Store) Rows(ctx context.Context, orgs []ids.Org, step time.Duration, from time.Time) ([]statistics.Row, error) {
	at := map[int64]*statistics.Row{}
	read := func(text string, args ...any) error {
		return s.Q(nil).Each(ctx, text, args, func(scan func(...any) error) error {
			var when, seen int64
			var u statistics.Usage
			var c statistics.Counts
			err := scan(&when, &c[statistics.MailIn], &c[statistics.MailOut], &c[statistics.MailRefused], &c[statistics.SignIns], &c[statistics.SignInsRefused],
				&u.Storage, &u.Users, &seen)
			if err != nil {
				return err
			}
			r := at[when]
			if r == nil {
				r = &statistics.Row{At: time.Unix(when, 0).UTC()}
				at[when] = r
			}
			for k, n := range c {
				r.Counts[k] += n
			}
			if seen > 0 {
				if r.Usage == nil {
					r.Usage = &statistics.Usage{}
				}
				r.Usage.Storage += u.Storage
				r.Usage.Users += u.Users
			}
			return nil
		})
	}
	if orgs == nil {
		if err := read(sums+` GROUP BY at`, seconds(step), from.Unix()); err != nil {
			return nil, err
		}
	}
	for _, o := range orgs {
		if err := read(sums+` AND org = $3 GROUP BY at`, seconds(step), from.Unix(), string(o)); err != nil {
			return nil, err
		}
	}
	out := make([]statistics.Row, 0, len(at))
	for _, when := range slices.Sorted(maps.Keys(at)) {
		r := *at[when]
		if len(orgs) == 1 {
			r.Org = orgs[0]
		}
		out = append(out, r)
	}
	return out, nil
}

// Usage is what each organization that serves uses now.
func (s *Store) Usage(ctx context.Context) (map[ids.Org]statistics.Usage, error) {
	out := map[ids.Org]statistics.Usage{}
	err := s.Q(nil).Each(ctx, `SELECT o.id,
		CAST(COALESCE((SELECT SUM(m.size) FROM mailbox m WHERE m.org = o.id), 0) AS BIGINT),
		CAST(COALESCE((SELECT SUM(c.n) FROM entry_count c WHERE c.org = o.id AND c.kind = 1 AND c.shown = 'ENABLED' AND c.role = 'USER'), 0) AS BIGINT)
		FROM organization o WHERE o.alias_key IS NOT NULL`, nil, func(scan func(...any) error) error {
		var org ids.Org
		var u statistics.Usage
		err := scan(&org, &u.Storage, &u.Users)
		out[org] = u
		return err
	})
	return out, err
}

// Prune deletes at most limit rows of a step that are older.
func (s *Store) Prune(t *tx.Tx, step time.Duration, before time.Time, limit int) (int64, error) {
	return s.Q(t).Exec(t.Context(), `DELETE FROM statistic WHERE (org, step, at) IN (SELECT org, step, at FROM statistic WHERE step = $1 AND at < $2 LIMIT $3)`,
		seconds(step), before.Unix(), limit)
}
