package mailstore

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
)

// Statements over a range of uids: as many rows as it has messages, one
// statement each. In all of them $1 is the mailbox, $2 the folder, $3 and $4 the
// first and last uid.
const (
	inRange = `mailbox = $1 AND folder = $2 AND uid >= $3 AND uid <= $4`
	// ranked numbers the messages of the range from 0 on.
	ranked = `SELECT id, row_number() OVER (ORDER BY uid) - 1 AS n FROM item WHERE ` + inRange
)

func (s *Store) rangeOf(ctx context.Context, t *tx.Tx, text string, args ...any) (list []mailbox.Entry, err error) {
	err = s.db.Q(t).Each(ctx, text, args, func(scan func(...any) error) error {
		var e mailbox.Entry
		var flags int64
		err := scan(&e.UID, &flags, &e.Seq, &e.Item)
		e.Flags = mailbox.Flags(flags)
		list = append(list, e)
		return err
	})
	return list, err
}

// SetFlags implements mailbox.Store.
func (s *Store) SetFlags(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, r mailbox.Range, set, clear mailbox.Flags, base ids.Seq, now time.Time) ([]mailbox.Entry, error) {
	const changes = ` AND (flags & ~CAST($6 AS BIGINT)) | CAST($5 AS BIGINT) <> flags`
	old, err := s.rangeOf(ctx, t, `SELECT `+entryColumns+` FROM item WHERE `+inRange+changes, id, folder, r.First, r.Last, int64(set), int64(clear))
	if err != nil || len(old) == 0 {
		return nil, err
	}
	seen := int64(0) // 1: read_seq changes too
	if (set|clear)&mailbox.Seen != 0 {
		seen = 1
	}
	_, err = s.db.Q(t).Exec(ctx, `UPDATE item SET flags = (flags & ~CAST($6 AS BIGINT)) | CAST($5 AS BIGINT), seq = CAST($7 AS BIGINT) + uid - $3, flags_seq = CAST($7 AS BIGINT) + uid - $3,
		read_seq = CASE WHEN CAST($9 AS BIGINT) = 1 THEN CAST($7 AS BIGINT) + uid - $3 ELSE read_seq END, modified_at = $8 WHERE `+inRange+changes,
		id, folder, r.First, r.Last, int64(set), int64(clear), base, millis(now), seen)
	if err != nil {
		return nil, err
	}
	var unseen int64
	for _, e := range old {
		if was, is := e.Flags&mailbox.Seen, (e.Flags&^clear|set)&mailbox.Seen; was != 0 && is == 0 {
			unseen++
		} else if was == 0 && is != 0 {
			unseen--
		}
	}
	_, _, err = s.count(ctx, t, id, folder, counts{unseen: unseen}, base+ids.Seq(r.Last-r.First))
	return old, err
}

// Measure implements mailbox.Store.
func (s *Store) Measure(ctx context.Context, v tx.View, id ids.Mailbox, folder ids.Folder, r mailbox.Range, only mailbox.Flags) (count, size int64, err error) {
	err = s.db.Q(v).QueryRow(ctx, `SELECT COUNT(*), COALESCE(CAST(SUM(size) AS BIGINT), 0) FROM item WHERE `+inRange+` AND flags & CAST($5 AS BIGINT) = CAST($5 AS BIGINT)`,
		id, folder, r.First, r.Last, int64(only)).Scan(&count, &size)
	return count, size, err
}

// tally is what a range of messages weighs.
func (s *Store) tally(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, r mailbox.Range, only mailbox.Flags) (c counts, uids []ids.UID, items []ids.Item, err error) {
	err = s.db.Q(t).Each(ctx, `SELECT uid, id, flags, size, associated FROM item WHERE `+inRange+` AND flags & CAST($5 AS BIGINT) = CAST($5 AS BIGINT) ORDER BY uid`,
		[]any{id, folder, r.First, r.Last, int64(only)}, func(scan func(...any) error) error {
			var uid ids.UID
			var item ids.Item
			var flags, size int64
			var associated bool
			if err := scan(&uid, &item, &flags, &size, &associated); err != nil {
				return err
			}
			uids, items = append(uids, uid), append(items, item)
			if associated {
				return nil
			}
			c.total++
			c.size += size
			if mailbox.Flags(flags)&mailbox.Seen == 0 {
				c.unseen++
			}
			return nil
		})
	c.uids = int64(len(uids))
	return c, uids, items, err
}

func sequence(first ids.UID, n int) []ids.UID {
	list := make([]ids.UID, n)
	for i := range list {
		list[i] = first + ids.UID(i)
	}
	return list
}

