package ldapdir

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// SetMember puts a user or group into a group, or takes it out.
func (d *Directory) SetMember(ctx context.Context, _ ids.Org, group, member directory.Ref, in bool) error {
	const op = "ldapdir.SetMember"
	group.Kind = directory.KindGroup
	attributes := d.names.members()
	if len(attributes) == 0 {
		return errs.Say(op, errs.Unsupported, errs.Directory, "This directory has no attribute for %s.", attrMembers)
	}
	return d.change(ctx, op, func(s *session) error {
		g, err := d.find(ctx, s, op, group)
		if err != nil {
			return err
		}
		m, err := d.find(ctx, s, op, member, primaryGroup)
		if err != nil {
			return err
		}
		if id := relativeID(&directory.Identity{Ref: group}); d.ad && !in && id != "" && value(m, primaryGroup) == id {
			return errs.Say(op, errs.State, errs.Entry, "%s is the primary group of %s. Give him another primary group in the directory first.", group.Name, member.Name)
		}
		_, groupDN := splitExtended(g.DN)
		_, memberDN := splitExtended(m.DN)
		attribute := attributes[0]
		if !d.ad && hasClass(g, "groupOfUniqueNames") {
			attribute = "uniqueMember"
		}
		req := ldap.NewModifyRequest(groupDN, nil)
		if in {
			req.Add(attribute, []string{memberDN})
		} else {
			req.Delete(attribute, []string{memberDN})
		}
		err = s.do(ctx, operationTime, func() error { return s.conn.Modify(req) })
		switch c := code(err); {
		case in && (c == ldap.LDAPResultAttributeOrValueExists || c == ldap.LDAPResultEntryAlreadyExists):
			return nil
		case !in && (c == ldap.LDAPResultNoSuchAttribute || c == ldap.LDAPResultUnwillingToPerform):
			return d.isOut(ctx, s, groupDN, attribute, memberDN, err)
		case !in && !d.ad && c == ldap.LDAPResultObjectClassViolation: // the last member: nobody takes its place
			last := ldap.NewModifyRequest(groupDN, nil)
			last.Delete(attribute, []string{memberDN})
			last.Add(attribute, []string{""})
			return s.do(ctx, operationTime, func() error { return s.conn.Modify(last) })
		}
		return err
	})
}

// isOut makes an error of taking out no error where the member is out.
func (d *Directory) isOut(ctx context.Context, s *session, group, attribute, member string, err error) error {
	list, asked := s.search(ctx, query{base: group, scope: ldap.ScopeBaseObject, filter: equal(attribute, member)})
	if asked == nil && len(list) == 0 {
		return nil
	}
	return err
}
