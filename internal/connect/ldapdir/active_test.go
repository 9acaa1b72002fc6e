package ldapdir_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/connect/adconnector"
	"postroom/internal/connect/ldapdir"
	"postroom/internal/core/directory"
	"postroom/test/samba"

	"github.com/go-ldap/ldap/v3"
)

// What only Active Directory has, on one server.
func TestSamba(t *testing.T) {
	s := samba.Start(t)
	for name, story := range map[string]func(*testing.T, *unit){
		"refusals are told apart":         tellsApart,
		"the directory's own accounts":    systemAccounts,
		"many members come in ranges":     ranges,
		"names have every character":      everyCharacter,
		"a moved unit is swept":           movedUnit,
		"a filter by groups":              filterByGroups,
		"details are written and cleared": writesDetails,
		"a name that is taken":            takenName,
		"what hangs below stays":          hangsBelow,
		"members are put in and out":      putsMembers,
		"members by their primary group":  primaryMembers,
		"names and policies":              namesAndPolicies,
		"the policy refuses":              policyRefuses,
		"who may not write":               mayNotWrite,
		"ad connector":                    connector,
		"every step is walked":            walks,
	} {
		t.Run(name, func(t *testing.T) { story(t, newUnit(t, s)) })
	}
}

func (u *unit) writer() *ldapdir.Directory {
	u.Helper()
	return u.open(u.TB, u.settings(samba.Writer)).(*ldapdir.Directory)
}

func user(name string) directory.Identity {
	return directory.Identity{Ref: directory.Ref{Kind: directory.KindUser, Name: name}, DisplayName: "The " + name}
}

func group(name string) directory.Identity {
	return directory.Identity{Ref: directory.Ref{Kind: directory.KindGroup, Name: name}}
}

func tellsApart(t *testing.T, u *unit) {
	u.Tool("domain", "passwordsettings", "set", "--account-lockout-threshold=3")
	defer u.Tool("domain", "passwordsettings", "set", "--account-lockout-threshold=0")
	d := u.Open()
	check := func(r directory.Ref, password string, want directory.Answer) {
		t.Helper()
		got, err := d.Check(t.Context(), "", r, password)
		if err != nil || got != want {
			t.Errorf("%s: %s %v, want %s", r.Name, got, err, want)
		}
	}
	locked := u.AddUser("locked", "Sesame-Open-1")
	for range 4 {
		if _, err := d.Check(t.Context(), "", locked, "wrong"); err != nil {
			t.Fatal(err)
		}
	}
	check(locked, "Sesame-Open-1", directory.Locked)
	if i, err := d.Lookup(t.Context(), "", locked); err != nil || i.State != directory.DirActive {
		t.Errorf("a locked account: %v %v", i.State, err)
	}
	must := u.AddUser("mustchange", "Sesame-Open-1")
	u.set(u.of(must), "pwdLastSet", "0")
	check(must, "Sesame-Open-1", directory.ChangeRequired)
	check(must, "wrong", directory.Wrong)
	expired := u.AddUser("expired", "Sesame-Open-1")
	u.set(u.of(expired), "accountExpires", "116444736000000001")
	check(expired, "Sesame-Open-1", directory.Inactive)
	expires(t, u, d, expired)
	off := u.AddUser("off", "Sesame-Open-1")
	u.Disable(off, true)
	check(off, "Sesame-Open-1", directory.Inactive)
	// One that must change may do so with what it knows.
	w := u.writer()
	if err := w.ChangePassword(t.Context(), "", must, "wrong", "Sesame-Open-2"); !errs.Is(err, errs.Unauthenticated) {
		t.Error(err)
	}
	if err := w.ChangePassword(t.Context(), "", must, "Sesame-Open-1", "Sesame-Open-2"); err != nil {
		t.Fatal(err)
	}
	check(must, "Sesame-Open-2", directory.Right)
}

