package ldapdir

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// Delete takes an entry away, and nothing below it (errs.State, Entry where
// there is something). One that is not there under the base and filters is no error.
func (d *Directory) Delete(ctx context.Context, _ ids.Org, r directory.Ref) error {
	const op = "ldapdir.Delete"
	return d.change(ctx, op, func(s *session) error {
		e, err := d.find(ctx, s, op, r)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		_, dn := splitExtended(e.DN)
		err = s.do(ctx, operationTime, func() error { return s.conn.Del(ldap.NewDelRequest(dn, nil)) })
		if code(err) == ldap.LDAPResultNoSuchObject {
			return nil
		}
		return err
	})
}
