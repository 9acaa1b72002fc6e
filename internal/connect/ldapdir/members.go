package ldapdir

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

const batch = 100 // keys or DNs in one filter

// members fills in the keys of a group's direct members. AD tells them with the
// DNs, in ranges; other directories are asked for the keys of the DNs in batches.
func (c *config) members(ctx context.Context, s *session, e *ldap.Entry, i *directory.Identity) (err error) {
	if c.ad {
		i.Members, err = c.ranged(ctx, s, e, i.Key)
		return err
	}
	var dns []string
	for _, name := range c.names.members() {
		for _, dn := range e.GetEqualFoldAttributeValues(name) {
			if dn != "" {
				dns = append(dns, dn)
			}
		}
	}
	i.Members, err = c.keysOf(ctx, s, dns)
	return err
}

// ranged collects all ranges of a group's members.
func (c *config) ranged(ctx context.Context, s *session, e *ldap.Entry, key string) ([]string, error) {
	var keys []string
	for _, name := range c.names.members() {
		next := collect(e, name, &keys)
		for next > 0 {
			from := next
			more, err := s.one(ctx, query{
				base: "<GUID=" + key + ">", scope: ldap.ScopeBaseObject, filter: "(objectClass=*)",
				attrs: []string{c.rangeFrom(name, from)}, controls: []ldap.Control{extendedDN},
			})
			if err != nil {
				return nil, err
			}
			if next = collect(more, name, &keys); next != 0 && next <= from {
				return nil, fmt.Errorf("ldapdir: the server gives the range from %d again", from)
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

// rangeFrom asks for a range of values (MS-ADTS 3.1.1.3.1.3.3).
func (c *config) rangeFrom(attribute string, from int) string {
	to := "*"
	if c.step > 0 {
		to = strconv.Itoa(from + c.step - 1)
	}
	return attribute + ";range=" + strconv.Itoa(from) + "-" + to
}

// collect adds the keys that one answer has and tells where the next range begins; 0: nowhere.
func collect(e *ldap.Entry, name string, keys *[]string) (next int) {
	for _, a := range e.Attributes {
		n, to, ranged := splitRange(a.Name)
		if !strings.EqualFold(n, name) {
			continue
		}
		for _, v := range a.Values {
			if guid, _ := splitExtended(v); guid != "" {
				*keys = append(*keys, guid)
			}
		}
		if ranged && len(a.Values) > 0 {
			next = to
		}
	}
	return next
}

// keysOf answers the keys of DNs in batches by entryDN (RFC 5020); a DN that is not there has none.
func (c *config) keysOf(ctx context.Context, s *session, dns []string) ([]string, error) {
	var keys []string
	for part := range slices.Chunk(dns, batch) {
		var filters []string
		for _, dn := range part {
			filters = append(filters, equal("entryDN", dn))
		}
		// Without paging: slapd has one paged search per connection, which may be the one that found the group.
		list, err := s.search(ctx, query{
			base: c.BaseDN, scope: ldap.ScopeWholeSubtree, filter: anyOf(filters), attrs: []string{c.names[attrKey]},
		})
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			keys = append(keys, c.key(e))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}
