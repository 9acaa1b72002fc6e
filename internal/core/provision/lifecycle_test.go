package provision_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/access"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/mailflow"
	"postroom/internal/core/org"
	"postroom/internal/core/provision"
	"postroom/internal/core/tx"
)

func TestMailboxFollowsItsEntry(t *testing.T) { story(t, mailboxFollows) }

func mailboxFollows(h *house) {
	o := h.open(h.us, h.organization(h.us, "example").ID)
	_, err := o.CreateUser(h.ctx, directory.NewUser{Name: "anna", DisplayName: "Anna"}, nil)
	h.must(err)
	_, _, err = o.MailboxDetails(h.ctx, "anna")
	h.want(err, errs.NotFound, errs.Entry)
	h.want(o.UpdateQuota(h.ctx, "anna", 1), errs.NotFound, errs.Entry)
	h.must(o.RegisterToWorkMail(h.ctx, "anna", "anna@example.postroom.test"))
	h.must(o.RegisterToWorkMail(h.ctx, "anna", "anna@example.postroom.test")) // changes nothing
	e, err := o.DescribeUser(h.ctx, "anna")
	h.must(err)
	h.deliver(h.us, o.ID, e.Mailbox, "hello")
	size, limit, err := o.MailboxDetails(h.ctx, "anna@example.postroom.test")
	h.must(err)
	if size == 0 || limit != quota {
		h.Fatal(size, limit)
	}
	for _, mb := range []int64{0, -1, provision.MaxQuota + 1} {
		h.want(o.UpdateQuota(h.ctx, "anna", mb), errs.Invalid, errs.Mailbox)
	}
	h.must(o.UpdateQuota(h.ctx, "anna", provision.MaxQuota))
	_, limit, err = o.MailboxDetails(h.ctx, string(e.ID))
	h.must(err)
	h.equal(limit, int64(provision.MaxQuota)<<20)
	to, err := h.route(h.us, "Anna+tag@example.postroom.test")
	h.must(err)
	h.equal(to.Kind, mailflow.Mailbox)

	h.must(o.DeregisterFromWorkMail(h.ctx, "anna"))
	_, err = h.route(h.us, "anna@example.postroom.test")
	h.want(err, errs.State, errs.Entry)
	h.want(o.DeregisterFromWorkMail(h.ctx, "anna"), errs.State, errs.Entry)
	h.must(o.RegisterToWorkMail(h.ctx, "anna", "anna@example.postroom.test"))
	back, err := o.DescribeUser(h.ctx, "anna")
	h.must(err)
	h.equal(back.Mailbox, e.Mailbox)
	if again, _, err := o.MailboxDetails(h.ctx, "anna"); err != nil || again != size {
		h.Fatal("the mail did not come back", again, err)
	}

	// Retention: the mailbox ends, the entry stays.
	h.must(o.DeregisterFromWorkMail(h.ctx, "anna"))
	h.clock.Move(directory.RetentionTime + time.Minute)
	h.must(h.us.provision.PurgeDetached(h.ctx))
	if list, err := h.us.entries.Purges(h.ctx, nil, 0, 10); err != nil || len(list) != 0 {
		h.Fatal(list, err)
	}
	_, _, err = h.us.boxes.Usage(h.ctx, e.Mailbox)
	h.want(err, errs.NotFound, errs.Mailbox)
	h.must(o.RegisterToWorkMail(h.ctx, "anna", "anna@example.postroom.test"))
	if fresh, _, err := o.MailboxDetails(h.ctx, "anna"); err != nil || fresh != 0 {
		h.Fatal(fresh, err)
	}

	// Deleted, made again by the same name: nothing of the first one comes back.
	h.must(o.DeregisterFromWorkMail(h.ctx, "anna"))
	h.must(o.DeleteUser(h.ctx, "anna"))
	second := h.user(o, "anna", "anna@example.postroom.test")
	if n, _, err := o.MailboxDetails(h.ctx, string(second.ID)); err != nil || n != 0 {
		h.Fatal(n, err)
	}
	h.clock.Move(directory.RetentionTime + time.Minute)
	h.must(h.us.provision.PurgeDetached(h.ctx))
	_, err = o.DescribeUser(h.ctx, string(e.ID))
	h.want(err, errs.NotFound, errs.Entry)
	_, err = h.route(h.us, "anna@example.postroom.test")
	h.must(err)
}

