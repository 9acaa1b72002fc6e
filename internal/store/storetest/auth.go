package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"testing"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/tx"
)

var authStart = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// desk is an auth.Service over a store, with stories' helpers.
type desk struct {
	*testing.T
	*auth.Service
	ctx   context.Context
	store auth.Store
	chain audit.Store
	clock *clock.Set
	first string // the bootstrap's password
}

// Auth is the contract of auth.Store, told through core/auth where it can be.
// open returns an empty deployment store and the audit chain beside it.
func Auth(t *testing.T, open func(t *testing.T) (auth.Store, audit.Store)) {
	stories := map[string]func(d *desk){
		"administrators are kept whole":        adminsKept,
		"pages in order of folded names":       adminPages,
		"names are unique however written":     adminNames,
		"keys are kept whole":                  keysKept,
		"sessions are kept whole":              sessionsKept,
		"sessions expire":                      sessionsExpire,
		"the session unused for longest goes":  sessionsMakeRoom,
		"last use never goes back":             lastUse,
		"regions are listed once":              regionsKept,
		"deleting takes all of one":            deleteAll,
		"a change and its record are one":      authAudited,
		"changes at once leave one in charge":  lastOneRace,
		"a second process sees what was ended": twoProcesses,
	}
	maps.Copy(stories, factorStories)
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			store, chain := open(t)
			d := &desk{T: t, ctx: t.Context(), store: store, chain: chain, clock: clock.At(authStart)}
			d.Service = d.process()
			var err error
			var made bool
			if d.first, made, err = d.Bootstrap(d.ctx); err != nil || !made {
				t.Fatal(made, err)
			}
			story(d)
		})
	}
}

// process is one more process over the same store.
func (d *desk) process() *auth.Service {
	d.Helper()
	sealer, err := auth.NewSealer(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		d.Fatal(err)
	}
	return auth.New(auth.Config{Store: d.store, Trail: audit.NewTrail(d.chain, d.clock), Hasher: auth.NewHasher(nil), Sealer: sealer, Clock: d.clock, Console: "console.example.com"})
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) want(kind errs.Kind, err error) {
	d.Helper()
	if !errs.Is(err, kind) {
		d.Fatalf("%v, not %s", err, kind)
	}
}

func (d *desk) write(fn func(t *tx.Tx) error) {
	d.Helper()
	d.must(d.store.Write(d.ctx, "", fn))
}

func (d *desk) root() *auth.View { return d.For(d.Operator("cli")).Call("test", "r", 0) }

func (d *desk) add(name string, r auth.Rights) auth.Admin {
	d.Helper()
	a, err := d.root().CreateAdministrator(d.ctx, auth.NewAdmin{Name: name, Rights: r})
	d.must(err)
	return a
}

var everything = auth.Rights{Role: auth.Full, All: true}

func adminsKept(d *desk) {
	orgs := []ids.Org{ids.NewOrg(), ids.NewOrg()}
	slices.Sort(orgs)
	in := auth.AdminRecord{Admin: auth.Admin{
		ID: ids.Admin(ids.NewUUID()), Name: "Zoë", Rights: auth.Rights{Role: auth.ReadOnly, Organizations: orgs}, Enabled: true,
		Password: true, Revision: 3, Created: authStart, Changed: authStart.Add(time.Second), SignedIn: authStart.Add(time.Minute),
	}, Hash: "$x", Version: 9}
	d.write(func(t *tx.Tx) error { _, err := d.store.InsertAdmin(t, in, "zoe"); return err })
	got, found, err := d.store.Admin(d.ctx, nil, in.ID)
	d.must(err)
	if !found || fmt.Sprint(got) != fmt.Sprint(in) {
		d.Fatalf("kept\n%v, not\n%v", got, in)
	}
	in.Rights, in.Enabled, in.Hash, in.Password, in.Version, in.Revision = everything, false, "", false, 10, 4
	d.write(func(t *tx.Tx) error { return d.store.UpdateAdmin(t, in) })
	d.write(func(t *tx.Tx) error { return d.store.SetSignedIn(t, in.ID, authStart.Add(time.Hour)) })
	in.SignedIn = authStart.Add(time.Hour)
	got, _, err = d.store.AdminByName(d.ctx, nil, "zoe")
	d.must(err)
	if fmt.Sprint(got) != fmt.Sprint(in) {
		d.Fatalf("kept\n%v, not\n%v", got, in)
	}
	if _, found, err := d.store.Admin(d.ctx, nil, "none"); found || err != nil {
		d.Fatal(found, err)
	}
	if n, err := d.store.CountManaging(d.ctx, nil); n != 1 || err != nil {
		d.Fatal(n, err)
	}
	if n, err := d.store.CountAdmins(d.ctx, nil); n != 2 || err != nil {
		d.Fatal(n, err)
	}
}

