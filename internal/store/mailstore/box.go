package mailstore

import (
	"context"
	"strconv"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

const boxColumns = `id, org, entry, epoch, seq, log_floor, uidvalidity, size, quota, warned, keywords, created_at, detached_at`

func scanBox(scan func(...any) error) (b mailbox.Box, err error) {
	var words string
	var created, detached int64
	err = scan(&b.ID, &b.Org, &b.Entry, &b.Epoch, &b.Seq, &b.LogFloor, &b.UIDValidity, &b.Size, &b.Quota, &b.Warned, &words, &created, &detached)
	b.Keywords, b.Created, b.Detached = keywords(words), moment(created), moment(detached)
	return b, err
}

// AddBox implements mailbox.Store.
func (s *Store) AddBox(ctx context.Context, t *tx.Tx, b mailbox.Box) error {
	_, err := s.db.Q(t).Exec(ctx, `INSERT INTO mailbox (`+boxColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
		b.ID, b.Org, b.Entry, b.Epoch, b.Seq, b.LogFloor, b.UIDValidity, b.Size, b.Quota, b.Warned, strings.Join(b.Keywords, "\n"),
		millis(b.Created), millis(b.Detached))
	return err
}

// Box implements mailbox.Store.
func (s *Store) Box(ctx context.Context, v tx.View, id ids.Mailbox) (mailbox.Box, error) {
	b, err := scanBox(s.db.Q(v).QueryRow(ctx, `SELECT `+boxColumns+` FROM mailbox WHERE id = $1`, id).Scan)
	return b, found(err, "mailstore.Box", errs.Mailbox)
}

// BoxOf implements mailbox.Store.
func (s *Store) BoxOf(ctx context.Context, v tx.View, org ids.Org, entry ids.Entry) (mailbox.Box, error) {
	b, err := scanBox(s.db.Q(v).QueryRow(ctx, `SELECT `+boxColumns+` FROM mailbox WHERE org = $1 AND entry = $2 ORDER BY detached_at LIMIT 1`, org, entry).Scan)
	return b, found(err, "mailstore.BoxOf", errs.Mailbox)
}

// SetQuota implements mailbox.Store.
func (s *Store) SetQuota(ctx context.Context, t *tx.Tx, id ids.Mailbox, quota int64) error {
	return s.set(ctx, t, `UPDATE mailbox SET quota = $2 WHERE id = $1`, id, quota)
}

// SetDetached implements mailbox.Store.
func (s *Store) SetDetached(ctx context.Context, t *tx.Tx, id ids.Mailbox, at time.Time) error {
	return s.set(ctx, t, `UPDATE mailbox SET detached_at = $2 WHERE id = $1`, id, millis(at))
}

// SetKeywords implements mailbox.Store.
func (s *Store) SetKeywords(ctx context.Context, t *tx.Tx, id ids.Mailbox, k mailbox.Keywords) error {
	return s.set(ctx, t, `UPDATE mailbox SET keywords = $2 WHERE id = $1`, id, strings.Join(k, "\n"))
}

// SetWarned implements mailbox.Store.
func (s *Store) SetWarned(ctx context.Context, t *tx.Tx, id ids.Mailbox, warned bool) error {
	return s.set(ctx, t, `UPDATE mailbox SET warned = $2 WHERE id = $1`, id, warned)
}

func (s *Store) set(ctx context.Context, t *tx.Tx, text string, args ...any) error {
	n, err := s.db.Q(t).Exec(ctx, text, args...)
	if err == nil && n == 0 {
		return errs.E("mailstore.set", errs.NotFound, errs.Mailbox, nil)
	}
	return err
}

// BoxesOf implements mailbox.Store.
func (s *Store) BoxesOf(ctx context.Context, org ids.Org, n int) (list []ids.Mailbox, err error) {
	err = s.db.Q(nil).Each(ctx, `SELECT id FROM mailbox WHERE org = $1 LIMIT $2`, []any{org, n}, func(scan func(...any) error) error {
		var id ids.Mailbox
		err := scan(&id)
		list = append(list, id)
		return err
	})
	return list, err
}

// Sum implements mailbox.Store. It reads the counts that mailboxes and folders have.
func (s *Store) Sum(ctx context.Context, org ids.Org) (n mailbox.Sum, err error) {
	err = s.db.Q(nil).QueryRow(ctx, `SELECT COUNT(*), COUNT(CASE WHEN detached_at <> 0 THEN 1 END), CAST(COALESCE(SUM(size), 0) AS BIGINT),
		(SELECT CAST(COALESCE(SUM(f.total), 0) AS BIGINT) FROM mailbox m JOIN folder f ON f.mailbox = m.id WHERE m.org = $1 AND f.kind = 'mail')
		FROM mailbox WHERE org = $1`, org).Scan(&n.Boxes, &n.Detached, &n.Bytes, &n.Messages)
	return n, err
}

// Take implements mailbox.Store.
func (s *Store) Take(ctx context.Context, t *tx.Tx, id ids.Mailbox, n, size int64) (mailbox.Box, error) {
	b := mailbox.Box{ID: id}
	var detached int64
	// Each column more costs a delivery some hundred nanoseconds.
	err := s.db.Q(t).QueryRow(ctx, `UPDATE mailbox SET seq = seq + $2, size = size + $3 WHERE id = $1 RETURNING org, entry, seq, size, quota, warned, detached_at`,
		id, n, size).Scan(&b.Org, &b.Entry, &b.Seq, &b.Size, &b.Quota, &b.Warned, &detached)
	b.Detached = moment(detached)
	return b, found(err, "mailstore.Take", errs.Mailbox)
}

// NextUIDValidity implements mailbox.Store.
func (s *Store) NextUIDValidity(ctx context.Context, t *tx.Tx, id ids.Mailbox) (v uint32, err error) {
	err = s.db.Q(t).QueryRow(ctx, `UPDATE mailbox SET uidvalidity = uidvalidity + 1 WHERE id = $1 RETURNING uidvalidity - 1`, id).Scan(&v)
	return v, found(err, "mailstore.NextUIDValidity", errs.Mailbox)
}

// Seqs implements mailbox.Store. Lists of up to 500 are one statement, padded
// so that few different texts are prepared.
func (s *Store) Seqs(ctx context.Context, boxes []ids.Mailbox) (map[ids.Mailbox]ids.Seq, error) {
	seqs := make(map[ids.Mailbox]ids.Seq, len(boxes))
	for len(boxes) > 0 {
		n := min(len(boxes), 500)
		err := s.db.Q(nil).Each(ctx, `SELECT id, seq FROM mailbox WHERE id IN (`+in(1, n)+`)`, padded(boxes[:n]), func(scan func(...any) error) error {
			var id ids.Mailbox
			var seq ids.Seq
			err := scan(&id, &seq)
			seqs[id] = seq
			return err
		})
		if err != nil {
			return nil, err
		}
		boxes = boxes[n:]
	}
	return seqs, nil
}

// width is the padded length of an IN list of n: a power of two.
func width(n int) int {
	w := 1
	for w < n {
		w *= 2
	}
	return w
}

// in writes "$from,$from+1,…" for n values.
func in(from, n int) string {
	b := make([]byte, 0, 4*width(n))
	for i := range width(n) {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, '$'), int64(from+i), 10)
	}
	return string(b)
}