func TestMadeWithMailboxOrNot(t *testing.T) {
	story(t, func(h *house) {
		o := h.open(h.us, h.organization(h.us, "example").ID)
		h.user(o, "anna", "anna@example.postroom.test")
		before := h.rows(h.us.db)
		_, err := o.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: "ben", DisplayName: "Ben"}, "anna@example.postroom.test")
		h.want(err, errs.InUse, errs.Address)
		_, err = o.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: "ben", DisplayName: "Ben"}, "ben@other.example")
		h.want(err, errs.NotFound, errs.MailDomain)
		_, err = o.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: "ben", DisplayName: "Ben"}, "no address")
		h.want(err, errs.Invalid, errs.Address)
		h.equal(h.rows(h.us.db), before) // no row and no audit record of what was not done
		remote, err := o.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: "ben", DisplayName: "Ben", Role: directory.RoleRemoteUser}, "ben@example.postroom.test")
		h.must(err)
		if remote.Mailbox != 0 || !remote.Enabled() {
			h.Fatalf("%+v", remote)
		}
	})
}

// fill plants rows in every table that an organization can have rows in.
func (h *house) fill(r *region, alias, word string) *provision.Organization {
	h.Helper()
	o := h.open(r, h.organization(r, alias).ID)
	at := "@" + alias + ".postroom.test"
	text := func(s string) *string { s = word + s; return &s }
	e, err := o.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: word + "user", DisplayName: word + " Display", FirstName: word + "First", LastName: word + "Last",
		Password: "Sesame-Open-1", IdentityProviderUserID: word + "idp"}, word+"user"+at)
	h.must(err)
	_, err = o.UpdateUser(h.ctx, string(e.ID), directory.UserPatch{Initials: text("i"), Telephone: text("1"), Street: text("2"), JobTitle: text("3"), City: text("4"),
		Company: text("5"), ZipCode: text("6"), Department: text("7"), Country: text("8"), Office: text("9")})
	h.must(err)
	h.must(o.CreateAlias(h.ctx, string(e.ID), word+"alias"+at))
	off := h.user(o, word+"off", word+"off"+at)
	h.deliver(r, o.ID, off.Mailbox, word+"body")
	h.must(o.DeregisterFromWorkMail(h.ctx, string(off.ID)))
	gone := h.user(o, word+"gone", word+"gone"+at)
	h.must(o.DeregisterFromWorkMail(h.ctx, string(gone.ID)))
	h.must(o.DeleteUser(h.ctx, string(gone.ID)))
	g, err := o.CreateGroup(h.ctx, directory.NewGroup{Name: word + "group"}, nil)
	h.must(err)
	h.must(o.RegisterToWorkMail(h.ctx, string(g.ID), word+"group"+at))
	h.must(o.AssociateMemberToGroup(h.ctx, string(g.ID), string(e.ID)))
	room, err := o.CreateResource(h.ctx, directory.NewResource{Name: word + "room", Type: directory.Room, Description: word + " floor"}, nil)
	h.must(err)
	h.must(o.RegisterToWorkMail(h.ctx, string(room.ID), word+"room"+at))
	h.must(o.AssociateDelegateToResource(h.ctx, string(room.ID), string(e.ID)))
	h.must(o.Grants.PutMailboxPermissions(h.ctx, string(e.ID), string(g.ID), access.Rights{Full: true, SendAs: true}))
	h.must(o.Domains.RegisterMailDomain(h.ctx, word+"verified.example", "token-"+word))
	h.must(o.Domains.ForceMailDomain(h.ctx, word+"verified.example"))
	h.must(o.Domains.RegisterMailDomain(h.ctx, word+"pending.example", ""))
	h.must(o.CreateAlias(h.ctx, string(e.ID), word+"alias@"+word+"verified.example"))
	h.must(o.Domains.UpdateTags(h.ctx, nil, []org.Tag{{Key: word + "key", Value: word + "value"}}))
	h.deliver(r, o.ID, e.Mailbox, word+"body")
	h.must(r.entries.Write(h.ctx, o.ID, func(t *tx.Tx) error {
		i := directory.Intent{Org: o.ID, ID: ids.NewUUID(), NameKey: word + "intent", Created: h.clock.Now(), Entry: directory.Entry{Org: o.ID, Name: word + "intent"}}
		if err := r.entries.PutIntent(t, i); err != nil {
			return err
		}
		return r.entries.PutPurge(t, directory.Purge{Org: o.ID, Mailbox: gone.Mailbox})
	}))
	return o
}

