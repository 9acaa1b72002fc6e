package provision_test

import (
	"fmt"
	"strings"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/core/directory"
	"postroom/internal/wire/address"
)

func mustParse(h *house, s string) address.Address {
	h.Helper()
	a, err := address.Parse(s)
	h.must(err)
	return a
}

// TestRow69AddressesHaveOneParser: reliability row 69. What the directory takes
// is what SMTP finds, and what is no address is refused by every way in.
func TestRow69AddressesHaveOneParser(t *testing.T) {
	story(t, func(h *house) {
		o := h.open(h.us, h.organization(h.us, "example").ID)
		e := h.user(o, "anna", "anna@example.postroom.test")
		off, err := o.CreateUser(h.ctx, directory.NewUser{Name: "off", DisplayName: "off"}, nil)
		h.must(err)
		at := "@example.postroom.test"
		before := h.rows(h.us.db)
		for _, bad := range []string{
			"", "anna", at, "anna@", `"a@b"` + at, `"a b"` + at, "a b" + at, "a(comment)" + at, "(c)a" + at, "a%b@c" + at, "a!b" + at, "<a" + at + ">", "@r:a" + at,
			"a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "a@192.0.2.1", ".a" + at, "a." + at, "a..b" + at, strings.Repeat("a", 65) + at,
			strings.Repeat("a", 64) + "@" + strings.Repeat("b.", 110) + "postroom.test", "a\x00" + at, "a\r\nRCPT TO:<x>" + at, "a\n" + at, "a\t" + at, "a" + at + "\x00",
			"a" + at + " ", " a" + at, "ä" + at, "a@exämple.postroom.test", "a\xff" + at, "a@example..postroom.test", "a@-example.postroom.test", "a,b" + at, "a;b" + at, "a:b" + at,
			"mailer-daemon" + at, "MAILER-DAEMON" + at,
		} {
			h.want(o.CreateAlias(h.ctx, string(e.ID), bad), errs.Invalid, errs.Address)
			h.want(o.UpdatePrimaryEmailAddress(h.ctx, string(e.ID), bad), errs.Invalid, errs.Address)
			h.want(o.RegisterToWorkMail(h.ctx, string(off.ID), bad), errs.Invalid, errs.Address)
			h.want(o.DeleteAlias(h.ctx, string(e.ID), bad), errs.Invalid, errs.Address)
			_, err := o.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: "new", DisplayName: "new"}, bad)
			h.want(err, errs.Invalid, errs.Address)
			_, err = o.DescribeEntity(h.ctx, bad)
			h.want(err, errs.Invalid, errs.Address)
		}
		h.equal(h.rows(h.us.db), before)
		for _, good := range []string{"a", "A.b", "a-b_c%d", "0", strings.Repeat("a", 64), "x+y"} {
			h.must(o.CreateAlias(h.ctx, string(e.ID), good+at))
			p, err := address.ParsePath("<" + good + "@Example.POSTROOM.test>")
			h.must(err)
			to, err := h.us.flow.For(h.auth.System("us-east-1", "test")).Route(h.ctx, p, 0)
			h.must(err)
			h.equal(to.Entry, e.ID)
			found, err := o.DescribeEntity(h.ctx, strings.ToUpper(good+at))
			h.must(err)
			h.equal(found.ID, e.ID)
		}
	})
}