// expires: a change of accountExpires is told; that the time comes is not.
func expires(t *testing.T, u *unit, d directory.Foreign, who directory.Ref) {
	t.Helper()
	is := func(want directory.DirState) {
		t.Helper()
		if i, err := d.Lookup(t.Context(), "", who); err != nil || i.State != want {
			t.Errorf("%v %v, want %v", i.State, err, want)
		}
	}
	is(directory.DirDisabled)
	for _, never := range []string{"0", "9223372036854775807"} {
		u.set(u.of(who), "accountExpires", never)
		is(directory.DirActive)
	}
	mark, err := d.Mark(t.Context())
	u.must(err)
	at := time.Now().Add(3 * time.Second)
	u.set(u.of(who), "accountExpires", fmt.Sprint((at.Unix()+11_644_473_600)*1e7))
	is(directory.DirActive)
	c, err := d.Changed(t.Context(), mark)
	if err != nil || !slices.Contains(c.Keys, who.Key) {
		t.Errorf("the change is not told: %+v %v", c, err)
	}
	for end := at.Add(10 * time.Second); ; {
		i, err := d.Lookup(t.Context(), "", who)
		u.must(err)
		if i.State == directory.DirDisabled {
			break
		}
		if time.Now().After(end) {
			t.Fatal("it does not expire")
		}
	}
}

func systemAccounts(t *testing.T, u *unit) {
	service := u.AddUser("svc-sql", "Sesame-Open-1")
	u.set(u.of(service), "servicePrincipalName", "MSSQLSvc/sql.corp.example.test")
	u.AddUser("alice", "Sesame-Open-1")
	s := u.settings(samba.Reader)
	s.BaseDN = "" // the whole domain
	system := map[string]bool{}
	err := u.open(t, s).Read(t.Context(), func(list []directory.Identity) error {
		for _, i := range list {
			system[i.Name] = i.System
		}
		return nil
	})
	u.must(err)
	for name, want := range map[string]bool{
		"Administrator": true, "Guest": true, "krbtgt": true, "Domain Admins": true, "svc-reader": true, "svc-sql": true, "svc-writer": false, "alice": false,
	} {
		if got, found := system[name]; !found || got != want {
			t.Errorf("%s: %v %v, want %v", name, found, got, want)
		}
	}
	for name := range system {
		if strings.HasSuffix(name, "$") {
			t.Errorf("the machine %s is read", name)
		}
	}
}

func ranges(t *testing.T, u *unit) {
	const n = 70
	u.Fill(u.dn, "m", n)
	req := ldap.NewAddRequest("CN=many,"+u.dn, nil)
	req.Attribute("objectClass", []string{"group"})
	req.Attribute("sAMAccountName", []string{"many"})
	var members []string
	for i := range n {
		members = append(members, fmt.Sprintf("CN=m%06d,%s", i+1, u.dn))
	}
	req.Attribute("member", members)
	u.must(u.Add(req))
	for _, step := range []int{0, 60, 16} {
		d := u.Open().(*ldapdir.Directory)
		ldapdir.RangeOf(d.Reader, step)
		keys, users := map[string]bool{}, 0
		var group directory.Identity
		u.must(d.Read(t.Context(), func(list []directory.Identity) error {
			for _, i := range list {
				if i.Kind == directory.KindGroup {
					group = i
					continue
				}
				users++
				keys[i.Key] = true
			}
			return nil
		}))
		if users != n || len(group.Members) != n {
			t.Fatalf("step %d: %d users, %d members", step, users, len(group.Members))
		}
		for _, k := range group.Members {
			if !keys[k] {
				t.Fatalf("member %s is no user", k)
			}
		}
	}
}

// strange are names that a DN must escape (RFC 4514 §2.4); their sAMAccountName is plain.
var strange = []string{`a,b`, `#lead`, ` lead`, `trail `, `plus+equal=`, `quote"`, `back\slash`, `semi;colon`, `<angle>`, `star*(paren)`, "Zoë Müller", "日本語"}

