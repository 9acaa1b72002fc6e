package auth_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/store/authstore"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/sqldb"
)

var home = netip.MustParseAddr("198.51.100.9")

type notes []audit.Record

func (n *notes) Note(r audit.Record) { *n = append(*n, r) }

// office is a deployment with its first administrator.
type office struct {
	testing.TB
	*auth.Service
	ctx      context.Context
	clock    *clock.Set
	hasher   *auth.Hasher
	notes    notes
	password string
}

func newOffice(t testing.TB) *office {
	db, err := sqldb.Open(t.Context(), sqldb.Options{Path: filepath.Join(t.TempDir(), "d.db"), Schema: sqldb.Deployment})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	sealer, err := auth.NewSealer(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{TB: t, ctx: t.Context(), clock: clock.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), hasher: auth.NewHasher([]byte("pepper"))}
	o.Service = auth.New(auth.Config{
		Store: authstore.New(db), Trail: audit.NewTrail(dirstore.NewAudit(db), o.clock), Notes: &o.notes, Hasher: o.hasher, Sealer: sealer, Clock: o.clock,
	})
	var made bool
	if o.password, made, err = o.Bootstrap(o.ctx); err != nil || !made {
		t.Fatal(made, err)
	}
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) want(kind errs.Kind, err error) {
	o.Helper()
	if !errs.Is(err, kind) {
		o.Fatalf("%v, not %s", err, kind)
	}
}

func (o *office) signIn(name, password string) (auth.Actor, string) {
	o.Helper()
	in, err := o.AdminSignIn(o.ctx, name, password, auth.Browser{Remote: home})
	o.must(err)
	return in.Actor, in.Token
}

// add makes an administrator with a password and signs it in.
func (o *office) add(name string, r auth.Rights) (auth.Actor, string) {
	o.Helper()
	_, err := o.For(o.Operator("cli")).CreateAdministrator(o.ctx, auth.NewAdmin{Name: name, Password: "password of " + name, Rights: r})
	o.must(err)
	return o.signIn(name, "password of "+name)
}

func ended(a auth.Actor) bool {
	select {
	case <-a.Done():
		return true
	default:
		return false
	}
}

var all = auth.Rights{Role: auth.Full, All: true}

func TestBootstrapOnce(t *testing.T) {
	o := newOffice(t)
	if _, again, err := o.Bootstrap(o.ctx); again || err != nil {
		t.Fatal(again, err)
	}
	a, _ := o.signIn("ADMIN", o.password)
	if !a.Manages() || !a.AllOrgs() || a.ReadOnly() || a.Kind() != auth.Administrator || !a.MayOrg(ids.NewOrg()) || a.Session() == "" {
		t.Fatal(a)
	}
}

func TestZeroActor(t *testing.T) {
	var a auth.Actor
	a.Release()
	if a.Kind() != auth.Nobody || a.MayOrg("") || a.MayOrg(ids.NewOrg()) || !a.ReadOnly() || a.Manages() || a.AllOrgs() || a.Done() != nil || a.Capabilities() != nil {
		t.Fatal(a)
	}
	o := newOffice(t)
	_, err := o.For(a).CreateAdministrator(o.ctx, auth.NewAdmin{Name: "x", Rights: all})
	o.want(errs.Denied, err)
	_, _, err = o.For(o.System("r", "h")).ListAdministrators(o.ctx, "", 0)
	o.want(errs.Denied, err)
}