// TestRow70SubaddressAndCase: reliability row 70. Uniqueness, routing and
// sending use one form: case does not count, dots do, +tag leads to the address
// without it unless somebody has just that one.
func TestRow70SubaddressAndCase(t *testing.T) {
	story(t, func(h *house) {
		o := h.open(h.us, h.organization(h.us, "example").ID)
		a := h.user(o, "anna", "Anna.B@example.postroom.test")
		b := h.user(o, "ben", "ben@example.postroom.test")
		for _, same := range []string{"anna.b@example.postroom.test", "ANNA.B@EXAMPLE.POSTROOM.TEST"} {
			h.want(o.CreateAlias(h.ctx, string(b.ID), same), errs.InUse, errs.Address)
		}
		h.must(o.CreateAlias(h.ctx, string(b.ID), "annab@example.postroom.test")) // dots count
		h.must(o.CreateAlias(h.ctx, string(b.ID), "anna.b+own@example.postroom.test"))
		for to, who := range map[string]directory.Entry{
			"anna.b@example.postroom.test": a, "ANNA.B@Example.Postroom.Test": a, "Anna.B+shop@example.postroom.test": a, "anna.b+@example.postroom.test": a,
			"anna.b+a+b@example.postroom.test": a, "annab@example.postroom.test": b, "AnnaB+x@example.postroom.test": b, "anna.b+OWN@example.postroom.test": b,
		} {
			got, err := h.route(h.us, to)
			if err != nil || got.Entry != who.ID {
				h.Fatalf("%s: %v %v, want %s", to, got.Entry, err, who.Name)
			}
			how, err := h.us.access.MaySend(h.ctx, o.ID, who.ID, mustParse(h, to))
			h.must(err)
			if how == 0 {
				h.Fatalf("%s may not send as %s, which is delivered to it", who.Name, to)
			}
		}
		_, err := h.route(h.us, "a.nnab@example.postroom.test")
		h.want(err, errs.NotFound, errs.Address)
		_, err = h.route(h.us, "+anna.b@example.postroom.test")
		h.want(err, errs.NotFound, errs.Address)
		// Written otherwise it is still one address.
		h.must(o.DeregisterFromWorkMail(h.ctx, "anna"))
		h.must(o.RegisterToWorkMail(h.ctx, "anna", "ANNA.b@example.postroom.test"))
		own, err := h.us.dir.Addresses(h.ctx, nil, o.ID, a.ID)
		h.must(err)
		h.equal(own, []string{"ANNA.b@example.postroom.test"})
		h.must(o.UpdatePrimaryEmailAddress(h.ctx, string(a.ID), "anna.b@example.postroom.test"))
		list, _, err := o.ListAliases(h.ctx, string(a.ID), "", 0)
		h.must(err)
		h.equal(len(list), 0)
	})
}

// An entry gets lost addresses back up to its limit, and can always be registered.
func TestLostAddressesComeBackUpToTheLimit(t *testing.T) {
	story(t, func(h *house) {
		o := h.open(h.us, h.organization(h.us, "example").ID)
		a, b := h.user(o, "anna", "anna@example.postroom.test"), h.user(o, "ben", "ben@example.postroom.test")
		alias := func(word string, i int) string { return fmt.Sprintf("%s%03d@example.postroom.test", word, i) }
		for i := range directory.MaxAliases {
			h.must(o.CreateAlias(h.ctx, string(a.ID), alias("old", i)))
		}
		h.must(o.DeregisterFromWorkMail(h.ctx, "anna"))
		for i := range directory.MaxAliases {
			h.must(o.CreateAlias(h.ctx, string(b.ID), alias("old", i))) // ben takes them
		}
		h.must(o.RegisterToWorkMail(h.ctx, "anna", "anna@example.postroom.test"))
		for i := range directory.MaxAliases - 1 {
			h.must(o.CreateAlias(h.ctx, string(a.ID), alias("new", i)))
		}
		h.must(o.DeregisterFromWorkMail(h.ctx, "anna"))
		for i := range directory.MaxAliases {
			h.must(o.DeleteAlias(h.ctx, string(b.ID), alias("old", i))) // and lets them go
		}
		h.must(o.RegisterToWorkMail(h.ctx, "anna", "anna@example.postroom.test"))
		own, err := h.us.dir.Addresses(h.ctx, nil, o.ID, a.ID)
		h.must(err)
		h.equal(len(own), directory.MaxAliases+1)
		h.want(o.CreateAlias(h.ctx, string(a.ID), "more@example.postroom.test"), errs.Limit, errs.Address)
	})
}