func everyCharacter(t *testing.T, u *unit) {
	w := u.writer()
	for n, cn := range strange {
		sam := fmt.Sprintf("strange%d", n)
		dn := ldapdir.RDN("CN", cn) + "," + u.dn
		u.add(dn, map[string]string{"objectClass": "user", "sAMAccountName": sam, "userAccountControl": "512", "unicodePwd": utf16le("Sesame-Open-1")})
		r := u.ref(directory.KindUser, sam)
		says, err := w.Check(t.Context(), "", r, "Sesame-Open-1")
		if err != nil || says != directory.Right {
			t.Errorf("%q: %s %v", cn, says, err)
		}
		i := user(sam)
		i.Ref, i.Details.City = r, "Köln, \"Süd\""
		if err := w.Change(t.Context(), "", i); err != nil {
			t.Errorf("%q: %v", cn, err)
		}
		if err := w.SetPassword(t.Context(), "", r, "Sesame-Open-2"); err != nil {
			t.Errorf("%q: %v", cn, err)
		}
		if err := w.Delete(t.Context(), "", r); err != nil {
			t.Errorf("%q: %v", cn, err)
		}
		if _, err := w.Lookup(t.Context(), "", r); !errs.Is(err, errs.NotFound) {
			t.Errorf("%q: %v", cn, err)
		}
	}
	// A group's name is a DN's first value.
	g, err := w.Create(t.Context(), "", group(`R&D (Ulm) #1 & Söhne`), "")
	u.must(err)
	if i, err := w.Lookup(t.Context(), "", directory.Ref{Kind: directory.KindGroup, Name: `R&D (Ulm) #1 & Söhne`}); err != nil || i.Ref != g {
		t.Errorf("%+v %v", i, err)
	}
	if _, err := w.Create(t.Context(), "", group(`a*b`), ""); !errs.Is(err, errs.Invalid) {
		t.Error(err)
	}
}

func movedUnit(t *testing.T, u *unit) {
	inner := "OU=Inner," + u.dn
	u.add(inner, map[string]string{"objectClass": "organizationalUnit"})
	u.add("CN=deep,"+inner, map[string]string{"objectClass": "user", "sAMAccountName": "deep"})
	r := u.ref(directory.KindUser, "deep")
	d := u.Open()
	m, err := d.Mark(t.Context())
	u.must(err)
	away := fmt.Sprintf("OU=Away %d", units.Add(1))
	u.must(u.ModifyDN(ldap.NewModifyDNRequest(inner, away, true, samba.MailOU)))
	for {
		c, err := d.Changed(t.Context(), m)
		u.must(err)
		if m = c.Next; c.Sweep {
			break
		}
		_, err = d.Wait(t.Context())
		u.must(err)
	}
	u.must(d.Keys(t.Context(), func(keys []string) error {
		if slices.Contains(keys, r.Key) {
			t.Error("a user whose unit left is among the keys")
		}
		return nil
	}))
}

func filterByGroups(t *testing.T, u *unit) {
	a := u.AddUser("alice", "Sesame-Open-1")
	g := u.AddGroup("mailusers")
	s := u.settings(samba.Reader)
	s.UserFilter = "memberOf=CN=mailusers," + u.dn
	d := u.open(t, s)
	if _, err := d.Lookup(t.Context(), "", a); !errs.Is(err, errs.NotFound) {
		t.Fatal(err)
	}
	if says, err := d.Check(t.Context(), "", a, "Sesame-Open-1"); err != nil || says != directory.Wrong {
		t.Fatal(says, err)
	}
	m, err := d.Mark(t.Context())
	u.must(err)
	u.set(u.of(g), "member", u.of(a))
	c, err := d.Changed(t.Context(), m)
	u.must(err)
	if !c.Sweep {
		t.Fatalf("%+v", c)
	}
	if _, err := d.Lookup(t.Context(), "", a); err != nil {
		t.Fatal(err)
	}
}

