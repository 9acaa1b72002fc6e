package ldapdir_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"unicode/utf16"

	"postroom/internal/connect/dirtest"
	"postroom/internal/connect/ldapdir"
	"postroom/internal/core/directory"
	"postroom/test/samba"

	"github.com/go-ldap/ldap/v3"
)

// admin is an administrator's own connection.
type admin struct {
	testing.TB
	*ldap.Conn
}

func signIn(t testing.TB, address, ca, account, password string) admin {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(ca))
	c, err := ldap.DialURL("ldaps://"+address, ldap.DialWithTLSConfig(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}))
	if err == nil {
		err = c.Bind(account, password)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return admin{t, c}
}

func (a admin) must(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

func (a admin) add(dn string, attrs map[string]string) {
	a.Helper()
	req := ldap.NewAddRequest(dn, nil)
	for k, v := range attrs {
		req.Attribute(k, strings.Split(v, "|"))
	}
	a.must(a.Add(req))
}

func (a admin) set(dn, attribute string, values ...string) {
	a.Helper()
	req := ldap.NewModifyRequest(dn, nil)
	req.Replace(attribute, values)
	a.must(a.Modify(req))
}

// dn finds an entry wherever it is.
func (a admin) dn(base, filter string) string {
	a.Helper()
	r, err := a.Search(ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, 0, 0, 0, false, filter, []string{"1.1"}, nil))
	a.must(err)
	if len(r.Entries) != 1 {
		a.Fatalf("%s: %d entries", filter, len(r.Entries))
	}
	return r.Entries[0].DN
}

var units atomic.Int64

// unit is an OU of a test in Samba, and what people do in it.
type unit struct {
	admin
	*samba.Server
	dn string
}

func newUnit(t testing.TB, s *samba.Server) *unit {
	u := &unit{admin: signIn(t, s.Address, s.CA, samba.Admin, samba.Password), Server: s}
	u.dn = fmt.Sprintf("OU=Test %d,%s", units.Add(1), samba.MailOU)
	u.add(u.dn, map[string]string{"objectClass": "organizationalUnit"})
	t.Cleanup(func() {
		for _, dn := range u.left(t) { // names are unique in a domain: the next test wants them
			_ = u.Del(ldap.NewDelRequest(dn, []ldap.Control{ldap.NewControlSubtreeDelete()}))
		}
	})
	return u
}

func (u *unit) left(t testing.TB) (list []string) {
	a := signIn(t, u.Address, u.CA, samba.Admin, samba.Password)
	u.admin = a
	r, err := a.Search(ldap.NewSearchRequest(samba.MailOU, ldap.ScopeWholeSubtree, 0, 0, 0, false, "(|(objectClass=user)(objectClass=group))", []string{"1.1"}, nil))
	a.must(err)
	for _, e := range r.Entries {
		list = append(list, e.DN)
	}
	return list
}

func (u *unit) settings(account string) directory.Settings {
	return directory.Settings{
		Kind: directory.MicrosoftAD, Servers: []string{u.Address}, CA: u.CA, Account: account, Secret: samba.Password, BaseDN: u.dn,
	}
}

func (u *unit) open(t testing.TB, s directory.Settings) directory.Foreign {
	t.Helper()
	d, err := ldapdir.Open(s, ldapdir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func (u *unit) Open() directory.Foreign { return u.open(u.TB, u.settings(samba.Reader)) }

func utf16le(password string) string {
	var b []byte
	for _, c := range utf16.Encode([]rune(`"` + password + `"`)) {
		b = append(b, byte(c), byte(c>>8))
	}
	return string(b)
}

func (u *unit) ref(k directory.Kind, name string) directory.Ref {
	u.Helper()
	d := u.open(u.TB, u.settings(samba.Reader))
	i, err := d.Lookup(u.Context(), "", directory.Ref{Kind: k, Name: name})
	u.must(err)
	return i.Ref
}

func (u *unit) AddUser(name, password string) directory.Ref {
	u.Helper()
	u.add("CN="+name+","+u.dn, map[string]string{
		"objectClass": "user", "sAMAccountName": name, "userPrincipalName": name + "@corp.example.test", "displayName": "The " + name,
		"userAccountControl": "512", "unicodePwd": utf16le(password),
	})
	return u.ref(directory.KindUser, name)
}

func (u *unit) AddGroup(name string, members ...directory.Ref) directory.Ref {
	u.Helper()
	attrs := map[string]string{"objectClass": "group", "sAMAccountName": name}
	var list []string
	for _, m := range members {
		list = append(list, u.of(m))
	}
	if len(list) > 0 {
		attrs["member"] = strings.Join(list, "|")
	}
	u.add("CN="+name+","+u.dn, attrs)
	return u.ref(directory.KindGroup, name)
}

func (u *unit) of(r directory.Ref) string {
	u.Helper()
	found, err := u.Search(ldap.NewSearchRequest("<GUID="+r.Key+">", ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", []string{"1.1"}, nil))
	u.must(err)
	return found.Entries[0].DN
}

// listed are the values of an attribute.
func (u *unit) listed(r directory.Ref, attribute string) []string {
	u.Helper()
	found, err := u.Search(ldap.NewSearchRequest(u.of(r), ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", []string{attribute}, nil))
	u.must(err)
	return found.Entries[0].GetAttributeValues(attribute)
}

func (u *unit) SetCity(r directory.Ref, city string) { u.set(u.of(r), "l", city) }

func (u *unit) Rename(r directory.Ref, name string) {
	u.Helper()
	u.must(u.ModifyDN(ldap.NewModifyDNRequest(u.of(r), "CN="+name, true, "")))
	u.set(u.of(r), "sAMAccountName", name)
}

func (u *unit) Move(r directory.Ref, out bool) {
	u.Helper()
	to := u.dn
	if out {
		to = "CN=Users," + samba.BaseDN
	}
	rdn, _, _ := strings.Cut(u.of(r), ",")
	u.must(u.ModifyDN(ldap.NewModifyDNRequest(u.of(r), rdn, true, to)))
}

func (u *unit) Disable(r directory.Ref, off bool) {
	control := "512"
	if off {
		control = "514"
	}
	u.set(u.of(r), "userAccountControl", control)
}

func (u *unit) Reset(r directory.Ref, password string) {
	u.set(u.of(r), "unicodePwd", utf16le(password))
}
func (u *unit) Remove(r directory.Ref) { u.Helper(); u.must(u.Del(ldap.NewDelRequest(u.of(r), nil))) }
func (u *unit) TellsPasswords() bool   { return true }

var _ dirtest.Outside = (*unit)(nil)

// The contract of a foreign directory, read as an ordinary account of a real Active Directory.
func TestSambaFeed(t *testing.T) {
	s := samba.Start(t)
	dirtest.Feed(t, func(t *testing.T) dirtest.Outside { return newUnit(t, s) })
}

// The contract of a directory that is written, as an account that rules one OU.
func TestSambaSource(t *testing.T) {
	s := samba.Start(t, "old password allowed period=0")
	dirtest.Source(t, func(t *testing.T, _ directory.Store, _ directory.Hasher) directory.Source {
		u := newUnit(t, s)
		return u.open(t, u.settings(samba.Writer))
	})
}
