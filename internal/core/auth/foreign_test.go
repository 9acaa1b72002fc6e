package auth_test

import (
	"context"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/connect/dirtest"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/store/authstore"
	"postroom/internal/store/sqldb"
)

// active is a directory with names of its own that has more to say of passwords.
type active struct {
	*dirtest.Foreign
	names directory.Names
	says  map[string]directory.Answer // by key, instead of Right
	old   map[string]string           // by key: a former password that it takes
	asked []directory.Ref
	given []string // the passwords, one by one as asked
}

func (a *active) Names(context.Context) (directory.Names, error) { return a.names, nil }

func (a *active) Check(ctx context.Context, o ids.Org, r directory.Ref, password string) (directory.Answer, error) {
	a.asked, a.given = append(a.asked, r), append(a.given, password)
	says, err := a.Foreign.Check(ctx, o, r, password)
	if err == nil && password != "" && a.old[r.Key] == password {
		says = directory.Right
	}
	if other := a.says[r.Key]; err == nil && says == directory.Right && other != "" {
		says = other
	}
	return says, err
}

// readOnly is a directory that cannot be written.
type readOnly struct{ directory.Foreign }

// corp is an organization whose users are a foreign directory's.
type corp struct {
	*house
	org.Organization
	f *active
	m *directory.Mirror
}

func (h *house) corp(alias string, f *active, set directory.Settings) *corp {
	h.Helper()
	if h.abroad == nil {
		h.abroad = map[string]directory.Foreign{}
	}
	h.abroad[alias+".example"] = f
	if set.ReadOnly {
		h.abroad[alias+".example"] = readOnly{f}
	}
	set.Kind, set.Servers, set.Account, set.Secret, set.BaseDN = directory.LDAP, []string{alias + ".example"}, "service", "Secret-of-1", "dc=example"
	c := h.connected(alias, set)
	c.f = f
	return c
}

// connected makes an organization of a directory.
func (h *house) connected(alias string, set directory.Settings) *corp {
	h.Helper()
	d, err := h.dir.Registry(audit.By{}, 0, func(ids.Org) bool { return true }).RegisterDirectory(h.ctx, alias, set)
	h.must(err)
	o, err := h.orgs.CreateOrganization(h.ctx, audit.By{}, org.NewOrganization{Alias: alias, DirectoryID: d.ID,
		Connect: func(ctx context.Context) (string, error) { return h.dir.Attachable(ctx, d.ID, alias) },
		Attach:  func(t *tx.Tx, o org.Organization) error { return h.dir.Attach(t, d.ID, &o) }})
	h.must(err)
	c := &corp{house: h, Organization: o}
	f, err := h.dial(set)
	h.must(err)
	h.Cleanup(f.Close)
	c.m = h.dir.Mirror(o.ID, directory.MirrorConfig{Directory: d.ID, Open: func(context.Context) (directory.Foreign, error) { return f, nil }})
	h.must(h.dir.RefreshNames(h.ctx, o.ID))
	return c
}

// turn lets a moment pass, and the mirror look.
func (c *corp) turn() {
	c.Helper()
	c.clock.Move(6 * time.Second)
	if ours, err := c.m.Turn(c.ctx); err != nil || !ours {
		c.Fatal(ours, err)
	}
}

// person is a user of the directory who has mail.
func (c *corp) person(name, upn, email string) directory.Ref {
	c.Helper()
	r := c.f.Add(directory.Identity{Ref: directory.Ref{Name: name}, DisplayName: name, Mirrored: directory.Mirrored{UPN: upn}}, word)
	c.turn()
	if email != "" {
		mailbox := func(t *tx.Tx, e *directory.Entry) error { e.Mailbox = ids.NewMailbox(); return nil }
		_, err := c.view(c.Organization).RegisterToWorkMail(c.ctx, string(r.Entry), email, mailbox)
		c.must(err)
	}
	return r
}