func writesDetails(t *testing.T, u *unit) {
	w := u.writer()
	i := user("alice")
	i.Details = directory.Details{
		FirstName: "Alice", LastName: "Adams", Initials: "AA", Telephone: "+49 731 1", Street: "Main St 1", JobTitle: "Head",
		City: "Ulm", Company: "Example", ZipCode: "89073", Department: "R&D", Country: "Germany", Office: "1.01",
	}
	r, err := w.Create(t.Context(), "", i, "Sesame-Open-1")
	u.must(err)
	got, err := w.Lookup(t.Context(), "", r)
	u.must(err)
	if got.Details != i.Details || got.DisplayName != "The alice" || got.UPN != "alice@corp.example.test" || got.PasswordSet == "" {
		t.Fatalf("%+v", got)
	}
	got.Details = directory.Details{City: "Neu-Ulm"}
	got.DisplayName = "A. Adams"
	u.must(w.Change(t.Context(), "", got))
	again, err := w.Lookup(t.Context(), "", r)
	u.must(err)
	if again.Details != got.Details || again.DisplayName != "A. Adams" {
		t.Fatalf("%+v", again)
	}
	got.Details.Initials = "too long for it"
	if err := w.Change(t.Context(), "", got); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Public(err), "initials") {
		t.Fatal(err)
	}
	// Aliases as Exchange keeps them.
	u.set(u.of(r), "proxyAddresses", "smtp:al@example.test", "SMTP:alice@example.test", "sip:alice@example.test", "x500:/o=Example/cn=alice")
	again, err = w.Lookup(t.Context(), "", r)
	u.must(err)
	want := []directory.Address{{Kind: directory.SMTP, Text: "alice@example.test"}, {Kind: directory.SMTP, Text: "al@example.test"}, {Kind: directory.X500, Text: "/o=Example/cn=alice"}}
	slices.SortFunc(again.Addresses[1:], func(a, b directory.Address) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
	if !slices.Equal(again.Addresses, want) {
		t.Fatalf("%+v", again.Addresses)
	}
	// A user without a password is active, and nothing signs it in.
	none, err := w.Create(t.Context(), "", user("nopass"), "")
	u.must(err)
	if i, err := w.Lookup(t.Context(), "", none); err != nil || i.State != directory.DirActive {
		t.Fatalf("%+v %v", i, err)
	}
}

func takenName(t *testing.T, u *unit) {
	w := u.writer()
	mine := user("alice")
	mine.Made = "an-intent"
	r, err := w.Create(t.Context(), "", mine, "Sesame-Open-1")
	u.must(err)
	if i, err := w.Lookup(t.Context(), "", r); err != nil || i.Made != "an-intent" || i.Half {
		t.Fatalf("%+v %v", i, err)
	}
	if _, err := w.Create(t.Context(), "", mine, "Sesame-Open-1"); !errs.Is(err, errs.Exists) {
		t.Fatal("made again:", err)
	}
	// One outside of the base has the name.
	if _, err := w.Create(t.Context(), "", user("krbtgt"), "Sesame-Open-1"); !errs.Is(err, errs.Exists) {
		t.Fatal(err)
	}
	if _, err := w.Create(t.Context(), "", group("alice"), ""); !errs.Is(err, errs.Exists) {
		t.Fatal(err)
	}
}

func hangsBelow(t *testing.T, u *unit) {
	r := u.AddUser("alice", "Sesame-Open-1")
	u.add("CN=phone,"+u.of(r), map[string]string{"objectClass": "nTFRSSubscriptions"})
	w := u.writer()
	if err := w.Delete(t.Context(), "", r); !errs.Is(err, errs.State) {
		t.Fatal(err)
	}
	u.must(u.Del(ldap.NewDelRequest("CN=phone,"+u.of(r), nil)))
	u.must(w.Delete(t.Context(), "", r))
	u.must(w.Delete(t.Context(), "", r))
	// Nothing outside of the base is ever deleted, even where the account could.
	outside := newUnit(t, u.Server).AddUser("outside", "Sesame-Open-1")
	u.must(w.Delete(t.Context(), "", outside))
	u.of(outside)
}

