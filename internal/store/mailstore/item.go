package mailstore

import (
	"cmp"
	"context"
	"slices"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

// Snapshots leave out what is mailbox.Hidden (flags & 128).
const entryColumns = `uid, flags, seq, id`

func (s *Store) entries(ctx context.Context, list []mailbox.Entry, text string, args ...any) ([]mailbox.Entry, error) {
	rows, err := s.db.Q(nil).Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var uid, flags, seq, item int64
	into := []any{&uid, &flags, &seq, &item}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		list = append(list, mailbox.Entry{UID: ids.UID(uid), Flags: mailbox.Flags(flags), Seq: ids.Seq(seq), Item: ids.Item(item)})
	}
	return list, rows.Err()
}

// Entries implements mailbox.Store.
func (s *Store) Entries(ctx context.Context, id ids.Mailbox, folder ids.Folder, about int64) ([]mailbox.Entry, error) {
	return s.entries(ctx, make([]mailbox.Entry, 0, about+16),
		`SELECT `+entryColumns+` FROM item WHERE mailbox = $1 AND folder = $2 AND flags & 128 = 0 ORDER BY uid`, id, folder)
}

// EntriesOf implements mailbox.Store.
func (s *Store) EntriesOf(ctx context.Context, id ids.Mailbox, folder ids.Folder, after ids.Item, items []ids.Item) ([]mailbox.Entry, error) {
	list, err := s.entries(ctx, nil, `SELECT `+entryColumns+` FROM item WHERE mailbox = $1 AND id > $3 AND folder = $2 AND flags & 128 = 0`, id, folder, after)
	for err == nil && len(items) > 0 {
		n := min(len(items), 256)
		args := append([]any{id, folder}, padded(items[:n])...)
		list, err = s.entries(ctx, list, `SELECT `+entryColumns+` FROM item WHERE mailbox = $1 AND folder = $2 AND flags & 128 = 0 AND id IN (`+in(3, n)+`)`, args...)
		items = items[n:]
	}
	slices.SortFunc(list, func(a, b mailbox.Entry) int { return cmp.Compare(a.UID, b.UID) })
	return list, err
}

// LeftSince implements mailbox.Store.
func (s *Store) LeftSince(ctx context.Context, id ids.Mailbox, folder ids.Folder, seq ids.Seq) (uids []ids.UID, err error) {
	err = s.db.Q(nil).Each(ctx, `SELECT uid FROM placement WHERE mailbox = $1 AND left_seq > $3 AND folder = $2`, []any{id, folder, seq},
		func(scan func(...any) error) error {
			var uid ids.UID
			err := scan(&uid)
			uids = append(uids, uid)
			return err
		})
	slices.Sort(uids)
	return uids, err
}

// ChangesSince implements mailbox.Store.
func (s *Store) ChangesSince(ctx context.Context, id ids.Mailbox, seq ids.Seq, f func(old []byte) error) error {
	return s.db.Q(nil).Each(ctx, `SELECT old FROM change WHERE mailbox = $1 AND seq_to > $2 AND old IS NOT NULL ORDER BY seq_to`, []any{id, seq},
		func(scan func(...any) error) error {
			var old []byte
			if err := scan(&old); err != nil {
				return err
			}
			return f(old)
		})
}

// AddItem implements mailbox.Store.
func (s *Store) AddItem(ctx context.Context, t *tx.Tx, id ids.Mailbox, it mailbox.NewItem) (ids.UID, uint32, error) {
	q := s.db.Q(t)
	c := counts{total: 1, size: it.Size, uids: 1}
	if it.Flags&mailbox.Seen == 0 {
		c.unseen = 1
	}
	if it.Associated {
		c = counts{uids: 1} // no client that counts sees it
		it.Flags |= mailbox.Hidden
	}
	validity, uid, err := s.count(ctx, t, id, it.Folder, c, it.Seq)
	if err != nil {
		return 0, 0, err
	}
	var body ids.Body
	if it.Body != nil {
		body = ids.Body(it.Seq)
		_, err = q.Exec(ctx, `INSERT INTO body (mailbox, id, pack, start, length, size, data_key, uses, meta) VALUES ($1,$2,$3,$4,$5,$6,$7,1,$8)`,
			id, body, it.Body.Pack, it.Body.Offset, it.Body.Length, it.Body.Size, it.Body.DataKey, it.Meta)
		if err != nil {
			return 0, 0, err
		}
	}
	_, err = q.Exec(ctx, `INSERT INTO item (mailbox, id, folder, uid, name, flags, seq, content_seq, read_seq, flags_seq, entered_seq, entered_at, modified_at,
		received_at, sent_at, size, body, thread, class, associated, attachment, source_key, change_key)
		VALUES ($1,$2,$3,$4,$5,$6,$2,$2,$2,$2,$2,$7,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)`,
		id, int64(it.Seq), it.Folder, uid, it.Name, int64(it.Flags), millis(it.Now), millis(it.Received), millis(it.Sent), it.Size, body, it.Thread,
		it.Class, it.Associated, it.Attachment, it.SourceKey, it.ChangeKey)
	return uid, validity, err
}

