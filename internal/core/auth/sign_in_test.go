package auth_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/dnsx"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/base/logging"
	"postroom/internal/connect/builtindir"
	"postroom/internal/connect/ldapdir"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/store/authstore"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/sqldb"
)

// house is a deployment with a region of two organizations: in "one" there are
// alice, bob (disabled), carol (has the address alice.b@…) and a user named
// alice@two.test.example; in "two" there is another alice.
type house struct {
	testing.TB
	*auth.Service
	ctx    context.Context
	clock  *clock.Set
	hasher *auth.Hasher
	dir    *directory.Service
	claims *org.Claims
	one    org.Organization
	two    org.Organization
	orgs   *org.Service
	abroad map[string]directory.Foreign // by server
	users  map[string]directory.Entry
	log    bytes.Buffer
	stores struct {
		auth  auth.Store
		trail *audit.Trail
	}
}

const (
	word  = "Right-passw0rd"
	other = "0ther-password"
)

func openDB(t testing.TB, schema sqldb.Schema) *sqldb.DB {
	db, err := sqldb.Open(t.Context(), sqldb.Options{Path: filepath.Join(t.TempDir(), string(schema)), Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func newHouse(t testing.TB) *house {
	h := &house{TB: t, ctx: t.Context(), clock: clock.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), users: map[string]directory.Entry{}}
	h.hasher = auth.NewHasher([]byte("pepper"))
	deployment, region := openDB(t, sqldb.Deployment), openDB(t, sqldb.Region)
	h.claims = org.NewClaims(dirstore.NewClaims(deployment), h.clock)
	trail := audit.NewTrail(dirstore.NewAudit(region), h.clock)
	orgs := org.New(org.Config{
		Region: "us-east-1", BaseDomain: "test.example", Store: dirstore.NewOrgs(region), Claims: h.claims,
		Keys: org.NewMasterKeyring([32]byte{1}, dirstore.NewOrgs(region)), Resolver: dnsx.Texts{Resolver: &dnsx.Fake{}}, Trail: trail, Clock: h.clock,
	})
	entries := dirstore.NewEntries(region)
	h.dir = directory.New(directory.Config{
		Store: entries, Builtin: builtindir.New(entries, h.hasher), Orgs: orgs, Hasher: h.hasher, Trail: trail, Clock: h.clock,
		Connect: func(_ context.Context, set directory.Settings) (directory.Foreign, error) { return h.dial(set) },
	})
	h.orgs = orgs
	h.stores.auth, h.stores.trail = authstore.New(deployment), audit.NewTrail(dirstore.NewAudit(deployment), h.clock)
	h.Service = h.process()
	var err error
	h.one, err = orgs.CreateOrganization(h.ctx, audit.By{}, org.NewOrganization{Alias: "one"})
	h.must(err)
	h.two, err = orgs.CreateOrganization(h.ctx, audit.By{}, org.NewOrganization{Alias: "two"})
	h.must(err)
	h.user(h.one, "alice", word, "alice@one.test.example")
	h.user(h.one, "bob", word, "bob@one.test.example")
	_, err = h.view(h.one).DeregisterFromWorkMail(h.ctx, string(h.users["bob"].ID), nil)
	h.must(err)
	h.user(h.one, "carol", other, "alice.b@one.test.example")
	h.user(h.two, "alice", other, "alice@two.test.example")
	return h
}

// dial opens a directory of the house, or a real one.
func (h *house) dial(set directory.Settings) (directory.Foreign, error) {
	if f := h.abroad[set.Servers[0]]; f != nil {
		return f, nil
	}
	return ldapdir.Open(set, ldapdir.Options{})
}

func (h *house) process() *auth.Service {
	s := auth.New(auth.Config{
		Store: h.stores.auth, Trail: h.stores.trail, Claims: h.claims, BaseDomain: "test.example", Hasher: h.hasher, Clock: h.clock,
		Log: slog.New(logging.Redact(slog.NewJSONHandler(&h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
	})
	h.must(s.AddRegion(h.ctx, auth.Region{Name: "us-east-1", Directory: h.dir}))
	return s
}

func (h *house) view(o org.Organization) *directory.View { return h.dir.View(o.ID, audit.By{}, 0) }

func (h *house) user(o org.Organization, name, password, email string) {
	h.Helper()
	mailbox := func(t *tx.Tx, e *directory.Entry) error { e.Mailbox = ids.NewMailbox(); return nil }
	e, err := h.view(o).CreateUser(h.ctx, directory.NewUser{Name: name, DisplayName: name, Password: password}, nil)
	h.must(err)
	_, err = h.view(o).RegisterToWorkMail(h.ctx, string(e.ID), email, mailbox)
	h.must(err)
	h.users[name] = e
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) want(kind errs.Kind, err error) {
	h.Helper()
	if !errs.Is(err, kind) {
		h.Fatalf("%v, not %s", err, kind)
	}
}

func (h *house) try(name, password string) (auth.Actor, error) {
	return h.SignIn(h.ctx, auth.Attempt{Name: name, Password: password, Head: "imap", Remote: home})
}

func (h *house) in(name, password string) auth.Actor {
	h.Helper()
	a, err := h.try(name, password)
	h.must(err)
	return a
}

// TestNames: a name chooses one organization before its password is looked at.
func TestNames(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct {
		name, server, password string
		org                    org.Organization
	}{
		{"alice@one.test.example", "", word, h.one},
		{"ALICE@One.Test.Example", "", word, h.one},
		{`one\alice`, "", word, h.one},
		{`ONE\Alice`, "", word, h.one},
		{`one\alice@one.test.example`, "", word, h.one},
		{"alice", "one.test.example", word, h.one},
		{"alice", "One.Test.Example.", word, h.one},
		{"alice", "two.test.example", other, h.two},
		{"alice@two.test.example", "one.test.example", other, h.two},
		{"alice.b@one.test.example", "", other, h.one}, // carol
	} {
		a, err := h.SignIn(h.ctx, auth.Attempt{Name: c.name, Password: c.password, ServerName: c.server, Head: "smtp", Remote: home})
		if err != nil || a.Org() != c.org.ID || a.Kind() != auth.User || a.Region() != "us-east-1" || a.Head() != "smtp" || a.Entry() == "" {
			t.Errorf("%s at %q: %v %v", c.name, c.server, a.Org(), err)
		}
	}
	for _, c := range []struct{ name, server, password string }{
		{"alice", "", word},
		{"alice", "example", word},
		{"alice", "x.one.test.example", word},
		{"alice", "mail.example", word},
		{`two\alice`, "", word},
		{"alice@two.test.example", "one.test.example", word},
		{"carol@one.test.example", "", other}, // no address of hers, and no user name
		{`one\`, "", word},
		{`\alice`, "", word},
		{"@one.test.example", "", word},
		{"", "", ""},
		{"", "one.test.example", ""},
		{"alice@one.test.example", "", ""},
		{"alice+tag@one.test.example", "", word},
		{"alice@one.test.example\x00", "", word},
		{strings.Repeat("a", 10_000) + "@one.test.example", "", word},
		{"alice@one.test.example", "", word + "\x00"},
		{"alice@one.test.example", "", word + strings.Repeat("x", 1<<20)},
	} {
		h.clock.Move(time.Hour)
		_, err := h.SignIn(h.ctx, auth.Attempt{Name: c.name, Password: c.password, ServerName: c.server, Head: "smtp", Remote: home})
		if !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%.40q at %q: %v", c.name, c.server, err)
		}
	}
}

// TestAnswersAlike: row 111. One hash and one text for all that fails.
func TestAnswersAlike(t *testing.T) {
	h := newHouse(t)
	_, err := h.view(h.one).CreateUser(h.ctx, directory.NewUser{Name: "nopassword", DisplayName: "x"}, nil)
	h.must(err)
	_, err = h.view(h.one).CreateGroup(h.ctx, directory.NewGroup{Name: "group"}, nil)
	h.must(err)
	var texts []string
	for _, name := range []string{
		"alice@one.test.example", "nobody@one.test.example", "bob@one.test.example", "alice@nowhere.example", `one\nobody`, `none\alice`,
		`one\bob`, `one\nopassword`, `one\group`, "alice", "", "@", `\`,
	} {
		for _, password := range []string{"wrong", word + "x", ""} {
			before := h.hasher.Runs()
			_, err := h.try(name, password)
			if h.want(errs.Unauthenticated, err); h.hasher.Runs() != before+1 {
				t.Errorf("%q: %d hashes", name, h.hasher.Runs()-before)
			}
			texts = append(texts, fmt.Sprint(errs.Public(err)))
		}
		h.clock.Move(time.Hour)
	}
	// Row 115: refusals are logged, passwords are not.
	if log := h.log.String(); !strings.Contains(log, "sign-in refused") || strings.Contains(log, word) {
		t.Error(log)
	}
	before := h.hasher.Runs()
	_, err = h.try("bob@one.test.example", word) // right, but disabled
	if h.want(errs.Unauthenticated, err); h.hasher.Runs() != before+1 {
		t.Error("disabled", h.hasher.Runs()-before)
	}
	if slices.Sort(texts); texts[0] != texts[len(texts)-1] {
		t.Error(slices.Compact(texts))
	}
}

func TestProvenForTenMinutes(t *testing.T) {
	h := newHouse(t)
	h.in("alice@one.test.example", word)
	before := h.hasher.Runs()
	h.clock.Move(9 * time.Minute)
	h.in(`one\alice`, word)
	if h.hasher.Runs() != before {
		t.Error("hashed again")
	}
	_, err := h.try("alice@one.test.example", word+"x")
	h.want(errs.Unauthenticated, err)
	if h.hasher.Runs() != before+1 {
		t.Error("a wrong one without a hash")
	}
	h.clock.Move(time.Minute)
	h.in("alice@one.test.example", word)
	if h.hasher.Runs() != before+2 {
		t.Error("remembered for longer")
	}
}

// TestRevokedAtOnce: row 123, for mail users.
func TestRevokedAtOnce(t *testing.T) {
	h := newHouse(t)
	elsewhere := h.process()
	h.dir.OnRevoked(h.Service) // elsewhere hears nothing
	id := string(h.users["carol"].ID)
	mailbox := func(t *tx.Tx, e *directory.Entry) error { e.Mailbox = ids.NewMailbox(); return nil }
	const name = "alice.b@one.test.example"
	for what, change := range map[string]func() error{
		"reset": func() error { return h.view(h.one).ResetPassword(h.ctx, id, other) },
		"deregister": func() error {
			_, err := h.view(h.one).DeregisterFromWorkMail(h.ctx, id, nil)
			return err
		},
	} {
		here, alice := h.in(name, other), h.in("alice@one.test.example", word)
		there, err := elsewhere.SignIn(h.ctx, auth.Attempt{Name: name, Password: other, Remote: home})
		h.must(err)
		done := there.Done()
		if ended(here) {
			t.Fatal("ended before")
		}
		h.must(change())
		if !ended(here) {
			t.Errorf("%s: the connection goes on", what)
		}
		if ended(alice) {
			t.Errorf("%s: another's connection ended", what)
		}
		h.must(elsewhere.Poll(h.ctx))
		select {
		case <-done:
		default:
			t.Errorf("%s: it goes on elsewhere", what)
		}
		if what == "deregister" {
			_, err = elsewhere.SignIn(h.ctx, auth.Attempt{Name: name, Password: other, Remote: home})
			h.want(errs.Unauthenticated, err)
			_, err = h.view(h.one).RegisterToWorkMail(h.ctx, id, name, mailbox)
			h.must(err)
		}
		here.Release()
	}
}

// TestOrganizationEnds: all of an organization at once.
func TestOrganizationEnds(t *testing.T) {
	h := newHouse(t)
	a, b := h.in("alice@one.test.example", word), h.in("alice@two.test.example", other)
	a.Done()
	h.Revoked(h.one.ID, "")
	if !ended(a) || ended(b) {
		t.Error(ended(a), ended(b))
	}
}

// TestForgottenActor: one that nobody waits on is forgotten, and watched again
// as soon as somebody does.
func TestForgottenActor(t *testing.T) {
	h := newHouse(t)
	a := h.in("alice@one.test.example", word)
	h.clock.Move(time.Hour)
	h.must(h.Poll(h.ctx))
	done := a.Done()
	h.must(h.view(h.one).ResetPassword(h.ctx, string(a.Entry()), other))
	<-done
	b := h.in("alice@one.test.example", other)
	b.Done()
	b.Release()
	h.clock.Move(time.Hour)
	h.must(h.Poll(h.ctx))
	h.must(h.view(h.one).ResetPassword(h.ctx, string(a.Entry()), word))
	c := h.in("alice@one.test.example", word)
	if ended(c) || !ended(b) {
		t.Error("an old proof is watched as if it were the new one")
	}
}

// TestOnDone: whoever waits by a call hears once, whoever has left not at all.
func TestOnDone(t *testing.T) {
	h := newHouse(t)
	a, b := h.in("alice@one.test.example", word), h.in("alice@one.test.example", word)
	heard := make(chan string, 8)
	left := a.OnDone(func() { heard <- "who left" })
	here := b.OnDone(func() { heard <- "who is here" })
	left()
	left()
	h.clock.Move(time.Hour)
	h.must(h.Poll(h.ctx)) // b's proof is not forgotten
	h.must(h.view(h.one).ResetPassword(h.ctx, string(a.Entry()), other))
	if got := <-heard; got != "who is here" {
		t.Error(got)
	}
	here()
	b.OnDone(func() { heard <- "who is late" })()
	if got := <-heard; got != "who is late" {
		t.Error(got)
	}
	auth.Actor{}.OnDone(func() { t.Error("nobody's proof ends") })()
	c := h.in("alice@one.test.example", other)
	c.OnDone(func() { t.Error("a proof ended that is forgotten") })()
	h.clock.Move(time.Hour)
	h.must(h.Poll(h.ctx))
	h.must(h.view(h.one).ResetPassword(h.ctx, string(a.Entry()), word))
	if len(heard) > 0 {
		t.Error(<-heard)
	}
}

// TestOwnPassword: row 120.
func TestOwnPassword(t *testing.T) {
	h := newHouse(t)
	const name = "alice@one.test.example"
	change := func(old, new string) error {
		return h.ChangePassword(h.ctx, auth.Attempt{Name: name, Password: old, Head: "awsapi", Remote: home}, new)
	}
	a := h.in(name, word)
	h.want(errs.Unauthenticated, change("wrong", other))
	h.want(errs.Password, change(word, "short"))
	h.want(errs.Password, change(word, word))
	h.want(errs.Unauthenticated, h.ChangePassword(h.ctx, auth.Attempt{Name: "bob@one.test.example", Password: word, Remote: home}, other))
	if ended(a) {
		t.Fatal("ended by refused changes")
	}
	h.must(change(word, "A-third-passw0rd"))
	if !ended(a) {
		t.Error("what the old password opened goes on")
	}
	_, err := h.try(name, word)
	h.want(errs.Unauthenticated, err)
	h.in(name, "A-third-passw0rd")
}

// TestThrottledSignIn: rows 110 and 112 through the door.
func TestThrottledSignIn(t *testing.T) {
	h := newHouse(t)
	h.in("alice@one.test.example", word)
	from := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}) }
	for _, name := range []string{"alice@one.test.example", "nobody@one.test.example", "bob@one.test.example"} {
		refused := 0
		for i := range 14 {
			_, err := h.SignIn(h.ctx, auth.Attempt{Name: name, Password: fmt.Sprint("guess", i), Remote: from(i)})
			if errs.Is(err, errs.Throttled) {
				refused++
			}
		}
		if refused != 3 {
			t.Errorf("%s: %d of 14 refused", name, refused)
		}
	}
	_, err := h.SignIn(h.ctx, auth.Attempt{Name: "alice@one.test.example", Password: word, Remote: from(99)})
	h.want(errs.Throttled, err)
	h.in("alice@one.test.example", word) // from home
}

// TestRehash: row 113.
func TestRehash(t *testing.T) {
	h := newHouse(t)
	old, err := auth.NewHasher(nil).Hash(h.ctx, word)
	h.must(err)
	id := h.users["carol"].ID
	h.must(h.dir.Store.Write(h.ctx, h.one.ID, func(t *tx.Tx) error { return h.dir.Store.PutPassword(t, h.one.ID, id, old, h.clock.Now()) }))
	a := h.in("alice.b@one.test.example", word)
	now, err := h.dir.Store.PasswordHash(h.ctx, nil, h.one.ID, id)
	h.must(err)
	if now == old || h.hasher.Stale(now) {
		t.Error(now)
	}
	if ended(a) {
		t.Error("a new hash of the same password is no change")
	}
	h.clock.Move(time.Hour)
	h.in("alice.b@one.test.example", word)
}

// TestSignInAgainstRevoke: whatever happens first, no Actor of the old password
// stays open.
func TestSignInAgainstRevoke(t *testing.T) {
	h := newHouse(t)
	id := string(h.users["carol"].ID)
	const name = "alice.b@one.test.example"
	for range 5 {
		var wg sync.WaitGroup
		got := make(chan auth.Actor, 8)
		for range 4 {
			wg.Go(func() {
				if a, err := h.try(name, other); err == nil {
					got <- a
				}
			})
		}
		wg.Go(func() { h.must(h.view(h.one).ResetPassword(h.ctx, id, word)) })
		wg.Wait()
		close(got)
		for a := range got {
			if !ended(a) {
				t.Fatal("open with the old password")
			}
		}
		h.must(h.view(h.one).ResetPassword(h.ctx, id, other))
		h.clock.Move(time.Hour)
	}
}

func BenchmarkSignInProven(b *testing.B) {
	h := newHouse(b)
	h.in("alice@one.test.example", word)
	for b.Loop() {
		h.in("alice@one.test.example", word)
	}
}