func putsMembers(t *testing.T, u *unit) {
	w := u.writer()
	a, err := w.Create(t.Context(), "", user("alice"), "")
	u.must(err)
	g, err := w.Create(t.Context(), "", group("all"), "")
	u.must(err)
	h, err := w.Create(t.Context(), "", group("upper"), "")
	u.must(err)
	for _, in := range []bool{true, true, false, false, true} {
		u.must(w.SetMember(t.Context(), "", g, a, in))
		u.must(w.SetMember(t.Context(), "", h, g, in))
		i, err := w.Lookup(t.Context(), "", g)
		u.must(err)
		if slices.Contains(i.Members, a.Key) != in {
			t.Fatalf("%v: %+v", in, i)
		}
	}
	if err := w.SetMember(t.Context(), "", g, directory.Ref{Name: "nobody"}, true); !errs.Is(err, errs.NotFound) {
		t.Fatal(err)
	}
}

// primaryMembers: whose primary group it is does not stand among its members, and is one.
func primaryMembers(t *testing.T, u *unit) {
	w := u.writer()
	a, b := u.AddUser("alice", "Sesame-Open-1"), u.AddUser("bob", "Sesame-Open-1")
	g := u.AddGroup("staff", a, b)
	u.AddGroup("other", b)
	u.AddGroup("empty")
	primary := func(r directory.Ref, sid ids.Entry) {
		t.Helper()
		u.set(u.of(r), "primaryGroupID", string(sid[strings.LastIndexByte(string(sid), '-')+1:]))
	}
	mark, err := w.Mark(t.Context())
	u.must(err)
	want := func(what string, members map[string][]string) {
		t.Helper()
		c, err := w.Changed(t.Context(), mark)
		u.must(err)
		if mark = c.Next; !slices.Contains(c.Keys, g.Key) {
			t.Errorf("%s: the group did not change: %+v", what, c)
		}
		u.must(w.Read(t.Context(), func(list []directory.Identity) error {
			for _, i := range list {
				if m := members[i.Name]; i.Kind == directory.KindGroup && !slices.Equal(i.Members, m) {
					t.Errorf("%s: %s has %v, not %v", what, i.Name, i.Members, m)
				}
			}
			return nil
		}))
		i, err := w.Lookup(t.Context(), "", g)
		u.must(err)
		if !slices.Equal(i.Members, members["staff"]) {
			t.Errorf("%s: looked up it has %v", what, i.Members)
		}
	}
	both := slices.Sorted(slices.Values([]string{a.Key, b.Key}))
	primary(a, g.Entry)
	if n := len(u.listed(g, "member")); n != 1 {
		t.Fatalf("the test shows nothing: %d stand among the members", n)
	}
	want("primary", map[string][]string{"staff": both, "other": {b.Key}})
	if err := w.SetMember(t.Context(), "", g, a, false); !errs.Is(err, errs.State) {
		t.Error("taken out of his primary group:", err)
	}
	u.must(w.SetMember(t.Context(), "", g, a, true)) // he is in already
	primary(b, g.Entry)
	want("both", map[string][]string{"staff": both, "other": {b.Key}})
	primary(a, "-513")
	u.must(w.SetMember(t.Context(), "", g, a, false))
	want("back", map[string][]string{"staff": {b.Key}, "other": {b.Key}})
}

