package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

func orgMade(o *office) {
	has, err := o.orgs.ByID(o.ctx, nil, o.org.ID)
	o.must(err)
	if has.State != org.Active || has.Alias != "example" || len(has.Key) == 0 || has.DefaultDomain != "example.postroom.test" || !has.Created.Equal(officeStart) {
		o.Fatalf("%+v", has)
	}
	byAlias, err := o.orgs.ByAlias(o.ctx, nil, "EXAMPLE")
	o.must(err)
	o.equal(byAlias.ID, o.org.ID)
	d, def, records, err := o.domains().GetMailDomain(o.ctx, "Example.Postroom.Test")
	o.must(err)
	if d.State != org.Verified || !d.Test || !def || len(records) != 4 {
		o.Fatalf("%+v %v %v", d, def, records)
	}
	for _, c := range [][2]string{{org.ClaimDomain, "example.postroom.test"}, {org.ClaimAlias, "example"}} {
		found, ok, err := o.claims.Find(o.ctx, c[0], c[1])
		o.must(err)
		if !ok || found.Org != o.org.ID || found.Region != "us-east-1" {
			o.Fatalf("%+v %v", found, ok)
		}
	}
	_, err = o.orgs.ByID(o.ctx, nil, ids.NewOrg())
	o.want(err, errs.NotFound, errs.Organization)
}

func orgAliasTaken(o *office) {
	for alias, kind := range map[string]errs.Kind{
		"Example": errs.Exists, "www": errs.Exists, "d-1": errs.Invalid, "a--b": errs.Invalid, "": errs.Invalid, "a.b": errs.Invalid,
		strings.Repeat("a", 63): errs.Invalid, "a\n": errs.Invalid,
	} {
		_, err := o.orgs.CreateOrganization(o.ctx, officeBy, org.NewOrganization{Alias: alias})
		o.want(err, kind, errs.Organization)
	}
	list, next, err := o.orgs.List(o.ctx, "", 10)
	o.must(err)
	if len(list) != 1 || next != "" {
		o.Fatal(list, next)
	}
	_, err = o.orgs.CreateOrganization(o.ctx, officeBy, org.NewOrganization{Alias: "other", Domains: []string{"x"}})
	o.want(err, errs.Invalid, errs.MailDomain)
	_, err = o.orgs.CreateOrganization(o.ctx, officeBy, org.NewOrganization{Alias: "other", Domains: []string{"a.example", "b.example", "c.example", "d.example", "e.example", "f.example"}})
	o.want(err, errs.Invalid, errs.MailDomain)
	o.organization("other", "a.example", "A.example.")
}

func orgLimit(o *office) {
	for i := 1; i < org.MaxOrganizations; i++ {
		o.organization(fmt.Sprintf("org%d", i))
	}
	_, err := o.orgs.CreateOrganization(o.ctx, officeBy, org.NewOrganization{Alias: "toomany"})
	o.want(err, errs.Limit, errs.Organization)
	if _, held, err := o.claims.Holder(o.ctx, org.ClaimAlias, "toomany"); held || err != nil {
		o.Fatal("the alias stayed claimed", err)
	}
	var all []ids.Org
	var after ids.Org
	for {
		page, next, err := o.orgs.List(o.ctx, after, 33)
		o.must(err)
		for _, x := range page {
			all = append(all, x.ID)
		}
		if next == "" {
			break
		}
		after = next
	}
	if len(all) != org.MaxOrganizations || !slices.IsSorted(all) {
		o.Fatal(len(all))
	}
}

