package dirtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// glass is a house whose organization mirrors a Foreign.
type glass struct {
	*house
	f *Foreign
	m *directory.Mirror

	mu         sync.Mutex
	revoked    map[ids.Entry]int
	gone, back []string
	boxes      ids.Mailbox
}

func newGlass(t testing.TB) *glass {
	f := NewForeign()
	g := &glass{f: f, revoked: map[ids.Entry]int{}}
	g.house = openHouse(t, func(directory.Store, directory.Hasher) directory.Source { return f })
	g.dir.OnRevoked(g)
	g.m = g.mirror("d-1@1")
	return g
}

func (g *glass) Proven(ids.Org, ids.Entry, time.Time) []string { return nil }

func (g *glass) Revoked(_ ids.Org, e ids.Entry) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.revoked[e]++
}

func (g *glass) revocations(e ids.Entry) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.revoked[e]
}

func (g *glass) mirror(name string) *directory.Mirror {
	note := func(list *[]string) directory.Hook {
		return func(t *tx.Tx, e *directory.Entry) error {
			t.AfterCommit(func() { *list = append(*list, e.Name) })
			return nil
		}
	}
	return g.dir.Mirror(g.org, directory.MirrorConfig{Directory: name, Zone: time.UTC, Gone: note(&g.gone), Back: note(&g.back),
		Open: func(context.Context) (directory.Foreign, error) { return g.f, nil }})
}

// turn lets a moment pass and the mirror look.
func (g *glass) turn() {
	g.Helper()
	g.clock.Move(6 * time.Second)
	ours, err := g.m.Turn(g.ctx)
	g.must(err)
	if !ours {
		g.Fatal("another process mirrors")
	}
}

func (g *glass) fails() {
	g.Helper()
	if _, err := g.m.Turn(g.ctx); err == nil {
		g.Fatal("it went well")
	}
}

func (g *glass) sync() directory.SyncState {
	g.Helper()
	s, err := g.view().DescribeDirectorySync(g.ctx)
	g.must(err)
	return s
}

func (g *glass) at(r directory.Ref) directory.Entry {
	g.Helper()
	e, err := g.dir.ByID(g.ctx, nil, g.org, r.Entry)
	g.must(err)
	return e
}

func (g *glass) shown(r directory.Ref) directory.State {
	g.Helper()
	e := g.at(r)
	return e.Shown()
}

func (g *glass) enable(r directory.Ref) directory.Entry {
	g.Helper()
	e, err := g.view().RegisterToWorkMail(g.ctx, string(r.Entry), r.Name+"@example.postroom.test", func(_ *tx.Tx, e *directory.Entry) error {
		g.boxes++
		e.Mailbox = g.boxes
		return nil
	})
	g.must(err)
	return e
}

func (g *glass) add(name string) directory.Ref {
	return g.f.Add(directory.Identity{Ref: directory.Ref{Name: name}, DisplayName: "Ms " + name}, "Sesame-Open-1")
}

func (g *glass) group(name string, members ...string) directory.Ref {
	return g.f.Add(directory.Identity{Ref: directory.Ref{Name: name, Kind: directory.KindGroup}, Mirrored: directory.Mirrored{Members: members}}, "")
}