// TestAdminAnswersAlike: row 111, told by hashes run, not by a clock.
func TestAdminAnswersAlike(t *testing.T) {
	o := newOffice(t)
	off := false
	a, _ := o.add("disabled", all)
	_, err := o.For(o.Operator("cli")).UpdateAdministrator(o.ctx, a.Admin(), auth.AdminChange{Enabled: &off})
	o.must(err)
	_, err = o.For(o.Operator("cli")).CreateAdministrator(o.ctx, auth.NewAdmin{Name: "keysonly", Rights: all})
	o.must(err)
	var texts []string
	for _, c := range [][2]string{
		{"admin", "wrong"}, {"nobody", "wrong"}, {"disabled", "password of disabled"}, {"disabled", "wrong"}, {"keysonly", ""},
		{"", ""}, {"admin\x00", "x"}, {strings.Repeat("x", 5000), "x"}, {"admin", strings.Repeat("x", 5000)},
	} {
		before := o.hasher.Runs()
		_, err := o.AdminSignIn(o.ctx, c[0], c[1], auth.Browser{Remote: home})
		o.want(errs.Unauthenticated, err)
		if n := o.hasher.Runs() - before; n != 1 {
			t.Errorf("%.20q: %d hashes", c[0], n)
		}
		texts = append(texts, errs.Public(err))
	}
	if slices.Sort(texts); texts[0] != texts[len(texts)-1] {
		t.Error(texts)
	}
	if len(o.notes) != 5 { // of those that exist
		t.Error(len(o.notes), o.notes)
	}
}

// TestSessionLife: row 123.
func TestSessionLife(t *testing.T) {
	o := newOffice(t)
	first, one := o.signIn("admin", o.password)
	second, two := o.signIn("admin", o.password)
	if one == two || first.Session() == second.Session() {
		t.Fatal("a session's id is used again")
	}
	for _, bad := range []string{"", "x", one[:len(one)-1], base64.RawURLEncoding.EncodeToString(make([]byte, 32)), one + "A"} {
		_, err := o.AdminSession(o.ctx, bad)
		o.want(errs.Unauthenticated, err)
	}
	// Used, it goes on until its end; unused it ends after an hour.
	for range 11 {
		o.clock.Move(59 * time.Minute)
		_, err := o.AdminSession(o.ctx, two)
		o.must(err)
		o.must(o.Poll(o.ctx))
	}
	_, err := o.AdminSession(o.ctx, one)
	o.want(errs.Unauthenticated, err)
	o.clock.Move(59 * time.Minute)
	_, err = o.AdminSession(o.ctx, two)
	o.must(err)
	o.clock.Move(12 * time.Minute)
	_, err = o.AdminSession(o.ctx, two)
	o.want(errs.Unauthenticated, err)
	// What a page asks by itself is answered, and is no use; nor is it written as one.
	_, watched := o.signIn("admin", o.password)
	for range 59 {
		o.clock.Move(time.Minute)
		_, err = o.PolledAdminSession(o.ctx, watched)
		o.must(err)
		o.must(o.Poll(o.ctx))
	}
	o.clock.Move(time.Minute)
	_, err = o.PolledAdminSession(o.ctx, watched)
	o.want(errs.Unauthenticated, err)
	// Signing out ends it at once, and only it.
	a, token := o.signIn("admin", o.password)
	b, _ := o.signIn("admin", o.password)
	done := a.Done()
	o.must(o.SignOut(o.ctx, a))
	<-done
	if ended(b) {
		t.Fatal("the other session ended")
	}
	_, err = o.AdminSession(o.ctx, token)
	o.want(errs.Unauthenticated, err)
	o.must(o.SignOut(o.ctx, a))
}

// TestWhatEnds: every change that takes something away ends sessions and open
// connections at once (row 123).
func TestWhatEnds(t *testing.T) {
	o := newOffice(t)
	root := o.For(o.Operator("cli"))
	off, word := false, "another password"
	fewer := auth.Rights{Role: auth.ReadOnly, All: true}
	for name, change := range map[string]func(a auth.Actor) error{
		"disable": func(a auth.Actor) error {
			_, err := root.UpdateAdministrator(o.ctx, a.Admin(), auth.AdminChange{Enabled: &off})
			return err
		},
		"rights": func(a auth.Actor) error {
			_, err := root.UpdateAdministrator(o.ctx, a.Admin(), auth.AdminChange{Rights: &fewer})
			return err
		},
		"password": func(a auth.Actor) error {
			_, err := root.UpdateAdministrator(o.ctx, a.Admin(), auth.AdminChange{Password: &word})
			return err
		},
		"delete": func(a auth.Actor) error { return root.DeleteAdministrator(o.ctx, a.Admin()) },
		"revoke": func(a auth.Actor) error { return root.RevokeSession(o.ctx, a.Admin(), a.Session()) },
		"reset":  func(a auth.Actor) error { _, err := o.ResetAdministrator(o.ctx, a.Name()); return err },
	} {
		a, token := o.add("a-"+name, all)
		if ended(a) {
			t.Fatal(name, "ended before")
		}
		o.must(change(a))
		if !ended(a) || !a.Revoked() {
			t.Errorf("%s: the connection goes on", name)
		}
		if _, err := o.AdminSession(o.ctx, token); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: the session goes on: %v", name, err)
		}
		_, err := o.For(a).CreateAdministrator(o.ctx, auth.NewAdmin{Name: "from-" + name, Rights: all})
		o.want(errs.Unauthenticated, err)
	}
}

