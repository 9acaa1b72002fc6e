package ldapdir_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/connect/ldapdir"
	"postroom/internal/core/directory"
	"postroom/test/samba"
	"postroom/test/services"
	"postroom/test/slapd"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

func kindOf(err error) string {
	k, s := errs.Of(err)
	return k.String() + " " + s.String()
}

// A directory that stops, hangs and comes back (reliability.md 89).
func TestFaults(t *testing.T) {
	s := slapd.Start(t)
	b := newBranch(t, s)
	r := b.AddUser("alice", "Sesame-Open-1")
	d := b.Open()
	check := func(want string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		says, err := d.Check(ctx, "", r, "Sesame-Open-1")
		got := string(says)
		if err != nil {
			got = kindOf(err)
		}
		if got != want {
			t.Fatalf("%s (%v), want %s", got, err, want)
		}
	}
	comesBack := func() {
		t.Helper()
		for end := time.Now().Add(15 * time.Second); ; {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			says, err := d.Check(ctx, "", r, "Sesame-Open-1")
			cancel()
			if says == directory.Right {
				return
			}
			if time.Now().After(end) {
				t.Fatal(says, err)
			}
		}
	}
	check("right")
	m, err := d.Mark(t.Context())
	b.must(err)
	s.Stop()
	check("unavailable directory")
	if says, err := d.Check(t.Context(), "", r, ""); err != nil || says != directory.Wrong { // reliability.md 88: nothing is asked
		t.Fatal(says, err)
	}
	if _, err := d.Wait(t.Context()); kindOf(err) != "unavailable directory" {
		t.Fatal(err)
	}
	if _, err := d.Changed(t.Context(), m); kindOf(err) != "unavailable directory" {
		t.Fatal(err)
	}
	s.Restart()
	comesBack()
	if c, err := d.Changed(t.Context(), m); err != nil || c.Anew {
		t.Fatalf("%+v %v", c, err)
	}
	b.must(s.Freeze())
	begun := time.Now()
	check("unavailable directory")
	if took := time.Since(begun); took > 3*time.Second {
		t.Fatalf("a server that hangs is waited for %v", took)
	}
	b.must(s.Thaw())
	comesBack()
	d.Close()
	if _, err := d.Mark(t.Context()); err == nil {
		t.Fatal("it goes on after Close")
	}
}

