package ldapdir

import (
	"context"
	"crypto/rand"
	"regexp"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// Check binds as the user, on a connection that is used for nothing else. A
// user that is not there costs the same two exchanges and the time of a wrong
// password. An empty password, and one with a NUL, is Wrong without asking.
func (d *Reader) Check(ctx context.Context, _ ids.Org, user directory.Ref, password string) (directory.Answer, error) {
	const op = "ldapdir.Check"
	if password == "" || strings.ContainsRune(password, 0) { // what stands behind a NUL is not looked at by some (seen on Samba)
		return directory.Wrong, nil
	}
	user.Kind = directory.KindUser
	begun, dn, there, given := time.Now(), "", true, password
	err := d.ask(ctx, op, func(s *session) error {
		e, err := d.find(ctx, s, op, user)
		if errs.Is(err, errs.NotFound) {
			there, given = false, directory.Decoy(len(password)) // what was typed is nobody's here
			base, err := d.basedn(ctx, s)
			dn = "CN=" + rand.Text() + "," + base
			return err
		}
		if err == nil {
			_, dn = splitExtended(e.DN)
		}
		return err
	})
	if err != nil {
		return directory.Wrong, err
	}
	says, err := d.prove(ctx, dn, given)
	if err != nil {
		return directory.Wrong, fault(op, err)
	}
	if !there {
		says = directory.Wrong
	}
	if says == directory.Wrong {
		d.pace(ctx, there, time.Since(begun))
	}
	return says, nil
}

// pace makes a wrong password and a user that is not there take the same time:
// as long as the slower of the two usually takes.
func (d *Reader) pace(ctx context.Context, there bool, took time.Duration) {
	d.mu.Lock()
	mine := &d.wrong
	if !there {
		mine = &d.nobody
	}
	if took > *mine { // towards the median: a connect or a pause now and then weighs little
		*mine += max(*mine/16, 100*time.Microsecond)
	} else {
		*mine -= *mine / 16
	}
	usual := max(d.wrong, d.nobody)
	d.mu.Unlock()
	if took >= usual {
		return
	}
	t := time.NewTimer(usual - took)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// prove binds and translates the directory's answer. dn is never empty: a bind
// without a name would be anonymous.
func (d *Reader) prove(ctx context.Context, dn, password string) (says directory.Answer, err error) {
	if dn == "" || password == "" {
		return directory.Wrong, nil
	}
	var controls []ldap.Control
	if !d.ad {
		controls = append(controls, ldap.NewControlBeheraPasswordPolicy())
	}
	err = d.proofs.with(ctx, always, func(s *session) error {
		r, err := s.bind(ctx, dn, password, controls...)
		if broken(err) {
			return err
		}
		says, err = d.answer(r, err)
		return err
	})
	return says, err
}

// adData is the sub-code of Active Directory's refusal of a bind: "… data 52e, v…" (MS-ERREF 2.2).
var adData = regexp.MustCompile(`data ([0-9a-fA-F]{1,8})\b`)

// answer is what a bind's result means; an error where it says nothing of the password.
func (c *config) answer(r *ldap.SimpleBindResult, err error) (directory.Answer, error) {
	policy := int8(-1)
	if r != nil {
		if p, ok := ldap.FindControl(r.Controls, ldap.ControlTypeBeheraPasswordPolicy).(*ldap.ControlBeheraPasswordPolicy); ok {
			policy = p.Error
		}
	}
	switch {
	case err == nil && policy == 2: // changeAfterReset (draft-behera-ldap-password-policy §6.2)
		return directory.ChangeRequired, nil
	case err == nil:
		return directory.Right, nil
	}
	switch code(err) {
	case ldap.LDAPResultInvalidCredentials:
		switch {
		case policy == 0:
			return directory.Expired, nil
		case policy == 1:
			return directory.Locked, nil
		case c.ad:
			return subCode(words(err)), nil
		}
		return directory.Wrong, nil
	case ldap.LDAPResultNoSuchObject, ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultInvalidDNSyntax: // none with a password
		return directory.Wrong, nil
	case ldap.LDAPResultUnwillingToPerform, ldap.LDAPResultConstraintViolation: // 389: locked or inactivated
		return directory.Inactive, nil
	}
	return directory.Wrong, err
}

func subCode(text string) directory.Answer {
	m := adData.FindStringSubmatch(text)
	if m == nil {
		return directory.Wrong
	}
	switch strings.ToLower(m[1]) {
	case "530", "531", "533", "701": // logon hours, workstation, disabled, account expired
		return directory.Inactive
	case "532":
		return directory.Expired
	case "773":
		return directory.ChangeRequired
	case "775":
		return directory.Locked
	}
	return directory.Wrong // 525 no such user, 52e wrong
}