func TestChangeOwnPassword(t *testing.T) {
	o := newOffice(t)
	me, mine := o.add("carol", auth.Rights{Role: auth.ReadOnly, Organizations: []ids.Org{ids.NewOrg()}})
	elsewhere, other := o.signIn("carol", "password of carol")
	v := o.For(me)
	// Row 120.
	o.want(errs.Password, v.ChangeOwnPassword(o.ctx, "wrong", "a new password"))
	o.want(errs.Password, v.ChangeOwnPassword(o.ctx, "password of carol", "short"))
	o.want(errs.Password, v.ChangeOwnPassword(o.ctx, "password of carol", "password of carol"))
	word := "another password"
	_, err := o.For(me).UpdateAdministrator(o.ctx, me.Admin(), auth.AdminChange{Password: &word})
	o.want(errs.Denied, err)
	root, _ := o.signIn("admin", o.password)
	_, err = o.For(root).UpdateAdministrator(o.ctx, root.Admin(), auth.AdminChange{Password: &word})
	o.want(errs.Invalid, err)

	o.must(v.ChangeOwnPassword(o.ctx, "password of carol", "a new password"))
	if !ended(elsewhere) {
		t.Error("the other session goes on")
	}
	_, err = o.AdminSession(o.ctx, other)
	o.want(errs.Unauthenticated, err)
	_, err = o.AdminSession(o.ctx, mine)
	o.must(err)
	_, err = o.AdminSignIn(o.ctx, "carol", "password of carol", auth.Browser{Remote: home})
	o.want(errs.Unauthenticated, err)
	o.signIn("carol", "a new password")
}