func adminPages(d *desk) {
	for _, n := range []string{"Bob", "alice", "x", "b.9", "Z", "b-1"} {
		d.add(n, everything)
	}
	var all []string
	for after := ""; ; {
		page, next, err := d.root().ListAdministrators(d.ctx, after, 2)
		d.must(err)
		for _, a := range page {
			all = append(all, a.Name)
		}
		if after = next; after == "" {
			break
		}
	}
	if want := []string{"admin", "alice", "b-1", "b.9", "Bob", "x", "Z"}; !slices.Equal(all, want) {
		d.Fatal(all)
	}
}

func adminNames(d *desk) {
	d.add("Carol", everything)
	_, err := d.root().CreateAdministrator(d.ctx, auth.NewAdmin{Name: "cAROL", Rights: everything})
	d.want(errs.Exists, err)
}

func keysKept(d *desk) {
	a := d.add("carol", everything)
	var made []string
	for range 3 {
		k, secret, err := d.root().CreateAccessKey(d.ctx, a.ID)
		d.must(err)
		got, actor, err := d.AccessKey(d.ctx, k.ID)
		d.must(err)
		if got != secret || len(secret) != 40 || len(k.ID) != 20 || actor.Admin() != a.ID {
			d.Fatal(k.ID, got, secret, actor.Name())
		}
		rec, found, err := d.store.Key(d.ctx, nil, k.ID)
		d.must(err)
		if !found || bytes.Contains(rec.Sealed, []byte(secret)) || !rec.Active || rec.Admin != a.ID || !rec.Created.Equal(authStart) {
			d.Fatal(rec)
		}
		made = append(made, k.ID)
	}
	d.must(d.root().UpdateAccessKey(d.ctx, a.ID, made[0], false))
	d.must(d.root().DeleteAccessKey(d.ctx, a.ID, made[1]))
	list, err := d.root().ListAccessKeys(d.ctx, a.ID)
	d.must(err)
	want := []string{made[0], made[2]}
	slices.Sort(want)
	var have []string
	for _, k := range list {
		have = append(have, k.ID)
		if k.Active != (k.ID != made[0]) {
			d.Error(k)
		}
	}
	if !slices.Equal(have, want) {
		d.Fatal(have, want)
	}
}

func (d *desk) session(admin ids.Admin, id string, seen, expires time.Time) auth.SessionRecord {
	sum := sha256.Sum256([]byte(id))
	return auth.SessionRecord{Session: auth.Session{
		ID: id, Admin: admin, Remote: "192.0.2.1", Created: seen, Seen: seen, Expires: expires,
	}, Hash: sum[:], Version: 4}
}

func sessionsKept(d *desk) {
	a, b := d.add("a1", everything), d.add("b1", everything)
	in := d.session(a.ID, "s1", authStart, authStart.Add(time.Hour))
	later := d.session(a.ID, "s0", authStart.Add(time.Minute), authStart.Add(time.Hour))
	other := d.session(b.ID, "s2", authStart, authStart.Add(time.Hour))
	d.write(func(t *tx.Tx) error {
		return errors.Join(d.store.InsertSession(t, later), d.store.InsertSession(t, in), d.store.InsertSession(t, other))
	})
	got, found, err := d.store.Session(d.ctx, nil, in.Hash)
	d.must(err)
	if !found || fmt.Sprint(got) != fmt.Sprint(in) {
		d.Fatalf("kept\n%v, not\n%v", got, in)
	}
	list, err := d.store.Sessions(d.ctx, nil, a.ID)
	d.must(err)
	if len(list) != 2 || list[0].ID != "s1" || list[1].ID != "s0" {
		d.Fatal(list)
	}
	d.write(func(t *tx.Tx) error {
		return errors.Join(d.store.SetSessionVersion(t, "s1", 5), d.store.DeleteSessions(t, a.ID, "s1"))
	})
	list, err = d.store.Sessions(d.ctx, nil, a.ID)
	d.must(err)
	if len(list) != 1 || list[0].ID != "s1" || list[0].Version != 5 {
		d.Fatal(list)
	}
	d.write(func(t *tx.Tx) error { return d.store.DeleteSession(t, "s1") })
	if _, found, err := d.store.Session(d.ctx, nil, in.Hash); found || err != nil {
		d.Fatal(found, err)
	}
	if _, found, err := d.store.Session(d.ctx, nil, other.Hash); !found || err != nil {
		d.Fatal("another's session went too", err)
	}
}