func TestDeletedOrganizationLeavesNothing(t *testing.T) { story(t, deletedLeavesNothing) }

func deletedLeavesNothing(h *house) {
	kept := h.fill(h.us, "kept", "kept")
	before, claims := h.rows(h.us.db), h.rows(h.deployment)["claim"]
	o := h.fill(h.us, "gone", "word")
	filled := h.rows(h.us.db)
	for _, table := range []string{"organization", "mail_domain", "tag", "client_token", "entry", "address", "member", "delegate", "permission", "credential",
		"intent", "mailbox_purge", "mailbox", "folder", "item", "body", "change"} {
		if filled[table] <= before[table] {
			h.Errorf("nothing was planted in %s", table)
		}
	}
	actor, err := h.signIn("gone\\worduser")
	h.must(err)
	door := h.us.provision.For(h.root())
	_, err = door.DeleteOrganization(h.ctx, "DeleteOrganization", "r", 0, provision.Deletion{Org: o.ID, Token: "t"})
	h.want(err, errs.State, errs.Organization) // enabled entries
	got, err := door.DeleteOrganization(h.ctx, "DeleteOrganization", "r", 0, provision.Deletion{Org: o.ID, Force: true, Token: "t"})
	h.must(err)
	h.equal(got.State, org.Deleting)
	select {
	case <-actor.Done():
	default:
		h.Fatal("who was signed in still is")
	}
	if _, err := h.signIn("gone\\worduser"); !errs.Is(err, errs.Unauthenticated) {
		h.Fatal(err)
	}
	again, err := door.DeleteOrganization(h.ctx, "DeleteOrganization", "r2", 0, provision.Deletion{Org: o.ID, Force: true, Token: "t"})
	h.must(err)
	h.equal(again.State, org.Deleting) // the token replays
	_, err = door.DeleteOrganization(h.ctx, "DeleteOrganization", "r2", 0, provision.Deletion{Org: o.ID, Token: "t"})
	h.want(err, errs.Invalid, errs.Request)
	_, err = door.Organization(h.ctx, o.ID, provision.Read, "Test", "r", 0)
	h.want(err, errs.State, errs.Organization)
	for _, alias := range []string{"gone", "GONE"} { // not free while it is being deleted
		_, err = door.CreateOrganization(h.ctx, "CreateOrganization", "r", org.NewOrganization{Alias: alias})
		h.want(err, errs.Exists, errs.Organization)
	}
	h.must(h.us.provision.FinishDeletions(h.ctx))
	h.must(h.us.provision.FinishDeletions(h.ctx))
	after := h.rows(h.us.db)
	for table, n := range after {
		more := int64(0)
		switch table {
		case "organization": // the row stays, Deleted
			more = 1
		case "client_token", "audit_head", "audit_record", "goose_db_version": // end by their age, or are the proof of what was done
			continue
		case "queue_seen", "audit_seen":
			continue
		}
		if n != before[table]+more {
			h.Errorf("%s: %d rows were left", table, n-before[table]-more)
		}
	}
	h.equal(h.rows(h.deployment)["claim"], claims)
	described, err := door.DescribeOrganization(h.ctx, o.ID)
	h.must(err)
	if described.State != org.Deleted || described.Key != nil || described.Completed.IsZero() {
		h.Fatalf("%+v", described)
	}
	_, err = door.DeleteOrganization(h.ctx, "DeleteOrganization", "r", 0, provision.Deletion{Org: o.ID, Force: true})
	h.want(err, errs.State, errs.Organization)
	if _, err := h.us.lists.Verify(h.ctx, o.ID); err != nil {
		h.Error(err)
	}
	h.clock.Move(org.ReplayTime + time.Hour)
	h.must(h.us.orgs.DropReplays(h.ctx))
	if n := h.rows(h.us.db)["client_token"]; n != 0 {
		h.Errorf("%d client tokens were left", n)
	}

	// The other one lives, and the names are free.
	if list, _, err := kept.ListUsers(h.ctx, directory.Filter{}, "", 0); err != nil || len(list) != 2 {
		h.Fatal(len(list), err)
	}
	if size, _, err := kept.MailboxDetails(h.ctx, "keptuser"); err != nil || size == 0 {
		h.Fatal(size, err)
	}
	n := h.open(h.eu, h.organization(h.eu, "gone").ID) // in another region, too
	h.must(n.Domains.RegisterMailDomain(h.ctx, "wordverified.example", ""))
	h.must(n.Domains.ForceMailDomain(h.ctx, "wordverified.example"))
}

