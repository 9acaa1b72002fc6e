package dirstore

import (
	"context"
	"strconv"

	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Audit keeps chains of records in a region's, the deployment's or a log database.
type Audit struct{ base }

var _ audit.Store = (*Audit)(nil)

// NewAudit keeps them in db.
func NewAudit(db *sqldb.DB) *Audit { return &Audit{base{db}} }

// Next takes the chain's head row, which PostgreSQL locks until the commit.
func (s *Audit) Next(t *tx.Tx, org ids.Org) (seq int64, prev []byte, err error) {
	err = s.Q(t).QueryRow(t.Context(), `INSERT INTO audit_head (org, seq, hash) VALUES ($1, 1, $2)
		ON CONFLICT (org) DO UPDATE SET seq = audit_head.seq + 1 RETURNING seq, hash`, string(org), []byte{}).Scan(&seq, &prev)
	return seq, prev, err
}

func (s *Audit) Append(t *tx.Tx, l audit.Link) error {
	q, by := s.Q(t), l.By
	prev := l.Prev
	if prev == nil {
		prev = []byte{}
	}
	_, err := q.Exec(t.Context(), `INSERT INTO audit_record (org, seq, id, at, by_kind, by_id, by_name, source, request_id, head, operation,
		target, target_name, outcome, detail, prev, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		string(l.Org), l.Seq, l.ID, ms(l.Time), by.Kind, by.ID, by.Name, by.Source, by.RequestID, by.Head, by.Operation,
		l.Target, l.TargetName, l.Outcome, l.Detail, prev, l.Hash)
	if err == nil {
		_, err = q.Exec(t.Context(), `UPDATE audit_head SET seq = $2, hash = $3 WHERE org = $1`, string(l.Org), l.Seq, l.Hash)
	}
	return err
}

const linkColumns = `org, seq, id, at, by_kind, by_id, by_name, source, request_id, head, operation, target, target_name, outcome, detail, prev, hash`

func scanLink(scan func(...any) error) (l audit.Link, err error) {
	var time int64
	by := &l.By
	err = scan((*string)(&l.Org), &l.Seq, &l.ID, &time, &by.Kind, &by.ID, &by.Name, &by.Source, &by.RequestID, &by.Head, &by.Operation,
		&l.Target, &l.TargetName, &l.Outcome, &l.Detail, &l.Prev, &l.Hash)
	l.Time = at(time)
	return l, err
}

func (s *Audit) Page(ctx context.Context, f audit.Filter) ([]audit.Record, error) {
	low, high := f.Bounds()
	args := []any{string(f.Org), low, high}
	where := ""
	for _, c := range []struct{ text, sql string }{
		{f.Actor, ` AND (by_id = $? OR by_name = $?)`}, {f.Operation, ` AND operation = $?`}, {f.Target, ` AND (target = $? OR target_name = $?)`},
	} {
		if c.text != "" {
			args = append(args, c.text)
			where += number(c.sql, len(args))
		}
	}
	if f.Changes { // a log's: the words of its index audit_record_refused
		where += ` AND outcome <> 'ok'`
		for _, operation := range f.Reads {
			args = append(args, operation)
			where += number(` AND operation <> $?`, len(args))
		}
	}
	args = append(args, f.Limit)
	var list []audit.Record
	err := s.Q(nil).Each(ctx, `SELECT `+linkColumns+` FROM audit_record WHERE org = $1 AND id >= $2 AND id < $3`+where+
		number(` ORDER BY id DESC LIMIT $?`, len(args)), args, func(scan func(...any) error) error {
		l, err := scanLink(scan)
		list = append(list, l.Record)
		return err
	})
	return list, err
}

// number writes the parameter's number for each ?.
func number(sql string, n int) string {
	out := make([]byte, 0, len(sql)+4)
	for i := 0; i < len(sql); i++ {
		if sql[i] == '?' {
			out = strconv.AppendInt(out, int64(n), 10)
			continue
		}
		out = append(out, sql[i])
	}
	return string(out)
}

func (s *Audit) Chain(ctx context.Context, org ids.Org, after int64, limit int) ([]audit.Link, error) {
	var list []audit.Link
	err := s.Q(nil).Each(ctx, `SELECT `+linkColumns+` FROM audit_record WHERE org = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
		[]any{string(org), after, limit}, func(scan func(...any) error) error {
			l, err := scanLink(scan)
			list = append(list, l)
			return err
		})
	return list, err
}

func (s *Audit) Head(ctx context.Context, org ids.Org) (seq int64, hash []byte, err error) {
	_, err = s.Q(nil).Found(ctx, `SELECT seq, hash FROM audit_head WHERE org = $1`, []any{string(org)}, &seq, &hash)
	return seq, hash, err
}
