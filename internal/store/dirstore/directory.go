package dirstore

import (
	"context"
	"encoding/json"
	"strings"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

const directoryColumns = `id, alias, settings, secret, org, created_at, revision`

func (s *Entries) directories(ctx context.Context, v tx.View, where string, args ...any) ([]directory.Directory, error) {
	var list []directory.Directory
	err := s.Q(v).Each(ctx, `SELECT `+directoryColumns+` FROM foreign_directory WHERE `+where, args, func(scan func(...any) error) error {
		var d directory.Directory
		var settings []byte
		var created int64
		if err := scan(&d.ID, &d.Alias, &settings, &d.Sealed, (*string)(&d.Org), &created, &d.Revision); err != nil {
			return err
		}
		d.Created = at(created)
		err := json.Unmarshal(settings, &d.Settings)
		list = append(list, d)
		return err
	})
	return list, err
}

func (s *Entries) Directory(ctx context.Context, v tx.View, id string) (directory.Directory, bool, error) {
	return one(s.directories(ctx, v, `id = $1`, id))
}

func (s *Entries) DirectoryOf(ctx context.Context, v tx.View, id string) (org ids.Org, revision int64, found bool, err error) {
	found, err = s.Q(v).Found(ctx, `SELECT org, revision FROM foreign_directory WHERE id = $1`, []any{id}, (*string)(&org), &revision)
	return org, revision, found, err
}

func (s *Entries) Directories(ctx context.Context, v tx.View, after string, limit int) ([]directory.Directory, error) {
	return s.directories(ctx, v, `id > $1 ORDER BY id LIMIT $2`, after, limit)
}

func (s *Entries) Connected(ctx context.Context, v tx.View) (list []directory.Connected, err error) {
	err = s.Q(v).Each(ctx, `SELECT id, org, revision FROM foreign_directory WHERE org <> ''`, nil, func(scan func(...any) error) error {
		var c directory.Connected
		err := scan(&c.ID, (*string)(&c.Org), &c.Revision)
		list = append(list, c)
		return err
	})
	return list, err
}

func (s *Entries) Followed(ctx context.Context, v tx.View) (list []directory.Followed, err error) {
	err = s.Q(v).Each(ctx, `SELECT d.id, d.org, o.alias, COALESCE(m.mark, ''), COALESCE(m.error, ''), EXISTS (SELECT 1 FROM mirrored s WHERE s.org = d.org AND s.held)
		FROM foreign_directory d JOIN organization o ON o.id = d.org LEFT JOIN mirror m ON m.org = d.org WHERE d.org <> ''`, nil, func(scan func(...any) error) error {
		var f directory.Followed
		err := scan(&f.Directory, (*string)(&f.Org), &f.Alias, (*string)(&f.Mark), &f.Error, &f.Held)
		list = append(list, f)
		return err
	})
	return list, err
}

// settings is what is kept of them: all but the secret.
func settings(d *directory.Directory) ([]byte, error) {
	set := d.Settings
	set.Secret = ""
	return json.Marshal(set)
}

func (s *Entries) InsertDirectory(t *tx.Tx, d *directory.Directory, max int) (bool, error) {
	raw, err := settings(d)
	if err != nil {
		return false, err
	}
	var has int
	if err := s.Q(t).QueryRow(t.Context(), `SELECT COUNT(*) FROM foreign_directory`).Scan(&has); err != nil || has >= max {
		return false, err
	}
	n, err := s.Q(t).Exec(t.Context(), `INSERT INTO foreign_directory (id, alias, alias_key, settings, secret, org, created_at, revision)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (alias_key) DO NOTHING`,
		d.ID, d.Alias, strings.ToLower(d.Alias), raw, d.Sealed, string(d.Org), ms(d.Created), d.Revision)
	return n > 0, err
}

func (s *Entries) UpdateDirectory(t *tx.Tx, d *directory.Directory) (bool, error) {
	raw, err := settings(d)
	if err != nil {
		return false, err
	}
	n, err := s.Q(t).Exec(t.Context(), `UPDATE foreign_directory SET settings = $2, secret = $3, revision = $4 WHERE id = $1 AND revision = $5`,
		d.ID, raw, d.Sealed, d.Revision, d.Revision-1)
	return n > 0, err
}

func (s *Entries) DeleteDirectory(t *tx.Tx, id string, revision int64) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `DELETE FROM foreign_directory WHERE id = $1 AND org = '' AND ($2 = 0 OR revision = $2)`, id, revision)
	return n > 0, err
}

func (s *Entries) TakeDirectory(t *tx.Tx, id string, org ids.Org) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `UPDATE foreign_directory SET org = $2, revision = revision + 1 WHERE id = $1 AND org = ''`, id, string(org))
	return n > 0, err
}

func (s *Entries) FreeDirectory(t *tx.Tx, org ids.Org) error {
	_, err := s.Q(t).Exec(t.Context(), `UPDATE foreign_directory SET org = '', revision = revision + 1 WHERE org = $1`, string(org))
	return err
}