// Copy implements mailbox.Store.
func (s *Store) Copy(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, r mailbox.Range, dest ids.Mailbox, to ids.Folder, base ids.Seq, now time.Time, translate func(mailbox.Flags) mailbox.Flags) (m mailbox.Moved, err error) {
	q := s.db.Q(t)
	c, uids, _, err := s.tally(ctx, t, id, folder, r, 0)
	if err != nil || len(uids) == 0 {
		return m, err
	}
	last := base + ids.Seq(len(uids)) - 1
	validity, first, err := s.count(ctx, t, dest, to, c, last)
	if err != nil {
		return m, err
	}
	// A body's row belongs to its mailbox: within one the copies use it too,
	// in another each gets a row of its own, numbered as the item.
	body := `src.body`
	if dest != id {
		body = `CASE WHEN src.body = 0 THEN 0 ELSE CAST($6 AS BIGINT) + r.n END`
	}
	src := ` FROM item AS src JOIN (` + ranked + `) AS r ON r.id = src.id WHERE src.mailbox = $1`
	if _, err = q.Exec(ctx, `INSERT INTO item (mailbox, id, folder, uid, name, flags, seq, content_seq, read_seq, flags_seq, entered_seq, entered_at, modified_at,
		received_at, sent_at, size, body, thread, class, associated, attachment)
		SELECT CAST($5 AS BIGINT), CAST($6 AS BIGINT) + r.n, CAST($7 AS BIGINT), CAST($8 AS BIGINT) + r.n, '', src.flags, CAST($6 AS BIGINT) + r.n, CAST($6 AS BIGINT) + r.n,
		CAST($6 AS BIGINT) + r.n, CAST($6 AS BIGINT) + r.n, CAST($6 AS BIGINT) + r.n, CAST($9 AS BIGINT), CAST($9 AS BIGINT),
		src.received_at, src.sent_at, src.size, `+body+`, CASE WHEN CAST($5 AS BIGINT) = src.mailbox THEN src.thread ELSE CAST($6 AS BIGINT) + r.n END,
		src.class, src.associated, src.attachment`+src,
		id, folder, r.First, r.Last, dest, base, to, first, millis(now)); err != nil {
		return m, err
	}
	if dest == id {
		_, err = q.Exec(ctx, `UPDATE body SET uses = uses + g.n FROM (SELECT body AS id, COUNT(*) AS n FROM item WHERE `+inRange+` GROUP BY body) AS g
			WHERE body.mailbox = $1 AND body.id = g.id`, id, folder, r.First, r.Last)
	} else {
		_, err = q.Exec(ctx, `INSERT INTO body (mailbox, id, pack, start, length, size, data_key, uses, meta)
			SELECT CAST($5 AS BIGINT), CAST($6 AS BIGINT) + r.n, body.pack, body.start, body.length, body.size, body.data_key, 1, body.meta
			FROM item AS src JOIN (`+ranked+`) AS r ON r.id = src.id JOIN body ON body.mailbox = src.mailbox AND body.id = src.body WHERE src.mailbox = $1`,
			id, folder, r.First, r.Last, dest, base)
	}
	if err != nil {
		return m, err
	}
	join := ` JOIN (` + ranked + `) AS r ON `
	if dest == id {
		_, err = q.Exec(ctx, `INSERT INTO property (mailbox, item, part, tag, value) SELECT CAST($5 AS BIGINT), CAST($6 AS BIGINT) + r.n, src.part, src.tag, src.value
			FROM property AS src`+join+`r.id = src.item WHERE src.mailbox = $1`, id, folder, r.First, r.Last, dest, base)
	} else if err = s.translateFlags(ctx, t, dest, base, last, translate); err == nil {
		err = s.copyProperties(ctx, t, id, folder, r, dest, base)
	}
	return mailbox.Moved{UIDValidity: validity, From: uids, To: sequence(first, len(uids)), Size: c.size}, err
}

// Move implements mailbox.Store.
func (s *Store) Move(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, r mailbox.Range, to ids.Folder, base ids.Seq, now time.Time) (m mailbox.Moved, err error) {
	q := s.db.Q(t)
	c, uids, items, err := s.tally(ctx, t, id, folder, r, 0)
	if err != nil || len(uids) == 0 {
		return m, err
	}
	last := base + ids.Seq(len(uids)) - 1
	validity, first, err := s.count(ctx, t, id, to, c, last)
	if err != nil {
		return m, err
	}
	gone := counts{total: -c.total, unseen: -c.unseen, size: -c.size}
	if _, _, err = s.count(ctx, t, id, folder, gone, last); err != nil {
		return m, err
	}
	if err = s.close(ctx, t, ``, "moved", now, id, folder, r, 0, base); err != nil {
		return m, err
	}
	_, err = q.Exec(ctx, `UPDATE item SET folder = CAST($6 AS BIGINT), uid = CAST($7 AS BIGINT) + r.n, name = '', seq = CAST($5 AS BIGINT) + r.n, entered_seq = CAST($5 AS BIGINT) + r.n, entered_at = $8 FROM (`+ranked+`) AS r
		WHERE item.mailbox = $1 AND item.id = r.id`, id, folder, r.First, r.Last, base, to, first, millis(now))
	return mailbox.Moved{UIDValidity: validity, From: uids, To: sequence(first, len(uids)), Items: items, Size: c.size}, err
}

