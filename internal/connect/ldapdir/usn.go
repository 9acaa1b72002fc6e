package ldapdir

import (
	"context"
	"strconv"

	"postroom/internal/base/errs"
	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// usn is where a domain controller stands: the id of its database, which
// changes when it is restored, and its highest committed USN (MS-ADTS 3.1.1.1.9).
func (d *Reader) usn(ctx context.Context, s *session) (place, error) {
	r, err := d.controller(ctx, s)
	if err != nil {
		return place{}, err
	}
	e, err := s.base(ctx, "", "highestCommittedUSN")
	if err != nil {
		return place{}, err
	}
	usn := value(e, "highestCommittedUSN")
	if _, err := strconv.ParseUint(usn, 10, 63); err != nil {
		return place{}, errs.Say("ldapdir.Mark", errs.Unsupported, errs.Directory, "The server tells no highestCommittedUSN: it is no Active Directory.")
	}
	return place{kind: "usn", where: r.invocation, at: []string{usn}}, nil
}

// controller reads once per connection which database this is.
func (d *Reader) controller(ctx context.Context, s *session) (*root, error) {
	r, err := s.rootDSE(ctx)
	if err != nil || r.invocation != "" {
		return r, err
	}
	if r.naming == "" || r.service == "" {
		return nil, errs.Say("ldapdir.Mark", errs.Unsupported, errs.Directory, "The server tells no dsServiceName: it is no Active Directory.")
	}
	e, err := s.base(ctx, r.service, "invocationId")
	if err != nil {
		return nil, err
	}
	if r.invocation = guidText(e.GetEqualFoldRawAttributeValue("invocationId")); r.invocation == "" {
		return nil, errs.Say("ldapdir.Mark", errs.Denied, errs.Directory, "The service account may not read which domain controller this is.")
	}
	return r, nil
}

// seesDeleted tells, asked once per connection, whether the account sees a deleted
// object. Where there is none, or it may not, deletions are found by comparing.
func (d *Reader) seesDeleted(ctx context.Context, s *session) bool {
	if s.root.deleted == nil {
		list, err := s.search(ctx, query{
			base: s.root.naming, scope: ldap.ScopeWholeSubtree, filter: "(&(isDeleted=TRUE)(sAMAccountName=*))", limit: 1,
			controls: []ldap.Control{ldap.NewControlString(controlShowDeleted, true, "")},
		})
		sees := len(list) > 0 || err != nil && code(err) == ldap.LDAPResultSizeLimitExceeded
		s.root.deleted = &sees
	}
	return *s.root.deleted
}

// changedAD asks the whole naming context by uSNChanged. USNs that moved on and that no
// object seen explains may be a deletion; a container that changed may have
// moved with all below it, whose own uSNChanged stays.
func (d *Reader) changedAD(ctx context.Context, s *session, old, now place) (directory.Changes, error) {
	from, err := strconv.ParseUint(old.at[0], 10, 63)
	to, err2 := strconv.ParseUint(now.at[0], 10, 63)
	if err != nil || err2 != nil || to < from { // a database that went back
		return directory.Changes{Next: now.mark(), Anew: true}, nil
	}
	if to == from {
		return d.sweeps(old.sweep, now), nil
	}
	var keys []string
	seen, unseen := map[string]bool{}, false
	q := query{
		base: s.root.naming, scope: ldap.ScopeWholeSubtree, filter: "(uSNChanged>=" + strconv.FormatUint(from+1, 10) + ")",
		attrs:    []string{"objectGUID", "objectClass", "uSNChanged", "uSNCreated"},
		controls: []ldap.Control{ldap.NewControlString(controlShowDeleted, true, "")},
	}
	err = s.pages(ctx, q, func(list []*ldap.Entry) error {
		for _, e := range list {
			if k := d.seenKey(e); k != "" {
				keys = append(keys, k)
			}
			seen[value(e, "uSNChanged")], seen[value(e, "uSNCreated")] = true, true
			unseen = unseen || hasClass(e, "organizationalUnit") || hasClass(e, "container") || d.follows && hasClass(e, "group")
		}
		return nil
	})
	if err != nil {
		return directory.Changes{}, err
	}
	unseen = unseen || !explained(seen, from, to) && !d.seesDeleted(ctx, s)
	c := d.sweeps(old.sweep || unseen, now)
	c.Keys = keys
	return c, nil
}

// explained tells whether each USN behind from up to to is one that was seen.
func explained(seen map[string]bool, from, to uint64) bool {
	if to-from > uint64(len(seen)) {
		return false
	}
	for n := from + 1; n <= to; n++ {
		if !seen[strconv.FormatUint(n, 10)] {
			return false
		}
	}
	return true
}
