// Package authstore keeps core/auth's administrators, access keys, sessions,
// second factors and regions in the deployment database. It decides nothing.
package authstore

import (
	"context"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Store implements auth.Store.
type Store struct{ *sqldb.DB }

// New keeps in db, whose schema is sqldb.Deployment.
func New(db *sqldb.DB) *Store { return &Store{db} }

var _ auth.Store = (*Store)(nil)

func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func (s *Store) exec(t *tx.Tx, text string, args ...any) error {
	_, err := s.Q(t).Exec(t.Context(), text, args...)
	return err
}

// Lock takes the root row. The update is what makes PostgreSQL hold it.
func (s *Store) Lock(t *tx.Tx) error {
	return s.exec(t, `UPDATE auth_root SET revision = revision + 1 WHERE id = 1`)
}

const adminColumns = `id, name, role, all_orgs, enabled, password, version, revision, created, changed, signed_in,
	EXISTS (SELECT 1 FROM totp f WHERE f.admin = administrator.id AND f.confirmed > 0), EXISTS (SELECT 1 FROM passkey f WHERE f.admin = administrator.id)`

func scanAdmin(scan func(...any) error) (auth.AdminRecord, error) {
	var a auth.AdminRecord
	var created, changed, signedIn int64
	var totp, passkey bool
	err := scan(&a.ID, &a.Name, &a.Role, &a.All, &a.Enabled, &a.Hash, &a.Version, &a.Revision, &created, &changed, &signedIn, &totp, &passkey)
	if totp {
		a.Factors = append(a.Factors, auth.TOTP)
	}
	if passkey {
		a.Factors = append(a.Factors, auth.PASSKEY)
	}
	a.Password = a.Hash != ""
	a.Created, a.Changed, a.SignedIn = at(created), at(changed), at(signedIn)
	return a, err
}

// Admin finds an administrator by id.
func (s *Store) Admin(ctx context.Context, v tx.View, id ids.Admin) (auth.AdminRecord, bool, error) {
	return s.oneAdmin(ctx, v, `SELECT `+adminColumns+` FROM administrator WHERE id = $1`, string(id))
}

// AdminByName finds an administrator by folded name.
func (s *Store) AdminByName(ctx context.Context, v tx.View, folded string) (auth.AdminRecord, bool, error) {
	return s.oneAdmin(ctx, v, `SELECT `+adminColumns+` FROM administrator WHERE name_key = $1`, folded)
}

func (s *Store) oneAdmin(ctx context.Context, v tx.View, text, arg string) (a auth.AdminRecord, found bool, err error) {
	list, err := s.admins(ctx, v, text, arg)
	if err != nil || len(list) == 0 {
		return a, false, err
	}
	return list[0], true, nil
}

// Admins is a page in order of folded name.
func (s *Store) Admins(ctx context.Context, v tx.View, after string, limit int) ([]auth.AdminRecord, error) {
	return s.admins(ctx, v, `SELECT `+adminColumns+` FROM administrator WHERE name_key > $1 ORDER BY name_key LIMIT $2`, after, limit)
}

func (s *Store) admins(ctx context.Context, v tx.View, text string, args ...any) (list []auth.AdminRecord, err error) {
	err = s.Q(v).Each(ctx, text, args, func(scan func(...any) error) error {
		a, err := scanAdmin(scan)
		list = append(list, a)
		return err
	})
	for i := range list {
		if err == nil && !list[i].All {
			list[i].Organizations, err = s.adminOrgs(ctx, v, list[i].ID)
		}
	}
	return list, err
}

func (s *Store) adminOrgs(ctx context.Context, v tx.View, id ids.Admin) (orgs []ids.Org, err error) {
	err = s.Q(v).Each(ctx, `SELECT org FROM administrator_organization WHERE admin = $1 ORDER BY org`, []any{string(id)},
		func(scan func(...any) error) error {
			var o ids.Org
			err := scan(&o)
			orgs = append(orgs, o)
			return err
		})
	return orgs, err
}

// CountManaging counts enabled administrators with full access to all.
func (s *Store) CountManaging(ctx context.Context, v tx.View) (n int, err error) {
	err = s.Q(v).QueryRow(ctx, `SELECT COUNT(*) FROM administrator WHERE role = 'FULL' AND all_orgs AND enabled`).Scan(&n)
	return n, err
}

// CountAdmins counts all.
func (s *Store) CountAdmins(ctx context.Context, v tx.View) (n int, err error) {
	err = s.Q(v).QueryRow(ctx, `SELECT COUNT(*) FROM administrator`).Scan(&n)
	return n, err
}

// InsertAdmin answers false where the name is taken.
func (s *Store) InsertAdmin(t *tx.Tx, a auth.AdminRecord, folded string) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `INSERT INTO administrator
		(id, name, name_key, role, all_orgs, enabled, password, version, revision, created, changed, signed_in)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (name_key) DO NOTHING`,
		string(a.ID), a.Name, folded, string(a.Role), a.All, a.Enabled, a.Hash, a.Version, a.Revision, ms(a.Created), ms(a.Changed), ms(a.SignedIn))
	if err != nil || n == 0 {
		return false, err
	}
	return true, s.setOrgs(t, a)
}

