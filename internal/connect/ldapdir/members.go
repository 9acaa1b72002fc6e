package ldapdir

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"postroom/internal/core/directory"
	"postroom/internal/wire/address"

	"github.com/go-ldap/ldap/v3"
)

const batch = 100 // keys or DNs in one filter

// group is one that was read, and the entry that says its members.
type group struct {
	e *ldap.Entry
	i *directory.Identity
}

// members fills in the keys of groups' direct members. AD tells them with the
// DNs, in ranges, and those whose primary group it is by their own entries; other
// directories are asked for the keys of the DNs.
func (c *config) members(ctx context.Context, s *session, groups []group) (err error) {
	if c.ad {
		for _, g := range groups {
			if err := c.ranged(ctx, s, g); err != nil {
				return err
			}
		}
		err = c.primaries(ctx, s, groups)
	} else {
		err = c.named(ctx, s, groups)
	}
	for _, g := range groups {
		slices.Sort(g.i.Members)
		g.i.Members = slices.Compact(g.i.Members)
	}
	return err
}

// ranged collects all ranges of a group's members.
func (c *config) ranged(ctx context.Context, s *session, g group) error {
	for _, name := range c.names.members() {
		next := collect(g.e, name, &g.i.Members)
		for next > 0 {
			from := next
			more, err := s.one(ctx, query{
				base: "<GUID=" + g.i.Key + ">", scope: ldap.ScopeBaseObject, filter: "(objectClass=*)",
				attrs: []string{c.rangeFrom(name, from)}, controls: []ldap.Control{extendedDN},
			})
			if err != nil {
				return err
			}
			if next = collect(more, name, &g.i.Members); next != 0 && next <= from {
				return fmt.Errorf("ldapdir: the server gives the range from %d again", from)
			}
		}
	}
	return nil
}

// ownGroups is the lowest relative id of what is made in a domain. Below are its own groups, such as Domain Users, the primary group
// of nearly everybody: who is in them only so is not mirrored.
const ownGroups = 1000

// primaries adds the users whose primary group it is: they are members without
// standing among them. Becoming one or none changes the group too.
func (c *config) primaries(ctx context.Context, s *session, groups []group) error {
	by := map[string]*directory.Identity{}
	for _, g := range groups {
		if id := relativeID(g.i); len(c.names.members()) > 0 && id != "" {
			by[id] = g.i
		}
	}
	if len(by) == 0 {
		return nil
	}
	base, err := c.basedn(ctx, s)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(by)), batch) {
		var filters []string
		for _, id := range part {
			filters = append(filters, equal(primaryGroup, id))
		}
		q := query{base: base, scope: ldap.ScopeWholeSubtree, filter: "(&" + c.users + anyOf(filters) + ")", attrs: []string{"objectGUID", primaryGroup}}
		err := s.pages(ctx, q, func(list []*ldap.Entry) error {
			for _, e := range list {
				if g := by[value(e, primaryGroup)]; g != nil && c.key(e) != "" {
					g.Members = append(g.Members, c.key(e))
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

const primaryGroup = "primaryGroupID"

// relativeID is what users have whose primary group this is; "" for the domain's own ones.
func relativeID(g *directory.Identity) string {
	id := string(g.Entry)[strings.LastIndexByte(string(g.Entry), '-')+1:]
	if n, err := strconv.ParseUint(id, 10, 32); err != nil || n < ownGroups {
		return ""
	}
	return id
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

// named finds members by their DNs, which groups share. The server may take DNs
// for equal that we do not: then those that are left are asked for group by group.
func (c *config) named(ctx context.Context, s *session, groups []group) error {
	of := make([][]string, len(groups))
	var all []string
	for n, g := range groups {
		for _, name := range c.names.members() {
			of[n] = append(of[n], g.e.GetEqualFoldAttributeValues(name)...)
		}
		of[n] = slices.DeleteFunc(of[n], func(dn string) bool { return dn == "" })
		all = append(all, of[n]...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	asked, keys, strange := map[string]bool{}, map[string]string{}, false
	for _, dn := range all {
		asked[normalDN(dn)] = true
	}
	err := c.entriesOf(ctx, s, all, func(e *ldap.Entry) {
		dn, key := normalDN(e.DN), c.key(e)
		if known, twice := keys[dn]; !asked[dn] || twice && known != key {
			strange, key = true, ""
		}
		keys[dn] = key
	})
	if err != nil {
		return err
	}
	for n, g := range groups {
		var rest []string
		for _, dn := range of[n] {
			if key := keys[normalDN(dn)]; key != "" {
				g.i.Members = append(g.i.Members, key)
			} else if strange {
				rest = append(rest, dn)
			}
		}
		err := c.entriesOf(ctx, s, rest, func(e *ldap.Entry) { g.i.Members = append(g.i.Members, c.key(e)) })
		if err != nil {
			return err
		}
	}
	return nil
}

// normalDN is a DN in a form in which most that are equal are the same.
func normalDN(text string) string {
	dn, err := ldap.ParseDN(text)
	if err != nil {
		return text
	}
	return address.Fold(dn.String())
}

// entriesOf reads the keys of DNs in batches by entryDN (RFC 5020); for a DN that is not there it calls nothing.
func (c *config) entriesOf(ctx context.Context, s *session, dns []string, found func(*ldap.Entry)) error {
	for part := range slices.Chunk(dns, batch) {
		var filters []string
		for _, dn := range part {
			filters = append(filters, equal("entryDN", dn))
		}
		// Without paging: slapd has one paged search per connection, which may be the one that found the groups.
		list, err := s.search(ctx, query{
			base: c.BaseDN, scope: ldap.ScopeWholeSubtree, filter: anyOf(filters), attrs: []string{c.names[attrKey]},
		})
		if err != nil {
			return err
		}
		for _, e := range list {
			found(e)
		}
	}
	return nil
}
