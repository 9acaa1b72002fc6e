package storetest

import (
	"fmt"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

func directoryUser(name string) directory.NewUser {
	return directory.NewUser{Name: name, DisplayName: "User " + name}
}

func ptr[T any](x T) *T { return &x }

func userKept(o *office) {
	made, err := o.view().CreateUser(o.ctx, directory.NewUser{
		Name: "Zoe.Q", DisplayName: "Zoë Quinn", FirstName: "Zoë", LastName: "Quinn", Hidden: true, Role: directory.RoleRemoteUser, IdentityProviderUserID: "idp-1",
	}, nil)
	o.must(err)
	want := directory.Entry{
		Org: o.org.ID, ID: made.ID, Kind: directory.KindUser, Role: directory.RoleRemoteUser, Name: "Zoe.Q", DisplayName: "Zoë Quinn", State: directory.Disabled,
		Dir: directory.DirActive, Hidden: true, Created: officeStart, Details: directory.Details{FirstName: "Zoë", LastName: "Quinn"},
		IdentityProviderUserID: "idp-1", Version: 1, Revision: 1, GrantsRevision: 1,
	}
	for _, id := range []string{string(made.ID), "zoe.q", "ZOE.Q"} {
		got, err := o.view().DescribeUser(o.ctx, id)
		o.must(err)
		if got != want {
			o.Fatalf("got  %+v\nwant %+v", got, want)
		}
	}
	_, err = o.view().UpdateUser(o.ctx, "zoe.q", directory.UserPatch{
		Role: ptr(directory.RoleUser), DisplayName: ptr("Z"), Hidden: ptr(false), FirstName: ptr(""), Initials: ptr("ZQ"), Telephone: ptr("1"), Street: ptr("2"),
		JobTitle: ptr("3"), City: ptr("4"), Company: ptr("5"), ZipCode: ptr("6"), Department: ptr("7"), Country: ptr("8"), Office: ptr("9"), IdentityProviderUserID: ptr(""),
	})
	o.must(err)
	want.Role, want.DisplayName, want.Hidden, want.IdentityProviderUserID, want.Revision = directory.RoleUser, "Z", false, "", 2
	want.Details = directory.Details{LastName: "Quinn", Initials: "ZQ", Telephone: "1", Street: "2", JobTitle: "3", City: "4", Company: "5", ZipCode: "6", Department: "7", Country: "8", Office: "9"}
	if got := o.reload(made); got != want {
		o.Fatalf("got  %+v\nwant %+v", got, want)
	}
	// Nothing named, nothing changed.
	_, err = o.view().UpdateUser(o.ctx, "zoe.q", directory.UserPatch{})
	o.must(err)
	o.equal(o.reload(made).Revision, 2)
	given, err := o.view().CreateUser(o.ctx, directory.NewUser{ID: "S-1-1-12-4242", Name: "imported", DisplayName: "I"}, nil)
	o.must(err)
	o.equal(given.ID, "S-1-1-12-4242")
	_, err = o.view().CreateUser(o.ctx, directory.NewUser{ID: "S-1-1-12-4242", Name: "again", DisplayName: "I"}, nil)
	o.want(err, errs.Exists, errs.Entry)
}

func namesUnique(o *office) {
	o.user("alice")
	o.group("Straße")
	_, err := o.view().CreateResource(o.ctx, directory.NewResource{Name: "room1", Type: directory.Room}, nil)
	o.must(err)
	_, err = o.view().CreateUser(o.ctx, directoryUser("ALICE"), nil)
	o.want(err, errs.Exists, errs.Entry)
	_, err = o.view().CreateGroup(o.ctx, directory.NewGroup{Name: "STRASSE"}, nil)
	o.want(err, errs.Exists, errs.Entry)
	_, err = o.view().CreateGroup(o.ctx, directory.NewGroup{Name: "Room1"}, nil)
	o.want(err, errs.Exists, errs.Entry)
	_, err = o.view().CreateUser(o.ctx, directoryUser("room1"), nil)
	o.want(err, errs.Exists, errs.Entry)
	for _, name := range []string{"Administrator", "krbtgt", "amazonjournaling"} {
		_, err = o.view().CreateUser(o.ctx, directoryUser(name), nil)
		o.want(err, errs.Reserved, errs.Entry)
	}
	other := o.organization("other")
	_, err = o.dir.View(other.ID, officeBy, 0).CreateUser(o.ctx, directoryUser("alice"), nil)
	o.must(err)
}

func badEntries(o *office) {
	long := strings.Repeat("x", 257)
	for _, in := range []directory.NewUser{
		{Name: "", DisplayName: "x"}, {Name: "a b", DisplayName: "x"}, {Name: "a\x00", DisplayName: "x"}, {Name: strings.Repeat("a", 65), DisplayName: "x"},
		{Name: "a"}, {Name: "a", DisplayName: long}, {Name: "a", DisplayName: "\xff"}, {Name: "a", DisplayName: "x\x00"}, {Name: "a", DisplayName: "x", LastName: long},
		{Name: "a", DisplayName: "x", Role: directory.RoleSystemUser}, {Name: "a", DisplayName: "x", Role: directory.RoleResource}, {Name: "a", DisplayName: "x", ID: "short"},
		{Name: "a", DisplayName: "x\ny"}, {Name: "a", DisplayName: "x\r"}, {Name: "a", DisplayName: "x\ty"}, {Name: "a", DisplayName: "x\u2028y"},
		{Name: "a", DisplayName: "x", FirstName: "A\r\nBcc: b@example.com"}, {Name: "a", DisplayName: "x", LastName: "\t"},
		{Name: "a\n", DisplayName: "x"}, {Name: "ä", DisplayName: "x"},
	} {
		_, err := o.view().CreateUser(o.ctx, in, nil)
		o.want(err, errs.Invalid, errs.Entry)
	}
	for _, name := range []string{"", "日本", " x", strings.Repeat("g", 257), "a\tb", "a\nb", "a\r"} {
		_, err := o.view().CreateGroup(o.ctx, directory.NewGroup{Name: name}, nil)
		o.want(err, errs.Invalid, errs.Entry)
	}
	for _, in := range []directory.NewResource{{Name: "r"}, {Name: strings.Repeat("r", 21), Type: directory.Room}, {Name: "r", Type: "CAR"}, {Name: "r", Type: directory.Room, Description: strings.Repeat("d", 65)}} {
		_, err := o.view().CreateResource(o.ctx, in, nil)
		o.want(err, errs.Invalid, errs.Entry)
	}
	u := o.user("alice")
	_, err := o.view().UpdateUser(o.ctx, "alice", directory.UserPatch{City: &long})
	o.want(err, errs.Invalid, errs.Entry)
	for _, text := range []string{"a\nb", "a\rb", "a\tb"} {
		for _, p := range []directory.UserPatch{{DisplayName: &text}, {FirstName: &text}, {LastName: &text}, {City: &text}, {Office: &text}} {
			_, err := o.view().UpdateUser(o.ctx, "alice", p)
			o.want(err, errs.Invalid, errs.Entry)
		}
	}
	street := "Hall 3\r\nYard 7" // an address has lines
	e, err := o.view().UpdateUser(o.ctx, "alice", directory.UserPatch{Street: &street})
	o.must(err)
	o.equal(o.reload(e).Street, street)
	for _, a := range []string{"", "a", "a@b", "a b@example.postroom.test", "<a@example.postroom.test>", "mailer-daemon@example.postroom.test"} {
		_, err := o.view().RegisterToWorkMail(o.ctx, string(u.ID), a, nil)
		o.want(err, errs.Invalid, errs.Address)
	}
	_, err = o.view().RegisterToWorkMail(o.ctx, "nobody", "n@example.postroom.test", nil)
	o.want(err, errs.NotFound, errs.Entry)
	_, err = o.view().DescribeUser(o.ctx, "\xff")
	o.want(err, errs.Invalid, errs.Entry)
	g := o.group("g")
	_, err = o.view().DescribeUser(o.ctx, string(g.ID))
	o.want(err, errs.NotFound, errs.Entry)
	_, _, err = o.view().ListUsers(o.ctx, directory.Filter{NamePrefix: "a", State: directory.Enabled}, "", 10)
	o.want(err, errs.Invalid, errs.Request)
	_, _, err = o.view().ListGroups(o.ctx, directory.Filter{DisplayNamePrefix: "a"}, "", 10)
	o.want(err, errs.Invalid, errs.Request)
	_, _, err = o.view().ListUsers(o.ctx, directory.Filter{}, "nonsense", 10)
	o.want(err, errs.Invalid, errs.Request)
	_, _, err = o.view().ListUsers(o.ctx, directory.Filter{}, "", 101)
	o.want(err, errs.Invalid, errs.Request)
}

func passwords(o *office) {
	for _, p := range []string{
		"Ab1defg", "abcdefgh", "abcdefg1", strings.Repeat("Ab1", 21) + "x", "Abcdef1\x00", "Abcdefg1日", strings.Repeat("Ab1!", 1000), "Abcdefg1\xff",
	} {
		_, err := o.view().CreateUser(o.ctx, directory.NewUser{Name: "alice", DisplayName: "A", Password: p}, nil)
		o.want(err, errs.Password, errs.Entry)
	}
	u, err := o.view().CreateUser(o.ctx, directory.NewUser{Name: "alice", DisplayName: "A", Password: "Cafe\u0301 au lait 1"}, nil)
	o.must(err)
	check := func(password string, want bool) int64 {
		o.Helper()
		version, says, err := o.dir.CheckPassword(o.ctx, o.org.ID, u.ID, password)
		o.must(err)
		if (says == directory.Right) != want {
			o.Fatalf("%q: %v", password, says)
		}
		return version
	}
	before := check("Caf\u00e9 au lait 1", true) // NFC and NFD are one password
	check("Cafe\u0301 au lait 1", true)
	check("cafe\u0301 au lait 1", false)
	check("", false)
	o.want(o.view().ResetPassword(o.ctx, string(u.ID), "short"), errs.Password, errs.Entry)
	o.want(o.view().ResetPassword(o.ctx, "alice", "Another-1"), errs.NotFound, errs.Entry) // id only
	o.must(o.view().ResetPassword(o.ctx, string(u.ID), " Another-1 "))
	if after := check(" Another-1 ", true); after <= before {
		o.Fatal("the version did not rise")
	}
	check("Another-1", false)
	check("Caf\u00e9 au lait 1", false)
	o.equal(o.revoked, []ids.Entry{u.ID})
	remote, err := o.view().CreateUser(o.ctx, directory.NewUser{Name: "remote", DisplayName: "R", Role: directory.RoleRemoteUser}, nil)
	o.must(err)
	o.want(o.view().ResetPassword(o.ctx, string(remote.ID), "Another-1"), errs.State, errs.Entry)
	if _, says, err := o.dir.CheckPassword(o.ctx, o.org.ID, "nobody", "Another-1"); says != directory.Wrong || err != nil {
		o.Fatal(says, err)
	}
}

func lifecycle(o *office) {
	u := o.user("alice")
	o.equal(u.State, directory.Disabled)
	o.want(o.view().CreateAlias(o.ctx, string(u.ID), "a@example.postroom.test"), errs.State, errs.Entry)
	o.want(o.view().UpdatePrimaryEmailAddress(o.ctx, "alice", "a@example.postroom.test"), errs.State, errs.Entry)
	_, err := o.view().RegisterToWorkMail(o.ctx, "alice", "alice@unknown.example", o.attach)
	o.want(err, errs.NotFound, errs.MailDomain)
	o.must(o.domains().RegisterMailDomain(o.ctx, "pending.example", ""))
	_, err = o.view().RegisterToWorkMail(o.ctx, "alice", "alice@pending.example", o.attach)
	o.want(err, errs.State, errs.MailDomain)
	e, err := o.view().RegisterToWorkMail(o.ctx, "alice", "Alice@example.postroom.test", o.attach)
	o.must(err)
	if e.State != directory.Enabled || !e.Enabled() || e.Email != "Alice@example.postroom.test" || e.Mailbox == 0 || !e.EnabledAt.Equal(officeStart) || !e.Provisioned.Equal(officeStart) {
		o.Fatalf("%+v", e)
	}
	again, err := o.view().RegisterToWorkMail(o.ctx, "alice", "alice@EXAMPLE.postroom.test", o.attach)
	o.must(err)
	o.equal(again.Revision, e.Revision)
	_, err = o.view().RegisterToWorkMail(o.ctx, "alice", "other@example.postroom.test", o.attach)
	o.want(err, errs.Registered, errs.Entry)
	o.want(o.view().DeleteUser(o.ctx, "alice"), errs.State, errs.Entry)
	_, err = o.view().UpdateUser(o.ctx, "alice", directory.UserPatch{Role: ptr(directory.RoleRemoteUser)})
	o.want(err, errs.State, errs.Entry)
	o.clock.Move(time.Hour)
	off, err := o.view().DeregisterFromWorkMail(o.ctx, "alice@example.postroom.test", nil)
	o.must(err)
	if off.State != directory.Disabled || off.Version <= e.Version || !off.DisabledAt.Equal(officeStart.Add(time.Hour)) || off.Mailbox != e.Mailbox {
		o.Fatalf("%+v", off)
	}
	o.equal(o.revoked, []ids.Entry{e.ID})
	_, err = o.view().DeregisterFromWorkMail(o.ctx, "alice", nil)
	o.want(err, errs.State, errs.Entry)
	back := o.register(off)
	o.equal(back.Mailbox, e.Mailbox)

	// The directory's own word.
	gone, err := o.view().SawDirectory(o.ctx, string(e.ID), directory.DirDisabled)
	o.must(err)
	if gone.Enabled() || gone.State != directory.Enabled || gone.Shown() != directory.Disabled {
		o.Fatalf("%+v", gone)
	}
	list, _, err := o.view().ListUsers(o.ctx, directory.Filter{State: directory.Disabled}, "", 10)
	o.must(err)
	o.equal(names(list), []string{"alice"})

	remote, err := o.view().CreateUser(o.ctx, directory.NewUser{Name: "remote", DisplayName: "R", Role: directory.RoleRemoteUser}, nil)
	o.must(err)
	if r := o.register(remote); r.Mailbox != 0 || !r.Enabled() {
		o.Fatalf("%+v", r)
	}
	if g := o.register(o.group("team")); g.Mailbox != 0 || !g.Enabled() {
		o.Fatalf("%+v", g)
	}
	// Made and registered in one Write, or not at all.
	in := directoryUser("bob")
	in.Email = "alice@example.postroom.test"
	_, err = o.view().CreateUser(o.ctx, in, o.attach)
	o.want(err, errs.InUse, errs.Address)
	_, err = o.view().DescribeUser(o.ctx, "bob")
	o.want(err, errs.NotFound, errs.Entry)
	in.Email = "bob@example.postroom.test"
	bob, err := o.view().CreateUser(o.ctx, in, o.attach)
	o.must(err)
	if got := o.reload(bob); got != bob || !got.Enabled() || got.Mailbox == 0 {
		o.Fatalf("%+v", got)
	}
}

func addressesTaken(o *office) {
	a, b, c := o.register(o.user("anna")), o.register(o.user("ben")), o.register(o.user("cleo"))
	o.must(o.view().CreateAlias(o.ctx, string(a.ID), "info@example.postroom.test"))
	o.must(o.view().CreateAlias(o.ctx, string(a.ID), "sales@example.postroom.test"))
	o.want(o.view().CreateAlias(o.ctx, string(b.ID), "INFO@example.postroom.test"), errs.InUse, errs.Address)
	o.deregister(a)
	owner, err := o.dir.ByAddress(o.ctx, nil, o.org.ID, "info@example.postroom.test")
	o.must(err)
	o.equal(owner.ID, a.ID) // still hers
	o.must(o.view().CreateAlias(o.ctx, string(b.ID), "info@example.postroom.test"))
	o.must(o.view().CreateAlias(o.ctx, string(c.ID), "anna@example.postroom.test"))
	got := o.reload(a)
	o.equal(got.Email, "")
	own, err := o.dir.Addresses(o.ctx, nil, o.org.ID, a.ID)
	o.must(err)
	o.equal(own, []string{"sales@example.postroom.test"})
	_, err = o.view().RegisterToWorkMail(o.ctx, "anna", "anna@example.postroom.test", o.attach)
	o.want(err, errs.InUse, errs.Address)
	// Ben lets go of info; anna gets it back, not what cleo has.
	o.must(o.view().DeleteAlias(o.ctx, string(b.ID), "info@example.postroom.test"))
	e, err := o.view().RegisterToWorkMail(o.ctx, "anna", "anna2@example.postroom.test", o.attach)
	o.must(err)
	own, err = o.dir.Addresses(o.ctx, nil, o.org.ID, a.ID)
	o.must(err)
	o.equal(own, []string{"anna2@example.postroom.test", "info@example.postroom.test", "sales@example.postroom.test"})
	o.equal(e.Mailbox, a.Mailbox)
	who, err := o.view().DescribeEntity(o.ctx, "anna@example.postroom.test")
	o.must(err)
	o.equal(who.ID, c.ID)
}

func aliases(o *office) {
	a := o.register(o.user("anna"))
	b := o.register(o.user("ben"))
	o.must(o.domains().RegisterMailDomain(o.ctx, "pending.example", ""))
	o.want(o.view().CreateAlias(o.ctx, string(a.ID), "x@pending.example"), errs.State, errs.MailDomain)
	o.want(o.view().CreateAlias(o.ctx, string(a.ID), "x@unknown.example"), errs.NotFound, errs.MailDomain)
	o.want(o.view().CreateAlias(o.ctx, "anna", "x@example.postroom.test"), errs.NotFound, errs.Entry)
	for i := range directory.MaxAliases {
		o.must(o.view().CreateAlias(o.ctx, string(a.ID), fmt.Sprintf("alias%03d@example.postroom.test", i)))
	}
	o.want(o.view().CreateAlias(o.ctx, string(a.ID), "one.more@example.postroom.test"), errs.Limit, errs.Address)
	o.must(o.view().CreateAlias(o.ctx, string(a.ID), "ALIAS000@example.postroom.test")) // has it
	var all []string
	token := ""
	for {
		page, next, err := o.view().ListAliases(o.ctx, string(a.ID), token, 33)
		o.must(err)
		all = append(all, page...)
		if token = next; next == "" {
			break
		}
	}
	if len(all) != directory.MaxAliases || all[0] != "alias000@example.postroom.test" {
		o.Fatal(len(all), all[0])
	}
	o.must(o.view().UpdatePrimaryEmailAddress(o.ctx, "anna", "alias007@example.postroom.test"))
	own, err := o.dir.Addresses(o.ctx, nil, o.org.ID, a.ID)
	o.must(err)
	if len(own) != directory.MaxAliases+1 || own[0] != "alias007@example.postroom.test" {
		o.Fatal(own)
	}
	o.want(o.view().DeleteAlias(o.ctx, string(a.ID), "alias007@example.postroom.test"), errs.Invalid, errs.Address)
	o.want(o.view().UpdatePrimaryEmailAddress(o.ctx, "anna", "ben@example.postroom.test"), errs.InUse, errs.Address)
	o.want(o.view().UpdatePrimaryEmailAddress(o.ctx, "anna", "new@example.postroom.test"), errs.Limit, errs.Address)
	o.must(o.view().DeleteAlias(o.ctx, string(a.ID), "anna@example.postroom.test"))
	o.must(o.view().DeleteAlias(o.ctx, string(a.ID), "anna@example.postroom.test"))
	o.must(o.view().DeleteAlias(o.ctx, string(a.ID), "ben@example.postroom.test")) // not hers
	o.must(o.view().UpdatePrimaryEmailAddress(o.ctx, "anna", "new@example.postroom.test"))
	_, err = o.view().DescribeEntity(o.ctx, "anna@example.postroom.test")
	o.want(err, errs.NotFound, errs.Entry)
	o.equal(o.reload(b).Email, "ben@example.postroom.test")
}

// mailFollows asks where mail goes around each change that turns it, so that an
// answer that is remembered beyond one shows.
func mailFollows(o *office) {
	ask := func(address string) string {
		o.Helper()
		t, err := o.dir.Target(o.ctx, nil, o.org.ID, address)
		if errs.Is(err, errs.NotFound) {
			return "nowhere"
		}
		o.must(err)
		return fmt.Sprint(t.Entry, t.Kind == directory.KindGroup, t.Enabled, t.Mailbox != 0)
	}
	const primary, alias = "anna@example.postroom.test", "info@example.postroom.test"
	follows := func(address, want string) {
		o.Helper()
		o.equal(ask(address), want)
		o.equal(ask(address), want)
	}
	follows(primary, "nowhere")
	a := o.register(o.user("anna"))
	yes, off := fmt.Sprint(a.ID, false, true, true), fmt.Sprint(a.ID, false, false, true)
	follows(primary, yes)
	follows(alias, "nowhere")
	o.must(o.view().CreateAlias(o.ctx, string(a.ID), alias))
	follows(alias, yes)
	o.must(o.view().DeleteAlias(o.ctx, string(a.ID), alias))
	follows(alias, "nowhere")
	o.must(o.view().CreateAlias(o.ctx, string(a.ID), alias))
	o.deregister(a)
	follows(primary, off)
	g := o.register(o.group("info"))
	follows(alias, fmt.Sprint(g.ID, true, true, false))
	o.register(a)
	follows(primary, yes)
	o.org.State = org.Deleting
	o.must(o.s.Orgs.Write(o.ctx, o.org.ID, func(t *tx.Tx) error { return o.s.Orgs.UpdateOrganization(t, o.org) }))
	follows(primary, "nowhere")
}

func deleting(o *office) {
	u, other := o.register(o.user("alice")), o.user("bob")
	o.group("all", u, other)
	o.must(o.view().ResetPassword(o.ctx, string(u.ID), "Another-1"))
	o.must(o.access.View(o.org.ID, officeBy, 0).PutMailboxPermissions(o.ctx, "alice", "bob", rightsAll))
	o.must(o.view().DeleteUser(o.ctx, "unknown"))
	o.must(o.view().DeleteGroup(o.ctx, "alice")) // no group
	o.must(o.view().DeleteUser(o.ctx, "alice@example.postroom.test"))
	o.equal(o.reload(u).State, directory.Enabled) // an address is not taken
	o.deregister(u)
	o.must(o.view().DeleteUser(o.ctx, "alice"))
	o.must(o.view().DeleteUser(o.ctx, string(u.ID)))
	got, err := o.view().DescribeUser(o.ctx, string(u.ID))
	o.must(err)
	if got.State != directory.Deleted || got.Email != "" || got.Mailbox != u.Mailbox {
		o.Fatalf("%+v", got)
	}
	_, err = o.view().DescribeUser(o.ctx, "alice")
	o.want(err, errs.NotFound, errs.Entry)
	_, err = o.view().RegisterToWorkMail(o.ctx, string(u.ID), "alice@example.postroom.test", nil)
	o.want(err, errs.State, errs.Entry)
	members, _, err := o.view().ListGroupMembers(o.ctx, "all", "", 0)
	o.must(err)
	o.equal(names(members), []string{"bob"})
	hash, err := o.s.Entries.PasswordHash(o.ctx, nil, o.org.ID, u.ID)
	if err != nil || hash != "" {
		o.Fatal(hash, err)
	}
	list, _, err := o.view().ListUsers(o.ctx, directory.Filter{}, "", 0)
	o.must(err)
	o.equal(names(list), []string{"bob"})
	list, _, err = o.view().ListUsers(o.ctx, directory.Filter{State: directory.Deleted}, "", 0)
	o.must(err)
	o.equal(names(list), []string{"alice"})
	again := o.user("alice")
	if o.register(again).Mailbox == u.Mailbox {
		o.Fatal("the mailbox came back under a new id")
	}
}

func deletingLarge(o *office) {
	g := o.group("all")
	o.must(o.s.Entries.Write(o.ctx, o.org.ID, func(t *tx.Tx) error {
		for i := range 2000 {
			if _, err := o.s.Entries.PutMember(t, o.org.ID, g.ID, ids.Entry(fmt.Sprintf("member-%06d", i))); err != nil {
				return err
			}
		}
		return nil
	}))
	o.must(o.view().DeleteGroup(o.ctx, "all"))
	o.must(o.s.Entries.Write(o.ctx, o.org.ID, func(t *tx.Tx) error {
		if n, err := o.s.Entries.DropRelations(t, o.org.ID, g.ID, 10); n != 0 || err != nil {
			o.Error("left over", n, err)
		}
		return nil
	}))
}

func retention(o *office) {
	kept, off, gone := o.register(o.user("kept")), o.register(o.user("off")), o.register(o.user("gone"))
	o.deregister(off)
	o.deregister(gone)
	o.must(o.view().DeleteUser(o.ctx, "gone"))
	o.clock.Move(directory.RetentionTime - time.Minute)
	o.must(o.dir.Forget(o.ctx))
	o.equal(o.reload(off).Mailbox, off.Mailbox)
	o.clock.Move(2 * time.Minute)
	o.must(o.dir.Forget(o.ctx))
	o.must(o.dir.Forget(o.ctx))
	purges, err := o.s.Entries.Purges(o.ctx, nil, 0, 10)
	o.must(err)
	o.equal(purges, []directory.Purge{{Org: o.org.ID, Mailbox: off.Mailbox}, {Org: o.org.ID, Mailbox: gone.Mailbox}})
	o.must(o.s.Entries.Write(o.ctx, o.org.ID, func(t *tx.Tx) error { return o.s.Entries.DeletePurge(t, off.Mailbox) }))
	purges, err = o.s.Entries.Purges(o.ctx, nil, off.Mailbox, 10)
	o.must(err)
	o.equal(len(purges), 1)
	got := o.reload(off)
	if got.Mailbox != 0 || !got.Deprovisioned.Equal(o.clock.Now()) {
		o.Fatalf("%+v", got)
	}
	_, err = o.dir.ByID(o.ctx, nil, o.org.ID, gone.ID)
	o.want(err, errs.NotFound, errs.Entry)
	o.equal(o.reload(kept).Mailbox, kept.Mailbox)
	if o.register(off).Mailbox == off.Mailbox {
		o.Fatal("a purged mailbox came back")
	}
}

func race(o *office) {
	const n = 8
	type result struct{ made, took error }
	results := make(chan result, n)
	var users []directory.Entry
	for i := range n {
		users = append(users, o.register(o.user(fmt.Sprint("racer", i))))
	}
	for i := range n {
		go func() {
			_, made := o.view().CreateUser(o.ctx, directoryUser("same"), nil)
			results <- result{made, o.view().CreateAlias(o.ctx, string(users[i].ID), "same@example.postroom.test")}
		}()
	}
	made, took := 0, 0
	for range n {
		r := <-results
		switch {
		case r.made == nil:
			made++
		case !errs.Is(r.made, errs.Exists):
			o.Error(r.made)
		}
		switch {
		case r.took == nil:
			took++
		case !errs.Is(r.took, errs.InUse):
			o.Error(r.took)
		}
	}
	o.equal([]int{made, took}, []int{1, 1})
	if _, err := o.lists.Verify(o.ctx, o.org.ID); err != nil {
		o.Fatal(err)
	}
}

func tenants(o *office) {
	mine := o.register(o.user("alice"))
	other := o.organization("other")
	v := o.dir.View(other.ID, officeBy, 0)
	for _, id := range []string{string(mine.ID), "alice", "alice@example.postroom.test"} {
		_, err := v.DescribeUser(o.ctx, id)
		o.want(err, errs.NotFound, errs.Entry)
		_, err = v.UpdateUser(o.ctx, id, directory.UserPatch{City: ptr("x")})
		o.want(err, errs.NotFound, errs.Entry)
		_, err = v.DeregisterFromWorkMail(o.ctx, id, nil)
		o.want(err, errs.NotFound, errs.Entry)
		o.must(v.DeleteUser(o.ctx, id))
	}
	o.want(v.ResetPassword(o.ctx, string(mine.ID), "Another-1"), errs.NotFound, errs.Entry)
	o.want(v.CreateAlias(o.ctx, string(mine.ID), "x@other.postroom.test"), errs.NotFound, errs.Entry)
	u, err := v.CreateUser(o.ctx, directoryUser("mallory"), nil)
	o.must(err)
	_, err = v.RegisterToWorkMail(o.ctx, "mallory", "x@example.postroom.test", nil)
	o.want(err, errs.NotFound, errs.MailDomain)
	o.want(o.access.View(other.ID, officeBy, 0).PutMailboxPermissions(o.ctx, "mallory", string(mine.ID), rightsAll), errs.NotFound, errs.Entry)
	list, _, err := v.ListUsers(o.ctx, directory.Filter{}, "", 0)
	o.must(err)
	o.equal(names(list), []string{"mallory"})
	how, err := o.access.MaySend(o.ctx, other.ID, u.ID, parsed("alice@example.postroom.test"))
	if err != nil || how != 0 {
		o.Fatal(how, err)
	}
	o.equal(o.reload(mine), mine)
	_, _, _, err = o.orgs.View(other.ID, officeBy, 0).GetMailDomain(o.ctx, "example.postroom.test")
	o.want(err, errs.NotFound, errs.MailDomain)
	if got, _, err := o.lists.List(o.ctx, filterOf(other.ID)); err != nil || len(got) == 0 {
		o.Fatal(err)
	} else {
		for _, r := range got {
			if r.Org != other.ID || strings.Contains(fmt.Sprint(r), string(mine.ID)) {
				o.Fatalf("%+v", r)
			}
		}
	}
}