// UpdateAdmin writes all but name, created and SignedIn.
func (s *Store) UpdateAdmin(t *tx.Tx, a auth.AdminRecord) error {
	err := s.exec(t, `UPDATE administrator SET role = $2, all_orgs = $3, enabled = $4, password = $5, version = $6, revision = $7, changed = $8
		WHERE id = $1`, string(a.ID), string(a.Role), a.All, a.Enabled, a.Hash, a.Version, a.Revision, ms(a.Changed))
	if err != nil {
		return err
	}
	if err := s.exec(t, `DELETE FROM administrator_organization WHERE admin = $1`, string(a.ID)); err != nil {
		return err
	}
	return s.setOrgs(t, a)
}

func (s *Store) setOrgs(t *tx.Tx, a auth.AdminRecord) error {
	for _, o := range a.Organizations {
		if err := s.exec(t, `INSERT INTO administrator_organization (admin, org) VALUES ($1, $2)`, string(a.ID), string(o)); err != nil {
			return err
		}
	}
	return nil
}

// DeleteAdmin deletes with keys, sessions, second factors and named organizations.
func (s *Store) DeleteAdmin(t *tx.Tx, id ids.Admin) error {
	if err := s.DeleteFactors(t, id); err != nil {
		return err
	}
	for _, text := range []string{
		`DELETE FROM session WHERE admin = $1`, `DELETE FROM access_key WHERE admin = $1`,
		`DELETE FROM administrator_organization WHERE admin = $1`, `DELETE FROM administrator WHERE id = $1`,
	} {
		if err := s.exec(t, text, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// SetSignedIn notes the last sign-in.
func (s *Store) SetSignedIn(t *tx.Tx, id ids.Admin, when time.Time) error {
	return s.exec(t, `UPDATE administrator SET signed_in = $2 WHERE id = $1`, string(id), ms(when))
}

// Regions are all, in order of name.
func (s *Store) Regions(ctx context.Context, v tx.View) (list []auth.RegionInfo, err error) {
	err = s.Q(v).Each(ctx, `SELECT name, created FROM region ORDER BY name`, nil, func(scan func(...any) error) error {
		var r auth.RegionInfo
		var created int64
		err := scan(&r.Name, &created)
		r.Created = at(created)
		list = append(list, r)
		return err
	})
	return list, err
}

// PutRegion adds a region where it is not there yet.
func (s *Store) PutRegion(t *tx.Tx, name string, when time.Time) error {
	return s.exec(t, `INSERT INTO region (name, created) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, ms(when))
}
