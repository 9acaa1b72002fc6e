package ldapdir

import (
	"cmp"
	"context"
	"crypto/rand"
	"strings"
	"unicode/utf16"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// change runs a change, which is not asked twice by itself.
func (d *Directory) change(ctx context.Context, op string, fn func(*session) error) error {
	return fault(op, d.service.with(ctx, never, fn))
}

// Create makes a user or group in the container of new ones, and never answers
// one that was there: errs.Exists, Entry. A user without a password gets one in
// Active Directory that nobody knows. What was made carries i.Made, see proofOf.
func (d *Directory) Create(ctx context.Context, _ ids.Org, i directory.Identity, password string) (r directory.Ref, err error) {
	const op = "ldapdir.Create"
	if i.Name == "" || i.Kind != directory.KindUser && i.Kind != directory.KindGroup {
		return r, errs.Say(op, errs.Invalid, errs.Entry, "A user or group with a name is needed.")
	}
	if d.ad && strings.ContainsAny(i.Name, "\"/\\[]:;|=,+*?<>") { // MS-SAMR 3.1.1.6
		return r, errs.Say(op, errs.Invalid, errs.Entry, "Active Directory takes no name with one of \" / \\ [ ] : ; | = , + * ? < >.")
	}
	if password != "" {
		if err := fitPassword(op, password); err != nil {
			return r, err
		}
	}
	err = d.change(ctx, op, func(s *session) error {
		if err := d.unmapped(op, i); err != nil {
			return err
		}
		container, err := d.container(ctx, s, i.Kind)
		if err != nil {
			return err
		}
		suffix, unknown := "", ""
		if d.ad && i.Kind == directory.KindUser {
			r, err := s.rootDSE(ctx)
			if err != nil {
				return err
			}
			suffix = dnsOf(r.naming)
			if password == "" {
				unknown = rand.Text() + "aA1!" + rand.Text()
			}
		}
		err = s.do(ctx, operationTime, func() error { return s.conn.Add(d.addition(i, container, password+unknown, suffix)) })
		if code(err) == ldap.LDAPResultEntryAlreadyExists || code(err) == ldap.LDAPResultConstraintViolation && taken(err) {
			return errs.Say(op, errs.Exists, errs.Entry, "The name %s is taken in the directory.", i.Name).Because(err)
		}
		if err != nil {
			return d.refusedPassword(op, password+unknown, err)
		}
		r, err = d.added(ctx, s, op, i, password)
		return err
	})
	return r, err
}

// added reads a new entry back, and on LDAP gives it its password: where that is
// refused, the entry goes. Any other error is errs.Unavailable: the entry is there.
func (d *Directory) added(ctx context.Context, s *session, op string, i directory.Identity, password string) (directory.Ref, error) {
	unknown := func(text string, err error) error {
		return errs.Say(op, errs.Unavailable, errs.Directory, "%s", text).Because(err)
	}
	e, err := d.find(ctx, s, op, directory.Ref{Kind: i.Kind, Name: i.Name}, append(d.read(), d.proofAttributes()...)...)
	if err == nil {
		if made, _ := d.madeBy(e); made != i.Made && d.proofOf(i.Kind) != "" {
			err = notFound(op)
		}
	}
	if err != nil {
		return directory.Ref{}, unknown("The new entry is not seen under the base and filters of this directory.", err)
	}
	got, _ := d.identity(e)
	if d.ad || password == "" {
		return got.Ref, nil
	}
	_, dn := splitExtended(e.DN)
	if err := d.putPassword(ctx, s, dn, password); err != nil {
		if broken(err) {
			return directory.Ref{}, err
		}
		if undo := s.do(context.WithoutCancel(ctx), operationTime, func() error { return s.conn.Del(ldap.NewDelRequest(dn, nil)) }); undo != nil {
			return directory.Ref{}, unknown("The directory refuses the password, and the user could not be deleted again.", undo)
		}
		return directory.Ref{}, d.refusedPassword(op, password, err)
	}
	if proof := d.proofOf(i.Kind); proof != "" && i.Made != "" {
		req := ldap.NewModifyRequest(dn, nil)
		req.Replace(proof, []string{proofPrefix + i.Made})
		if err := s.do(ctx, operationTime, func() error { return s.conn.Modify(req) }); err != nil {
			return directory.Ref{}, unknown("The new user could not be finished.", err)
		}
	}
	return got.Ref, nil
}

// What a Create leaves in an entry is proofPrefix and Identity.Made, with half
// behind it until the password is set. It stays there.
const (
	proofPrefix = "postroom:"
	half        = "/half"
)

// proofOf is the attribute that says which Create made an entry: one that no
// people see, where the class has such. "" where the attribute map uses it: then
// nothing proves that an entry is ours, and it counts as another's.
func (c *config) proofOf(k directory.Kind) string {
	attribute := "adminDescription"
	if !c.ad {
		attribute = "destinationIndicator" // RFC 4519 §2.6, of organizationalPerson
		if k == directory.KindGroup {
			attribute = "description" // groupOfNames has none like it
		}
	}
	for _, theirs := range c.names {
		for one := range strings.SplitSeq(theirs, ",") {
			if strings.EqualFold(one, attribute) {
				return ""
			}
		}
	}
	return attribute
}

func (c *config) proofAttributes() (list []string) {
	for _, k := range []directory.Kind{directory.KindUser, directory.KindGroup} {
		if a := c.proofOf(k); a != "" {
			list = append(list, a)
		}
	}
	return list
}

// madeBy reads what Create left in an entry.
func (c *config) madeBy(e *ldap.Entry) (made string, unfinished bool) {
	if a := c.proofOf(c.kind(e)); a != "" {
		for _, v := range e.GetEqualFoldAttributeValues(a) {
			if made, ok := strings.CutPrefix(v, proofPrefix); ok {
				return strings.CutSuffix(made, half)
			}
		}
	}
	return "", false
}

// taken tells AD's refusal of a sAMAccountName or UPN that another has.
func taken(err error) bool {
	text := strings.ToLower(words(err))
	return strings.Contains(text, "already in use") || strings.Contains(text, "00000524") || strings.Contains(text, "000021c8")
}

// container is where new ones are made: the base; where that is the whole
// domain its container of new users (MS-ADTS 6.1.1.4); on LDAP ou=people or ou=groups below the base, if there.
func (c *config) container(ctx context.Context, s *session, k directory.Kind) (string, error) {
	base, err := c.basedn(ctx, s)
	if err != nil {
		return "", err
	}
	if !c.ad {
		name := "people"
		if k == directory.KindGroup {
			name = "groups"
		}
		list, err := s.search(ctx, query{base: base, scope: ldap.ScopeSingleLevel, filter: equal("ou", name), limit: 2})
		if err == nil && len(list) == 1 {
			return list[0].DN, nil
		}
		return base, err
	}
	r, err := s.rootDSE(ctx)
	if err != nil {
		return "", err
	}
	a, err1 := ldap.ParseDN(base)
	b, err2 := ldap.ParseDN(r.naming)
	if err1 != nil || err2 != nil || !a.EqualFold(b) {
		return base, nil
	}
	e, err := s.base(ctx, base, "wellKnownObjects")
	if err != nil {
		return "", err
	}
	for _, v := range e.GetEqualFoldAttributeValues("wellKnownObjects") {
		if dn, ok := strings.CutPrefix(v, "B:32:A9D1CA15768811D1ADED00C04FD8D5CD:"); ok {
			return dn, nil
		}
	}
	return base, nil
}

// dnOf is the DN of a new entry; its first value may have any character.
func dnOf(c *config, i directory.Identity, container string) string {
	attribute := "CN"
	if !c.ad && i.Kind == directory.KindUser {
		attribute = c.names[attrName]
	}
	return rdn(attribute, i.Name) + "," + container
}

// rdn is the first part of a DN (RFC 4514 §2.4). Samba wants "=" escaped in a value too.
func rdn(attribute, value string) string {
	text := (&ldap.RelativeDN{Attributes: []*ldap.AttributeTypeAndValue{{Type: attribute, Value: value}}}).String()
	name, rest, _ := strings.Cut(text, "=")
	return name + "=" + strings.ReplaceAll(rest, "=", `\=`)
}

// universalSecurity is the groupType of a new group, which may have members of any kind (MS-ADTS 2.2.12).
const universalSecurity = "-2147483640"

// addition is the request that makes an entry.
func (c *config) addition(i directory.Identity, container, password, suffix string) *ldap.AddRequest {
	req := ldap.NewAddRequest(dnOf(c, i, container), nil)
	put := func(attribute, value string) {
		if attribute != "" && value != "" {
			req.Attribute(attribute, []string{value})
		}
	}
	user := i.Kind == directory.KindUser
	switch {
	case c.ad && user:
		req.Attribute("objectClass", []string{"top", "person", "organizationalPerson", "user"})
		put("userPrincipalName", i.Name+"@"+suffix)
		put("userAccountControl", "512") // NORMAL_ACCOUNT
		put("unicodePwd", quoted(password))
	case c.ad:
		req.Attribute("objectClass", []string{"top", "group"})
		put("groupType", universalSecurity)
	case user:
		req.Attribute("objectClass", []string{"top", "person", "organizationalPerson", "inetOrgPerson"})
		put("cn", cmp.Or(i.DisplayName, i.Name))
		if i.Details.LastName == "" {
			put(c.names[attrLastName], i.Name) // inetOrgPerson demands one (RFC 2798 §3, RFC 4519 §3.12)
		}
	default:
		req.Attribute("objectClass", []string{"top", "groupOfNames"})
		put("cn", i.Name)
		req.Attribute("member", []string{""}) // RFC 4519 §3.5 demands one: the empty DN is nobody
	}
	if c.ad || user {
		put(c.names[attrName], i.Name)
	}
	if i.Made != "" {
		made := proofPrefix + i.Made
		if !c.ad && password != "" {
			made += half
		}
		put(c.proofOf(i.Kind), made)
	}
	if user {
		put(c.names[attrDisplayName], i.DisplayName)
		for n, field := range fields(&i.Details) {
			put(c.names[details[n]], *field)
		}
	}
	return req
}

// quoted is a password as unicodePwd takes it: in quotes, UTF-16 little-endian (MS-ADTS 3.1.1.3.1.5.1).
func quoted(password string) string {
	units := utf16.Encode([]rune(`"` + password + `"`))
	b := make([]byte, 0, 2*len(units))
	for _, u := range units {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// dnsOf is the DNS name of the domain that has a naming context (MS-ADTS 3.1.1.1.5).
func dnsOf(naming string) string {
	dn, err := ldap.ParseDN(naming)
	if err != nil {
		return ""
	}
	var parts []string
	for _, r := range dn.RDNs {
		if len(r.Attributes) == 1 && strings.EqualFold(r.Attributes[0].Type, "DC") {
			parts = append(parts, r.Attributes[0].Value)
		}
	}
	return strings.ToLower(strings.Join(parts, "."))
}