func newActive(netbios string, suffixes ...string) *active {
	return &active{Foreign: dirtest.NewForeign(), names: directory.Names{NetBIOS: netbios, Suffixes: suffixes}, says: map[string]directory.Answer{}, old: map[string]string{}}
}

// TestForeignNames: address, userPrincipalName, user name; alias, then NetBIOS
// name; mail domain, then suffix.
func TestForeignNames(t *testing.T) {
	h := newHouse(t)
	c := h.corp("corp", newActive("CORP", "corp.local", "ad.example", "one.test.example"), directory.Settings{})
	d := h.corp("dorp", newActive("one", "corp.local", "other.local"), directory.Settings{}) // "one" is another's alias
	eve := c.person("eve", "Eve.Upn@ad.example", "eve@corp.test.example")
	c.person("alice", "alice@one.test.example", "alice@corp.test.example") // a suffix that is another's mail domain
	eva := d.person("eve", "eve@corp.local", "eve@dorp.test.example")
	for _, x := range []struct {
		name, server string
		who          ids.Entry
	}{
		{"eve@corp.test.example", "", eve.Entry},
		{"eve.upn@AD.example", "", eve.Entry},
		{`CORP\eve`, "", eve.Entry},
		{`corp\Eve`, "", eve.Entry},
		{"eve", "corp.test.example", eve.Entry},
		{"eve.upn@ad.example", "corp.test.example", eve.Entry},
		{"eve@dorp.test.example", "", eva.Entry},
		{`dorp\eve`, "", eva.Entry},
		{`one\alice`, "", h.users["alice"].ID}, // the alias, not the NetBIOS name
	} {
		a, err := h.SignIn(h.ctx, auth.Attempt{Name: x.name, Password: word, ServerName: x.server, Head: "imap", Remote: home})
		if x.name == `one\alice` && err == nil && a.Org() != h.one.ID || err != nil || x.who != a.Entry() && x.name != `one\alice` {
			t.Errorf("%s: %v %v", x.name, a.Entry(), err)
		}
	}
	c.f.asked, d.f.asked = nil, nil
	for _, name := range []string{
		"eve@corp.local",         // two organizations bring it
		"eve@ad.example",         // nobody's address, and no userPrincipalName
		"alice@one.test.example", // of one, where she has another password below
		`one\eve`, `CORP\nobody`, `nobody\eve`,
	} {
		h.clock.Move(time.Hour)
		password := word
		if name == "alice@one.test.example" {
			password = other
		}
		_, err := h.try(name, password)
		h.want(errs.Unauthenticated, err)
	}
	if len(d.f.asked) != 0 {
		t.Error("a password went to a directory that the name does not choose", d.f.asked)
	}
	// Once only one organization brings a suffix, it counts.
	d.f.names.Suffixes = []string{"other.local"}
	h.must(h.dir.RefreshNames(h.ctx, d.ID))
	c.f.Edit(eve.Key, func(i *directory.Identity) { i.UPN = "eve@corp.local" })
	c.turn()
	h.in("eve@corp.local", word)
}

