package storetest

import (
	"fmt"
	"slices"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/access"
	"postroom/internal/core/audit"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

var rightsAll = access.Rights{Full: true, SendAs: true, OnBehalf: true}

func parsed(s string) address.Address {
	a, err := address.Parse(s)
	if err != nil {
		panic(err)
	}
	return a
}

func filterOf(id ids.Org) audit.Filter { return audit.Filter{Org: id, Limit: 1000} }

func groups(o *office) {
	a, b, c := o.register(o.user("anna")), o.register(o.user("ben")), o.user("cleo")
	inner := o.register(o.group("inner", a, b, c))
	outer := o.register(o.group("outer", inner, a))
	off := o.group("off", b)
	o.must(o.view().AssociateMemberToGroup(o.ctx, "outer", "off"))
	v := o.view()
	o.must(v.AssociateMemberToGroup(o.ctx, "outer", "anna@example.postroom.test")) // again
	o.want(v.AssociateMemberToGroup(o.ctx, "inner", "outer"), errs.Invalid, errs.Entry)
	o.want(v.AssociateMemberToGroup(o.ctx, "inner", "inner"), errs.Invalid, errs.Entry)
	o.want(v.AssociateMemberToGroup(o.ctx, "off", "outer"), errs.Invalid, errs.Entry)
	o.want(v.AssociateMemberToGroup(o.ctx, "anna", "ben"), errs.NotFound, errs.Entry)
	o.want(v.AssociateMemberToGroup(o.ctx, "inner", "nobody"), errs.NotFound, errs.Entry)
	room, err := v.CreateResource(o.ctx, directory.NewResource{Name: "room", Type: directory.Room}, nil)
	o.must(err)
	o.want(v.AssociateMemberToGroup(o.ctx, "inner", string(room.ID)), errs.Invalid, errs.Entry)

	all, err := o.dir.ExpandGroup(o.ctx, o.org.ID, outer.ID, 10)
	o.must(err)
	o.equal(sorted(names(all)), []string{"anna", "ben"}) // cleo is disabled
	_, err = o.dir.ExpandGroup(o.ctx, o.org.ID, outer.ID, 1)
	o.want(err, errs.Limit, errs.Entry)
	o.related()
	of, err := o.dir.GroupsOf(o.ctx, nil, o.org.ID, b.ID)
	o.must(err)
	slices.Sort(of)
	want := []ids.Entry{inner.ID, outer.ID}
	slices.Sort(want)
	o.equal(of, want)

	// A cycle that came from elsewhere ends all the same.
	o.must(o.s.Entries.Write(o.ctx, o.org.ID, func(t *tx.Tx) error {
		_, err := o.s.Entries.PutMember(t, o.org.ID, inner.ID, outer.ID)
		return err
	}))
	all, err = o.dir.ExpandGroup(o.ctx, o.org.ID, inner.ID, 10)
	o.must(err)
	o.equal(sorted(names(all)), []string{"anna", "ben"})
	of, err = o.dir.GroupsOf(o.ctx, nil, o.org.ID, b.ID)
	o.must(err)
	o.equal(len(of), 2)
	o.must(v.DisassociateMemberFromGroup(o.ctx, "inner", "outer"))
	o.must(v.DisassociateMemberFromGroup(o.ctx, "inner", "outer"))

	// Pages.
	seen, token := []string{}, ""
	for {
		page, next, err := v.ListGroupMembers(o.ctx, "inner", token, 2)
		o.must(err)
		seen = append(seen, names(page)...)
		if token = next; next == "" {
			break
		}
	}
	o.equal(sorted(seen), []string{"anna", "ben", "cleo"})
	page, next, err := v.ListGroupsForEntity(o.ctx, "ben", "", "", 1)
	o.must(err)
	o.equal(names(page), []string{"inner"})
	page, next, err = v.ListGroupsForEntity(o.ctx, "ben", "", next, 1)
	o.must(err)
	o.equal([]any{names(page), next}, []any{[]string{"off"}, ""})
	page, _, err = v.ListGroupsForEntity(o.ctx, "ben", "OF", "", 0)
	o.must(err)
	o.equal(names(page), []string{"off"})

	o.must(v.DeleteGroup(o.ctx, "off"))
	o.want(v.AssociateMemberToGroup(o.ctx, string(off.ID), "ben"), errs.State, errs.Entry)
	g, err := v.UpdateGroup(o.ctx, "inner", ptr(true))
	o.must(err)
	o.equal(o.reload(g).Hidden, true)
}

// related: members and delegates by name, in pages, with their number.
func (o *office) related() {
	o.Helper()
	v := o.view()
	crew := o.group("crew")
	_, err := v.CreateResource(o.ctx, directory.NewResource{Name: "hall", Type: directory.Room}, nil)
	o.must(err)
	for i := range 7 {
		name := fmt.Sprintf("m%d", 9-i)
		u, err := v.CreateUser(o.ctx, directory.NewUser{Name: name, DisplayName: fmt.Sprintf("Zoe %d", i)}, nil)
		o.must(err)
		if i == 0 {
			u = o.register(u)
			o.must(v.CreateAlias(o.ctx, string(u.ID), "extra@example.postroom.test"))
		}
		o.must(v.AssociateMemberToGroup(o.ctx, "crew", name))
		o.must(v.AssociateDelegateToResource(o.ctx, "hall", name))
	}
	o.must(v.AssociateMemberToGroup(o.ctx, "crew", "inner"))
	o.must(v.DeleteUser(o.ctx, "m3"))
	members := func(q directory.Related, total int64, want ...string) {
		o.Helper()
		found, group, err := v.FindGroupMembers(o.ctx, "crew", q)
		o.must(err)
		o.equal([]any{names(found.Entries), found.Total, group.ID}, []any{want, total, crew.ID})
	}
	members(directory.Related{}, 7, "inner", "m4", "m5", "m6", "m7", "m8", "m9")
	members(directory.Related{Offset: 1, Limit: 2}, 7, "m4", "m5")
	members(directory.Related{Query: "IN"}, 1, "inner")
	members(directory.Related{Query: "zoe 4"}, 1, "m5")
	members(directory.Related{Query: "extra@"}, 1, "m9")
	members(directory.Related{Query: "zoe", Offset: 4, Limit: 3}, 6, "m8", "m9")
	if found, _, err := v.FindGroupMembers(o.ctx, "crew", directory.Related{Query: "zoe", Offset: 90}); err != nil || len(found.Entries) > 0 || found.Total != 6 {
		o.Fatal(found, err)
	}
	if found, _, err := v.FindGroupMembers(o.ctx, "crew", directory.Related{Query: "nobody"}); err != nil || len(found.Entries) > 0 || found.Total != 0 {
		o.Fatal(found, err)
	}
	delegates, hall, err := v.FindResourceDelegates(o.ctx, "hall", directory.Related{Query: "m", Limit: 2, Offset: 2})
	o.must(err)
	o.equal([]any{names(delegates.Entries), delegates.Total, hall.Name}, []any{[]string{"m6", "m7"}, int64(6), "hall"})
	for _, q := range []directory.Related{{Offset: -1}, {Limit: 101}, {Query: "\xff"}, {Query: "a\x00"}} {
		_, _, err := v.FindGroupMembers(o.ctx, "crew", q)
		o.want(err, errs.Invalid, errs.Request)
	}
	_, _, err = v.FindGroupMembers(o.ctx, "hall", directory.Related{})
	o.want(err, errs.NotFound, errs.Entry)
	_, _, err = v.FindResourceDelegates(o.ctx, "crew", directory.Related{})
	o.want(err, errs.NotFound, errs.Entry)
}

func resources(o *office) {
	v := o.view()
	r, err := v.CreateResource(o.ctx, directory.NewResource{Name: "room", Type: directory.Room, Description: "Ground floor"}, nil)
	o.must(err)
	if !ids.IsResource(string(r.ID)) || r.Booking != (directory.Booking{AutoAccept: true, DeclineConflicting: true}) {
		o.Fatalf("%+v", r)
	}
	if e := o.register(r); e.Mailbox == 0 {
		o.Fatal("no mailbox")
	}
	off := directory.Booking{DeclineRecurring: true}
	_, err = v.UpdateResource(o.ctx, "room", directory.ResourcePatch{Booking: &off})
	o.want(err, errs.Config, errs.Entry)
	o.user("anna")
	o.group("staff")
	o.must(v.AssociateDelegateToResource(o.ctx, "room", "anna"))
	o.must(v.AssociateDelegateToResource(o.ctx, "room", "anna"))
	o.must(v.AssociateDelegateToResource(o.ctx, "room@example.postroom.test", "staff"))
	o.want(v.AssociateDelegateToResource(o.ctx, "room", "room"), errs.Invalid, errs.Entry)
	o.want(v.AssociateDelegateToResource(o.ctx, "anna", "staff"), errs.NotFound, errs.Entry)
	_, err = v.UpdateResource(o.ctx, "room", directory.ResourcePatch{
		Name: ptr("Hall"), Type: ptr(directory.Equipment), Description: ptr(""), Hidden: ptr(true), Booking: &off,
	})
	o.must(err)
	got := o.reload(r)
	if got.Name != "Hall" || got.ResourceType != directory.Equipment || got.Description != "" || !got.Hidden || got.Booking != off {
		o.Fatalf("%+v", got)
	}
	_, err = v.UpdateResource(o.ctx, "hall", directory.ResourcePatch{Name: ptr("ANNA")})
	o.want(err, errs.Exists, errs.Entry)
	_, err = v.UpdateResource(o.ctx, "hall", directory.ResourcePatch{Name: ptr("hall")}) // its own, written otherwise
	o.must(err)
	page, next, err := v.ListResourceDelegates(o.ctx, "hall", "", 1)
	o.must(err)
	rest, end, err := v.ListResourceDelegates(o.ctx, "hall", next, 1)
	o.must(err)
	o.equal([]any{sorted(append(names(page), names(rest)...)), end}, []any{[]string{"anna", "staff"}, ""})
	o.must(v.DisassociateDelegateFromResource(o.ctx, "hall", "staff"))
	o.want(v.DisassociateDelegateFromResource(o.ctx, "hall", "anna"), errs.State, errs.Entry)
}

func lists(o *office) {
	for i := range 23 {
		o.user(fmt.Sprintf("user%02d", i))
	}
	for _, n := range []string{"anna", "Annabel", "zoe"} {
		u, err := o.view().CreateUser(o.ctx, directory.NewUser{Name: n, DisplayName: "Dr. " + n, IdentityProviderUserID: "ABC-" + n}, nil)
		o.must(err)
		o.register(u)
	}
	o.group("agroup")
	walk := func(f directory.Filter, limit int) []string {
		o.Helper()
		all, token := []string{}, ""
		for {
			page, next, err := o.view().ListUsers(o.ctx, f, token, limit)
			o.must(err)
			all = append(all, names(page)...)
			if len(next) > 1024 {
				o.Fatal("long token")
			}
			if token = next; next == "" {
				return all
			}
		}
	}
	all := walk(directory.Filter{}, 7)
	if len(all) != 26 || all[0] != "anna" || all[1] != "Annabel" || all[25] != "zoe" {
		o.Fatal(all)
	}
	o.equal(walk(directory.Filter{}, 26), all)
	o.equal(walk(directory.Filter{NamePrefix: "ANN"}, 1), []string{"anna", "Annabel"})
	o.equal(walk(directory.Filter{NamePrefix: "nobody"}, 1), []string{})
	o.equal(walk(directory.Filter{DisplayNamePrefix: "dr. a"}, 1), []string{"anna", "Annabel"})
	o.equal(walk(directory.Filter{EmailPrefix: "Anna"}, 1), []string{"anna", "Annabel"})
	o.equal(walk(directory.Filter{State: directory.Enabled}, 2), []string{"anna", "Annabel", "zoe"})
	o.equal(len(walk(directory.Filter{State: directory.Disabled}, 5)), 23)
	o.equal(walk(directory.Filter{IdPPrefix: "ABC-"}, 2), []string{"anna", "Annabel", "zoe"})
	groups, _, err := o.view().ListGroups(o.ctx, directory.Filter{NamePrefix: "a"}, "", 0)
	o.must(err)
	o.equal(names(groups), []string{"agroup"})
	_, token, err := o.view().ListUsers(o.ctx, directory.Filter{}, "", 5)
	o.must(err)
	_, _, err = o.view().ListUsers(o.ctx, directory.Filter{State: directory.Enabled}, token, 5)
	o.want(err, errs.Invalid, errs.Request)
}

func permissions(o *office) {
	owner, a, b := o.register(o.user("owner")), o.register(o.user("anna")), o.register(o.user("ben"))
	inner := o.register(o.group("inner", b))
	outer := o.register(o.group("outer", inner))
	v := o.access.View(o.org.ID, officeBy, 0)
	rights := func(grantee directory.Entry) access.Rights {
		o.Helper()
		r, err := o.access.Rights(o.ctx, nil, o.org.ID, owner.ID, grantee.ID)
		o.must(err)
		return r
	}
	o.equal(rights(a), access.Rights{})
	o.must(v.PutMailboxPermissions(o.ctx, "owner", "anna", access.Rights{SendAs: true}))
	o.must(v.PutMailboxPermissions(o.ctx, "owner@example.postroom.test", "anna", access.Rights{OnBehalf: true})) // replaces
	o.must(v.PutMailboxPermissions(o.ctx, "owner", "outer", access.Rights{Full: true, SendAs: true}))
	o.equal(rights(a), access.Rights{OnBehalf: true})
	o.equal(rights(b), access.Rights{Full: true, SendAs: true})
	shared, err := o.access.Shared(o.ctx, o.org.ID, b.ID)
	o.must(err)
	o.equal(names(shared), []string{"owner"})
	held := func(who string, limit int) (list []string) {
		o.Helper()
		for token := ""; ; {
			page, next, err := v.ListHeldPermissions(o.ctx, who, token, limit)
			o.must(err)
			for _, h := range page {
				list = append(list, h.Owner.Name+" by "+h.To.Name)
			}
			if token = next; token == "" {
				return list
			}
		}
	}
	o.equal(held("anna", 0), []string{"owner by anna"})
	o.equal(held("ben", 1), []string{"owner by outer"})
	o.equal(len(held("owner", 0)), 0)
	_, _, err = v.ListHeldPermissions(o.ctx, "anna", "!", 1)
	o.want(err, errs.Invalid, errs.Request)
	_, _, err = v.ListHeldPermissions(o.ctx, "nobody", "", 1)
	o.want(err, errs.NotFound, errs.Entry)
	o.must(o.access.MayOpen(o.ctx, o.org.ID, owner.ID, b.ID))
	o.want(o.access.MayOpen(o.ctx, o.org.ID, owner.ID, a.ID), errs.NotFound, errs.Mailbox)
	send := func(who directory.Entry, from string, want access.How) {
		o.Helper()
		how, err := o.access.MaySend(o.ctx, o.org.ID, who.ID, parsed(from))
		o.must(err)
		o.equal(how, want)
	}
	send(a, "anna@example.postroom.test", access.Own)
	send(a, "Anna+tag@example.postroom.test", access.Own)
	send(a, "owner@example.postroom.test", access.OnBehalf)
	send(b, "owner+x@example.postroom.test", access.As)
	send(a, "ben@example.postroom.test", access.No)
	send(a, "anna@other.example", access.No)
	o.deregister(outer) // a disabled group gives nothing
	o.equal(rights(b), access.Rights{})
	o.register(outer)
	o.must(o.view().DisassociateMemberFromGroup(o.ctx, "outer", "inner"))
	o.equal(rights(b), access.Rights{})

	o.want(v.PutMailboxPermissions(o.ctx, "owner", "anna", access.Rights{}), errs.Invalid, errs.Permission)
	o.want(v.PutMailboxPermissions(o.ctx, "inner", "anna", access.Rights{Full: true}), errs.Invalid, errs.Permission)
	o.must(v.PutMailboxPermissions(o.ctx, "inner", "anna", access.Rights{SendAs: true}))
	send(a, "inner@example.postroom.test", access.As)
	o.want(v.PutMailboxPermissions(o.ctx, "owner", "owner", rightsAll), errs.Invalid, errs.Permission)
	o.want(v.PutMailboxPermissions(o.ctx, "owner", "nobody", rightsAll), errs.NotFound, errs.Entry)
	list, of, next, err := v.ListMailboxPermissions(o.ctx, "owner", "", 1)
	o.must(err)
	more, _, end, err := v.ListMailboxPermissions(o.ctx, "owner", next, 1)
	o.must(err)
	got := []string{list[0].To.Name, more[0].To.Name}
	o.equal([]any{sorted(got), end, of.GrantsRevision}, []any{[]string{"anna", "outer"}, "", 4})
	o.want(o.access.View(o.org.ID, officeBy, 3).DeleteMailboxPermissions(o.ctx, "owner", "anna"), errs.Conflict, errs.Permission)
	o.must(o.access.View(o.org.ID, officeBy, 4).DeleteMailboxPermissions(o.ctx, "owner", "anna"))
	o.must(v.DeleteMailboxPermissions(o.ctx, "owner", "anna"))
	o.equal(rights(a), access.Rights{})
}

func ifMatch(o *office) {
	u := o.register(o.user("alice"))
	stale := o.dir.View(o.org.ID, officeBy, u.Revision-1)
	_, err := stale.UpdateUser(o.ctx, "alice", directory.UserPatch{City: ptr("x")})
	o.want(err, errs.Conflict, errs.Entry)
	o.want(stale.CreateAlias(o.ctx, string(u.ID), "x@example.postroom.test"), errs.Conflict, errs.Entry)
	o.want(stale.ResetPassword(o.ctx, string(u.ID), "Another-1"), errs.Conflict, errs.Entry)
	_, err = stale.DeregisterFromWorkMail(o.ctx, "alice", nil)
	o.want(err, errs.Conflict, errs.Entry)
	got, err := o.dir.View(o.org.ID, officeBy, u.Revision).UpdateUser(o.ctx, "alice", directory.UserPatch{City: ptr("x")})
	o.must(err)
	o.equal(got.Revision, u.Revision+1)
	o.deregister(u)
	o.want(o.dir.View(o.org.ID, officeBy, u.Revision).DeleteUser(o.ctx, "alice"), errs.Conflict, errs.Entry)
	o.want(o.orgs.View(o.org.ID, officeBy, 99).UpdateDefaultMailDomain(o.ctx, "example.postroom.test"), errs.Conflict, errs.Request)
}