func TestAccessKeys(t *testing.T) {
	o := newOffice(t)
	org := ids.NewOrg()
	carol, _ := o.add("carol", auth.Rights{Role: auth.Full, Organizations: []ids.Org{org}})
	dave, _ := o.add("dave", all)
	k, secret, err := o.For(carol).CreateAccessKey(o.ctx, carol.Admin())
	o.must(err)
	got, a, err := o.AccessKey(o.ctx, k.ID)
	o.must(err)
	if got != secret || a.Admin() != carol.Admin() || !a.MayOrg(org) || a.MayOrg(ids.NewOrg()) || a.AllOrgs() || a.AccessKeyID() != k.ID || a.Session() != "" {
		t.Fatal(a)
	}
	// Rows 122 and 128: nobody makes, sees or changes the keys of those above or beside.
	_, _, err = o.For(carol).CreateAccessKey(o.ctx, dave.Admin())
	o.want(errs.Denied, err)
	_, err = o.For(carol).ListAccessKeys(o.ctx, dave.Admin())
	o.want(errs.Denied, err)
	o.want(errs.Denied, o.For(carol).DeleteAccessKey(o.ctx, dave.Admin(), k.ID))
	o.want(errs.NotFound, o.For(dave).DeleteAccessKey(o.ctx, dave.Admin(), k.ID))
	// Unknown ones give a secret that signs nothing.
	for _, bad := range []string{"", "PR", strings.Repeat("A", 20), "PR" + strings.Repeat("A", 18), strings.Repeat("P", 4000)} {
		s, a, err := o.AccessKey(o.ctx, bad)
		o.want(errs.Unauthenticated, err)
		if len(s) != len(secret) || a.Kind() != auth.Nobody {
			t.Error(s, a)
		}
	}
	done := a.Done()
	o.must(o.For(carol).UpdateAccessKey(o.ctx, carol.Admin(), k.ID, false))
	<-done
	if ended(carol) {
		t.Error("the session ended with the key")
	}
	s, _, err := o.AccessKey(o.ctx, k.ID)
	if o.want(errs.Unauthenticated, err); s == secret {
		t.Error("the secret of a key that is off")
	}
	o.must(o.For(carol).UpdateAccessKey(o.ctx, carol.Admin(), k.ID, true))
	_, _, err = o.AccessKey(o.ctx, k.ID)
	o.must(err)
	// A disabled administrator's keys are off; enabled again, they work.
	for _, on := range []bool{false, true} {
		_, err = o.For(dave).UpdateAdministrator(o.ctx, carol.Admin(), auth.AdminChange{Enabled: &on})
		o.must(err)
		if _, _, err = o.AccessKey(o.ctx, k.ID); (err == nil) != on {
			t.Error(on, err)
		}
	}
	o.must(o.For(dave).DeleteAdministrator(o.ctx, carol.Admin()))
	_, _, err = o.AccessKey(o.ctx, k.ID)
	o.want(errs.Unauthenticated, err)
	for range 10 {
		_, _, err = o.For(dave).CreateAccessKey(o.ctx, dave.Admin())
		o.must(err)
	}
	_, _, err = o.For(dave).CreateAccessKey(o.ctx, dave.Admin())
	o.want(errs.Limit, err)
}

func TestRevisions(t *testing.T) {
	o := newOffice(t)
	a, _ := o.add("carol", all)
	root := o.Operator("cli")
	less := auth.Rights{Role: auth.ReadOnly, All: true}
	got, err := o.For(root).Call("x", "r", 1).UpdateAdministrator(o.ctx, a.Admin(), auth.AdminChange{Rights: &less})
	o.must(err)
	if got.Revision != 2 || got.Role != auth.ReadOnly {
		t.Fatal(got)
	}
	o.want(errs.Conflict, o.For(root).Call("x", "r", 1).DeleteAdministrator(o.ctx, a.Admin()))
	// No change is no revision.
	got, err = o.For(root).UpdateAdministrator(o.ctx, a.Admin(), auth.AdminChange{Rights: &less})
	o.must(err)
	if got.Revision != 2 {
		t.Fatal(got)
	}
}

