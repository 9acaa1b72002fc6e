package provision_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/mailflow"
	"postroom/internal/core/org"
	"postroom/internal/core/provision"
	"postroom/internal/core/tx"
)

// queueOf fails for one organization.
type queueOf struct {
	provision.Queue
	org ids.Org
	err error
}

func (q queueOf) Purge(ctx context.Context, org ids.Org) error {
	if org == q.org {
		return q.err
	}
	return q.Queue.Purge(ctx, org)
}

// A mail domain leaves with all that disabled entries keep of it, however many.
func TestDomainLeavesWithManyAddresses(t *testing.T) {
	story(t, func(h *house) {
		o := h.open(h.us, h.organization(h.us, "example").ID)
		h.must(o.Domains.RegisterMailDomain(h.ctx, "corp.example", ""))
		h.must(o.Domains.ForceMailDomain(h.ctx, "corp.example"))
		const n = 2100
		for from := 0; from < n; from += 700 {
			h.must(h.us.entries.Write(h.ctx, o.ID, func(t *tx.Tx) error {
				for i := from; i < from+700; i++ {
					e := directory.Entry{Org: o.ID, ID: ids.NewEntry(), Kind: directory.KindUser, Role: directory.RoleUser, Name: fmt.Sprintf("u%04d", i),
						State: directory.Disabled, Dir: directory.DirActive, Email: fmt.Sprintf("u%04d@corp.example", i), Version: 1, Revision: 1, GrantsRevision: 1}
					if err := h.us.entries.Insert(t, &e); err != nil {
						return err
					}
					if err := h.us.entries.PutAddress(t, directory.Address{Org: o.ID, Entry: e.ID, Kind: directory.SMTP, Key: e.Email, Text: e.Email, Held: true}); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		h.must(o.Domains.UpdateDefaultMailDomain(h.ctx, "corp.example"))
		h.want(o.DeregisterMailDomain(h.ctx, "corp.example"), errs.InUse, errs.MailDomain)
		h.equal(h.rows(h.us.db)["address"], n) // a refusal takes nothing away
		h.must(o.Domains.UpdateDefaultMailDomain(h.ctx, "example.postroom.test"))
		h.must(o.DeregisterMailDomain(h.ctx, "CORP.example."))
		h.equal(h.rows(h.us.db)["address"], 0)
		e, err := o.DescribeUser(h.ctx, "u2099")
		h.must(err)
		h.equal(e.Email, "")
		if _, held, err := h.claims.Holder(h.ctx, org.ClaimDomain, "corp.example"); held || err != nil {
			h.Fatal(held, err)
		}
	})
}

// TestRow130DomainTakeOver: reliability row 130. Nobody gets a mail domain
// without its own proof, and nothing of the former owner's comes with it.
func TestRow130DomainTakeOver(t *testing.T) { story(t, domainTakeOver) }

func domainTakeOver(h *house) {
	b := h.open(h.eu, h.organization(h.eu, "owner").ID)
	h.must(b.Domains.RegisterMailDomain(h.ctx, "corp.example", ""))
	theirs, _, _, err := b.Domains.GetMailDomain(h.ctx, "corp.example")
	h.must(err)
	h.dns.SetTXT("_postroom.corp.example", "postroom-verification="+theirs.Token)
	_, err = b.Domains.CheckMailDomain(h.ctx, "corp.example")
	h.must(err)
	victim := h.user(b, "boss", "boss@corp.example")
	h.deliver(h.eu, b.ID, victim.Mailbox, "old secret")

	a := h.open(h.us, h.organization(h.us, "thief").ID)
	for _, twin := range []string{"corp.example", "CORP.Example", "corp.example."} {
		h.want(a.Domains.RegisterMailDomain(h.ctx, twin, ""), errs.InUse, errs.MailDomain)
		h.want(a.Domains.ForceMailDomain(h.ctx, twin), errs.NotFound, errs.MailDomain)
		_, err = h.us.provision.For(h.root()).CreateOrganization(h.ctx, "Test", "r", org.NewOrganization{Alias: "thief2", Domains: []string{"other.example"}})
		if err != nil && !errs.Is(err, errs.Exists) {
			h.Fatal(err)
		}
	}
	// A subdomain, and a name that looks alike, need a proof of their own: the owner's token is not theirs.
	for _, near := range []string{"sub.corp.example", "xn--crp-pqa.example"} {
		h.must(a.Domains.RegisterMailDomain(h.ctx, near, ""))
		h.dns.SetTXT("_postroom."+near, "postroom-verification="+theirs.Token)
		d, err := a.Domains.CheckMailDomain(h.ctx, near)
		h.must(err)
		h.equal(d.State, org.Pending)
		_, err = a.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: "near", DisplayName: "n"}, "boss@"+near)
		h.want(err, errs.State, errs.MailDomain)
	}
	_, err = a.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: "boss", DisplayName: "n"}, "boss@corp.example")
	h.want(err, errs.NotFound, errs.MailDomain)
	to, err := h.route(h.us, "boss@corp.example")
	h.must(err)
	h.equal([]any{to.Org, to.Region}, []any{b.ID, "eu-west-1"})

	// Registered while it was free for a moment, PENDING, it does not count against its owner.
	h.must(b.DeregisterFromWorkMail(h.ctx, "boss"))
	h.must(b.DeregisterMailDomain(h.ctx, "corp.example"))
	h.must(a.Domains.RegisterMailDomain(h.ctx, "corp.example", ""))
	d, err := a.Domains.CheckMailDomain(h.ctx, "corp.example") // the former owner's record still stands in DNS
	h.must(err)
	h.equal(d.State, org.Pending)
	if d.Token == theirs.Token {
		h.Fatal("the token came back")
	}
	h.dns.Fail("_postroom.corp.example", errors.New("no route")) // no answer is not "no record"
	_, err = a.Domains.CheckMailDomain(h.ctx, "corp.example")
	h.want(err, errs.Unavailable, errs.MailDomain)
	h.dns.Fail("_postroom.corp.example", nil)
	h.dns.SetTXT("_postroom.corp.example", "postroom-verification="+d.Token)
	d, err = a.Domains.CheckMailDomain(h.ctx, "corp.example")
	h.must(err)
	h.equal(d.State, org.Verified)

	boss := h.user(a, "boss", "boss@corp.example")
	if size, _, err := a.MailboxDetails(h.ctx, "boss"); err != nil || size != 0 {
		h.Fatal("the new owner has old mail", size, err)
	}
	h.deliver(h.us, a.ID, boss.Mailbox, "new")
	h.want(b.Domains.RegisterMailDomain(h.ctx, "corp.example", ""), errs.InUse, errs.MailDomain)
	h.want(b.RegisterToWorkMail(h.ctx, "boss", "boss@corp.example"), errs.NotFound, errs.MailDomain)
	h.must(b.RegisterToWorkMail(h.ctx, "boss", "boss@owner.postroom.test"))
	own, err := h.eu.dir.Addresses(h.ctx, nil, b.ID, victim.ID)
	h.must(err)
	h.equal(own, []string{"boss@owner.postroom.test"}) // the lost domain does not come back with Register
	fresh, err := mailflow.NewRouter(h.claims).Route(h.ctx, mustParse(h, "boss@corp.example"), 0)
	h.must(err)
	h.equal(fresh.Org, a.ID)
}

// Two organizations of two regions prove one domain at the same moment: one gets it.
func TestClaimsAreUniqueOverRegions(t *testing.T) {
	story(t, func(h *house) {
		for round := range 5 {
			name := fmt.Sprintf("race%d.example", round)
			a := h.open(h.us, h.organization(h.us, fmt.Sprint("a", round)).ID)
			b := h.open(h.eu, h.organization(h.eu, fmt.Sprint("b", round)).ID)
			h.must(a.Domains.RegisterMailDomain(h.ctx, name, ""))
			h.must(b.Domains.RegisterMailDomain(h.ctx, name, ""))
			answers := make(chan error, 2)
			for _, o := range []*provision.Organization{a, b} {
				go func() { answers <- o.Domains.ForceMailDomain(h.ctx, name) }()
			}
			won := 0
			for range 2 {
				if err := <-answers; err == nil {
					won++
				} else if !errs.Is(err, errs.InUse) {
					h.Error(err)
				}
			}
			h.equal(won, 1)
			da, _, _, err := a.Domains.GetMailDomain(h.ctx, name)
			h.must(err)
			db, _, _, err := b.Domains.GetMailDomain(h.ctx, name)
			h.must(err)
			if (da.State == org.Verified) == (db.State == org.Verified) {
				h.Fatal(da.State, db.State)
			}
			_, err = h.eu.provision.For(h.root()).CreateOrganization(h.ctx, "Test", "r", org.NewOrganization{Alias: fmt.Sprint("A", round)})
			h.want(err, errs.Exists, errs.Organization)
		}
	})
}