// TestForeignAnswers: what a directory says of an account is told to
// administrators, and to nobody else.
func TestForeignAnswers(t *testing.T) {
	h := newHouse(t)
	log := auth.NewSignInLog(authstore.NewSignIns(openDB(t, sqldb.Region)), h.clock, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { log.Close() })
	h.must(h.AddRegion(h.ctx, auth.Region{Name: "us-east-1", Directory: h.dir, SignIns: log}))
	c := h.corp("corp", newActive("CORP"), directory.Settings{})
	var texts []string
	for says, reason := range map[directory.Answer]auth.Refusal{
		directory.Locked: auth.Locked, directory.Inactive: auth.Inactive, directory.Expired: auth.Expired, directory.ChangeRequired: auth.ChangeRequired, directory.Wrong: auth.WrongPassword,
	} {
		r := c.person("u-"+string(says), "", "u-"+string(says)+"@corp.test.example")
		c.f.says[r.Key] = says
		_, err := h.try(`corp\u-`+string(says), word)
		h.want(errs.Unauthenticated, err)
		texts = append(texts, errs.Public(err))
		list, err := h.For(h.Operator("test")).Call("Test", "r", 0).SignIns(h.ctx, "us-east-1", c.ID, r.Entry)
		if err != nil || len(list) != 1 || list[0].Reason != reason {
			t.Errorf("%s: %+v %v", says, list, err)
		}
		if !strings.Contains(h.log.String(), `"reason":"`+string(reason)+`"`) {
			t.Errorf("%s is not in the log", reason)
		}
	}
	for _, text := range texts {
		if text != texts[0] {
			t.Error(texts)
		}
	}
	// Down, slow to refuse, or without our account: later again, for who exists and for who does not.
	for _, set := range []func(){func() { c.f.Down = true }, func() { c.f.Down, c.f.Refusing = false, true }} {
		c.f.Set(set)
		for _, name := range []string{`corp\u-locked`, `corp\nobody`, "nobody@corp.test.example"} {
			h.clock.Move(time.Hour)
			_, err := h.try(name, word)
			if k, s := errs.Of(err); k != errs.Unavailable || s != errs.Directory {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	h.in("alice@one.test.example", word) // another organization does not feel it
}

// TestForeignStrangers: whoever is meant, the directory is asked once, and of
// those that are not there by a key that nobody has.
func TestForeignStrangers(t *testing.T) {
	h := newHouse(t)
	c := h.corp("corp", newActive("CORP", "ad.example"), directory.Settings{})
	eve := c.person("eve", "eve@ad.example", "eve@corp.test.example")
	c.person("notyet", "", "")
	for _, name := range []string{"eve@corp.test.example", "nobody@corp.test.example", `CORP\eve`, `CORP\nobody`, "eve@ad.example", "x@ad.example", `corp\notyet`} {
		h.clock.Move(time.Hour)
		c.f.asked, c.f.given = nil, nil
		hashes := h.hasher.Runs()
		_, err := h.try(name, "wrong")
		h.want(errs.Unauthenticated, err)
		if len(c.f.asked) != 1 || h.hasher.Runs() != hashes {
			t.Errorf("%s: asked %v, %d hashes", name, c.f.asked, h.hasher.Runs()-hashes)
		}
		if there := strings.Contains(name, "eve"); there != (c.f.asked[0].Key == eve.Key) {
			t.Errorf("%s: asked for %+v", name, c.f.asked[0])
		}
		// What was typed reaches a directory only for a user of the organization that the name chose.
		there := strings.Contains(name, "eve") || strings.Contains(name, "notyet")
		if given := c.f.given[0]; len(given) != len("wrong") || there != (given == "wrong") {
			t.Errorf("%s: the directory was given %q", name, given)
		}
	}
	c.f.asked = nil
	_, err := h.try(`corp\eve`, "") // RFC 4513 §5.1.2
	if h.want(errs.Unauthenticated, err); len(c.f.asked) != 0 {
		t.Error("an empty password went out")
	}
}

// TestForeignProofs: they count while the mirror follows.
func TestForeignProofs(t *testing.T) {
	h := newHouse(t)
	c := h.corp("corp", newActive("CORP"), directory.Settings{})
	eve := c.person("eve", "", "eve@corp.test.example")
	in := func() int {
		h.Helper()
		c.f.asked = nil
		h.in("eve@corp.test.example", word)
		return len(c.f.asked)
	}
	if in() != 1 || in() != 0 {
		t.Error("not remembered")
	}
	h.clock.Move(31 * time.Second)
	if n := in(); n != 1 {
		t.Error("a proof counts although nobody looked", n)
	}
	c.turn()
	if n := in(); n != 0 {
		t.Error("a proof does not count although the mirror follows", n)
	}
	h.clock.Move(time.Minute)
	c.f.Set(func() { c.f.Down = true })
	_, err := h.try("eve@corp.test.example", word)
	h.want(errs.Unavailable, err)
	c.f.Set(func() { c.f.Down = false })
	c.turn()
	a := h.in("eve@corp.test.example", word)
	c.f.Edit(eve.Key, func(i *directory.Identity) { i.State = directory.DirDisabled })
	c.turn()
	if !ended(a) {
		t.Error("a disabled user's connection goes on")
	}
	_, err = h.try("eve@corp.test.example", word)
	h.want(errs.Unauthenticated, err)
	c.f.Edit(eve.Key, func(i *directory.Identity) { i.State = directory.DirActive })
	c.turn()
	h.in("eve@corp.test.example", word) // the same password: it was never a former one
}

// TestFormerPassword: a directory takes the former password for an hour; we do not.
func TestFormerPassword(t *testing.T) {
	h := newHouse(t)
	c := h.corp("corp", newActive("CORP"), directory.Settings{})
	eve := c.person("eve", "", "eve@corp.test.example")
	const name = "eve@corp.test.example"
	a := h.in(name, word)
	c.turn()
	c.turn()
	c.f.Reset(eve.Key, other)
	c.f.old[eve.Key] = word
	c.turn()
	if !ended(a) {
		t.Error("what the former password opened goes on")
	}
	refused := func(when string) {
		h.Helper()
		c.f.asked = nil
		_, err := h.try(name, word)
		if h.want(errs.Unauthenticated, err); len(c.f.asked) != 1 || c.f.asked[0].Key == eve.Key || c.f.given[len(c.f.given)-1] == word {
			t.Errorf("%s: the directory was asked for her: %v", when, c.f.asked)
		}
		if log := h.log.String(); !strings.Contains(log[strings.LastIndex(log, "sign-in refused"):], `"reason":"FORMER_PASSWORD"`) {
			t.Errorf("%s: not told apart in the log", when)
		}
	}
	refused("at once")
	h.want(errs.Unauthenticated, h.ChangePassword(h.ctx, auth.Attempt{Name: name, Password: word, Head: "awsapi", Remote: home}, "A-third-passw0rd"))
	h.in(name, other)
	h.clock.Move(50 * time.Minute)
	refused("later")
	delete(c.f.old, eve.Key)
	h.clock.Move(16 * time.Minute)
	c.f.Reset(eve.Key, word) // it is the present one again, and the time of the first change is over
	h.clock.Move(66 * time.Minute)
	c.turn()
	h.clock.Move(66 * time.Minute)
	h.in(name, word)
}

// TestFormerPasswordAfterRestart: what a process saw proven is refused by the next one too.
func TestFormerPasswordAfterRestart(t *testing.T) {
	h := newHouse(t)
	c := h.corp("corp", newActive("CORP"), directory.Settings{})
	eve := c.person("eve", "", "eve@corp.test.example")
	const name, third, late = "eve@corp.test.example", "A-third-passw0rd", "A-fourth-passw0rd"
	change := func(from, to string) {
		h.Helper()
		c.f.Reset(eve.Key, to)
		c.f.old[eve.Key] = from
		c.turn()
	}
	h.in(name, word)
	c.turn()
	c.turn()
	change(word, other)
	h.in(name, other)
	c.turn()
	c.turn()
	change(other, third)
	try := func(password string) error {
		h.Helper()
		_, err := h.process().SignIn(h.ctx, auth.Attempt{Name: name, Password: password, Head: "imap", Remote: home})
		h.dir.OnRevoked(h.Service)
		return err
	}
	for _, former := range []string{word, other} {
		c.f.asked = nil
		h.want(errs.Unauthenticated, try(former))
		if len(c.f.asked) != 1 || c.f.asked[0].Key == eve.Key {
			t.Error("the directory was asked for her", c.f.asked)
		}
		if log := h.log.String(); !strings.Contains(log[strings.LastIndex(log, "sign-in refused"):], `"reason":"FORMER_PASSWORD"`) {
			t.Error("not told apart in the log")
		}
	}
	h.must(try(third))
	h.must(try(third)) // by a process that knows of nothing else
	// One that was right for the first time since the look before the last may be the new one.
	h.in(name, third)
	change(third, late)
	h.must(try(third))
	// Nothing of it stays behind its time.
	h.clock.Move(66 * time.Minute)
	c.turn()
	h.must(try(late))
	h.must(h.dir.Forget(h.ctx))
	if e, err := h.dir.ByID(h.ctx, nil, c.ID, eve.Entry); err != nil || e.Guard != "" {
		t.Error(e.Guard, err)
	}
}

// TestNewPasswordWhileFollowing: one that was proven before the mirror saw the
// change is not taken for a former one.
func TestNewPasswordWhileFollowing(t *testing.T) {
	h := newHouse(t)
	c := h.corp("corp", newActive("CORP"), directory.Settings{})
	eve := c.person("eve", "", "eve@corp.test.example")
	h.in(`corp\eve`, word)
	c.turn()
	c.turn()
	c.f.Reset(eve.Key, other)
	h.clock.Move(time.Second)
	h.in(`corp\eve`, other) // before the mirror looked
	c.f.old[eve.Key] = word
	c.turn()
	h.in(`corp\eve`, other)
	_, err := h.try(`corp\eve`, word)
	h.want(errs.Unauthenticated, err)
}

// TestNamesThatDoNotCount: each organization is told of its own, and not whose they are.
func TestNamesThatDoNotCount(t *testing.T) {
	h := newHouse(t)
	c := h.corp("corp", newActive("CORP", "corp.local", "one.test.example", "corp.test.example"), directory.Settings{})
	d := h.corp("dorp", newActive("one", "corp.local", "other.local"), directory.Settings{})
	c.turn()
	d.turn()
	check := func(c *corp, want ...string) {
		t.Helper()
		s, err := h.view(c.Organization).DescribeDirectorySync(h.ctx)
		h.must(err)
		var got []string
		for _, f := range s.FaultList {
			if f.Key != "" || f.Entry != "" || f.Kind.String() != "" || !strings.Contains(f.Text, f.Name) {
				t.Errorf("%+v", f)
			}
			got = append(got, f.Text)
		}
		slices.Sort(got)
		if s.Faults != len(want) || !slices.Equal(got, want) {
			t.Errorf("%d %q", s.Faults, got)
		}
	}
	check(c, "The UPN suffix corp.local is brought by the directory of another organization too: people sign in with their address.",
		"The UPN suffix one.test.example is a mail domain of another organization: people sign in with their address.")
	check(d, `The NetBIOS name one is the alias of another organization: people sign in with their address, or with the organization's alias before the \.`,
		"The UPN suffix corp.local is brought by the directory of another organization too: people sign in with their address.")
	d.f.names = directory.Names{NetBIOS: "DORP"}
	h.must(h.dir.RefreshNames(h.ctx, d.ID))
	check(d)
	check(c, "The UPN suffix one.test.example is a mail domain of another organization: people sign in with their address.")
}

// TestExpiredAccount: an account that expires changes nothing that a mirror is
// told; the next bind says it, and what is open then ends.
func TestExpiredAccount(t *testing.T) {
	h := newHouse(t)
	c := h.corp("corp", newActive("CORP"), directory.Settings{})
	eve := c.person("eve", "", "eve@corp.test.example")
	a := h.in("eve@corp.test.example", word)
	a.Done()
	c.f.Expire(eve.Key)
	c.turn()
	if ended(a) {
		t.Fatal("seen without being told: the test shows nothing")
	}
	elsewhere := h.process() // where nothing is remembered
	h.dir.OnRevoked(h.Service)
	_, err := elsewhere.SignIn(h.ctx, auth.Attempt{Name: "eve@corp.test.example", Password: word, Head: "imap", Remote: home})
	h.want(errs.Unauthenticated, err)
	c.turn()
	if !ended(a) {
		t.Error("the session of an expired account goes on")
	}
	_, err = h.try("eve@corp.test.example", word)
	h.want(errs.Unauthenticated, err)
	if e, err := h.dir.ByID(h.ctx, nil, c.ID, eve.Entry); err != nil || e.Dir != directory.DirDisabled {
		t.Error(e.Dir, err)
	}
}

// TestForeignReset: after a reset through us only the new password is taken, also
// by a process that never heard of the former one.
func TestForeignReset(t *testing.T) {
	h := newHouse(t)
	c := h.corp("corp", newActive("CORP"), directory.Settings{})
	eve := c.person("eve", "", "eve@corp.test.example")
	const name = "eve@corp.test.example"
	a := h.in(name, word)
	h.must(h.view(c.Organization).ResetPassword(h.ctx, string(eve.Entry), other))
	c.f.old[eve.Key] = word
	if !ended(a) {
		t.Error("the connection goes on")
	}
	fresh := h.process()
	for range 2 {
		_, err := fresh.SignIn(h.ctx, auth.Attempt{Name: name, Password: word, Head: "imap", Remote: home})
		h.want(errs.Unauthenticated, err)
		_, err = fresh.SignIn(h.ctx, auth.Attempt{Name: name, Password: other, Head: "imap", Remote: home})
		h.must(err)
		c.turn() // which sees that the password is another one, and that it was us
	}
	// Back to the first one through us: it is the new one.
	h.must(h.view(c.Organization).ResetPassword(h.ctx, string(eve.Entry), word))
	h.in(name, word)
	// Another change in the directory ends that: the guard knows nothing of it.
	c.f.Reset(eve.Key, "A-third-passw0rd")
	c.turn()
	h.in(name, "A-third-passw0rd")
}

// TestForeignOwnPassword: the users' own door.
func TestForeignOwnPassword(t *testing.T) {
	h := newHouse(t)
	c := h.corp("corp", newActive("CORP"), directory.Settings{})
	eve := c.person("eve", "", "eve@corp.test.example")
	change := func(name, old, password string) error {
		return h.ChangePassword(h.ctx, auth.Attempt{Name: name, Password: old, Head: "awsapi", Remote: home}, password)
	}
	h.want(errs.Unauthenticated, change(`corp\eve`, "wrong", other))
	h.must(change(`CORP\eve`, word, other))
	h.in(`corp\eve`, other)
	_, err := h.try(`corp\eve`, word)
	h.want(errs.Unauthenticated, err)
	c.f.says[eve.Key] = directory.ChangeRequired // which nobody proves again here
	h.want(errs.Unauthenticated, change(`corp\eve`, other, word))
	r := h.corp("read", newActive("READ"), directory.Settings{ReadOnly: true})
	r.person("rita", "", "rita@read.test.example")
	h.in(`read\rita`, word)
	err = change(`read\rita`, word, other)
	if k, s := errs.Of(err); k != errs.Unsupported || s != errs.Directory {
		t.Error(err)
	}
}

// TestForeignAtOnce: many sign-ins while the settings change (with -race).
func TestForeignAtOnce(t *testing.T) {
	h := newHouse(t)
	c := h.corp("corp", newActive("CORP"), directory.Settings{})
	c.person("eve", "", "eve@corp.test.example")
	registry := h.dir.Registry(audit.By{}, 0, func(ids.Org) bool { return true })
	list, err := registry.ListDirectories(h.ctx)
	h.must(err)
	done := make(chan error, 8)
	quiet := &concurrent{Foreign: c.f.Foreign}
	h.abroad["corp.example"] = quiet
	set := list[0].Settings
	set.UserFilter = "(a=b)"
	_, err = registry.UpdateDirectory(h.ctx, list[0].ID, set)
	h.must(err)
	for i := range 8 {
		go func() {
			_, err := h.SignIn(h.ctx, auth.Attempt{Name: `corp\eve`, Password: word, Head: "imap", Remote: netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})})
			done <- err
		}()
	}
	set.UserFilter = "(a=c)"
	_, err = registry.UpdateDirectory(h.ctx, list[0].ID, set)
	h.must(err)
	for range 8 {
		h.must(<-done)
	}
}

type concurrent struct{ *dirtest.Foreign }