// signIn is a mail user's.
func (h *house) signIn(name string) (auth.Actor, error) {
	return h.auth.SignIn(h.ctx, auth.Attempt{Name: name, Password: "Sesame-Open-1", Head: "test"})
}

// A crash at any step of the deletion is followed by the next run.
func TestDeletionGoesOnAfterACrash(t *testing.T) {
	story(t, func(h *house) {
		o := h.fill(h.us, "gone", "word")
		door := h.us.provision.For(h.root())
		allowed := func(*tx.Tx) error { return nil }
		_, err := h.us.orgs.BeginDeletion(h.ctx, h.root().By("Test", "r"), o.ID, 0, org.Replay{}, allowed)
		h.must(err)
		// As if the names had not been held yet.
		h.must(h.claims.Live(h.ctx, org.ClaimDomain, "gone.postroom.test", o.ID))
		_, err = h.us.orgs.Erase(h.ctx, o.ID)
		h.must(err)
		h.must(h.us.orgs.SettleClaims(h.ctx, 0, true)) // frees nothing of it
		_, err = door.CreateOrganization(h.ctx, "CreateOrganization", "r", org.NewOrganization{Alias: "gone"})
		h.want(err, errs.Exists, errs.Organization)
		h.must(h.us.provision.FinishDeletions(h.ctx))
		// As if it had died between the region's last Write and the claims.
		h.must(h.claims.Hold(h.ctx, org.ClaimAlias, "gone", o.ID, "us-east-1"))
		h.clock.Move(2 * time.Minute)
		h.must(h.us.orgs.SettleClaims(h.ctx, time.Minute, false))
		h.organization(h.us, "gone")
	})
}

// One organization that cannot be finished does not hold up the others.
func TestDeletionsDoNotWaitForEachOther(t *testing.T) {
	story(t, func(h *house) {
		var all []ids.Org
		for i := range 3 {
			o := h.open(h.us, h.organization(h.us, fmt.Sprint("gone", i)).ID)
			h.user(o, "anna", fmt.Sprintf("anna@gone%d.postroom.test", i))
			all = append(all, o.ID)
			_, err := h.us.provision.For(h.root()).DeleteOrganization(h.ctx, "Test", "r", 0, provision.Deletion{Org: o.ID, Force: true})
			h.must(err)
		}
		stuck, broken := min(all[0], all[1], all[2]), errors.New("no answer")
		c := h.us.provision.Config
		c.Queue = queueOf{c.Queue, stuck, broken}
		if err := provision.New(c).FinishDeletions(h.ctx); !errors.Is(err, broken) {
			h.Fatal(err)
		}
		being, err := h.us.orgs.BeingDeleted(h.ctx)
		h.must(err)
		h.equal(being, []ids.Org{stuck})
		h.must(h.us.provision.FinishDeletions(h.ctx))
		being, err = h.us.orgs.BeingDeleted(h.ctx)
		h.must(err)
		h.equal(len(being), 0)
	})
}