func TestRefusedAdministrators(t *testing.T) {
	o := newOffice(t)
	org := ids.NewOrg()
	for name, in := range map[string]auth.NewAdmin{
		"no name":           {Rights: all},
		"a long name":       {Name: strings.Repeat("x", 65), Rights: all},
		"a name with NUL":   {Name: "a\x00", Rights: all},
		"no role":           {Name: "a", Rights: auth.Rights{All: true}},
		"unknown role":      {Name: "a", Rights: auth.Rights{Role: "ROOT", All: true}},
		"nowhere":           {Name: "a", Rights: auth.Rights{Role: auth.Full}},
		"all and named":     {Name: "a", Rights: auth.Rights{Role: auth.Full, All: true, Organizations: []ids.Org{org}}},
		"no organization's": {Name: "a", Rights: auth.Rights{Role: auth.Full, Organizations: []ids.Org{"m-1"}}},
		"too many":          {Name: "a", Rights: auth.Rights{Role: auth.Full, Organizations: slices.Repeat([]ids.Org{org}, 501)}},
	} {
		if _, err := o.For(o.Operator("cli")).CreateAdministrator(o.ctx, in); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, word := range []string{"short", "long-enough\x00", strings.Repeat("x", 257), "twelve.chars"} {
		_, err := o.For(o.Operator("cli")).CreateAdministrator(o.ctx, auth.NewAdmin{Name: "Twelve.Chars", Password: word, Rights: all})
		if !errs.Is(err, errs.Password) {
			t.Errorf("%.20q: %v", word, err)
		}
	}
}

// TestChildWithinParent: row 122, every parent against every child. Whatever an
// administrator makes or changes has no right that it does not have.
func TestChildWithinParent(t *testing.T) {
	o := newOffice(t)
	a, b := ids.NewOrg(), ids.NewOrg()
	var rights []auth.Rights
	for _, role := range []auth.Role{auth.Full, auth.ReadOnly} {
		rights = append(rights, auth.Rights{Role: role, All: true}, auth.Rights{Role: role, Organizations: []ids.Org{a}},
			auth.Rights{Role: role, Organizations: []ids.Org{a, b}})
	}
	root := o.For(o.Operator("cli"))
	for _, have := range rights {
		parent, err := root.CreateAdministrator(o.ctx, auth.NewAdmin{Name: "p" + ids.Hex(8), Rights: have})
		o.must(err)
		k, _, err := root.CreateAccessKey(o.ctx, parent.ID)
		o.must(err)
		_, actor, err := o.AccessKey(o.ctx, k.ID)
		o.must(err)
		for _, want := range rights {
			child, err := o.For(actor).CreateAdministrator(o.ctx, auth.NewAdmin{Name: "c" + ids.Hex(8), Rights: want})
			if (err == nil) != have.Manages() || err == nil && !child.Rights.Within(have) {
				t.Errorf("%v made %v: %v", have, want, err)
			}
			if have.Manages() {
				continue // it has all there is
			}
			_, err = o.For(actor).UpdateAdministrator(o.ctx, parent.ID, auth.AdminChange{Rights: &want})
			o.want(errs.Denied, err)
		}
		own, _, err := o.For(actor).CreateAccessKey(o.ctx, parent.ID)
		o.must(err)
		_, child, err := o.AccessKey(o.ctx, own.ID)
		o.must(err)
		if !child.Rights().Within(have) {
			t.Errorf("%v has a key for %v", have, child.Rights())
		}
	}
}

func TestWhoAmI(t *testing.T) {
	o := newOffice(t)
	org := ids.NewOrg()
	some, _ := o.add("some", auth.Rights{Role: auth.Full, Organizations: []ids.Org{org}})
	look, _ := o.add("look", auth.Rights{Role: auth.ReadOnly, All: true})
	for actor, want := range map[auth.Actor][]auth.Capability{
		some: {auth.ReadAudit, auth.ReadOrganizations, auth.WriteOrganizations, auth.ReadRegions, auth.ChangeOwnCredentials},
		look: {auth.ReadAdministrators, auth.ReadDeploymentAudit, auth.ReadAudit, auth.ReadOrganizations, auth.ReadRegions, auth.ChangeOwnCredentials},
	} {
		c, err := o.For(actor).WhoAmI(o.ctx)
		o.must(err)
		slices.Sort(want)
		if !slices.Equal(c.Capabilities, want) || c.Session != actor.Session() || c.ID != actor.Admin() {
			t.Error(c)
		}
	}
	_, _, err := o.For(some).ListAdministrators(o.ctx, "", 0)
	o.want(errs.Denied, err)
	_, err = o.For(some).FindAdministrator(o.ctx, "admin")
	o.want(errs.Denied, err)
	_, err = o.For(some).FindAdministrator(o.ctx, "nobody")
	o.want(errs.Denied, err)
	_, err = o.For(some).DescribeAdministrator(o.ctx, some.Admin())
	o.must(err)
}

// BenchmarkAccessKey: 5,000 calls a second must leave the processor for others.
func BenchmarkAccessKey(b *testing.B) {
	o := newOffice(b)
	admin, _ := o.signIn("admin", o.password)
	k, _, err := o.For(admin).CreateAccessKey(o.ctx, admin.Admin())
	o.must(err)
	for b.Loop() {
		if _, _, err := o.AccessKey(o.ctx, k.ID); err != nil {
			b.Fatal(err)
		}
	}
}