// Delete implements mailbox.Store.
func (s *Store) Delete(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, r mailbox.Range, only mailbox.Flags, base ids.Seq, now time.Time) (m mailbox.Moved, err error) {
	const flagged = ` AND flags & CAST($5 AS BIGINT) = CAST($5 AS BIGINT)`
	q := s.db.Q(t)
	c, uids, items, err := s.tally(ctx, t, id, folder, r, only)
	if err != nil || len(uids) == 0 {
		return m, err
	}
	last := base + ids.Seq(len(uids)) - 1
	if _, _, err = s.count(ctx, t, id, folder, counts{total: -c.total, unseen: -c.unseen, size: -c.size}, last); err != nil {
		return m, err
	}
	if err = s.close(ctx, t, flagged, "deleted", now, id, folder, r, only, base); err != nil {
		return m, err
	}
	_, err = q.Exec(ctx, `UPDATE item SET folder = 0, seq = CAST($6 AS BIGINT) + r.n FROM (`+ranked+flagged+`) AS r WHERE item.mailbox = $1 AND item.id = r.id`,
		id, folder, r.First, r.Last, int64(only), base)
	return mailbox.Moved{From: uids, Items: items, Size: c.size}, err
}

// close writes the placements that end: those of the range, and of the flags
// only where flagged asks for them, numbered from base on.
func (s *Store) close(ctx context.Context, t *tx.Tx, flagged, why string, now time.Time, id ids.Mailbox, folder ids.Folder, r mailbox.Range, only mailbox.Flags, base ids.Seq) error {
	_, err := s.db.Q(t).Exec(ctx, `INSERT INTO placement (mailbox, left_seq, folder, uid, item, version, name, entered_seq, left_why, left_at)
		SELECT src.mailbox, CAST($6 AS BIGINT) + r.n, src.folder, src.uid, src.id, src.content_seq, src.name, src.entered_seq, CAST($7 AS TEXT), CAST($8 AS BIGINT) + 0 * CAST($5 AS BIGINT)
		FROM item AS src JOIN (`+ranked+flagged+`) AS r ON r.id = src.id WHERE src.mailbox = $1`, id, folder, r.First, r.Last, int64(only), base, why, millis(now))
	return err
}

// translateFlags gives copies in another mailbox its bits for their keywords.
func (s *Store) translateFlags(ctx context.Context, t *tx.Tx, id ids.Mailbox, first, last ids.Seq, translate func(mailbox.Flags) mailbox.Flags) error {
	marked, err := s.rangeOf(ctx, t, `SELECT `+entryColumns+` FROM item WHERE mailbox = $1 AND id >= $2 AND id <= $3 AND flags > 255`, id, first, last)
	if err != nil {
		return err
	}
	for _, e := range marked {
		if _, err := s.db.Q(t).Exec(ctx, `UPDATE item SET flags = $3 WHERE mailbox = $1 AND id = $2`, id, e.Item, int64(translate(e.Flags))); err != nil {
			return err
		}
	}
	return nil
}

// copyProperties copies bags to another mailbox, where names have other ids.
func (s *Store) copyProperties(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, r mailbox.Range, dest ids.Mailbox, base ids.Seq) error {
	type named struct {
		item       ids.Item
		guid, name string
		mailbox.Property
	}
	var list []named
	err := s.db.Q(t).Each(ctx, `SELECT CAST($5 AS BIGINT) + r.n, src.part, src.tag, src.value, COALESCE(pn.set_guid, ''), COALESCE(pn.name, '')
		FROM property AS src JOIN (`+ranked+`) AS r ON r.id = src.item
		LEFT JOIN property_name AS pn ON pn.mailbox = src.mailbox AND pn.id = src.tag / 65536 WHERE src.mailbox = $1`,
		[]any{id, folder, r.First, r.Last, base}, func(scan func(...any) error) error {
			var p named
			err := scan(&p.item, &p.Part, &p.Tag, &p.Value, &p.guid, &p.name)
			list = append(list, p)
			return err
		})
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.guid != "" {
			n, err := s.PropertyID(ctx, t, dest, p.guid, p.name)
			if err != nil {
				return err
			}
			p.Tag = uint32(n)<<16 | p.Tag&0xffff
		}
		if err := s.SetProperties(ctx, t, dest, p.item, []mailbox.Property{p.Property}); err != nil {
			return err
		}
	}
	return nil
}