// Wrong certificates, accounts and servers.
func TestRefusals(t *testing.T) {
	s := slapd.Start(t)
	b := newBranch(t, s)
	r := b.AddUser("alice", "Sesame-Open-1")
	other := services.Certificate(t, t.TempDir(), "x")
	for name, c := range map[string]struct {
		change func(*directory.Settings)
		want   string
	}{
		"another CA":           {func(s *directory.Settings) { s.CA = other }, "unavailable directory"},
		"the system's CAs":     {func(s *directory.Settings) { s.CA = "" }, "unavailable directory"},
		"another name":         {func(s *directory.Settings) { s.Servers = []string{"ip6-localhost.localdomain"} }, "unavailable directory"},
		"a wrong secret":       {func(s *directory.Settings) { s.Secret = "wrong" }, "denied directory"},
		"no such account":      {func(s *directory.Settings) { s.Account = "cn=nobody," + slapd.BaseDN }, "denied directory"},
		"an account of no DN":  {func(s *directory.Settings) { s.Account = "nobody" }, "denied directory"},
		"LDAPS where StartTLS": {func(s *directory.Settings) { s.Servers = []string{b.Address + ":389"} }, "unavailable directory"},
		"a cloud's metadata":   {func(s *directory.Settings) { s.Servers = []string{"169.254.169.254"} }, "unavailable directory"},
		"the second answers":   {func(s *directory.Settings) { s.Servers = []string{b.Address + ":9", b.Address} }, ""},
	} {
		settings := b.settings(slapd.Reader)
		c.change(&settings)
		d := b.open(settings)
		_, err := d.Lookup(t.Context(), "", r)
		if got := kindOf(err); err != nil && got != c.want || err == nil && c.want != "" {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if says, err := d.Check(t.Context(), "", r, "Sesame-Open-1"); c.want != "" && (err == nil || says != directory.Wrong) {
			t.Errorf("%s: %s %v", name, says, err)
		}
	}
	// A refused account is not tried at each call: that would lock it.
	settings := b.settings(slapd.Reader)
	settings.Secret = "wrong"
	d := b.open(settings)
	for range 20 {
		if _, err := d.Mark(t.Context()); kindOf(err) != "denied directory" {
			t.Fatal(err)
		}
	}
	settings.Secret = slapd.Password
	if _, err := b.open(settings).Mark(t.Context()); err != nil {
		t.Fatal("the account is locked:", err)
	}
}

// Another domain controller has another database with other USNs: the marks of
// the first mean nothing to it.
func TestAnotherController(t *testing.T) {
	one, two := samba.Pair(t)
	u := newUnit(t, one)
	u.AddUser("alice", "Sesame-Open-1")
	two.Pull(one)
	s := u.settings(samba.Reader)
	s.Servers = []string{one.Address, two.Address}
	s.CA += two.CA
	s.BaseDN = samba.MailOU
	d := u.open(t, s)
	m, err := d.Mark(t.Context())
	u.must(err)
	if c, err := d.Changed(t.Context(), m); err != nil || c.Anew {
		t.Fatalf("%+v %v", c, err)
	}
	fields := strings.Fields(string(m))
	ahead := directory.Mark(fields[0] + " " + fields[1] + " 999999999") // the database was restored
	if c, err := d.Changed(t.Context(), ahead); err != nil || !c.Anew {
		t.Fatalf("%+v %v", c, err)
	}
	read := func() (all []directory.Identity) {
		u.must(d.Read(t.Context(), func(page []directory.Identity) error {
			all = append(all, page...)
			return nil
		}))
		return all
	}
	before := read()
	one.Stop()
	var c directory.Changes
	for end := time.Now().Add(20 * time.Second); ; {
		if c, err = d.Changed(t.Context(), m); err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the second server is not asked:", err)
		}
		_, _ = d.Wait(t.Context())
	}
	if !c.Anew || strings.Fields(string(c.Next))[1] == fields[1] {
		t.Fatalf("%+v behind %s", c, m)
	}
	if after := read(); len(before) != 1 || !reflect.DeepEqual(after, before) {
		t.Fatalf("the second has %+v\nand the first had %+v", after, before)
	}
	if c, err = d.Changed(t.Context(), c.Next); err != nil || c.Anew {
		t.Fatalf("%+v %v", c, err)
	}
	if says, err := d.Check(t.Context(), "", before[0].Ref, "Sesame-Open-1"); err != nil || says != directory.Right {
		t.Fatalf("%s %v", says, err)
	}
	one.Restart() // for the clean-up
}

// scripted is a server that says what a script says after the bind.
func scripted(t *testing.T, answer func(w io.Writer, id int64, request *ber.Packet)) directory.Foreign {
	t.Helper()
	dir := t.TempDir()
	ca := services.Certificate(t, dir, "127.0.0.1")
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c, answer)
		}
	}()
	d, err := ldapdir.Open(directory.Settings{Kind: directory.LDAP, Servers: []string{l.Addr().String()}, CA: ca, Account: "cn=a", Secret: "s", BaseDN: "dc=x"}, ldapdir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func serve(c net.Conn, answer func(io.Writer, int64, *ber.Packet)) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		p, err := ber.ReadPacket(in)
		if err != nil || len(p.Children) < 2 {
			return
		}
		id, _ := p.Children[0].Value.(int64)
		if p.Children[1].Tag == ldap.ApplicationBindRequest {
			_, _ = c.Write(done(id, ldap.ApplicationBindResponse, 0).Bytes())
			continue
		}
		answer(c, id, p)
	}
}

