package ldapdir

import (
	"context"
	"slices"
	"strings"

	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// Names are the NetBIOS name of the domain, its DNS name and the forest's UPN
// suffixes (MS-ADTS 6.1.1.2.1). An LDAP directory has none.
func (d *Reader) Names(ctx context.Context) (n directory.Names, err error) {
	if !d.ad {
		return n, nil
	}
	err = d.ask(ctx, "ldapdir.Names", func(s *session) (err error) {
		n, err = d.domainNames(ctx, s)
		return err
	})
	return n, err
}

func (d *Reader) domainNames(ctx context.Context, s *session) (n directory.Names, err error) {
	r, err := s.rootDSE(ctx)
	if err != nil {
		return n, err
	}
	list, err := s.search(ctx, query{
		base: "CN=Partitions," + r.configuration, scope: ldap.ScopeWholeSubtree,
		filter: "(|(objectClass=crossRefContainer)(&(objectClass=crossRef)" + equal("nCName", r.naming) + "))",
		attrs:  []string{"nETBIOSName", "dnsRoot", "uPNSuffixes"},
	})
	if err != nil {
		return n, err
	}
	for _, e := range list {
		if v := value(e, "nETBIOSName"); v != "" {
			n.NetBIOS = clean(v)
		}
		for _, v := range append(e.GetEqualFoldAttributeValues("dnsRoot"), e.GetEqualFoldAttributeValues("uPNSuffixes")...) {
			if v = strings.ToLower(clean(v)); v != "" {
				n.Suffixes = append(n.Suffixes, v)
			}
		}
	}
	slices.Sort(n.Suffixes)
	n.Suffixes = slices.Compact(n.Suffixes)
	return n, nil
}
