package ldapdir

import (
	"context"
	"strings"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// unmapped refuses details that the directory has no attribute for.
func (c *config) unmapped(op string, i directory.Identity) error {
	for n, field := range fields(&i.Details) {
		if *field != "" && c.names[details[n]] == "" {
			return errs.Say(op, errs.Unsupported, errs.Directory, "This directory has no attribute for %s.", details[n])
		}
	}
	return nil
}

// Change sets display name and details as they are in i; what is empty goes.
// Only what differs is sent. errs.NotFound, Entry.
func (d *Directory) Change(ctx context.Context, _ ids.Org, i directory.Identity) error {
	const op = "ldapdir.Change"
	if err := d.unmapped(op, i); err != nil {
		return err
	}
	return d.change(ctx, op, func(s *session) error {
		e, err := d.find(ctx, s, op, i.Ref, append(d.read(), "cn")...)
		if err != nil {
			return err
		}
		is, _ := d.identity(e)
		_, dn := splitExtended(e.DN)
		req := ldap.NewModifyRequest(dn, nil)
		set := func(ours, before, after string) {
			theirs := d.names[ours]
			if theirs == "" || before == after {
				return
			}
			if after == "" && ours == attrLastName && !d.ad { // inetOrgPerson demands one
				after = i.Name
			}
			var values []string
			if after != "" {
				values = []string{after}
			}
			req.Replace(theirs, values)
		}
		if i.Kind == directory.KindUser {
			set(attrDisplayName, is.DisplayName, i.DisplayName)
			old := fields(&is.Details)
			for n, field := range fields(&i.Details) {
				set(details[n], *old[n], *field)
			}
		}
		if len(req.Changes) == 0 {
			return nil
		}
		return s.do(ctx, operationTime, func() error { return s.conn.Modify(req) })
	})
}

// SetPassword gives a user a new password as an administrator does.
// errs.Password, Entry where the directory's policy refuses it.
func (d *Directory) SetPassword(ctx context.Context, _ ids.Org, user directory.Ref, password string) error {
	const op = "ldapdir.SetPassword"
	if err := fitPassword(op, password); err != nil {
		return err
	}
	user.Kind = directory.KindUser
	return d.change(ctx, op, func(s *session) error {
		e, err := d.find(ctx, s, op, user)
		if err != nil {
			return err
		}
		_, dn := splitExtended(e.DN)
		err = d.refusedPassword(op, password, d.putPassword(ctx, s, dn, password))
		if errs.Is(err, errs.Password) && !d.ad { // set before, and in the history now
			if says, e := d.prove(ctx, dn, password); e == nil && says == directory.Right {
				return nil
			}
		}
		return err
	})
}

// fitPassword refuses what is no password anywhere.
func fitPassword(op, password string) error {
	if password == "" || !utf8.ValidString(password) || strings.ContainsRune(password, 0) {
		return errs.Say(op, errs.Password, errs.Entry, "A password is not empty and has no NUL.")
	}
	return nil
}

// putPassword replaces unicodePwd, or uses the extended operation of RFC 3062, by which the server hashes it.
func (d *Directory) putPassword(ctx context.Context, s *session, dn, password string) error {
	return s.do(ctx, operationTime, func() error {
		if d.ad {
			req := ldap.NewModifyRequest(dn, nil)
			req.Replace("unicodePwd", []string{quoted(password)})
			return s.conn.Modify(req)
		}
		_, err := s.conn.PasswordModify(ldap.NewPasswordModifyRequest(dn, "", password))
		return err
	})
}

// refusedPassword is errs.Password where the error says that the policy refuses the password (0000052D is
// ERROR_PASSWORD_RESTRICTION), with what the server says of it on LDAP.
func (d *Directory) refusedPassword(op, password string, err error) error {
	text := words(err)
	switch c := code(err); {
	case password == "" || err == nil:
	case d.ad && strings.Contains(strings.ToUpper(text), "0000052D"):
		return errs.Say(op, errs.Password, errs.Entry, "The directory's password policy refuses this password: see its length, its kinds of characters and the former passwords.").Because(err)
	case !d.ad && (c == ldap.LDAPResultConstraintViolation || c == ldap.LDAPResultUnwillingToPerform):
		say := "The directory's password policy refuses this password."
		if text != "" {
			say = "The directory's password policy refuses this password: " + strings.TrimRight(text, ".") + "."
		}
		return errs.Say(op, errs.Password, errs.Entry, "%s", say).Because(err)
	}
	return err
}

// ChangePassword gives a user a new password who knows the old one, as the
// directory's policy for users allows (history, minimum age).
// errs.Password, Entry where the policy refuses; errs.Unauthenticated, Entry where the old one is wrong.
func (d *Directory) ChangePassword(ctx context.Context, org ids.Org, user directory.Ref, old, password string) error {
	const op = "ldapdir.ChangePassword"
	if err := fitPassword(op, password); err != nil {
		return err
	}
	wrong := errs.Say(op, errs.Unauthenticated, errs.Entry, "The old password is wrong.")
	switch says, err := d.Check(ctx, org, user, old); {
	case err != nil:
		return err
	case says != directory.Right && says != directory.Expired && says != directory.ChangeRequired:
		return wrong
	}
	user.Kind = directory.KindUser
	return d.change(ctx, op, func(s *session) error {
		e, err := d.find(ctx, s, op, user)
		if err != nil {
			return err
		}
		_, dn := splitExtended(e.DN)
		err = s.do(ctx, operationTime, func() error {
			if d.ad { // MS-ADTS 3.1.1.3.1.5.1: the old one is deleted, the new one added
				req := ldap.NewModifyRequest(dn, nil)
				req.Delete("unicodePwd", []string{quoted(old)})
				req.Add("unicodePwd", []string{quoted(password)})
				return s.conn.Modify(req)
			}
			_, err := s.conn.PasswordModify(ldap.NewPasswordModifyRequest(dn, old, password))
			return err
		})
		if d.ad && strings.HasPrefix(words(err), "00000056") { // ERROR_INVALID_PASSWORD
			return wrong.Because(err)
		}
		return d.refusedPassword(op, password, err)
	})
}