func done(id int64, tag ber.Tag, code int64, controls ...*ber.Packet) *ber.Packet {
	p := ber.NewSequence("")
	p.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	r := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	r.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, code, ""))
	r.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "", ""))
	r.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "", ""))
	p.AppendChild(r)
	if len(controls) > 0 {
		list := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "")
		for _, c := range controls {
			list.AppendChild(c)
		}
		p.AppendChild(list)
	}
	return p
}

func found(id int64, dn, uid string) *ber.Packet {
	p := ber.NewSequence("")
	p.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	e := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultEntry, nil, "")
	e.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, dn, ""))
	attrs := ber.NewSequence("")
	for name, value := range map[string]string{"uid": uid, "entryUUID": uid + "-key-key-key", "objectClass": "inetOrgPerson"} {
		a := ber.NewSequence("")
		a.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, name, ""))
		set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		set.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, value, ""))
		a.AppendChild(set)
		attrs.AppendChild(a)
	}
	e.AppendChild(attrs)
	p.AppendChild(e)
	return p
}

func cookie() *ber.Packet {
	c := ldap.NewControlPaging(1)
	c.SetCookie([]byte("again"))
	return c.Encode()
}

// Servers that loop, hang, refer elsewhere or talk nonsense (reliability.md 89).
func TestScripted(t *testing.T) {
	elsewhere, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer elsewhere.Close()
	var chased atomic.Bool
	go func() {
		if c, err := elsewhere.Accept(); err == nil {
			chased.Store(true)
			c.Close()
		}
	}()
	referral := func(w io.Writer, id int64, code int64) {
		p := ber.NewSequence("")
		p.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
		r := ber.Encode(ber.ClassApplication, ber.TypeConstructed, ldap.ApplicationSearchResultReference, nil, "")
		r.AppendChild(ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, "ldap://"+elsewhere.Addr().String()+"/dc=y", ""))
		p.AppendChild(r)
		_, _ = w.Write(p.Bytes())
		_, _ = w.Write(done(id, ldap.ApplicationSearchResultDone, code).Bytes())
	}
	for name, c := range map[string]struct {
		answer func(w io.Writer, id int64, p *ber.Packet)
		fails  bool
	}{
		"the same page again": {func(w io.Writer, id int64, _ *ber.Packet) {
			_, _ = w.Write(found(id, "uid=a,dc=x", "a").Bytes())
			_, _ = w.Write(done(id, ldap.ApplicationSearchResultDone, 0, cookie()).Bytes())
		}, true},
		"empty pages": {func(w io.Writer, id int64, _ *ber.Packet) {
			_, _ = w.Write(done(id, ldap.ApplicationSearchResultDone, 0, cookie()).Bytes())
		}, true},
		"no answer": {func(io.Writer, int64, *ber.Packet) {}, true},
		"nonsense":  {func(w io.Writer, _ int64, _ *ber.Packet) { _, _ = w.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) }, true},
		"a packet without end": {func(w io.Writer, _ int64, _ *ber.Packet) {
			_, _ = w.Write([]byte("\x30\x84\x7f\xff\xff\xff\x02\x01\x01"))
		}, true},
		"a size limit": {func(w io.Writer, id int64, _ *ber.Packet) {
			_, _ = w.Write(done(id, ldap.ApplicationSearchResultDone, 4).Bytes())
		}, true},
		"a reference":            {func(w io.Writer, id int64, _ *ber.Packet) { referral(w, id, 0) }, false},
		"a referral as a result": {func(w io.Writer, id int64, _ *ber.Packet) { referral(w, id, ldap.LDAPResultReferral) }, true},
	} {
		d := scripted(t, c.answer)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		begun, n := time.Now(), 0
		err := d.Read(ctx, func(list []directory.Identity) error { n += len(list); return nil })
		cancel()
		if (err != nil) != c.fails || n > 1 || time.Since(begun) > 4*time.Second {
			t.Errorf("%s: %d read, %v after %v", name, n, err, time.Since(begun))
		}
		if k, s := errs.Of(err); err != nil && (s != errs.Directory || k != errs.Unavailable && k != errs.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if chased.Load() {
		t.Error("a referral was followed")
	}
}
