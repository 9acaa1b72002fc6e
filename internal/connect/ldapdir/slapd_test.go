package ldapdir_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"postroom/internal/connect/dirtest"
	"postroom/internal/connect/ldapdir"
	"postroom/internal/core/directory"
	"postroom/test/slapd"

	"github.com/go-ldap/ldap/v3"
)

// branch is an OU of a test in slapd, and what people do in it.
type branch struct {
	admin
	*slapd.Server
	dn string
}

func newBranch(t testing.TB, s *slapd.Server) *branch {
	b := &branch{admin: signIn(t, s.Address, s.CA, slapd.Admin, slapd.Password), Server: s}
	b.dn = fmt.Sprintf("ou=Test %d,%s", units.Add(1), slapd.MailOU)
	b.add(b.dn, map[string]string{"objectClass": "organizationalUnit"})
	return b
}

func (b *branch) settings(account string) directory.Settings {
	return directory.Settings{
		Kind: directory.LDAP, Servers: []string{b.Address}, CA: b.CA, Account: account, Secret: slapd.Password, BaseDN: b.dn,
	}
}

func (b *branch) open(s directory.Settings) directory.Foreign {
	b.Helper()
	d, err := ldapdir.Open(s, ldapdir.Options{})
	b.must(err)
	b.TB.Cleanup(d.Close)
	return d
}

func (b *branch) Open() directory.Foreign {
	s := b.settings(slapd.Reader)
	s.ReadOnly = true
	return b.open(s)
}

func (b *branch) ref(k directory.Kind, name string) directory.Ref {
	b.Helper()
	i, err := b.Open().Lookup(b.Context(), "", directory.Ref{Kind: k, Name: name})
	b.must(err)
	return i.Ref
}

func (b *branch) AddUser(name, password string) directory.Ref {
	b.Helper()
	b.add("uid="+name+","+b.dn, map[string]string{"objectClass": "inetOrgPerson", "uid": name, "cn": "The " + name, "sn": name, "userPassword": password})
	return b.ref(directory.KindUser, name)
}

func (b *branch) AddGroup(name string, members ...directory.Ref) directory.Ref {
	b.Helper()
	list := []string{""}
	for _, m := range members {
		list = append(list, b.of(m))
	}
	b.add("cn="+name+","+b.dn, map[string]string{"objectClass": "groupOfNames", "cn": name, "member": strings.Join(list, "|")})
	return b.ref(directory.KindGroup, name)
}

func (b *branch) of(r directory.Ref) string {
	b.Helper()
	return b.admin.dn(slapd.BaseDN, "(entryUUID="+ldap.EscapeFilter(r.Key)+")")
}

func (b *branch) SetCity(r directory.Ref, city string) { b.set(b.of(r), "l", city) }

func (b *branch) Rename(r directory.Ref, name string) {
	b.Helper()
	b.must(b.ModifyDN(ldap.NewModifyDNRequest(b.of(r), "uid="+name, true, "")))
}

func (b *branch) Move(r directory.Ref, out bool) {
	b.Helper()
	to := b.dn
	if out {
		to = slapd.MailOU
	}
	rdn, _, _ := strings.Cut(b.of(r), ",")
	b.must(b.ModifyDN(ldap.NewModifyDNRequest(b.of(r), rdn, true, to)))
	if out {
		b.TB.Cleanup(func() { _ = b.Del(ldap.NewDelRequest(rdn+","+to, nil)) })
	}
}

func (b *branch) Disable(r directory.Ref, off bool) {
	b.Helper()
	if off {
		b.set(b.of(r), "pwdAccountLockedTime", "000001010000Z")
		return
	}
	b.set(b.of(r), "pwdAccountLockedTime")
}

func (b *branch) Reset(r directory.Ref, password string) {
	b.Helper()
	b.set(b.of(r), "userPassword", password)
	b.set(b.of(r), "pwdReset") // an administrator who does not want it changed again
}

func (b *branch) Remove(r directory.Ref) { b.Helper(); b.must(b.Del(ldap.NewDelRequest(b.of(r), nil))) }
func (b *branch) TellsPasswords() bool   { return true }

var _ dirtest.Outside = (*branch)(nil)

func TestSlapdFeed(t *testing.T) {
	s := slapd.Start(t)
	dirtest.Feed(t, func(t *testing.T) dirtest.Outside { return newBranch(t, s) })
}

// Without contextCSN changes are found by time stamps and comparing.
func TestSlapdFeedByTime(t *testing.T) {
	s := slapd.Start(t, slapd.NoCSN)
	dirtest.Feed(t, func(t *testing.T) dirtest.Outside { return newBranch(t, s) })
}

func TestSlapdStillCSN(t *testing.T) {
	b := newBranch(t, slapd.Start(t, slapd.StillCSN))
	d := b.Open()
	m, err := d.Mark(t.Context())
	b.must(err)
	a := b.AddUser("alice", "Sesame-Open-1")
	for range 3 {
		c, err := d.Changed(t.Context(), m)
		b.must(err)
		if m = c.Next; c.Anew { // what was missed is read
			b.SetCity(a, "Ulm")
			c, err := d.Changed(t.Context(), m)
			b.must(err)
			if !slices.Contains(c.Keys, a.Key) {
				t.Fatalf("%+v", c)
			}
			return
		}
	}
	t.Fatal("it is never read anew")
}

func TestSlapdSource(t *testing.T) {
	s := slapd.Start(t, slapd.NoHistory)
	dirtest.Source(t, func(t *testing.T, _ directory.Store, _ directory.Hasher) directory.Source {
		b := newBranch(t, s)
		return b.open(b.settings(slapd.Writer))
	})
}
