package storetest

import (
	"context"
	"fmt"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

func (o *office) write(fn func(t *tx.Tx) error) {
	o.Helper()
	o.must(o.s.Entries.Write(o.ctx, o.org.ID, fn))
}

// foreignDirectories: what is kept of one, and that one organization has it.
func foreignDirectories(o *office) {
	ok := func(want bool, fn func(t *tx.Tx) (bool, error)) {
		o.Helper()
		o.write(func(t *tx.Tx) error {
			got, err := fn(t)
			if err == nil && got != want {
				err = fmt.Errorf("%v, want %v", got, want)
			}
			return err
		})
	}
	s := o.s.Entries
	d := directory.Directory{ID: "d-0000000001", Alias: "Corp", Sealed: []byte{1, 0, 255}, Created: officeStart, Revision: 1, Settings: directory.Settings{
		Kind: directory.MicrosoftAD, Servers: []string{"dc1.corp.example", "dc2.corp.example:636"}, StartTLS: true, CA: "pem", Account: `CORP\service`,
		Secret: "never kept", BaseDN: "dc=corp", UserFilter: "(a=b)", GroupFilter: "(c=d)", Attributes: map[string]string{"Mail": "mail"},
	}}
	ok(true, func(t *tx.Tx) (bool, error) { return s.InsertDirectory(t, &d, 2) })
	two := d
	two.ID, two.Alias = "d-0000000002", "CORP"
	ok(false, func(t *tx.Tx) (bool, error) { return s.InsertDirectory(t, &two, 2) })
	two.Alias = "dorp"
	ok(true, func(t *tx.Tx) (bool, error) { return s.InsertDirectory(t, &two, 2) })
	three := d
	three.ID, three.Alias = "d-0000000003", "third"
	ok(false, func(t *tx.Tx) (bool, error) { return s.InsertDirectory(t, &three, 2) })
	want := d
	want.Settings.Secret = ""
	has, found, err := s.Directory(o.ctx, nil, d.ID)
	o.must(err)
	if !found {
		o.Fatal("not found")
	}
	o.equal(has, want)
	ok(true, func(t *tx.Tx) (bool, error) { return s.TakeDirectory(t, d.ID, o.org.ID) })
	ok(false, func(t *tx.Tx) (bool, error) { return s.TakeDirectory(t, d.ID, "m-other") })
	ok(false, func(t *tx.Tx) (bool, error) { return s.DeleteDirectory(t, d.ID, 0) })
	owner, revision, found, err := s.DirectoryOf(o.ctx, nil, d.ID)
	o.must(err)
	o.equal(fmt.Sprint(owner, revision, found), fmt.Sprint(o.org.ID, 2, true))
	connected, err := s.Connected(o.ctx, nil)
	o.must(err)
	o.equal(connected, []directory.Connected{{ID: d.ID, Org: o.org.ID, Revision: 2}})
	followed, err := s.Followed(o.ctx, nil)
	o.must(err)
	o.equal(followed, []directory.Followed{{Directory: d.ID, Org: o.org.ID, Alias: o.org.Alias}})
	o.equal(followed[0].Phase(), directory.SyncReading)
	has.Settings.BaseDN, has.Revision = "dc=other", 3
	ok(true, func(t *tx.Tx) (bool, error) { return s.UpdateDirectory(t, &has) })
	ok(false, func(t *tx.Tx) (bool, error) { return s.UpdateDirectory(t, &has) }) // it has another revision now
	o.write(func(t *tx.Tx) error { return s.FreeDirectory(t, o.org.ID) })
	list, err := s.Directories(o.ctx, nil, "", 10)
	o.must(err)
	if len(list) != 2 || list[0].Org != "" || list[0].Settings.BaseDN != "dc=other" || list[0].Revision != 4 {
		o.Fatalf("%+v", list)
	}
	if list, err = s.Directories(o.ctx, nil, d.ID, 10); err != nil || len(list) != 1 || list[0].ID != two.ID {
		o.Fatal(list, err)
	}
	ok(false, func(t *tx.Tx) (bool, error) { return s.DeleteDirectory(t, d.ID, 3) })
	ok(true, func(t *tx.Tx) (bool, error) { return s.DeleteDirectory(t, d.ID, 4) })
	ok(false, func(t *tx.Tx) (bool, error) { return s.DeleteDirectory(t, d.ID, 0) })
	if _, found, err := s.Directory(o.ctx, nil, d.ID); found || err != nil {
		o.Fatal(found, err)
	}
}

// userPrincipalNames: one finds who has it alone and exists.
func userPrincipalNames(o *office) {
	alter := func(name, upn string) {
		o.Helper()
		_, err := o.view().Alter(o.ctx, "test", name, func(_ *tx.Tx, e *directory.Entry) (string, error) { e.UPN = upn; return "", nil })
		o.must(err)
	}
	a := o.user("alice")
	o.user("bob")
	alter("alice", "Alice@Corp.Example")
	e, err := o.dir.ByUPN(o.ctx, nil, o.org.ID, "aLICE@corp.example")
	o.must(err)
	o.equal(e.ID, a.ID)
	o.equal(e.UPN, "Alice@Corp.Example")
	for _, name := range []string{"", "alice", "bob@corp.example"} {
		_, err = o.dir.ByUPN(o.ctx, nil, o.org.ID, name)
		o.want(err, errs.NotFound, errs.Entry)
	}
	alter("bob", "ALICE@corp.example")
	_, err = o.dir.ByUPN(o.ctx, nil, o.org.ID, "alice@corp.example")
	o.want(err, errs.NotFound, errs.Entry)
	o.must(o.view().DeleteUser(o.ctx, "bob"))
	e, err = o.dir.ByUPN(o.ctx, nil, o.org.ID, "alice@corp.example")
	o.must(err)
	o.equal(e.ID, a.ID)
}

// formerDropped: the marks of former passwords go when their time is over.
func formerDropped(o *office) {
	for i, name := range []string{"alice", "bob", "carol"} {
		o.user(name)
		_, err := o.view().Alter(o.ctx, "test", name, func(_ *tx.Tx, e *directory.Entry) (string, error) {
			if i > 0 {
				e.Guard, e.FormerBefore, e.FormerUntil = "mark", officeStart, officeStart.Add(time.Duration(i)*time.Hour)
			}
			return "", nil
		})
		o.must(err)
	}
	o.clock.Move(time.Hour)
	o.must(o.dir.Forget(o.ctx))
	for name, want := range map[string]string{"alice": "", "bob": "", "carol": "mark"} {
		e, err := o.dir.ByName(o.ctx, nil, o.org.ID, name)
		o.must(err)
		if e.Guard != want || e.FormerUntil.IsZero() != (want == "") || e.FormerBefore.IsZero() != (want == "") {
			o.Errorf("%s: %+v", name, e)
		}
	}
}

// signInNames: a name of the second class counts where one organization brings it.
func signInNames(o *office) {
	brought := func(kind, name string, want ids.Org) {
		o.Helper()
		c, ok, err := o.claims.Brought(o.ctx, kind, name)
		o.must(err)
		if ok != (want != "") || c.Org != want {
			o.Fatalf("%s %s: %+v %v", kind, name, c, ok)
		}
	}
	foreign := func(alias string) org.Organization {
		o.Helper()
		made, err := o.orgs.CreateOrganization(o.ctx, officeBy, org.NewOrganization{Alias: alias, DirectoryID: "d-" + alias,
			Connect: func(context.Context) (string, error) { return "LDAP", nil }})
		o.must(err)
		return made
	}
	one, two := foreign("one"), foreign("two")
	names := []org.SignInName{{Kind: org.ClaimNetBIOS, Name: "CORP"}, {Kind: org.ClaimSuffix, Name: "Corp.Example."}, {Kind: org.ClaimSuffix, Name: "corp.example"},
		{Kind: org.ClaimSuffix}, {Kind: org.ClaimNetBIOS, Name: `a\b`}, {Kind: org.ClaimSuffix, Name: "a@b"}, {Kind: org.ClaimNetBIOS, Name: "a\x00"}}
	o.must(o.claims.Bring(o.ctx, one.ID, "us-east-1", names))
	o.must(o.claims.Bring(o.ctx, one.ID, "us-east-1", names))
	brought(org.ClaimNetBIOS, "corp", one.ID)
	brought(org.ClaimSuffix, "corp.example", one.ID)
	brought(org.ClaimSuffix, "corp", "")
	brought(org.ClaimNetBIOS, "", "")
	o.must(o.claims.Bring(o.ctx, two.ID, "us-east-1", names[:1]))
	brought(org.ClaimNetBIOS, "corp", "")
	brought(org.ClaimSuffix, "corp.example", one.ID)
	o.must(o.claims.Bring(o.ctx, one.ID, "us-east-1", names[1:2]))
	brought(org.ClaimNetBIOS, "corp", two.ID)
	// What organizations leave behind that do not serve any more, or have no foreign directory.
	o.must(o.claims.Bring(o.ctx, o.org.ID, "us-east-1", names[1:2]))
	o.must(o.claims.Bring(o.ctx, ids.NewOrg(), "us-east-1", names[:1]))
	brought(org.ClaimSuffix, "corp.example", "")
	brought(org.ClaimNetBIOS, "corp", "")
	o.must(o.orgs.SettleClaims(o.ctx, 0, false))
	brought(org.ClaimSuffix, "corp.example", one.ID)
	brought(org.ClaimNetBIOS, "corp", two.ID)
	_, err := o.orgs.BeginDeletion(o.ctx, officeBy, two.ID, 0, org.Replay{}, func(*tx.Tx) error { return nil })
	o.must(err)
	brought(org.ClaimNetBIOS, "corp", "")
}