func orgReplay(o *office) {
	in := org.NewOrganization{Alias: "second", Token: "t1", Owner: "a1"}
	first, err := o.orgs.CreateOrganization(o.ctx, officeBy, in)
	o.must(err)
	again, err := o.orgs.CreateOrganization(o.ctx, officeBy, in)
	o.must(err)
	o.equal(again.ID, first.ID)
	in.Alias = "third"
	_, err = o.orgs.CreateOrganization(o.ctx, officeBy, in)
	o.want(err, errs.Invalid, errs.Request)
	in.Alias, in.Owner = "second", "a2" // another administrator's token
	_, err = o.orgs.CreateOrganization(o.ctx, officeBy, in)
	o.want(err, errs.Exists, errs.Organization)
	o.clock.Move(25 * time.Hour)
	in.Owner = "a1"
	_, err = o.orgs.CreateOrganization(o.ctx, officeBy, in)
	o.want(err, errs.Exists, errs.Organization)
	o.must(o.orgs.DropReplays(o.ctx))

	o.must(o.domains().RegisterMailDomain(o.ctx, "corp.example", "t1"))
	o.must(o.domains().RegisterMailDomain(o.ctx, "corp.example", "t1"))
	o.want(o.domains().RegisterMailDomain(o.ctx, "corp2.example", "t1"), errs.Invalid, errs.Request)
}

func domainProven(o *office) {
	o.must(o.domains().RegisterMailDomain(o.ctx, "Corp.Example", ""))
	d, def, records, err := o.domains().GetMailDomain(o.ctx, "corp.example")
	o.must(err)
	if d.State != org.Pending || def || len(d.Token) != 44 || records[0] != (org.DNSRecord{Type: "TXT", Hostname: "_postroom.corp.example", Value: "postroom-verification=" + d.Token}) {
		o.Fatalf("%+v %v", d, records)
	}
	o.want(o.domains().UpdateDefaultMailDomain(o.ctx, "corp.example"), errs.State, errs.MailDomain)
	o.want(o.domains().UpdateDefaultMailDomain(o.ctx, "no.example"), errs.NotFound, errs.MailDomain)
	o.dns.down = true
	o.must(o.orgs.CheckDomains(o.ctx))
	o.dns.down = false
	o.dns.set("_postroom.corp.example", "v=spf1", "postroom-verification=other")
	d, err = o.domains().CheckMailDomain(o.ctx, "corp.example")
	o.must(err)
	o.equal(d.State, org.Pending)
	o.dns.set("_postroom.corp.example", "v=spf1", "postroom-verification="+d.Token)
	o.must(o.orgs.CheckDomains(o.ctx)) // its time has not come
	if _, live, _ := o.claims.Find(o.ctx, org.ClaimDomain, "corp.example"); live {
		o.Fatal("claimed without proof")
	}
	o.clock.Move(2 * time.Minute)
	o.must(o.orgs.CheckDomains(o.ctx))
	d, _, _, err = o.domains().GetMailDomain(o.ctx, "corp.example")
	o.must(err)
	o.equal(d.State, org.Verified)
	c, live, err := o.claims.Find(o.ctx, org.ClaimDomain, "corp.example")
	if err != nil || !live || c.Org != o.org.ID {
		o.Fatal(c, live, err)
	}
	o.must(o.domains().UpdateDefaultMailDomain(o.ctx, "corp.example"))
	list, def2, next, err := o.domains().ListMailDomains(o.ctx, "", 1)
	o.must(err)
	o.equal([]any{list[0].Name, def2, next}, []any{"corp.example", "corp.example", "corp.example"})
	list, _, next, err = o.domains().ListMailDomains(o.ctx, next, 1)
	o.must(err)
	o.equal([]any{list[0].Name, next}, []any{"example.postroom.test", ""})
}