func namesAndPolicies(t *testing.T, u *unit) {
	d := u.Open()
	u.set("CN=Partitions,CN=Configuration,"+samba.BaseDN, "uPNSuffixes", "Example.test")
	n, err := d.Names(t.Context())
	u.must(err)
	if n.NetBIOS != "CORP" || !slices.Equal(n.Suffixes, []string{"corp.example.test", "example.test"}) {
		t.Errorf("%+v", n)
	}
	r := u.AddUser("alice", "Sesame-Open-1")
	want := directory.PasswordPolicy{Known: true, MinLength: 7, Complexity: true, History: 24, MinAge: 24 * time.Hour, MaxAge: 42 * 24 * time.Hour, OldAllowed: time.Hour}
	for _, who := range []directory.Ref{{}, r} {
		if p, err := d.Policy(t.Context(), who); err != nil || p != want {
			t.Errorf("%+v %v, want %+v", p, err, want)
		}
	}
	u.Fine("strict", "alice", 15)
	p, err := d.Policy(t.Context(), r)
	if err != nil || p.Name != "strict" || p.Known { // an ordinary account may not read what it says
		t.Errorf("%+v %v", p, err)
	}
	s := u.settings(samba.Admin)
	p, err = u.open(t, s).Policy(t.Context(), r)
	if err != nil || p.Name != "strict" || !p.Known || p.MinLength != 15 || p.History != 3 {
		t.Errorf("%+v %v", p, err)
	}
	if err := u.writer().SetPassword(t.Context(), "", r, "Sesame-Open-2"); !errs.Is(err, errs.Password) {
		t.Error(err)
	}
}

func policyRefuses(t *testing.T, u *unit) {
	w := u.writer()
	for _, password := range []string{"short", "alllowercase", "\x00"} {
		if _, err := w.Create(t.Context(), "", user("weak"), password); !errs.Is(err, errs.Password) {
			t.Errorf("%q: %v", password, err)
		}
	}
	if _, err := w.Lookup(t.Context(), "", user("weak").Ref); !errs.Is(err, errs.NotFound) {
		t.Fatal("a refused password left a user:", err)
	}
	r := u.AddUser("alice", "Sesame-Open-1")
	for _, password := range []string{"short", ""} {
		if err := w.SetPassword(t.Context(), "", r, password); !errs.Is(err, errs.Password) {
			t.Errorf("%q: %v", password, err)
		}
	}
	// Minimum age and history bind who changes the own one.
	if err := w.ChangePassword(t.Context(), "", r, "Sesame-Open-1", "Sesame-Open-3"); !errs.Is(err, errs.Password) {
		t.Error(err)
	}
	u.must(w.SetPassword(t.Context(), "", r, "Grüße-Öffnen-1"))
	if says, err := w.Check(t.Context(), "", r, "Grüße-Öffnen-1"); err != nil || says != directory.Right {
		t.Error(says, err)
	}
}

func mayNotWrite(t *testing.T, u *unit) {
	w := u.Open().(*ldapdir.Directory) // as an ordinary account
	r := u.AddUser("alice", "Sesame-Open-1")
	i := user("alice")
	i.Ref, i.DisplayName = r, "Changed"
	_, err := w.Create(t.Context(), "", user("bob"), "Sesame-Open-1")
	for n, err := range []error{err, w.Change(t.Context(), "", i), w.SetPassword(t.Context(), "", r, "Sesame-Open-2"), w.Delete(t.Context(), "", r)} {
		if k, s := errs.Of(err); k != errs.Denied || s != errs.Directory {
			t.Errorf("%d: %v", n, err)
		}
	}
}

func connector(t *testing.T, u *unit) {
	c, err := adconnector.Open(u.settings(samba.Reader), ldapdir.Options{})
	u.must(err)
	defer c.Close()
	if _, writes := directory.Source(c).(directory.Writer); writes || c.Facts().Type != "ADConnector" {
		t.Fatal("AD Connector writes")
	}
	r := u.AddUser("alice", "Sesame-Open-1")
	if says, err := c.Check(t.Context(), "", r, "Sesame-Open-1"); err != nil || says != directory.Right {
		t.Fatal(says, err)
	}
	s := u.settings(samba.Reader)
	s.ReadOnly = true
	if _, writes := u.open(t, s).(directory.Writer); writes {
		t.Fatal("a read-only directory writes")
	}
}