// padded repeats the last value up to the width of in.
func padded[T any](list []T) []any {
	args := make([]any, 0, width(len(list)))
	for _, v := range list {
		args = append(args, v)
	}
	for len(args) < cap(args) && len(args) < width(len(list)) {
		args = append(args, list[len(list)-1])
	}
	return args
}

// EmptyBox implements mailbox.Store: the item's rows first, the box last.
func (s *Store) EmptyBox(ctx context.Context, t *tx.Tx, id ids.Mailbox, n int) (bool, error) {
	q := s.db.Q(t)
	for _, table := range []struct{ name, key string }{
		{"property", "item"}, {"placement", "left_seq"}, {"item", "id"}, {"body", "id"}, {"change", "seq_to"},
		{"thread_member", "message_id"}, {"property_name", "id"}, {"subscription", "path"}, {"folder_gone", "id"}, {"folder", "id"},
	} {
		gone, err := q.Exec(ctx, `DELETE FROM `+table.name+` WHERE mailbox = $1 AND `+table.key+` IN
			(SELECT `+table.key+` FROM `+table.name+` WHERE mailbox = $1 LIMIT $2)`, id, n)
		if err != nil || gone > 0 {
			return true, err
		}
	}
	_, err := q.Exec(ctx, `DELETE FROM mailbox WHERE id = $1`, id)
	return false, err
}