func domainOneOwner(o *office) {
	other := o.organization("other", "corp.example")
	theirs := o.orgs.View(other.ID, officeBy, 0)
	o.must(o.domains().RegisterMailDomain(o.ctx, "corp.example", ""))
	a, _, _, err := o.domains().GetMailDomain(o.ctx, "corp.example")
	o.must(err)
	b, _, _, err := theirs.GetMailDomain(o.ctx, "corp.example")
	o.must(err)
	if a.Token == b.Token {
		o.Fatal("one token for two organizations")
	}
	o.must(theirs.ForceMailDomain(o.ctx, "corp.example"))
	o.want(o.domains().ForceMailDomain(o.ctx, "corp.example"), errs.InUse, errs.MailDomain)
	o.dns.set("_postroom.corp.example", "postroom-verification="+a.Token)
	a, err = o.domains().CheckMailDomain(o.ctx, "corp.example")
	o.must(err)
	o.equal(a.State, org.Pending)
	third := o.organization("third")
	o.want(o.orgs.View(third.ID, officeBy, 0).RegisterMailDomain(o.ctx, "corp.example", ""), errs.InUse, errs.MailDomain)
	o.want(o.domains().RegisterMailDomain(o.ctx, "other.postroom.test", ""), errs.InUse, errs.MailDomain)
	o.must(o.domains().RegisterMailDomain(o.ctx, "example.postroom.test", ""))
	for _, bad := range []string{"localhost", "192.0.2.1", "a b.example", "-a.example", "a..example", "ümlaut.example", ""} {
		o.want(o.domains().RegisterMailDomain(o.ctx, bad, ""), errs.Invalid, errs.MailDomain)
	}
	// It is free for others once it is gone.
	o.must(theirs.DeregisterMailDomain(o.ctx, "corp.example", func(*tx.Tx, string) (bool, error) { return false, nil }))
	a, err = o.domains().CheckMailDomain(o.ctx, "corp.example")
	o.must(err)
	o.equal(a.State, org.Verified)
}

func domainFails(o *office) {
	o.must(o.domains().RegisterMailDomain(o.ctx, "corp.example", ""))
	for range 200 {
		o.must(o.orgs.CheckDomains(o.ctx))
		o.clock.Move(30 * time.Minute)
	}
	d, _, _, err := o.domains().GetMailDomain(o.ctx, "corp.example")
	o.must(err)
	o.equal(d.State, org.Refused)
	o.must(o.domains().RegisterMailDomain(o.ctx, "corp.example", "")) // again
	d, _, _, err = o.domains().GetMailDomain(o.ctx, "corp.example")
	o.must(err)
	o.equal(d.State, org.Pending)
	o.dns.set("_postroom.corp.example", "postroom-verification="+d.Token)
	o.must(o.orgs.CheckDomains(o.ctx))
	d, _, _, err = o.domains().GetMailDomain(o.ctx, "corp.example")
	o.must(err)
	o.equal(d.State, org.Verified)
}

func domainLeaves(o *office) {
	release := func(t *tx.Tx, domain string) (bool, error) { return o.dir.ReleaseDomain(t, o.org.ID, domain) }
	o.must(o.domains().DeregisterMailDomain(o.ctx, "unknown.example", release))
	o.want(o.domains().DeregisterMailDomain(o.ctx, "example.postroom.test", release), errs.InUse, errs.MailDomain)
	o.must(o.domains().RegisterMailDomain(o.ctx, "corp.example", ""))
	o.must(o.domains().ForceMailDomain(o.ctx, "corp.example"))
	o.must(o.domains().UpdateDefaultMailDomain(o.ctx, "corp.example"))
	o.want(o.domains().DeregisterMailDomain(o.ctx, "corp.example", release), errs.InUse, errs.MailDomain)
	o.must(o.domains().UpdateDefaultMailDomain(o.ctx, "example.postroom.test"))
	u := o.register(o.user("alice"))
	o.must(o.view().CreateAlias(o.ctx, string(u.ID), "a@corp.example"))
	o.must(o.view().UpdatePrimaryEmailAddress(o.ctx, string(u.ID), "a@corp.example"))
	o.want(o.domains().DeregisterMailDomain(o.ctx, "corp.example", release), errs.InUse, errs.MailDomain)
	if _, live, _ := o.claims.Find(o.ctx, org.ClaimDomain, "corp.example"); !live {
		o.Fatal("a refused removal stopped the routing")
	}
	o.deregister(u)
	o.must(o.domains().DeregisterMailDomain(o.ctx, "corp.example", release))
	if _, held, _ := o.claims.Holder(o.ctx, org.ClaimDomain, "corp.example"); held {
		o.Fatal("the claim stayed")
	}
	o.equal(o.reload(u).Email, "")
	own, err := o.dir.Addresses(o.ctx, nil, o.org.ID, u.ID)
	o.must(err)
	o.equal(own, []string{"alice@example.postroom.test"})
}