// steps runs a test of a directory and answers its steps by name.
func steps(t *testing.T, d directory.Foreign) map[string]directory.TestStep {
	t.Helper()
	out := map[string]directory.TestStep{}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	d.Test(ctx, func(s directory.TestStep) {
		if s.Text == "" || s.Outcome == directory.StepFailed && s.Advice == "" && s.Name != "WRITE" {
			t.Errorf("%+v", s)
		}
		out[s.Name] = s
	})
	return out
}

func outcomes(t *testing.T, got map[string]directory.TestStep, want string) {
	t.Helper()
	var list []string
	for _, name := range []string{"RESOLVE", "CONNECT", "TLS", "BIND", "BASE", "READ", "SAMPLE", "CHANGES", "WRITE", "POLICY"} {
		if s, ok := got[name]; ok {
			list = append(list, name+"="+string(s.Outcome))
		}
	}
	if text := strings.Join(list, " "); text != want {
		t.Errorf("%s\nwant %s\n%+v", text, want, got)
	}
}

func walks(t *testing.T, u *unit) {
	u.AddUser("alice", "Sesame-Open-1")
	got := steps(t, u.open(t, u.settings(samba.Writer)))
	outcomes(t, got, "CONNECT=OK TLS=OK BIND=OK BASE=OK READ=OK SAMPLE=OK CHANGES=OK WRITE=OK POLICY=OK")
	if len(got["SAMPLE"].Sample) != 1 || got["SAMPLE"].Sample[0].Name != "alice" {
		t.Errorf("%+v", got["SAMPLE"])
	}
	if !strings.Contains(got["POLICY"].Advice, "OldPasswordAllowedPeriod") || !strings.Contains(got["CHANGES"].Text, "comparing") || got["CHANGES"].Advice == "" {
		t.Errorf("%+v\n%+v", got["POLICY"], got["CHANGES"])
	}
	outcomes(t, steps(t, u.Open()), "CONNECT=OK TLS=OK BIND=OK BASE=OK READ=OK SAMPLE=OK CHANGES=OK WRITE=FAILED POLICY=OK")
	s := u.settings(samba.Reader)
	s.BaseDN = "OU=Nowhere," + samba.BaseDN
	outcomes(t, steps(t, u.open(t, s)), "CONNECT=OK TLS=OK BIND=OK BASE=FAILED READ=SKIPPED SAMPLE=SKIPPED CHANGES=SKIPPED WRITE=SKIPPED POLICY=SKIPPED")
	skipped := " BASE=SKIPPED READ=SKIPPED SAMPLE=SKIPPED CHANGES=SKIPPED WRITE=SKIPPED POLICY=SKIPPED"
	s = u.settings(samba.Reader)
	s.Secret = "wrong"
	got = steps(t, u.open(t, s))
	outcomes(t, got, "CONNECT=OK TLS=OK BIND=FAILED"+skipped)
	if !strings.Contains(got["BIND"].Text, "name or password is wrong") {
		t.Errorf("%+v", got["BIND"])
	}
	s = u.settings(samba.Reader)
	s.CA = ""
	got = steps(t, u.open(t, s))
	outcomes(t, got, "CONNECT=OK TLS=FAILED BIND=SKIPPED"+skipped)
	if !strings.Contains(got["TLS"].Advice, "CA") {
		t.Errorf("%+v", got["TLS"])
	}
	s = u.settings(samba.Reader)
	s.Servers = []string{u.Address + ":9"}
	outcomes(t, steps(t, u.open(t, s)), "CONNECT=FAILED TLS=SKIPPED BIND=SKIPPED"+skipped)
	s.Servers = []string{"no-such-host.invalid"}
	outcomes(t, steps(t, u.open(t, s)), "RESOLVE=FAILED CONNECT=SKIPPED TLS=SKIPPED BIND=SKIPPED"+skipped)
}
