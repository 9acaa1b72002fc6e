package mailstore

import (
	"context"
	"errors"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

const folderColumns = `id, parent, name, role, kind, uidvalidity, uidnext, total, unseen, size, seq_props, seq_counts`

func scanFolder(scan func(...any) error) (f mailbox.Folder, err error) {
	err = scan(&f.ID, &f.Parent, &f.Name, &f.Role, &f.Kind, &f.UIDValidity, &f.UIDNext, &f.Total, &f.Unseen, &f.Size, &f.SeqProps, &f.SeqCounts)
	return f, err
}

// Folders implements mailbox.Store.
func (s *Store) Folders(ctx context.Context, v tx.View, id ids.Mailbox) (list []mailbox.Folder, err error) {
	err = s.db.Q(v).Each(ctx, `SELECT `+folderColumns+` FROM folder WHERE mailbox = $1 ORDER BY id`, []any{id}, func(scan func(...any) error) error {
		f, err := scanFolder(scan)
		list = append(list, f)
		return err
	})
	return list, err
}

// Folder implements mailbox.Store.
func (s *Store) Folder(ctx context.Context, v tx.View, id ids.Mailbox, folder ids.Folder) (mailbox.Folder, error) {
	f, err := scanFolder(s.db.Q(v).QueryRow(ctx, `SELECT `+folderColumns+` FROM folder WHERE mailbox = $1 AND id = $2`, id, folder).Scan)
	return f, found(err, "mailstore.Folder", errs.Folder)
}

// FolderByName implements mailbox.Store.
func (s *Store) FolderByName(ctx context.Context, v tx.View, id ids.Mailbox, parent ids.Folder, name string) (mailbox.Folder, bool, error) {
	f, err := scanFolder(s.db.Q(v).QueryRow(ctx, `SELECT `+folderColumns+` FROM folder WHERE mailbox = $1 AND parent = $2 AND name = $3`, id, parent, name).Scan)
	if errors.Is(err, sqldb.ErrNoRow) {
		return mailbox.Folder{}, false, nil
	}
	return f, err == nil, err
}

// AddFolder implements mailbox.Store.
func (s *Store) AddFolder(ctx context.Context, t *tx.Tx, id ids.Mailbox, f mailbox.Folder) error {
	_, err := s.db.Q(t).Exec(ctx, `INSERT INTO folder (mailbox, `+folderColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
		id, f.ID, f.Parent, f.Name, f.Role, f.Kind, f.UIDValidity, f.UIDNext, f.Total, f.Unseen, f.Size, f.SeqProps, f.SeqCounts)
	return err
}

// MoveFolder implements mailbox.Store.
func (s *Store) MoveFolder(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder, parent ids.Folder, name string, seq ids.Seq) error {
	_, err := s.db.Q(t).Exec(ctx, `UPDATE folder SET parent = $3, name = $4, seq_props = $5 WHERE mailbox = $1 AND id = $2`, id, folder, parent, name, seq)
	return err
}

// RemoveFolder implements mailbox.Store.
func (s *Store) RemoveFolder(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, seq ids.Seq) error {
	q := s.db.Q(t)
	if _, err := q.Exec(ctx, `INSERT INTO folder_gone (mailbox, id, seq) VALUES ($1,$2,$3)`, id, folder, seq); err != nil {
		return err
	}
	_, err := q.Exec(ctx, `DELETE FROM folder WHERE mailbox = $1 AND id = $2`, id, folder)
	return err
}

// Subscriptions implements mailbox.Store.
func (s *Store) Subscriptions(ctx context.Context, id ids.Mailbox, actor string) (paths []string, err error) {
	err = s.db.Q(nil).Each(ctx, `SELECT path FROM subscription WHERE mailbox = $1 AND actor = $2 ORDER BY path`, []any{id, actor},
		func(scan func(...any) error) error {
			var p string
			err := scan(&p)
			paths = append(paths, p)
			return err
		})
	return paths, err
}

// Subscribe implements mailbox.Store.
func (s *Store) Subscribe(ctx context.Context, t *tx.Tx, id ids.Mailbox, actor, path string, on bool) (err error) {
	if on {
		_, err = s.db.Q(t).Exec(ctx, `INSERT INTO subscription (mailbox, actor, path) VALUES ($1,$2,$3) ON CONFLICT DO NOTHING`, id, actor, path)
	} else {
		_, err = s.db.Q(t).Exec(ctx, `DELETE FROM subscription WHERE mailbox = $1 AND actor = $2 AND path = $3`, id, actor, path)
	}
	return err
}

// counts are what a change adds to a folder's counters.
type counts struct{ total, unseen, size, uids int64 }

// count adds to a folder's counters and returns its uidvalidity and the first
// of the uids that it took.
func (s *Store) count(ctx context.Context, t *tx.Tx, id ids.Mailbox, folder ids.Folder, c counts, seq ids.Seq) (validity uint32, first ids.UID, err error) {
	var next int64
	err = s.db.Q(t).QueryRow(ctx, `UPDATE folder SET total = total + $3, unseen = unseen + $4, size = size + $5, uidnext = uidnext + $6, seq_counts = $7
		WHERE mailbox = $1 AND id = $2 RETURNING uidvalidity, uidnext`, id, folder, c.total, c.unseen, c.size, c.uids, seq).Scan(&validity, &next)
	if err != nil {
		return 0, 0, found(err, "mailstore.count", errs.Folder)
	}
	if next > 1<<32-1 {
		return 0, 0, errs.Say("mailstore.count", errs.Limit, errs.Folder, "The folder has used up its numbers. Move its messages to a new folder.")
	}
	return validity, ids.UID(next - c.uids), nil
}
