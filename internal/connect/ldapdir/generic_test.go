package ldapdir_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/connect/ldapdir"
	"postroom/internal/core/directory"
	"postroom/test/slapd"

	"github.com/go-ldap/ldap/v3"
	"pgregory.net/rapid"
)

// What a directory that is no Active Directory has, on one server.
func TestSlapd(t *testing.T) {
	s := slapd.Start(t)
	for name, story := range map[string]func(*testing.T, *branch){
		"refusals are told apart":         lockedAndReset,
		"details are written and cleared": writesPerson,
		"members are put in and out":      lastMember,
		"members are asked for together":  sharedMembers,
		"the policy refuses":              policyOfSlapd,
		"every step is walked":            walksSlapd,
		"StartTLS":                        startTLS,
		"a result is what was asked":      resultIsEqual,
	} {
		t.Run(name, func(t *testing.T) { story(t, newBranch(t, s)) })
	}
}

func (b *branch) writer() *ldapdir.Directory {
	b.Helper()
	return b.open(b.settings(slapd.Writer)).(*ldapdir.Directory)
}

func lockedAndReset(t *testing.T, b *branch) {
	d := b.Open()
	r := b.AddUser("alice", "Sesame-Open-1")
	for range slapd.MaxFailure {
		if says, err := d.Check(t.Context(), "", r, "wrong"); err != nil || says != directory.Wrong {
			t.Fatal(says, err)
		}
	}
	if says, err := d.Check(t.Context(), "", r, "Sesame-Open-1"); err != nil || says != directory.Locked {
		t.Error(says, err)
	}
	if i, err := d.Lookup(t.Context(), "", r); err != nil || i.State != directory.DirActive {
		t.Error(i.State, err)
	}
	must := b.AddUser("must", "Sesame-Open-1")
	b.set(b.of(must), "pwdReset", "TRUE")
	if says, err := d.Check(t.Context(), "", must, "Sesame-Open-1"); err != nil || says != directory.ChangeRequired {
		t.Error(says, err)
	}
	w := b.writer()
	if err := w.ChangePassword(t.Context(), "", must, "wrong", "Sesame-Open-2"); !errs.Is(err, errs.Unauthenticated) {
		t.Error(err)
	}
	b.must(w.ChangePassword(t.Context(), "", must, "Sesame-Open-1", "Sesame-Open-2"))
	if says, err := d.Check(t.Context(), "", must, "Sesame-Open-2"); err != nil || says == directory.Wrong {
		t.Error(says, err)
	}
	// A bind as an entry without a password.
	b.add("uid=none,"+b.dn, map[string]string{"objectClass": "inetOrgPerson", "uid": "none", "cn": "none", "sn": "none"})
	for _, password := range []string{"", "x"} {
		if says, err := d.Check(t.Context(), "", b.ref(directory.KindUser, "none"), password); err != nil || says != directory.Wrong {
			t.Error(says, err)
		}
	}
}