func (g *glass) members(r directory.Ref) string {
	g.Helper()
	list, err := g.dir.Members(g.ctx, nil, g.org, r.Entry, "", 10000)
	g.must(err)
	var names []string
	for _, e := range list {
		names = append(names, e.Name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func (g *glass) addresses(r directory.Ref) string {
	g.Helper()
	list, err := g.store.Addresses(g.ctx, nil, g.org, r.Entry, "", 1000)
	g.must(err)
	var texts []string
	for _, a := range list {
		if a.Held {
			texts = append(texts, a.Text)
		}
	}
	return strings.Join(texts, " ")
}

func (g *glass) want(got, want any) {
	g.Helper()
	if a, b := fmt.Sprint(got), fmt.Sprint(want); a != b {
		g.Fatalf("got %s, want %s", a, b)
	}
}

func smtp(list ...string) (out []directory.Address) {
	for _, s := range list {
		kind := directory.SMTP
		if strings.HasPrefix(s, "/") {
			kind = directory.X500
		}
		out = append(out, directory.Address{Kind: kind, Text: s})
	}
	return out
}

func keysOf(list []directory.Ref) (keys []string) {
	for _, r := range list {
		keys = append(keys, r.Key)
	}
	return keys
}

// Everything is read first, in pages; then each change is seen in the next turn,
// and nothing is written where nothing changed.
func TestMirrorReadsAndFollows(t *testing.T) {
	g := newGlass(t)
	g.f.PageSize = 100
	list := g.f.Fill(450)
	follows, err := g.dir.Follows(g.ctx, g.org)
	g.must(err)
	g.want(follows, false)
	g.turn()
	s := g.sync()
	g.want([]any{s.Phase, s.Users, s.Groups, s.Read, s.Total, s.Faults, s.Error}, []any{directory.SyncFollowing, 450, 0, 450, 450, 0, ""})
	e := g.at(list[7])
	g.want([]any{e.Name, e.DisplayName, e.FirstName, e.LastName, e.State, e.Dir, e.Role, e.Key, e.UPN},
		[]any{"user00007", "User 00007", "User", "7", directory.Disabled, directory.DirActive, directory.RoleUser, list[7].Key, "user00007@corp.example.test"})
	g.turn()
	writes := g.store.writes
	g.clock.Move(time.Second)
	_, err = g.m.Turn(g.ctx)
	g.must(err)
	g.want(g.store.writes-writes, 0)

	g.f.Edit(list[7].Key, func(i *directory.Identity) {
		i.Name, i.DisplayName, i.Details.City, i.Hidden = "renamed", "Re Named", "Ulm", true
	})
	fresh := g.add("fresh")
	g.f.Move(true, list[8].Key)
	g.turn()
	e = g.at(list[7])
	g.want([]any{e.Name, e.DisplayName, e.City, e.Hidden, e.Revision, e.ID}, []any{"renamed", "Re Named", "Ulm", true, 2, list[7].Entry})
	g.want(g.at(fresh).Name, "fresh")
	g.want(g.at(list[8]).Dir, directory.DirGone)
	follows, err = g.dir.Follows(g.ctx, g.org)
	g.must(err)
	g.want(follows, true)
	g.clock.Move(30 * time.Second)
	follows, _ = g.dir.Follows(g.ctx, g.org)
	g.want(follows, false)
	g.want(g.sync().Lag, 30*time.Second)
	g.clock.Move(time.Minute)
	g.want(g.sync().Phase, directory.SyncFailing)
}

// An ordinary account sees no deletions: a comparison of keys finds them, at most
// every 5 seconds, and none is forgotten meanwhile.
func TestMirrorSweeps(t *testing.T) {
	g := newGlass(t)
	list := g.f.Fill(100)
	g.turn()
	g.f.Remove(list[3].Key)
	g.turn()
	g.want(g.at(list[3]).Dir, directory.DirGone)
	g.f.Remove(list[4].Key)
	sweeps := g.f.Calls["foreign.Keys"]
	_, err := g.m.Turn(g.ctx)
	g.must(err)
	g.want([]any{g.at(list[4]).Dir, g.f.Calls["foreign.Keys"] - sweeps}, []any{directory.DirActive, 0})
	g.turn()
	g.want(g.at(list[4]).Dir, directory.DirGone)
	// With an account that sees them no comparison is needed.
	g.f.Privileged = true
	g.f.Remove(list[5].Key)
	sweeps = g.f.Calls["foreign.Keys"]
	g.turn()
	g.want([]any{g.at(list[5]).Dir, g.f.Calls["foreign.Keys"] - sweeps}, []any{directory.DirGone, 0})
	// A whole unit that moves out of the base tells nothing of its members.
	g.f.MoveUnseen(true, list[6].Key, list[7].Key)
	g.turn()
	g.want([]any{g.at(list[6]).Dir, g.at(list[8]).Dir}, []any{directory.DirGone, directory.DirActive})
}

// The nightly comparison finds what no change told, and changes are followed while it runs.
func TestMirrorComparesAtNight(t *testing.T) {
	g := newGlass(t)
	g.f.PageSize = 10
	list := g.f.Fill(50)
	g.turn() // at noon
	reads := g.f.Calls["foreign.Read"]
	g.clock.Move(14 * time.Hour)
	g.turn()
	g.want(g.f.Calls["foreign.Read"]-reads, 0)
	g.clock.Move(time.Hour)
	once := sync.Once{}
	g.f.OnPage = func() {
		g.clock.Move(2 * time.Second)
		once.Do(func() { g.f.Edit(list[0].Key, func(i *directory.Identity) { i.Details.City = "Ulm" }) })
	}
	g.turn()
	if n := g.f.Calls["foreign.Read"] - reads; n < 5 {
		t.Fatal("it was not compared:", n)
	}
	g.want(g.at(list[0]).City, "Ulm")
	if looks := g.f.Calls["foreign.Changed"]; looks < 4 {
		t.Fatal("nothing was followed meanwhile:", looks)
	}
	// The settings were changed: everything is read anew.
	reads = g.f.Calls["foreign.Read"]
	g.f.OnPage = nil
	g.m = g.mirror("d-1@2")
	g.turn()
	if g.f.Calls["foreign.Read"] == reads {
		t.Fatal("it was not read anew")
	}
}

// Another server has marks of its own: all is read anew, and nothing is lost, not
// even who did not come to it yet.
func TestMirrorNoticesAnotherServer(t *testing.T) {
	g := newGlass(t)
	list := g.f.Fill(60)
	g.turn()
	g.clock.Move(time.Hour)
	alice, bob := g.add("alice"), g.add("bob")
	g.turn()
	g.enable(alice)
	g.f.AnotherServer()
	g.f.Edit(list[1].Key, func(i *directory.Identity) { i.Details.City = "Ulm" })
	g.f.Remove(list[2].Key)
	removed := g.f.Remove(alice.Key) // those two did not come to it yet
	g.f.Remove(bob.Key)
	g.turn()
	g.want([]any{g.at(list[1]).City, g.at(list[2]).Dir, g.sync().Phase}, []any{"Ulm", directory.DirGone, directory.SyncFollowing})
	g.want([]any{g.at(alice).Dir, g.at(bob).Dir, g.gone}, []any{directory.DirActive, directory.DirActive, []string(nil)})
	g.f.Restore(removed)
	for range 12 {
		g.clock.Move(time.Minute)
		g.turn()
	}
	g.want([]any{g.at(alice).Dir, g.at(bob).Dir, g.back}, []any{directory.DirActive, directory.DirActive, []string(nil)})
	g.clock.Move(2 * time.Minute)
	g.turn()
	g.want([]any{g.at(alice).Dir, g.at(bob).State, g.gone}, []any{directory.DirActive, directory.Deleted, []string(nil)})
}

// Disabled there: locked out at once, and no 30 days run. Gone: as after Deregister
// from then on, and the same key brings all back.
func TestMirrorStates(t *testing.T) {
	g := newGlass(t)
	g.f.Fill(60)
	alice, bob := g.add("alice"), g.add("bob")
	g.turn()
	g.enable(alice)
	g.enable(bob)
	before := g.at(alice)

	g.f.Edit(alice.Key, func(i *directory.Identity) { i.State = directory.DirDisabled })
	g.turn()
	e := g.at(alice)
	g.want([]any{e.State, e.Shown(), e.Dir, e.Version - before.Version, g.revocations(e.ID), e.Email}, []any{directory.Enabled, directory.Disabled, directory.DirDisabled, 1, 1, "alice@example.postroom.test"})
	g.clock.Move(40 * 24 * time.Hour)
	g.must(g.dir.Forget(g.ctx))
	g.turn()
	g.f.Edit(alice.Key, func(i *directory.Identity) { i.State = directory.DirActive })
	g.turn()
	e = g.at(alice)
	g.want([]any{e.Shown(), e.Mailbox, e.Version - before.Version}, []any{directory.Enabled, before.Mailbox, 2})

	removed := g.f.Remove(alice.Key)
	g.turn()
	e = g.at(alice)
	g.want([]any{e.State, e.Shown(), e.Dir, g.gone}, []any{directory.Enabled, directory.Disabled, directory.DirGone, []string{"alice"}})
	g.clock.Move(29 * 24 * time.Hour)
	g.must(g.dir.Forget(g.ctx))
	g.f.Restore(removed)
	g.f.Edit(alice.Key, func(i *directory.Identity) { i.Name = "alicia" }) // renamed and moved meanwhile
	g.turn()
	e = g.at(alice)
	g.want([]any{e.Name, e.Shown(), e.Mailbox, e.Email, e.GoneAt.IsZero(), g.back}, []any{"alicia", directory.Enabled, before.Mailbox, "alice@example.postroom.test", true, []string{"alicia"}})

	// After 30 days it is Deleted, and its mailbox is purged.
	g.f.Remove(bob.Key)
	g.turn()
	g.clock.Move(31 * 24 * time.Hour)
	g.must(g.dir.Forget(g.ctx))
	e = g.at(bob)
	purges, err := g.store.Purges(g.ctx, nil, 0, 10)
	g.must(err)
	g.want([]any{e.State, e.Mailbox, len(purges)}, []any{directory.Deleted, 0, 1})
	// Back after that it is there, with nothing of its own.
	g.f.Add(directory.Identity{Ref: bob}, "Sesame-Open-1")
	g.turn() // it could be of a page that was read before
	g.want(g.at(bob).State, directory.Deleted)
	g.clock.Move(time.Minute)
	g.turn()
	e = g.at(bob)
	g.want([]any{e.State, e.Dir, e.Mailbox, e.Email, e.Name}, []any{directory.Disabled, directory.DirActive, 0, "", "bob"})
}

// Who is gone and has no mailbox is deleted at once, so that the lists agree with
// the directory; who has one stays for 30 days, and cannot be changed.
func TestMirrorGoneWithoutMailbox(t *testing.T) {
	g := newGlass(t)
	g.f.Fill(60)
	alice, bob, carol := g.add("alice"), g.add("bob"), g.add("carol")
	crew := g.group("crew", alice.Key, bob.Key)
	g.turn()
	agree := func(users int64) {
		t.Helper()
		found, err := g.view().FindUsers(g.ctx, directory.Search{})
		g.must(err)
		n, token := 0, ""
		for {
			page, next, err := g.view().ListUsers(g.ctx, directory.Filter{}, token, 0)
			g.must(err)
			n += len(page)
			if token = next; token == "" {
				break
			}
		}
		g.want([]any{found.Total, n}, []any{users, users})
	}
	agree(63)
	g.enable(bob)
	g.enable(carol)
	_, err := g.view().DeregisterFromWorkMail(g.ctx, string(carol.Entry), nil)
	g.must(err)
	removed := g.f.Remove(alice.Key, bob.Key, carol.Key)
	g.turn()
	e := g.at(alice)
	g.want([]any{e.State, e.Dir, g.at(bob).State, g.shown(bob), g.at(carol).State, g.sync().Users, g.members(crew)},
		[]any{directory.Deleted, directory.DirGone, directory.Enabled, directory.Disabled, directory.Disabled, 60, "bob"})
	agree(62)
	// The words are those of Enable.
	gone := func(err error) {
		t.Helper()
		if !errs.Is(err, errs.State) || errs.Public(err) != "bob is no longer in its directory." {
			t.Fatal(err)
		}
	}
	title := "Pilot"
	_, err = g.view().UpdateUser(g.ctx, string(bob.Entry), directory.UserPatch{JobTitle: &title})
	gone(err)
	gone(g.view().ResetPassword(g.ctx, string(bob.Entry), "Sesame-Open-2"))
	// Back, it is there at once, and in its groups.
	g.f.Restore(removed[:1])
	g.turn()
	e = g.at(alice)
	g.want([]any{e.State, e.Dir, e.Name, e.DeletedAt.IsZero(), g.members(crew)}, []any{directory.Disabled, directory.DirActive, "alice", true, "alice bob"})
	agree(63)
	g.clock.Move(31 * 24 * time.Hour)
	g.must(g.dir.Forget(g.ctx))
	agree(61)
	// The brake holds before: many without a mailbox do not go unasked.
	fill, err := g.view().FindUsers(g.ctx, directory.Search{Query: "user", Limit: 20})
	g.must(err)
	var keys []string
	for _, e := range fill.Entries {
		keys = append(keys, g.at(directory.Ref{Entry: e.ID}).Key)
	}
	g.f.Remove(keys...)
	g.turn()
	g.want([]any{len(keys), g.sync().Phase, g.sync().HeldUsers}, []any{20, directory.SyncPaused, 20})
	agree(61)
}

// A name that cannot be shown, and what else the directory has wrong, are counted
// faults in words; what was there stays.
func TestMirrorFaultsInWords(t *testing.T) {
	g := newGlass(t)
	g.f.Fill(20)
	alice := g.add("alice")
	blank := g.f.Add(directory.Identity{Ref: directory.Ref{Name: " \u200b "}, Mirrored: directory.Mirrored{UPN: "blank@corp.example.com"}}, "")
	g.turn()
	s := g.sync()
	g.want([]any{s.Faults, s.FaultList[0].Key, s.FaultList[0].Text, s.Users}, []any{1, blank.Key, "blank@corp.example.com has no name that can be shown.", 21})
	g.f.Edit(blank.Key, func(i *directory.Identity) { i.Name = "bianca" })
	g.f.Edit(alice.Key, func(i *directory.Identity) { i.Fault = "2 entries of the directory have the same id." })
	g.turn()
	s = g.sync()
	g.want([]any{s.Faults, s.FaultList[0].Name, s.FaultList[0].Text, s.Users, g.at(blank).Name}, []any{1, "alice", "2 entries of the directory have the same id.", 22, "bianca"})
	g.f.Edit(alice.Key, func(i *directory.Identity) { i.Fault, i.Name = "", "  " })
	g.turn()
	e := g.at(alice)
	s = g.sync()
	g.want([]any{s.Faults, e.Dir, e.State, e.Name}, []any{1, directory.DirActive, directory.Disabled, ""})
	g.f.Edit(alice.Key, func(i *directory.Identity) { i.Name = "alice" })
	g.turn()
	g.want([]any{g.sync().Faults, g.at(alice).Name}, []any{0, "alice"})
}

// Deregistered and then gone: the 30 days go on from the first.
func TestMirrorGoneAfterDeregister(t *testing.T) {
	g := newGlass(t)
	g.f.Fill(60)
	alice := g.add("alice")
	g.turn()
	g.enable(alice)
	_, err := g.view().DeregisterFromWorkMail(g.ctx, string(alice.Entry), nil)
	g.must(err)
	g.clock.Move(20 * 24 * time.Hour)
	g.f.Remove(alice.Key)
	g.turn()
	g.clock.Move(11 * 24 * time.Hour)
	g.must(g.dir.Forget(g.ctx))
	g.want([]any{g.at(alice).Mailbox, len(g.gone)}, []any{0, 0})
}

// A name that another has is kept without, shown as a fault, and given when it is free.
func TestMirrorTakenNames(t *testing.T) {
	g := newGlass(t)
	g.f.Fill(60)
	_, err := g.view().CreateResource(g.ctx, directory.NewResource{Name: "lounge", Type: directory.Room}, nil)
	g.must(err)
	clash, swapA, swapB := g.add("Lounge"), g.add("swap-a"), g.add("swap-b")
	g.turn()
	e, s := g.at(clash), g.sync()
	g.want([]any{e.Name, s.Faults, s.FaultList[0].Name, s.FaultList[0].Entry, s.Phase}, []any{"", 1, "Lounge", clash.Entry, directory.SyncFollowing})
	if !strings.Contains(s.FaultList[0].Text, "taken by the resource") {
		t.Fatal(s.FaultList[0].Text)
	}
	g.turn()
	g.want(g.at(clash).Name, "")
	g.must(g.view().DeleteResource(g.ctx, "lounge"))
	g.turn()
	g.want([]any{g.at(clash).Name, g.sync().Faults}, []any{"Lounge", 0})
	// Two that change names with each other.
	g.f.Edit(swapA.Key, func(i *directory.Identity) { i.Name = "swap-x" })
	g.f.Edit(swapB.Key, func(i *directory.Identity) { i.Name = "swap-a" })
	g.f.Edit(swapA.Key, func(i *directory.Identity) { i.Name = "swap-b" })
	g.turn()
	g.want([]any{g.at(swapA).Name, g.at(swapB).Name, g.sync().Faults}, []any{"swap-b", "swap-a", 0})
	// One that was deleted and made again has another key: it gets the name, the former keeps the mailbox.
	g.enable(clash)
	g.f.Remove(clash.Key)
	again := g.add("lounge")
	g.turn()
	g.turn()
	g.want([]any{g.at(again).Name, g.at(clash).Name, g.at(clash).Mailbox != 0, g.sync().Faults}, []any{"lounge", "", true, 0})
	// And its address may be given to the new one.
	_, err = g.view().RegisterToWorkMail(g.ctx, string(again.Entry), "lounge@example.postroom.test", nil)
	g.must(err)
	// An identifier that another entry has cannot be shown.
	g.f.Add(directory.Identity{Ref: directory.Ref{Name: "twin", Entry: again.Entry}}, "")
	g.turn()
	s = g.sync()
	g.want([]any{s.Faults, s.FaultList[0].Entry}, []any{1, ""})
	if !strings.Contains(s.FaultList[0].Text, string(again.Entry)) {
		t.Fatal(s.FaultList[0].Text)
	}
}

// Accounts of the directory itself cannot be enabled; one that becomes such is locked out.
func TestMirrorSystemAccounts(t *testing.T) {
	g := newGlass(t)
	g.f.Fill(60)
	krbtgt := g.f.Add(directory.Identity{Ref: directory.Ref{Name: "krbtgt"}, State: directory.DirDisabled, Mirrored: directory.Mirrored{System: true}}, "")
	alice := g.add("alice")
	g.turn()
	g.want([]any{g.at(krbtgt).Role, g.sync().Faults}, []any{directory.RoleSystemUser, 0})
	if _, err := g.view().RegisterToWorkMail(g.ctx, string(krbtgt.Entry), "k@example.postroom.test", nil); !errs.Is(err, errs.Unsupported) {
		t.Fatal(err)
	}
	g.enable(alice)
	g.f.Edit(alice.Key, func(i *directory.Identity) { i.System = true })
	g.turn()
	e, s := g.at(alice), g.sync()
	g.want([]any{e.Role, e.Shown(), e.State, e.Mailbox != 0, g.revocations(e.ID), s.Faults}, []any{directory.RoleSystemUser, directory.Disabled, directory.Enabled, true, 1, 1})
	g.f.Edit(alice.Key, func(i *directory.Identity) { i.System = false })
	g.turn()
	e = g.at(alice)
	g.want([]any{e.Role, e.Shown(), g.sync().Faults}, []any{directory.RoleUser, directory.Enabled, 0})
}

// Exchange's addresses become aliases where they are ours and free, and go with
// the directory; what an administrator made stays.
func TestMirrorAddresses(t *testing.T) {
	g := newGlass(t)
	g.f.Fill(60)
	alice := g.f.Add(directory.Identity{Ref: directory.Ref{Name: "alice"}, Mirrored: directory.Mirrored{
		Addresses: smtp("Al@example.postroom.test", "al@elsewhere.example", "/o=Corp/cn=alice", "bad address")}}, "")
	bob := g.f.Add(directory.Identity{Ref: directory.Ref{Name: "bob"}, Mirrored: directory.Mirrored{Addresses: smtp("AL@example.postroom.test", "b@example.postroom.test")}}, "")
	g.turn()
	g.want(g.addresses(alice), "/o=Corp/cn=alice Al@example.postroom.test")
	g.want([]any{g.addresses(bob), g.sync().Faults}, []any{"b@example.postroom.test", 1})
	if text := g.sync().FaultList[0].Text; !strings.Contains(text, "AL@example.postroom.test") {
		t.Fatal(text)
	}
	g.enable(alice)
	g.must(g.view().CreateAlias(g.ctx, string(alice.Entry), "ours@example.postroom.test"))
	g.f.Edit(alice.Key, func(i *directory.Identity) {
		i.Addresses = smtp("ours@example.postroom.test", "new@example.postroom.test")
	})
	g.turn()
	g.want(g.addresses(alice), "alice@example.postroom.test new@example.postroom.test ours@example.postroom.test")
	g.turn() // what is free now is given to who waited
	g.want([]any{g.addresses(bob), g.sync().Faults}, []any{"AL@example.postroom.test b@example.postroom.test", 0})
	g.f.Edit(alice.Key, func(i *directory.Identity) { i.Addresses = nil })
	g.turn()
	g.want(g.addresses(alice), "alice@example.postroom.test ours@example.postroom.test")
	// A mail domain that is verified later brings the aliases of it.
	g.f.Edit(alice.Key, func(i *directory.Identity) { i.Addresses = smtp("alice@later.example") })
	g.turn()
	g.must(g.orgs.View(g.org, audit.By{Kind: audit.System}, 0).RegisterMailDomain(g.ctx, "later.example", ""))
	g.turn()
	g.want(g.addresses(alice), "alice@example.postroom.test ours@example.postroom.test")
	g.must(g.orgs.View(g.org, audit.By{Kind: audit.System}, 0).ForceMailDomain(g.ctx, "later.example"))
	g.turn()
	g.want(g.addresses(alice), "alice@example.postroom.test alice@later.example ours@example.postroom.test")
	_, err := g.view().DeregisterFromWorkMail(g.ctx, string(alice.Entry), nil)
	g.must(err)
	domains := g.orgs.View(g.org, audit.By{Kind: audit.System}, 0)
	g.must(domains.DeregisterMailDomain(g.ctx, "later.example", func(t *tx.Tx, domain string) (bool, error) { return g.dir.ReleaseDomain(t, g.org, domain) }))
	g.turn()
	g.want(g.addresses(alice), "alice@example.postroom.test ours@example.postroom.test")
	g.must(domains.RegisterMailDomain(g.ctx, "later.example", ""))
	g.must(domains.ForceMailDomain(g.ctx, "later.example"))
	g.turn()
	g.want(g.addresses(alice), "alice@example.postroom.test alice@later.example ours@example.postroom.test")
}

// Members are by key: those not seen yet join later, in whatever order they come.
func TestMirrorMembers(t *testing.T) {
	g := newGlass(t)
	list := g.f.Fill(60)
	later := directory.Ref{Key: ids.NewUUID(), Name: "later"}
	inner := g.group("inner", list[1].Key)
	outer := g.group("outer", inner.Key, list[2].Key, later.Key, ids.NewUUID())
	g.f.Edit(inner.Key, func(i *directory.Identity) { i.Members = append(i.Members, outer.Key) }) // directories allow a circle
	g.turn()
	g.want([]any{g.members(inner), g.members(outer)}, []any{"outer user00001", "inner user00002"})
	g.f.Add(directory.Identity{Ref: later}, "")
	g.turn()
	g.want(g.members(outer), "inner later user00002")
	revision := g.at(outer).Revision
	g.f.Edit(outer.Key, func(i *directory.Identity) { i.Members = []string{list[3].Key, inner.Key} })
	g.turn()
	g.want([]any{g.members(outer), g.at(outer).Revision - revision}, []any{"inner user00003", 1})
	var many []string
	for _, r := range g.f.Fill(0) {
		many = append(many, r.Key)
	}
	g.f.Edit(outer.Key, func(i *directory.Identity) { i.Members = append(many, keysOf(list)...) })
	g.turn()
	g.want(len(strings.Fields(g.members(outer))), 60)
	// A group that moved out of the base and in again has its members.
	g.f.Move(true, outer.Key)
	g.turn()
	g.want(g.at(outer).Dir, directory.DirGone)
	g.f.Move(false, outer.Key)
	g.turn()
	g.want([]any{g.at(outer).Dir, len(strings.Fields(g.members(outer)))}, []any{directory.DirActive, 60})
}

// A password that was changed in the directory ends what the old one proved.
func TestMirrorPasswords(t *testing.T) {
	g := newGlass(t)
	g.f.Fill(60)
	alice := g.add("alice")
	g.turn()
	g.enable(alice)
	g.turn()
	before := g.at(alice)
	seen := g.clock.Now()
	g.f.Reset(alice.Key, "Sesame-Open-2")
	g.turn()
	e := g.at(alice)
	g.want([]any{e.Version - before.Version, g.revocations(e.ID), e.FormerBefore, e.FormerUntil.Sub(g.clock.Now())}, []any{1, 1, seen, 65 * time.Minute})
	// A page that was read before tells nothing; one that is later does.
	for i, set := range []string{"134000000000000002", "134000000000000001", "134000000000000003"} {
		g.f.Edit(alice.Key, func(i *directory.Identity) { i.PasswordSet = set })
		g.turn()
		g.want(g.at(alice).Version-e.Version, []int{1, 1, 2}[i])
	}
	// Through us it was counted already.
	g.must(g.view().ResetPassword(g.ctx, string(alice.Entry), "Sesame-Open-3"))
	e = g.at(alice)
	g.turn()
	g.want(g.at(alice).Version, e.Version)
}

// Row 90: a directory that loses many of its users by mistake takes none here
// until an administrator says so; and all come back with it.
func TestMirrorRow90(t *testing.T) {
	for _, privileged := range []bool{false, true} {
		g := newGlass(t)
		g.f.Privileged = privileged
		list := g.f.Fill(100)
		g.turn()
		for _, r := range list[:20] {
			g.enable(r)
		}
		few := g.f.Remove(keysOf(list[90:])...) // a tenth is not more than a tenth
		g.turn()
		g.want([]any{g.at(list[95]).Dir, g.sync().Phase}, []any{directory.DirGone, directory.SyncFollowing})
		g.f.Restore(few)
		g.clock.Move(2 * time.Minute)
		g.turn()
		g.want(g.at(list[95]).Dir, directory.DirActive)

		removed := g.f.Remove(keysOf(list[:90])...)
		g.f.Edit(list[95].Key, func(i *directory.Identity) { i.Details.City = "Ulm" })
		g.turn()
		s := g.sync()
		g.want([]any{s.Phase, s.Held, s.HeldUsers, s.Users, len(s.HeldNames), s.Error}, []any{directory.SyncPaused, 90, 90, 100, 20, ""})
		g.want([]any{g.shown(list[0]), g.at(list[95]).City}, []any{directory.Enabled, "Ulm"})
		// What changes is followed, also single ones that leave.
		g.f.Edit(list[96].Key, func(i *directory.Identity) { i.Details.City = "Bonn" })
		fresh := g.add("fresh")
		g.clock.Move(2 * time.Minute)
		g.turn()
		g.want([]any{g.at(list[96]).City, g.at(fresh).Name, g.sync().Phase}, []any{"Bonn", "fresh", directory.SyncPaused})
		// Whole again: nothing happened.
		g.f.Restore(removed)
		g.turn()
		s = g.sync()
		g.want([]any{s.Phase, s.Held, g.shown(list[0]), g.revocations(list[0].Entry)}, []any{directory.SyncFollowing, 0, directory.Enabled, 0})

		// Again, and meant. Nothing happens without the number that was seen.
		g.f.Remove(keysOf(list[:50])...)
		g.turn()
		g.want(g.sync().Held, 50)
		if err := g.view().ConfirmDirectoryChanges(g.ctx, 49); !errs.Is(err, errs.Conflict) {
			t.Fatal(err)
		}
		g.turn()
		g.want(g.shown(list[0]), directory.Enabled)
		back := list[1]
		g.f.Restore([]directory.Identity{{Ref: back}})
		g.must(g.view().ConfirmDirectoryChanges(g.ctx, 50))
		g.turn()
		s = g.sync()
		g.want([]any{s.Phase, s.Held, g.at(list[0]).Dir, g.at(back).Dir, g.at(list[49]).Dir, g.at(list[50]).Dir, s.Users},
			[]any{directory.SyncFollowing, 0, directory.DirGone, directory.DirActive, directory.DirGone, directory.DirActive, 52})
		if err := g.view().ConfirmDirectoryChanges(g.ctx, 50); !errs.Is(err, errs.State) {
			t.Fatal(err)
		}
		// Undo: within 30 days all come back as they were.
		for _, i := range removed[:50] {
			if i.Key != back.Key {
				g.f.Restore([]directory.Identity{i})
			}
		}
		g.turn()
		e := g.at(list[0])
		g.want([]any{e.Shown(), e.Mailbox != 0, g.sync().Users}, []any{directory.Enabled, true, 101})
		// One after the other, quickly, is many too.
		for i := range 20 {
			g.f.Remove(list[60+i].Key)
			g.clock.Move(-5 * time.Second)
			g.turn()
		}
		g.want(g.sync().Phase, directory.SyncPaused)
	}
}

// A filter that fits nobody, or an empty base: nothing goes.
func TestMirrorRow90Empty(t *testing.T) {
	g := newGlass(t)
	list := g.f.Fill(30)
	g.turn()
	g.f.MoveUnseen(true, keysOf(list)...)
	g.m = g.mirror("d-1@2")
	g.turn()
	g.want([]any{g.sync().Phase, g.sync().Held, g.at(list[0]).Dir}, []any{directory.SyncPaused, 30, directory.DirActive})
	// Most come back: the few that are left out go.
	g.f.MoveUnseen(false, keysOf(list[2:])...)
	g.turn()
	g.turn()
	g.want([]any{g.sync().Phase, g.sync().Held, g.at(list[0]).Dir, g.at(list[2]).Dir}, []any{directory.SyncFollowing, 0, directory.DirGone, directory.DirActive})
}

// A directory that fails leaves everything as it was; after two minutes the
// organization is Impaired and says why, and it recovers by itself.
func TestMirrorFails(t *testing.T) {
	g := newGlass(t)
	list := g.f.Fill(20)
	g.turn()
	state := func() org.Organization {
		o, err := g.orgs.ByID(g.ctx, nil, g.org)
		g.must(err)
		return o
	}
	for _, fault := range []func(on bool){func(on bool) { g.f.Down = on }, func(on bool) { g.f.Refusing = on }} {
		fault(true)
		g.fails()
		s := g.sync()
		g.want([]any{s.Phase, s.Users, s.FailingSince, state().State}, []any{directory.SyncFailing, 20, g.clock.Now(), org.Active})
		if !strings.Contains(s.Error, "Check") {
			t.Fatal(s.Error)
		}
		g.clock.Move(2 * time.Minute)
		g.fails()
		g.want([]any{state().State, state().Error, g.at(list[0]).Dir}, []any{org.Impaired, s.Error, directory.DirActive})
		g.enable(list[1]) // Impaired serves
		_, err := g.view().DeregisterFromWorkMail(g.ctx, string(list[1].Entry), nil)
		g.must(err)
		fault(false)
		g.turn()
		g.want([]any{state().State, state().Error, g.sync().Phase, g.sync().Error}, []any{org.Active, "", directory.SyncFollowing, ""})
	}
}

// A reading that ends in the middle takes nobody away and begins again.
func TestMirrorFailsWhileReading(t *testing.T) {
	g := newGlass(t)
	g.f.PageSize = 10
	list := g.f.Fill(50)
	pages := 0
	g.f.OnPage = func() {
		if pages++; pages == 3 {
			g.f.Set(func() { g.f.Down = true })
		}
	}
	g.fails()
	s := g.sync()
	g.want([]any{s.Phase, s.Users, s.Total}, []any{directory.SyncFailing, 20, 0})
	g.f.OnPage = nil
	g.f.Down = false
	g.turn()
	g.want([]any{g.sync().Users, g.at(list[49]).Name}, []any{50, "user00049"})
	// A slow one is given up when we end.
	g.f.Slow = true
	ctx, cancel := context.WithTimeout(g.ctx, 20*time.Millisecond)
	defer cancel()
	if _, err := g.m.Turn(ctx); err == nil {
		t.Fatal("it went well")
	}
}

// What is being made through us has one row, whoever comes first.
func TestMirrorIntents(t *testing.T) {
	g := newGlass(t)
	g.f.Fill(60)
	g.turn()
	make := func(name string, between func()) directory.Entry {
		t.Helper()
		g.f.Mute = true
		_, err := g.view().CreateUser(g.ctx, directory.NewUser{Name: name, DisplayName: "U", Role: directory.RoleRemoteUser}, nil)
		g.f.Mute = false
		if !errs.Is(err, errs.Unavailable) {
			t.Fatal(err)
		}
		between()
		g.must(g.dir.Settle(g.ctx, 0, nil))
		e, err := g.view().DescribeUser(g.ctx, name)
		g.must(err)
		g.turn()
		g.want([]any{g.at(directory.Ref{Entry: e.ID}).Name, g.sync().Faults}, []any{name, 0})
		return e
	}
	make("alice", func() {})
	// The mirror sees it first, and leaves it to who makes it.
	e := make("bob", func() {
		g.turn()
		if _, err := g.view().DescribeUser(g.ctx, "bob"); !errs.Is(err, errs.NotFound) {
			t.Fatal("taken over while it is being made:", err)
		}
	})
	g.want(e.Role, directory.RoleRemoteUser)
	// An intent that was given up: the mirror takes what is there.
	g.f.Mute = true
	_, _ = g.view().CreateUser(g.ctx, directory.NewUser{Name: "carol", DisplayName: "U"}, nil)
	g.f.Mute = false
	g.turn()
	list, err := g.store.Intents(g.ctx, nil, g.clock.Now(), 10)
	g.must(err)
	g.want(len(list), 1)
	g.must(g.store.Write(g.ctx, g.org, func(t *tx.Tx) error { return g.store.DeleteIntent(t, g.org, list[0].ID) }))
	g.turn()
	_, err = g.view().DescribeUser(g.ctx, "carol")
	g.must(err)
	// Deleted through us: the mirror does not bring it back, nor counts it.
	d := g.user("dora", "")
	g.turn()
	g.must(g.view().DeleteUser(g.ctx, "dora"))
	g.turn()
	g.want(g.at(directory.Ref{Entry: d.ID}).State, directory.Deleted)
	g.want([]any{g.sync().Users, g.sync().Phase}, []any{63, directory.SyncFollowing})
}

// Each Write is the last one once: the next process brings it to the same end.
func TestMirrorKilled(t *testing.T) {
	for n := 1; ; n++ {
		g := newGlass(t)
		g.f.PageSize = 11
		list := g.f.Fill(20)
		all := g.group("all", keysOf(list)...)
		g.f.Edit(list[0].Key, func(i *directory.Identity) { i.Addresses = smtp("x@example.postroom.test") })
		done := g.dies(n)
		g.m = g.mirror("d-1@1")
		g.turn()
		g.want(len(strings.Fields(g.members(all))), 20)
		// And of changes.
		g.f.Edit(list[1].Key, func(i *directory.Identity) { i.Name = "renamed" })
		g.f.Edit(all.Key, func(i *directory.Identity) { i.Members = keysOf(list[:10]) })
		g.f.Remove(list[19].Key)
		g.clock.Move(time.Minute)
		done = g.dies(n) && done
		g.m = g.mirror("d-1@1")
		g.turn()
		g.turn()
		s := g.sync()
		g.want([]any{s.Users, s.Groups, s.Faults, s.Phase, g.at(list[1]).Name, g.at(list[19]).Dir, len(strings.Fields(g.members(all))), g.addresses(list[0])},
			[]any{19, 1, 0, directory.SyncFollowing, "renamed", directory.DirGone, 10, "x@example.postroom.test"})
		if done {
			return
		}
		if n > 40 {
			t.Fatal("it never ends")
		}
	}
}

// dies kills the process behind its n-th Write, and answers whether it had fewer.
func (g *glass) dies(n int) bool {
	g.store.writes, g.store.after = 0, n
	_, err := g.m.Turn(g.ctx)
	g.store.restart()
	return err == nil
}

// What is confirmed while the mirror finds more missing is not enough for these,
// and no longer for the others.
func TestMirrorTakesWhatWasConfirmed(t *testing.T) {
	g := newGlass(t)
	list := g.f.Fill(100)
	g.turn()
	g.f.Remove(keysOf(list[:50])...)
	g.turn()
	g.want(g.sync().Held, 50)
	g.clock.Move(24 * time.Hour) // everything is compared
	g.f.OnPage = func() {
		g.f.OnPage = nil
		g.must(g.view().ConfirmDirectoryChanges(g.ctx, 50))
		g.f.Remove(keysOf(list[50:80])...)
	}
	g.turn()
	g.turn()
	s := g.sync()
	g.want([]any{s.Phase, s.Held, s.Confirmed, g.at(list[0]).Dir, g.at(list[79]).Dir}, []any{directory.SyncPaused, 80, false, directory.DirActive, directory.DirActive})
	g.must(g.view().ConfirmDirectoryChanges(g.ctx, 80))
	g.turn()
	s = g.sync()
	g.want([]any{s.Phase, s.Held, s.Users, g.at(list[79]).Dir}, []any{directory.SyncFollowing, 0, 20, directory.DirGone})
}

// Run follows by itself, is woken by changes, and ends with its context; a second
// one takes over.
func TestMirrorRuns(t *testing.T) {
	g := newGlass(t)
	g.f.Fill(20)
	g.store.wrote = make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(g.ctx)
	done := make(chan struct{})
	go func() { defer close(done); g.m.Run(ctx) }()
	until := func(what string, fn func() bool) {
		t.Helper()
		for end := time.After(20 * time.Second); !fn(); {
			select {
			case <-g.store.wrote: // all that is seen here is written first
			case <-end:
				t.Fatal("not in time:", what)
			}
		}
	}
	until("first reading", func() bool { return g.sync().Phase == directory.SyncFollowing })
	alice := g.add("alice")
	until("a change", func() bool { _, err := g.view().DescribeUser(g.ctx, "alice"); return err == nil })
	g.f.Set(func() { g.f.Down = true })
	g.dir.PokeMirror(g.org)
	until("a fault", func() bool { return g.sync().Phase == directory.SyncFailing })
	g.f.Set(func() { g.f.Down = false })
	g.f.Edit(alice.Key, func(i *directory.Identity) { i.Details.City = "Ulm" })
	until("recovery", func() bool { return g.at(alice).City == "Ulm" })
	cancel()
	<-done
}

func BenchmarkMirrorFirstRead(b *testing.B) {
	for range b.N {
		b.StopTimer()
		g := newGlass(b)
		g.f.Fill(10000)
		b.StartTimer()
		start := time.Now()
		if _, err := g.m.Turn(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(10000/time.Since(start).Seconds(), "entries/s")
		start = time.Now()
		g.f.AnotherServer()
		if _, err := g.m.Turn(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(10000/time.Since(start).Seconds(), "unchanged/s")
	}
}