func claimsSettled(o *office) {
	o.must(o.domains().RegisterMailDomain(o.ctx, "corp.example", ""))
	o.must(o.domains().ForceMailDomain(o.ctx, "corp.example"))
	// A crash behind the region's Write of the one, and before that of the others.
	o.must(o.claims.Hold(o.ctx, org.ClaimDomain, "corp.example", o.org.ID, "us-east-1"))
	o.must(o.claims.Hold(o.ctx, org.ClaimDomain, "lost.example", o.org.ID, "us-east-1"))
	o.must(o.claims.Hold(o.ctx, org.ClaimAlias, "ghost", ids.NewOrg(), "us-east-1"))
	o.must(o.claims.Hold(o.ctx, org.ClaimAlias, "elsewhere", ids.NewOrg(), "eu-west-1"))
	o.must(o.orgs.SettleClaims(o.ctx, time.Minute, false)) // too young
	if _, live, _ := o.claims.Find(o.ctx, org.ClaimDomain, "corp.example"); live {
		o.Fatal("settled too early")
	}
	o.clock.Move(2 * time.Minute)
	o.must(o.orgs.SettleClaims(o.ctx, time.Minute, false))
	if _, live, _ := o.claims.Find(o.ctx, org.ClaimDomain, "corp.example"); !live {
		o.Fatal("not live again")
	}
	for _, c := range [][2]string{{org.ClaimDomain, "lost.example"}, {org.ClaimAlias, "ghost"}} {
		if _, held, _ := o.claims.Holder(o.ctx, c[0], c[1]); held {
			o.Fatal("still held", c)
		}
	}
	if _, held, _ := o.claims.Holder(o.ctx, org.ClaimAlias, "elsewhere"); !held {
		o.Fatal("another region's claim was settled")
	}
	// A crash between the removal of a domain and of its claim.
	o.must(o.s.Orgs.Write(o.ctx, o.org.ID, func(t *tx.Tx) error { return o.s.Orgs.DeleteDomain(t, o.org.ID, "corp.example") }))
	o.clock.Move(2 * time.Minute)
	o.must(o.orgs.SettleClaims(o.ctx, time.Minute, true))
	if _, held, _ := o.claims.Holder(o.ctx, org.ClaimDomain, "corp.example"); held {
		o.Fatal("the claim of a removed domain stayed")
	}
	if _, live, _ := o.claims.Find(o.ctx, org.ClaimDomain, "example.postroom.test"); !live {
		o.Fatal("a live claim was lost")
	}
}

func orgDeleted(o *office) {
	u := o.register(o.user("alice"))
	o.group("all", u)
	o.must(o.domains().UpdateTags(o.ctx, nil, []org.Tag{{Key: "k", Value: "v"}}))
	refuse := errors.New("no")
	_, err := o.orgs.BeginDeletion(o.ctx, officeBy, o.org.ID, 0, org.Replay{}, func(*tx.Tx) error { return refuse })
	if !errors.Is(err, refuse) {
		o.Fatal(err)
	}
	_, err = o.orgs.BeginDeletion(o.ctx, officeBy, o.org.ID, 99, org.Replay{}, func(*tx.Tx) error { return nil })
	o.want(err, errs.Conflict, errs.Organization)
	allowed := func(t *tx.Tx) error { o.dir.RevokedAll(t, o.org.ID); return nil }
	for range 2 { // again is no error
		got, err := o.orgs.BeginDeletion(o.ctx, officeBy, o.org.ID, 0, org.Replay{}, allowed)
		o.must(err)
		o.equal(got.State, org.Deleting)
	}
	o.equal(o.revoked, []ids.Entry{""})
	if _, live, _ := o.claims.Find(o.ctx, org.ClaimDomain, "example.postroom.test"); live {
		o.Fatal("it still routes")
	}
	_, err = o.view().CreateUser(o.ctx, directoryUser("bob"), nil)
	o.want(err, errs.State, errs.Organization)
	o.want(o.domains().RegisterMailDomain(o.ctx, "corp.example", ""), errs.State, errs.Organization)
	o.must(o.orgs.SettleClaims(o.ctx, 0, true)) // does not free them yet
	being, err := o.orgs.BeingDeleted(o.ctx)
	o.must(err)
	o.equal(being, []ids.Org{o.org.ID})
	for more := true; more; {
		more, err = o.orgs.Erase(o.ctx, o.org.ID)
		o.must(err)
	}
	_, err = o.dir.ByID(o.ctx, nil, o.org.ID, u.ID)
	o.want(err, errs.NotFound, errs.Entry)
	o.must(o.orgs.EndDeletion(o.ctx, o.org.ID))
	o.must(o.orgs.EndDeletion(o.ctx, o.org.ID))
	has, err := o.orgs.ByID(o.ctx, nil, o.org.ID)
	o.must(err)
	if has.State != org.Deleted || has.Key != nil {
		o.Fatalf("%+v", has)
	}
	if list, _, err := o.orgs.List(o.ctx, "", 10); err != nil || len(list) != 0 {
		o.Fatal(list, err)
	}
	o.organization("example") // the alias is free
	if n, err := o.lists.Verify(o.ctx, o.org.ID); err != nil || n < 4 {
		o.Fatal(n, err)
	}
}