func sessionsExpire(d *desk) {
	a := d.add("a1", everything)
	now := authStart.Add(2 * time.Hour)
	d.write(func(t *tx.Tx) error {
		return errors.Join(
			d.store.InsertSession(t, d.session(a.ID, "old", now, now)),
			d.store.InsertSession(t, d.session(a.ID, "idle", authStart, now.Add(time.Hour))),
			d.store.InsertSession(t, d.session(a.ID, "good", now, now.Add(time.Hour))))
	})
	d.write(func(t *tx.Tx) error {
		n, err := d.store.ExpireSessions(t, now, authStart, 1)
		if err == nil && n != 1 {
			err = fmt.Errorf("%d at a limit of 1", n)
		}
		return err
	})
	d.write(func(t *tx.Tx) error { _, err := d.store.ExpireSessions(t, now, authStart, 9); return err })
	list, err := d.store.Sessions(d.ctx, nil, a.ID)
	d.must(err)
	if len(list) != 1 || list[0].ID != "good" {
		d.Fatal(list)
	}
}

// sessionsMakeRoom: at the 51st session the one goes that was unused for
// longest: never the newest, and not the oldest while somebody works in it.
func sessionsMakeRoom(d *desk) {
	browser := auth.Browser{Remote: netip.MustParseAddr("192.0.2.1")}
	var all []auth.SignedIn
	signIn := func() {
		d.Helper()
		in, err := d.AdminSignIn(d.ctx, "admin", d.first, browser)
		d.must(err)
		all = append(all, in)
	}
	for range 50 {
		signIn()
		d.clock.Move(time.Second)
	}
	d.clock.Move(2 * time.Minute)
	_, err := d.AdminSession(d.ctx, all[0].Token) // the oldest is used
	d.must(err)
	unused, err := d.AdminSession(d.ctx, all[2].Token)
	d.must(err)
	for range 2 {
		signIn()
	}
	alive := func(i int) bool {
		d.Helper()
		_, err := d.AdminSession(d.ctx, all[i].Token)
		if err != nil {
			d.want(errs.Unauthenticated, err)
		}
		return err == nil
	}
	for i, want := range map[int]bool{0: true, 1: false, 2: true, 3: false, 4: true, 49: true, 50: true, 51: true} {
		if alive(i) != want {
			d.Errorf("session %d goes on: %v", i, !want)
		}
	}
	if unused.Revoked() {
		d.Error("one that was used has ended")
	}
	if open, err := d.root().Sessions(d.ctx, all[0].Actor.Admin()); err != nil || len(open) != 50 {
		d.Fatal(len(open), err)
	}
	// A wrong password opens none, and so ends none.
	for range 3 {
		_, err := d.AdminSignIn(d.ctx, "admin", "wrong password", browser)
		d.want(errs.Unauthenticated, err)
	}
	if !alive(4) {
		d.Error("a stranger ended a session")
	}
}

func lastUse(d *desk) {
	a := d.add("a1", everything)
	k, _, err := d.root().CreateAccessKey(d.ctx, a.ID)
	d.must(err)
	d.write(func(t *tx.Tx) error {
		return d.store.InsertSession(t, d.session(a.ID, "s1", authStart, authStart.Add(time.Hour)))
	})
	for _, at := range []time.Duration{2 * time.Minute, time.Minute} {
		used := map[string]time.Time{k.ID: authStart.Add(at), "s1": authStart.Add(at), "gone": authStart}
		d.write(func(t *tx.Tx) error { return d.store.Used(t, used, used) })
	}
	keys, err := d.store.Keys(d.ctx, nil, a.ID)
	d.must(err)
	sessions, err := d.store.Sessions(d.ctx, nil, a.ID)
	d.must(err)
	want := authStart.Add(2 * time.Minute)
	if !keys[0].Used.Equal(want) || !sessions[0].Seen.Equal(want) {
		d.Fatal(keys, sessions)
	}
}

