package mailstore

import (
	"context"
	"fmt"

	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
)

// CountBodies returns how many bodies there are, for a progress bar.
func (s *Store) CountBodies(ctx context.Context) (n int64, err error) {
	err = s.db.Q(nil).QueryRow(ctx, `SELECT COUNT(*) FROM body`).Scan(&n)
	return n, err
}

// NumberedBody is a body with its id.
type NumberedBody struct {
	ID ids.Body
	mailbox.Body
}

// BodiesOf returns a page of a mailbox's bodies, by id.
func (s *Store) BodiesOf(ctx context.Context, id ids.Mailbox, after ids.Body, n int) (list []NumberedBody, err error) {
	err = s.db.Q(nil).Each(ctx, `SELECT id, pack, start, length, size, data_key FROM body WHERE mailbox = $1 AND id > $2 ORDER BY id LIMIT $3`,
		[]any{id, after, n}, func(scan func(...any) error) error {
			var b NumberedBody
			err := scan(&b.ID, &b.Pack, &b.Offset, &b.Length, &b.Size, &b.DataKey)
			list = append(list, b)
			return err
		})
	return list, err
}

// Place is where an item of a body lies; Folder 0: it was deleted and can be recovered.
type Place struct {
	Item   ids.Item
	Folder ids.Folder
	UID    ids.UID
}

// ItemsOf returns the items that use a body. It reads the whole mailbox.
func (s *Store) ItemsOf(ctx context.Context, id ids.Mailbox, body ids.Body) (list []Place, err error) {
	err = s.db.Q(nil).Each(ctx, `SELECT id, folder, uid FROM item WHERE mailbox = $1 AND body = $2 ORDER BY id`, []any{id, body},
		func(scan func(...any) error) error {
			var p Place
			err := scan(&p.Item, &p.Folder, &p.UID)
			list = append(list, p)
			return err
		})
	return list, err
}

// CheckBox compares the counters of a mailbox with its rows and says, in
// sentences, what does not fit. Each comparison is one statement, so it holds
// while mail flows.
func (s *Store) CheckBox(ctx context.Context, id ids.Mailbox) (faults []string, err error) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	q := s.db.Q(nil)
	err = q.Each(ctx, `SELECT f.name, f.total, f.unseen, f.size, f.uidnext, COUNT(i.id),
		CAST(COALESCE(SUM(CASE WHEN (i.flags & 1) = 0 THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(i.size), 0) AS BIGINT), COALESCE(MAX(i.uid), 0)
		FROM folder f LEFT JOIN item i ON i.mailbox = f.mailbox AND i.folder = f.id AND NOT i.associated
		WHERE f.mailbox = $1 GROUP BY f.id, f.name, f.total, f.unseen, f.size, f.uidnext`, []any{id}, func(scan func(...any) error) error {
		var name string
		var total, unseen, size, next, items, unread, bytes, highest int64
		if err := scan(&name, &total, &unseen, &size, &next, &items, &unread, &bytes, &highest); err != nil {
			return err
		}
		if total != items || unseen != unread || size != bytes {
			fault("folder %q counts %d messages, %d unseen, %d bytes and has %d, %d, %d", name, total, unseen, size, items, unread, bytes)
		}
		if highest >= next {
			fault("folder %q would give out uid %d again", name, next)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var size, bytes, lost int64
	if found, err := q.Found(ctx, `SELECT m.size, CAST(COALESCE((SELECT SUM(i.size) FROM item i WHERE i.mailbox = m.id AND i.folder <> 0), 0) AS BIGINT)
		FROM mailbox m WHERE m.id = $1`, []any{id}, &size, &bytes); err != nil {
		return nil, err
	} else if found && size != bytes {
		fault("the mailbox counts %d bytes and has %d", size, bytes)
	}
	if err := q.QueryRow(ctx, `SELECT COUNT(*) FROM item i WHERE i.mailbox = $1 AND i.body <> 0
		AND NOT EXISTS (SELECT 1 FROM body b WHERE b.mailbox = i.mailbox AND b.id = i.body)`, id).Scan(&lost); err != nil {
		return nil, err
	}
	if lost > 0 {
		fault("%d messages have no body", lost)
	}
	// No index leads from a body to its items: both are read once and brought together.
	err = q.Each(ctx, `SELECT id, CAST(SUM(uses) AS BIGINT), CAST(SUM(items) AS BIGINT) FROM (
			SELECT id, uses, 0 AS items FROM body WHERE mailbox = $1
			UNION ALL SELECT body, 0, 1 FROM item WHERE mailbox = $1 AND body <> 0
				AND EXISTS (SELECT 1 FROM body b WHERE b.mailbox = item.mailbox AND b.id = item.body)) AS pairs
		GROUP BY id HAVING SUM(uses) <> SUM(items)`, []any{id}, func(scan func(...any) error) error {
		var body, uses, items int64
		err := scan(&body, &uses, &items)
		fault("body %d counts %d messages that use it and has %d", body, uses, items)
		return err
	})
	return faults, err
}
