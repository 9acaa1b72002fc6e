package ldapdir

import (
	"context"
	"crypto/rand"
	"strings"
	"time"
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

// young is how long after it was made an entry counts as made by a Create that is made again.
const young = 10 * time.Minute

// Create makes a user or group in the container of new ones. An entry of this
// name that was made there minutes ago with the same display name is what an earlier call
// made, and is answered; any other is errs.Exists, Entry. A user without a
// password gets one in Active Directory that nobody knows.
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
		suffix := ""
		if d.ad && i.Kind == directory.KindUser {
			n, err := d.domainNames(ctx, s)
			if err != nil {
				return err
			}
			suffix = dnsOf(s.root.naming, n)
			if password == "" {
				password = rand.Text() + "aA1!" + rand.Text()
			}
		}
		err = s.do(ctx, operationTime, func() error { return s.conn.Add(d.addition(i, container, password, suffix)) })
		if code(err) == ldap.LDAPResultEntryAlreadyExists || code(err) == ldap.LDAPResultConstraintViolation && taken(err) {
			r, err = d.earlier(ctx, s, op, i, container)
			return err
		}
		if err != nil {
			return d.refusedPassword(op, password, err)
		}
		if !d.ad && password != "" {
			if err := d.putPassword(ctx, s, dnOf(d.config, i, container), password); err != nil {
				undo := s.do(context.WithoutCancel(ctx), operationTime, func() error { return s.conn.Del(ldap.NewDelRequest(dnOf(d.config, i, container), nil)) })
				if undo != nil {
					d.log.Error("a user whose password was refused is still in the directory", "name", i.Name, "error", undo)
				}
				return d.refusedPassword(op, password, err)
			}
		}
		r, err = d.made(ctx, s, op, i)
		return err
	})
	return r, err
}

// taken tells AD's refusal of a sAMAccountName or UPN that another has.
func taken(err error) bool {
	text := strings.ToLower(words(err))
	return strings.Contains(text, "already in use") || strings.Contains(text, "00000524") || strings.Contains(text, "000021c8")
}

// made reads a new entry back.
func (d *Directory) made(ctx context.Context, s *session, op string, i directory.Identity) (directory.Ref, error) {
	e, err := d.find(ctx, s, op, directory.Ref{Kind: i.Kind, Name: i.Name}, d.read()...)
	if errs.Is(err, errs.NotFound) {
		return directory.Ref{}, errs.Say(op, errs.Unavailable, errs.Directory, "The new entry is not seen under the base and filters of this directory.").Because(err)
	}
	if err != nil {
		return directory.Ref{}, err
	}
	got, _ := d.identity(e)
	return got.Ref, nil
}

// earlier answers the entry that an earlier call of the same Create made.
func (d *Directory) earlier(ctx context.Context, s *session, op string, i directory.Identity, container string) (directory.Ref, error) {
	exists := errs.Say(op, errs.Exists, errs.Entry, "The name %s is taken in the directory.", i.Name)
	born := "createTimestamp"
	if d.ad {
		born = "whenCreated"
	}
	e, err := d.find(ctx, s, op, directory.Ref{Kind: i.Kind, Name: i.Name}, append(d.read(), born, "cn")...)
	if errs.Is(err, errs.NotFound) {
		return directory.Ref{}, exists
	}
	if err != nil {
		return directory.Ref{}, err
	}
	_, dn := splitExtended(e.DN)
	mine, err1 := ldap.ParseDN(dnOf(d.config, i, container))
	its, err2 := ldap.ParseDN(dn)
	at, err3 := time.Parse("20060102150405", strings.SplitN(strings.TrimSuffix(value(e, born), "Z"), ".", 2)[0])
	age := d.clock.Now().Sub(at)
	got, _ := d.identity(e)
	if err1 != nil || err2 != nil || err3 != nil || !mine.EqualFold(its) || age > young || age < -young ||
		i.Kind == directory.KindUser && i.DisplayName != "" && got.DisplayName != i.DisplayName {
		return directory.Ref{}, exists
	}
	return got.Ref, nil
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
		put("cn", first(i.DisplayName, i.Name))
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
	if user {
		put(c.names[attrDisplayName], i.DisplayName)
		for n, field := range fields(&i.Details) {
			put(c.names[details[n]], *field)
		}
	}
	return req
}

func first(list ...string) string {
	for _, t := range list {
		if t != "" {
			return t
		}
	}
	return ""
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

// dnsOf is the DNS name of the domain: that of its naming context.
func dnsOf(naming string, n directory.Names) string {
	dn, err := ldap.ParseDN(naming)
	if err != nil {
		return first(n.Suffixes...)
	}
	var parts []string
	for _, r := range dn.RDNs {
		if len(r.Attributes) == 1 && strings.EqualFold(r.Attributes[0].Type, "DC") {
			parts = append(parts, r.Attributes[0].Value)
		}
	}
	return strings.ToLower(strings.Join(parts, "."))
}
