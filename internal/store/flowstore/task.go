package flowstore

import (
	"context"
	"errors"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailflow"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

const taskColumns = `message, hop, org, state, reached, attempts, next_at, lease, last_error`

func scanTask(scan func(...any) error) (k mailflow.Task, err error) {
	var next int64
	err = scan(&k.Message, &k.Hop, &k.Org, &k.State, &k.Reached, &k.Attempts, &next, &k.Lease, &k.Error)
	k.Next = at(next)
	return k, err
}

func (s *Store) tasks(ctx context.Context, v tx.View, text string, args ...any) ([]mailflow.Task, error) {
	var all []mailflow.Task
	err := s.Q(v).Each(ctx, text, args, func(scan func(...any) error) error {
		k, err := scanTask(scan)
		all = append(all, k)
		return err
	})
	return all, err
}

func (s *Store) AddTask(t *tx.Tx, k mailflow.Task, to []mailflow.Target) error {
	q := s.Q(t)
	_, err := q.Exec(t.Context(), `INSERT INTO queue_task (`+taskColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (message, hop) DO NOTHING`,
		k.Message, k.Hop, string(k.Org), string(k.State), int64(k.Reached), k.Attempts, ms(k.Next), k.Lease, k.Error)
	for _, r := range to {
		if err != nil {
			return err
		}
		_, err = q.Exec(t.Context(), `INSERT INTO queue_recipient (message, hop, n, address, mailbox, state, last_error)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (message, hop, n) DO NOTHING`,
			k.Message, k.Hop, r.N, r.Address, int64(r.Mailbox), string(mailflow.Ready), r.Error)
	}
	return err
}

func (s *Store) Task(ctx context.Context, v tx.View, message, hop string) (mailflow.Task, bool, error) {
	all, err := s.tasks(ctx, v, `SELECT `+taskColumns+` FROM queue_task WHERE message = $1 AND hop = $2`, message, hop)
	if err != nil || len(all) == 0 {
		return mailflow.Task{}, false, err
	}
	return all[0], true, nil
}

func (s *Store) Tasks(ctx context.Context, message string) ([]mailflow.Task, error) {
	return s.tasks(ctx, nil, `SELECT `+taskColumns+` FROM queue_task WHERE message = $1 ORDER BY hop`, message)
}

func (s *Store) targets(ctx context.Context, v tx.View, text string, args ...any) ([]mailflow.Target, error) {
	var all []mailflow.Target
	err := s.Q(v).Each(ctx, text, args, func(scan func(...any) error) error {
		var r mailflow.Target
		err := scan(&r.N, &r.Address, &r.Mailbox, &r.State, &r.Error)
		all = append(all, r)
		return err
	})
	return all, err
}

const targetColumns = `n, address, mailbox, state, last_error`

func (s *Store) Targets(ctx context.Context, v tx.View, message, hop string, n int64, limit int) ([]mailflow.Target, error) {
	return s.targets(ctx, v, `SELECT `+targetColumns+` FROM queue_recipient WHERE message = $1 AND hop = $2 AND n > $3 AND state = $4
		ORDER BY n LIMIT $5`, message, hop, n, string(mailflow.Ready), limit)
}

func (s *Store) AllTargets(ctx context.Context, message, hop string, after int64, limit int) ([]mailflow.Target, error) {
	return s.targets(ctx, nil, `SELECT `+targetColumns+` FROM queue_recipient WHERE message = $1 AND hop = $2 AND n > $3
		ORDER BY n LIMIT $4`, message, hop, after, limit)
}

// Due walks from organization to organization by the index, so that a long
// backlog of one costs the others nothing.
func (s *Store) Due(ctx context.Context, now time.Time, after ids.Org, each, limit int) ([]mailflow.Task, error) {
	var all []mailflow.Task
	for from, wrapped := after, false; len(all) < limit; {
		var org ids.Org
		found, err := s.Q(nil).Found(ctx, `SELECT org FROM queue_task WHERE state = $1 AND org > $2 ORDER BY org LIMIT 1`,
			[]any{string(mailflow.Ready), string(from)}, &org)
		if err != nil {
			return nil, err
		}
		if !found && !wrapped && after != "" {
			from, wrapped = "", true
			continue
		}
		if !found || wrapped && org > after {
			return all, nil
		}
		due, err := s.tasks(ctx, nil, `SELECT `+taskColumns+` FROM queue_task WHERE state = $1 AND org = $2 AND next_at <= $3
			ORDER BY next_at LIMIT $4`, string(mailflow.Ready), string(org), ms(now), min(each, limit-len(all)))
		if err != nil {
			return nil, err
		}
		all, from = append(all, due...), org
	}
	return all, nil
}

func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	var first *int64
	err := s.Q(nil).QueryRow(ctx, `SELECT MIN(next_at) FROM queue_task WHERE state = $1`, string(mailflow.Ready)).Scan(&first)
	if err != nil || first == nil {
		if errors.Is(err, sqldb.ErrNoRow) {
			err = nil
		}
		return time.Time{}, false, err
	}
	return time.UnixMilli(*first), true, nil
}

func (s *Store) Take(t *tx.Tx, k mailflow.Task, lease string, until time.Time) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `UPDATE queue_task SET lease = $1, next_at = $2
		WHERE message = $3 AND hop = $4 AND state = $5 AND next_at = $6 AND lease = $7`,
		lease, ms(until), k.Message, k.Hop, string(mailflow.Ready), ms(k.Next), k.Lease)
	return n == 1, err
}

func (s *Store) Reach(t *tx.Tx, k mailflow.Task, reached ids.Mailbox, until time.Time) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `UPDATE queue_task SET reached = $1, next_at = $2
		WHERE message = $3 AND hop = $4 AND lease = $5 AND reached = $6`,
		int64(reached), ms(until), k.Message, k.Hop, k.Lease, int64(k.Reached))
	return n == 1, err
}

func (s *Store) Release(t *tx.Tx, k mailflow.Task, state mailflow.State, next time.Time, cause string) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `UPDATE queue_task SET lease = '', state = $1, next_at = $2, last_error = $3, attempts = attempts + 1
		WHERE message = $4 AND hop = $5 AND lease = $6`,
		string(state), ms(next), cause, k.Message, k.Hop, k.Lease)
	return n == 1, err
}

func (s *Store) SetTarget(t *tx.Tx, message, hop string, n int64, state mailflow.State, cause string) error {
	_, err := s.Q(t).Exec(t.Context(), `UPDATE queue_recipient SET state = $1, last_error = $2 WHERE message = $3 AND hop = $4 AND n = $5`,
		string(state), cause, message, hop, n)
	return err
}

func (s *Store) RemoveTargets(t *tx.Tx, message, hop string, ns []int64) error {
	for _, n := range ns {
		if _, err := s.Q(t).Exec(t.Context(), `DELETE FROM queue_recipient WHERE message = $1 AND hop = $2 AND n = $3`, message, hop, n); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) Settle(t *tx.Tx, message, hop string) (more bool, err error) {
	ctx, q := t.Context(), s.Q(t)
	// Tasks of one message are settled one after the other, so that the last
	// one sees that it is the last.
	if _, err := q.Exec(ctx, `UPDATE queue_message SET size = size WHERE id = $1`, message); err != nil {
		return false, err
	}
	var state string
	// 'ready' sorts behind 'failed'.
	left, err := q.Found(ctx, `SELECT state FROM queue_recipient WHERE message = $1 AND hop = $2 ORDER BY state DESC LIMIT 1`,
		[]any{message, hop}, &state)
	if err != nil || left && state == string(mailflow.Ready) {
		return left, err
	}
	if left {
		_, err = q.Exec(ctx, `UPDATE queue_task SET state = $1, lease = '' WHERE message = $2 AND hop = $3`, string(mailflow.Failed), message, hop)
		return false, err
	}
	if _, err = q.Exec(ctx, `DELETE FROM queue_task WHERE message = $1 AND hop = $2`, message, hop); err != nil {
		return false, err
	}
	_, err = q.Exec(ctx, `DELETE FROM queue_message WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM queue_task WHERE message = $1)`, message)
	return false, err
}

func (s *Store) Counts(ctx context.Context) (map[mailflow.State]int64, error) {
	counts := map[mailflow.State]int64{}
	err := s.Q(nil).Each(ctx, `SELECT state, COUNT(*) FROM queue_task GROUP BY state`, nil, func(scan func(...any) error) error {
		var state mailflow.State
		var n int64
		err := scan(&state, &n)
		counts[state] = n
		return err
	})
	return counts, err
}