func regionsKept(d *desk) {
	for _, n := range []string{"us-east-1", "eu-west-1", "us-east-1"} {
		d.write(func(t *tx.Tx) error { return d.store.PutRegion(t, n, d.clock.Now()) })
		d.clock.Move(time.Hour)
	}
	list, err := d.root().ListRegions(d.ctx)
	d.must(err)
	if len(list) != 2 || list[0].Name != "eu-west-1" || list[1].Name != "us-east-1" || !list[1].Created.Equal(authStart) {
		d.Fatal(list)
	}
}

func deleteAll(d *desk) {
	a := d.add("a1", auth.Rights{Role: auth.Full, Organizations: []ids.Org{ids.NewOrg()}})
	k, _, err := d.root().CreateAccessKey(d.ctx, a.ID)
	d.must(err)
	s := d.session(a.ID, "s1", authStart, authStart.Add(time.Hour))
	d.write(func(t *tx.Tx) error { return d.store.InsertSession(t, s) })
	d.must(d.root().DeleteAdministrator(d.ctx, a.ID))
	_, key, err1 := d.store.Key(d.ctx, nil, k.ID)
	_, session, err2 := d.store.Session(d.ctx, nil, s.Hash)
	_, admin, err3 := d.store.Admin(d.ctx, nil, a.ID)
	if key || session || admin || errors.Join(err1, err2, err3) != nil {
		d.Fatal(key, session, admin, err1, err2, err3)
	}
	d.add("a1", everything) // the name is free
}

func authAudited(d *desk) {
	before, _, err := d.chain.Head(d.ctx, "")
	d.must(err)
	a := d.add("a1", everything)
	_, err = d.root().CreateAdministrator(d.ctx, auth.NewAdmin{Name: "A1", Rights: everything})
	d.want(errs.Exists, err)
	after, _, err := d.chain.Head(d.ctx, "")
	d.must(err)
	if after != before+1 {
		d.Fatalf("%d records of one change", after-before)
	}
	list, _, err := audit.NewLists(d.chain).List(d.ctx, audit.Filter{Target: string(a.ID)})
	d.must(err)
	if len(list) != 1 || list[0].By.Kind != audit.Operator || list[0].By.Operation != "test" || list[0].TargetName != "a1" {
		d.Fatal(list)
	}
	if _, err := audit.NewLists(d.chain).Verify(d.ctx, ""); err != nil {
		d.Fatal(err)
	}
}

// lastOneRace: several take each other away at once; one stays.
func lastOneRace(d *desk) {
	var all []ids.Admin
	for i := range 4 {
		all = append(all, d.add(fmt.Sprintf("a%d", i), everything).ID)
	}
	boot, err := d.root().FindAdministrator(d.ctx, auth.FirstAdministrator)
	d.must(err)
	d.must(d.root().DeleteAdministrator(d.ctx, boot.ID))
	off := false
	answers := make(chan error)
	for _, id := range all {
		go func() {
			_, err := d.root().UpdateAdministrator(d.ctx, id, auth.AdminChange{Enabled: &off})
			answers <- err
		}()
	}
	refused := 0
	for range all {
		if err := <-answers; err != nil {
			d.want(errs.State, err)
			refused++
		}
	}
	if n, err := d.store.CountManaging(d.ctx, nil); n != 1 || refused != 1 || err != nil {
		d.Fatal(n, refused, err)
	}
}

// twoProcesses: what one process revokes ends in the other at its next poll
// (row 123).
func twoProcesses(d *desk) {
	other := d.process()
	remote := netip.MustParseAddr("192.0.2.1")
	in, err := d.AdminSignIn(d.ctx, "admin", d.first, auth.Browser{Remote: remote})
	d.must(err)
	there, err := other.AdminSession(d.ctx, in.Token)
	d.must(err)
	done := there.Done()
	d.must(other.Poll(d.ctx))
	if there.Revoked() {
		d.Fatal("ended without a reason")
	}
	here, err := d.AdminSession(d.ctx, in.Token)
	d.must(err)
	d.must(d.SignOut(d.ctx, here))
	d.must(other.Poll(d.ctx))
	select {
	case <-done:
	default:
		d.Fatal("the other process goes on")
	}
	_, err = other.AdminSession(d.ctx, in.Token)
	d.want(errs.Unauthenticated, err)
}