func writesPerson(t *testing.T, b *branch) {
	w := b.writer()
	i := user("alice")
	i.Details = directory.Details{FirstName: "Alice", LastName: "Adams", Telephone: "+49 731 1", City: "Ulm", Company: "Example", Department: "R&D"}
	r, err := w.Create(t.Context(), "", i, "Sesame-Open-1")
	b.must(err)
	got, err := w.Lookup(t.Context(), "", r)
	b.must(err)
	if got.Details != i.Details || got.DisplayName != i.DisplayName || string(r.Entry) != r.Key || got.PasswordSet == "" {
		t.Fatalf("%+v", got)
	}
	got.Details = directory.Details{LastName: "Adams", Office: "1.01"}
	b.must(w.Change(t.Context(), "", got))
	if again, err := w.Lookup(t.Context(), "", r); err != nil || again.Details != got.Details {
		t.Fatalf("%+v %v", again, err)
	}
	got.Details.Country = "Germany" // inetOrgPerson has no attribute for it
	if k, s := errs.Of(w.Change(t.Context(), "", got)); k != errs.Unsupported || s != errs.Directory {
		t.Error(k, s)
	}
	got.Details.Country, got.Details.Telephone = "", "é"
	if err := w.Change(t.Context(), "", got); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Public(err), "telephoneNumber") {
		t.Error(err)
	}
	if _, err := w.Create(t.Context(), "", i, "Sesame-Open-1"); !errs.Is(err, errs.Exists) {
		t.Error("made again:", err)
	}
	for _, password := range []string{"", "Sesame-Open-1"} {
		i := user("made" + password)
		i.Made = "an-intent"
		r, err := w.Create(t.Context(), "", i, password)
		b.must(err)
		if i, err := w.Lookup(t.Context(), "", r); err != nil || i.Made != "an-intent" || i.Half {
			t.Errorf("%+v %v", i, err)
		}
	}
	b.add("uid=begun,"+b.dn, map[string]string{"objectClass": "inetOrgPerson", "uid": "begun", "cn": "b", "sn": "b", "destinationIndicator": "postroom:an-intent/half"})
	if i, err := w.Lookup(t.Context(), "", directory.Ref{Kind: directory.KindUser, Name: "begun"}); err != nil || i.Made != "an-intent" || !i.Half {
		t.Errorf("%+v %v", i, err)
	}
	for _, name := range []string{`x,y`, `a=b+c`, `"q"`, `#1 `, `ö\`} { // any name is a DN's value
		r, err := w.Create(t.Context(), "", user(name), "Sesame-Open-1")
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if says, err := w.Check(t.Context(), "", r, "Sesame-Open-1"); err != nil || says != directory.Right {
			t.Errorf("%q: %v %v", name, says, err)
		}
		b.must(w.Delete(t.Context(), "", r))
	}
}

func lastMember(t *testing.T, b *branch) {
	w := b.writer()
	a, err := w.Create(t.Context(), "", user("alice"), "")
	b.must(err)
	g, err := w.Create(t.Context(), "", group("all"), "")
	b.must(err)
	for _, in := range []bool{true, true, false, false, true} {
		b.must(w.SetMember(t.Context(), "", g, a, in))
		i, err := w.Lookup(t.Context(), "", g)
		b.must(err)
		if slices.Contains(i.Members, a.Key) != in || len(i.Members) > 1 {
			t.Fatalf("%v: %+v", in, i)
		}
	}
}

// sharedMembers: groups are asked for together, however they write a DN.
func sharedMembers(t *testing.T, b *branch) {
	var users []directory.Ref
	for _, name := range []string{"alice", "bob", "carol+lists", `dave "d"`} {
		dn := ldap.DN{RDNs: []*ldap.RelativeDN{{Attributes: []*ldap.AttributeTypeAndValue{{Type: "uid", Value: name}}}}}
		b.add(dn.String()+","+b.dn, map[string]string{"objectClass": "inetOrgPerson", "uid": name, "cn": name, "sn": name})
		users = append(users, b.ref(directory.KindUser, name))
	}
	want := map[string][]string{}
	for n := range 120 { // in more than one batch, and one more member outside the base and one that is not there
		name := fmt.Sprintf("g%03d", n)
		some := users[n%4:]
		b.AddGroup(name, some...)
		for _, u := range some {
			want[name] = append(want[name], u.Key)
		}
		slices.Sort(want[name])
	}
	odd := []string{"", "UID = Alice ,  " + strings.ToUpper(b.dn), `uid=dave\20\22D\22,` + b.dn, "uid=nobody," + b.dn, slapd.Admin}
	b.add("cn=odd,"+b.dn, map[string]string{"objectClass": "groupOfUniqueNames", "cn": "odd", "uniqueMember": strings.Join(odd, "|")})
	want["odd"] = slices.Sorted(slices.Values([]string{users[0].Key, users[3].Key}))
	seen := 0
	b.must(b.Open().Read(t.Context(), func(list []directory.Identity) error {
		for _, i := range list {
			if i.Kind != directory.KindGroup {
				continue
			}
			if seen++; !slices.Equal(i.Members, want[i.Name]) {
				t.Errorf("%s has %v, not %v", i.Name, i.Members, want[i.Name])
			}
		}
		return nil
	}))
	if seen != len(want) {
		t.Errorf("%d groups", seen)
	}
}

func policyOfSlapd(t *testing.T, b *branch) {
	w := b.writer()
	_, err := w.Create(t.Context(), "", user("weak"), "short")
	if !errs.Is(err, errs.Password) || !strings.Contains(errs.Public(err), "quality") && !strings.Contains(errs.Public(err), "short") {
		t.Error(err)
	}
	if _, err := w.Lookup(t.Context(), "", user("weak").Ref); !errs.Is(err, errs.NotFound) {
		t.Fatal("a refused password left a user:", err)
	}
	r := b.AddUser("alice", "Sesame-Open-1")
	b.must(w.SetPassword(t.Context(), "", r, "Sesame-Open-2"))
	b.must(w.SetPassword(t.Context(), "", r, "Sesame-Open-2")) // again: it is the present one
	if err := w.SetPassword(t.Context(), "", r, "Sesame-Open-1"); !errs.Is(err, errs.Password) || !strings.Contains(errs.Public(err), "history") {
		t.Error(err)
	}
	for _, who := range []directory.Ref{{}, r} {
		p, err := w.Policy(t.Context(), who)
		if err != nil || !p.Known || p.MinLength != slapd.MinLength || p.History != slapd.History || p.LockAfter != slapd.MaxFailure {
			t.Errorf("%+v %v", p, err)
		}
	}
	if n, err := w.Names(t.Context()); err != nil || n.NetBIOS != "" || n.Suffixes != nil {
		t.Errorf("%+v %v", n, err)
	}
}

func walksSlapd(t *testing.T, b *branch) {
	b.AddUser("alice", "Sesame-Open-1")
	all := "CONNECT=OK TLS=OK BIND=OK BASE=OK READ=OK SAMPLE=OK CHANGES=OK WRITE="
	outcomes(t, steps(t, b.writer()), all+"OK POLICY=OK")
	s := b.settings(slapd.Reader)
	outcomes(t, steps(t, b.open(s)), all+"FAILED POLICY=OK")
	s.ReadOnly = true
	outcomes(t, steps(t, b.open(s)), all+"SKIPPED POLICY=OK")
	// What the test of writing tried was not done.
	if _, err := b.Open().Lookup(t.Context(), "", directory.Ref{Kind: directory.KindUser, Name: "postroom-test"}); !errs.Is(err, errs.NotFound) {
		t.Fatal(err)
	}
}

func startTLS(t *testing.T, b *branch) {
	r := b.AddUser("alice", "Sesame-Open-1")
	s := b.settings(slapd.Reader)
	s.StartTLS = true
	if says, err := b.open(s).Check(t.Context(), "", r, "Sesame-Open-1"); err != nil || says != directory.Right {
		t.Fatal(says, err)
	}
	s.CA = ""
	if _, err := b.open(s).Check(t.Context(), "", r, "Sesame-Open-1"); !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.Public(err), "certificate") {
		t.Fatal(err)
	}
}

// Whatever is asked for, what is found has that name and no other (reliability.md 87).
func resultIsEqual(t *testing.T, b *branch) {
	names := []string{"alice", "a*", "(b)", `c\2a`, "d|e", "f&g", "ä", "x y"}
	for _, n := range names {
		if _, err := b.writer().Create(t.Context(), "", user(n), ""); err != nil {
			t.Fatalf("%q: %v", n, err)
		}
	}
	d := b.Open()
	piece := rapid.OneOf(rapid.SampledFrom([]string{"*", "(", ")", "\\", "2a", "\x00", "|", "&", "=", "alice", "a", "ä", " ", "uid", "\xc0\xaa"}), rapid.StringN(0, 2, 8))
	rapid.Check(t, func(r *rapid.T) {
		name := strings.Join(rapid.SliceOfN(piece, 1, 4).Draw(r, "name"), "")
		i, err := d.Lookup(t.Context(), "", directory.Ref{Kind: directory.KindUser, Name: name})
		switch {
		case err == nil && directory.NameKey(i.Name) != directory.NameKey(name):
			r.Fatalf("asked for %q, found %q", name, i.Name)
		case err != nil && !errs.Is(err, errs.NotFound):
			r.Fatalf("%q: %v", name, err)
		}
	})
	for _, n := range names {
		if i, err := d.Lookup(t.Context(), "", directory.Ref{Kind: directory.KindUser, Name: n}); err != nil || i.Name != n {
			t.Errorf("%q: %q %v", n, i.Name, err)
		}
	}
}