const itemColumns = `item.id, item.folder, item.uid, item.flags, item.seq, item.content_seq, item.read_seq, item.flags_seq,
	item.entered_at, item.modified_at, item.received_at, item.sent_at, item.size, item.body, item.thread, item.class, item.associated,
	item.attachment, item.source_key, item.change_key`

// itemRow scans into one Item again and again.
type itemRow struct {
	it                                        mailbox.Item
	flags, entered, modified, received, sent_ int64
	into                                      []any
}

func newItemRow(meta bool) *itemRow {
	r := &itemRow{}
	it := &r.it
	r.into = []any{&it.ID, &it.Folder, &it.UID, &r.flags, &it.Seq, &it.ContentSeq, &it.ReadSeq, &it.FlagsSeq,
		&r.entered, &r.modified, &r.received, &r.sent_, &it.Size, &it.Body, &it.Thread, &it.Class, &it.Associated, &it.Attachment,
		&it.SourceKey, &it.ChangeKey}
	if meta {
		r.into = append(r.into, &it.Meta)
	}
	return r
}

func (r *itemRow) scan(scan func(...any) error) error {
	err := scan(r.into...)
	it := &r.it
	it.Flags = mailbox.Flags(r.flags)
	it.CreatedSeq = ids.Seq(it.ID)
	it.Entered, it.Modified, it.Received, it.Sent = moment(r.entered), moment(r.modified), moment(r.received), moment(r.sent_)
	return err
}

// Item implements mailbox.Store.
func (s *Store) Item(ctx context.Context, v tx.View, id ids.Mailbox, item ids.Item) (mailbox.Item, error) {
	r := newItemRow(true)
	err := r.scan(s.db.Q(v).QueryRow(ctx, `SELECT `+itemColumns+`, body.meta FROM item
		LEFT JOIN body ON body.mailbox = item.mailbox AND body.id = item.body WHERE item.mailbox = $1 AND item.id = $2`, id, item).Scan)
	return r.it, found(err, "mailstore.Item", errs.Item)
}

// Items implements mailbox.Store.
func (s *Store) Items(ctx context.Context, id ids.Mailbox, folder ids.Folder, rg mailbox.Range, meta bool, f func(mailbox.Item) error) error {
	text := `SELECT ` + itemColumns + ` FROM item WHERE item.mailbox = $1 AND item.folder = $2 AND item.uid >= $3 AND item.uid <= $4 ORDER BY item.uid`
	if meta {
		text = `SELECT ` + itemColumns + `, body.meta FROM item LEFT JOIN body ON body.mailbox = item.mailbox AND body.id = item.body
			WHERE item.mailbox = $1 AND item.folder = $2 AND item.uid >= $3 AND item.uid <= $4 ORDER BY item.uid`
	}
	r := newItemRow(meta)
	return s.db.Q(nil).Each(ctx, text, []any{id, folder, rg.First, rg.Last}, func(scan func(...any) error) error {
		r.it.Meta = nil
		if err := r.scan(scan); err != nil {
			return err
		}
		return f(r.it)
	})
}

// Body implements mailbox.Store.
func (s *Store) Body(ctx context.Context, v tx.View, id ids.Mailbox, body ids.Body) (b mailbox.Body, err error) {
	err = s.db.Q(v).QueryRow(ctx, `SELECT pack, start, length, size, data_key FROM body WHERE mailbox = $1 AND id = $2`, id, body).
		Scan(&b.Pack, &b.Offset, &b.Length, &b.Size, &b.DataKey)
	return b, found(err, "mailstore.Body", errs.Item)
}

// JoinThread implements mailbox.Store.
func (s *Store) JoinThread(ctx context.Context, t *tx.Tx, id ids.Mailbox, hashes []int64, thread ids.Item) (ids.Item, error) {
	q := s.db.Q(t)
	if len(hashes) > 1 {
		args := append([]any{id}, padded(hashes)...)
		if _, err := q.Found(ctx, `SELECT thread FROM thread_member WHERE mailbox = $1 AND message_id IN (`+in(2, len(hashes))+`) ORDER BY thread LIMIT 1`, args, &thread); err != nil {
			return 0, err
		}
	}
	for _, h := range hashes {
		added, err := q.Exec(ctx, `INSERT INTO thread_member (mailbox, message_id, thread) VALUES ($1,$2,$3) ON CONFLICT (mailbox, message_id) DO NOTHING`, id, h, thread)
		if err != nil {
			return 0, err
		}
		if added == 0 && len(hashes) == 1 {
			err = q.QueryRow(ctx, `SELECT thread FROM thread_member WHERE mailbox = $1 AND message_id = $2`, id, h).Scan(&thread)
			return thread, err
		}
	}
	return thread, nil
}

// AddChange implements mailbox.Store.
func (s *Store) AddChange(ctx context.Context, t *tx.Tx, id ids.Mailbox, c mailbox.Change) error {
	_, err := s.db.Q(t).Exec(ctx, `INSERT INTO change (mailbox, seq_to, seq_from, at, actor, head, operation, old) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		id, c.To, c.From, millis(c.At), c.Actor, c.Head, c.Operation, c.Old)
	return err
}