func tags(o *office) {
	v := o.domains()
	var list []org.Tag
	for i := range org.MaxTags {
		list = append(list, org.Tag{Key: fmt.Sprintf("k%02d", i), Value: "v"})
	}
	o.must(v.UpdateTags(o.ctx, nil, list))
	o.must(v.UpdateTags(o.ctx, nil, []org.Tag{{Key: "k00", Value: "w"}}))
	o.want(v.UpdateTags(o.ctx, nil, []org.Tag{{Key: "one", Value: "more"}}), errs.Limit, errs.Tags)
	o.want(v.UpdateTags(o.ctx, nil, []org.Tag{{Key: "aws:x"}}), errs.Invalid, errs.Tags)
	o.want(v.UpdateTags(o.ctx, nil, []org.Tag{{Key: ""}}), errs.Invalid, errs.Tags)
	o.want(v.UpdateTags(o.ctx, nil, []org.Tag{{Key: "a", Value: "\x00"}}), errs.Invalid, errs.Tags)
	o.must(v.UpdateTags(o.ctx, []string{"k01", "unknown"}, nil))
	o.must(v.UpdateTags(o.ctx, nil, []org.Tag{{Key: "one", Value: ""}}))
	has, revision, err := v.Tags(o.ctx)
	o.must(err)
	if len(has) != org.MaxTags || has[0] != (org.Tag{Key: "k00", Value: "w"}) {
		o.Fatal(has)
	}
	// What goes makes room for what comes, in one change, which is all or nothing.
	o.want(v.UpdateTags(o.ctx, []string{"k02"}, []org.Tag{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}}), errs.Limit, errs.Tags)
	o.want(v.UpdateTags(o.ctx, []string{"k02"}, []org.Tag{{Key: "AWS:a", Value: "1"}}), errs.Invalid, errs.Tags)
	o.want(v.UpdateTags(o.ctx, []string{strings.Repeat("k", 129)}, nil), errs.Invalid, errs.Tags)
	same, unchanged, err := v.Tags(o.ctx)
	o.must(err)
	o.equal(same, has)
	o.equal(unchanged, revision)
	seen := o.orgs.View(o.org.ID, officeBy, revision)
	o.must(seen.UpdateTags(o.ctx, []string{"k02", "k03"}, []org.Tag{{Key: "a", Value: "1"}, {Key: "k03", Value: "back"}}))
	o.equal(seen.Revision, revision+1)
	o.want(seen.UpdateTags(o.ctx, nil, []org.Tag{{Key: "a", Value: "of before"}}), errs.Conflict, errs.Request)
	now := o.orgs.View(o.org.ID, officeBy, revision+1)
	o.must(now.UpdateTags(o.ctx, []string{"k02"}, []org.Tag{{Key: "a", Value: "1"}})) // changes nothing
	o.equal(now.Revision, revision+1)
	has, revision, err = v.Tags(o.ctx)
	o.must(err)
	o.equal(len(has), org.MaxTags)
	o.equal(has[0], org.Tag{Key: "a", Value: "1"})
	o.equal(has[2], org.Tag{Key: "k03", Value: "back"})
	described, err := o.orgs.ByID(o.ctx, nil, o.org.ID)
	o.must(err)
	o.equal(described.Revision, revision)
}
