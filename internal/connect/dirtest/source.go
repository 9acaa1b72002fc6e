package dirtest

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/sqldb"
)

// Source runs the contract. open makes a directory over core's store, empty.
func Source(t *testing.T, open func(t *testing.T, store directory.Store, hasher directory.Hasher) directory.Source) {
	t.Run("a directory refuses or changes", func(t *testing.T) { changes(newHouse(t, open)) })
	if !newHouse(t, open).writes() {
		return
	}
	for name, story := range map[string]func(h *house){
		"passwords are proven live":           provesPasswords,
		"what is made can be read back":       readsBack,
		"each step of a creation is killed":   killsCreate,
		"each step of a deletion is killed":   killsDelete,
		"each step of a password is killed":   killsPassword,
		"each step of a membership is killed": killsMember,
	} {
		t.Run(name, func(t *testing.T) { story(newHouse(t, open)) })
	}
	strangers(t, open)
}

// house is a directory.Service whose store can be killed.
type house struct {
	testing.TB
	ctx    context.Context
	store  *mortal
	source directory.Source
	dir    *directory.Service
	orgs   *org.Service
	org    ids.Org
	clock  *clock.Set
}

// errKilled is what a caller sees of a process that died: nothing.
var errKilled = errors.New("killed")

// mortal is a store whose process dies before or after its n-th Write.
type mortal struct {
	directory.Store
	writes int
	before int           // dies instead of this Write; 0: lives
	after  int           // dies behind this one's commit
	wrote  chan struct{} // told behind each Write, where somebody waits for it
}

func (m *mortal) Write(ctx context.Context, fair ids.Org, fn func(*tx.Tx) error) error {
	m.writes++
	if m.before != 0 && m.writes >= m.before || m.after != 0 && m.writes > m.after {
		return errKilled
	}
	err := m.Store.Write(ctx, fair, fn)
	select {
	case m.wrote <- struct{}{}:
	default:
	}
	if err == nil && m.writes == m.after {
		return errKilled
	}
	return err
}

// restart brings the process back to life.
func (m *mortal) restart() { m.writes, m.before, m.after = 0, 0, 0 }

func newHouse(t *testing.T, open func(*testing.T, directory.Store, directory.Hasher) directory.Source) *house {
	return openHouse(t, func(store directory.Store, hasher directory.Hasher) directory.Source { return open(t, store, hasher) })
}

func openHouse(t testing.TB, open func(directory.Store, directory.Hasher) directory.Source) *house {
	h := &house{TB: t, ctx: t.Context(), clock: clock.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))}
	dir := t.TempDir()
	db := func(s sqldb.Schema) *sqldb.DB {
		db, err := sqldb.Open(t.Context(), sqldb.Options{Path: filepath.Join(dir, string(s)+".db"), Schema: s})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	region := db(sqldb.Region)
	h.store = &mortal{Store: dirstore.NewEntries(region)}
	orgs := dirstore.NewOrgs(region)
	trail := audit.NewTrail(dirstore.NewAudit(region), h.clock)
	service := org.New(org.Config{
		Region: "us-east-1", BaseDomain: "postroom.test", Store: orgs, Claims: org.NewClaims(dirstore.NewClaims(db(sqldb.Deployment)), h.clock),
		Keys: org.NewMasterKeyring([32]byte{1}, orgs), Trail: trail, Clock: h.clock,
	})
	hasher := auth.NewHasher(nil)
	h.source = open(h.store, hasher)
	h.orgs = service
	h.dir = directory.New(directory.Config{Store: h.store, Builtin: h.source, Orgs: service, Hasher: hasher, Trail: trail, Clock: h.clock})
	o, err := service.CreateOrganization(h.ctx, audit.By{Kind: audit.System}, org.NewOrganization{Alias: "example"})
	h.must(err)
	h.org = o.ID
	return h
}

func (h *house) view() *directory.View {
	return h.dir.View(h.org, audit.By{Kind: audit.System, Operation: "Test"}, 0)
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// writes tells whether this directory can be changed from here.
func (h *house) writes() bool {
	_, ok := h.source.(directory.Writer)
	return ok || h.source.Facts().InStore
}

func (h *house) user(name, password string) directory.Entry {
	h.Helper()
	e, err := h.view().CreateUser(h.ctx, directory.NewUser{Name: name, DisplayName: "U", Password: password}, nil)
	h.must(err)
	return e
}

func (h *house) proves(e directory.Entry, password string) bool {
	h.Helper()
	_, says, err := h.dir.CheckPassword(h.ctx, h.org, e.ID, password)
	h.must(err)
	return says == directory.Right
}

func provesPasswords(h *house) {
	u := h.user("alice", "Sesame-Open-1")
	for password, want := range map[string]bool{"Sesame-Open-1": true, "sesame-open-1": false, "": false, "Sesame-Open-1 ": false} {
		if got := h.proves(u, password); got != want {
			h.Fatalf("%q: %v", password, got)
		}
	}
	h.must(h.view().ResetPassword(h.ctx, string(u.ID), "Sesame-Open-2"))
	if h.proves(u, "Sesame-Open-1") || !h.proves(u, "Sesame-Open-2") {
		h.Fatal("the old password was taken, or the new one was not")
	}
	none := h.user("bob", "")
	if h.proves(none, "x") || h.proves(none, "") {
		h.Fatal("a user without a password was proven")
	}
}

func readsBack(h *house) {
	u := h.user("alice", "")
	i, err := h.source.Lookup(h.ctx, h.org, directory.Ref{Kind: u.Kind, Entry: u.ID, Key: u.Key, Name: u.Name})
	h.must(err)
	if i.Entry != u.ID || i.Name != "alice" || i.State != directory.DirActive {
		h.Fatalf("%+v", i)
	}
	_, err = h.source.Lookup(h.ctx, h.org, directory.Ref{Kind: u.Kind, Entry: "nobody-at-all", Name: "nobody"})
	if !errs.Is(err, errs.NotFound) {
		h.Fatal(err)
	}
}

func changes(h *house) {
	city := "Ulm"
	if !h.writes() {
		_, err := h.view().CreateUser(h.ctx, directory.NewUser{Name: "alice", DisplayName: "U"}, nil)
		if !errs.Is(err, errs.Unsupported) {
			h.Fatal(err)
		}
		return
	}
	u := h.user("alice", "")
	e, err := h.view().UpdateUser(h.ctx, "alice", directory.UserPatch{City: &city})
	h.must(err)
	i, err := h.source.Lookup(h.ctx, h.org, directory.Ref{Kind: u.Kind, Entry: u.ID, Key: u.Key, Name: u.Name})
	h.must(err)
	if e.City != "Ulm" || i.Details.City != "Ulm" {
		h.Fatalf("%+v %+v", e, i)
	}
}

// kill runs do once for each Write that it has, dying before it and behind it;
// then restarts, settles, and lets check look. Each round has a name of its own.
func (h *house) kill(do func(name string) error, check func(name string, err error)) {
	h.Helper()
	for n := 1; ; n++ {
		done := false
		for _, behind := range []bool{false, true} {
			name := "kill" + string(rune('a'+n))
			if behind {
				name += "-behind"
				h.store.after = n
			} else {
				h.store.before = n
			}
			h.store.writes = 0
			err := do(name)
			done = err == nil
			h.store.restart()
			h.clock.Move(time.Hour)
			h.must(h.dir.Settle(h.ctx, time.Minute, nil))
			check(name, err)
		}
		if done { // it had fewer Writes than n
			return
		}
		if n > 20 {
			h.Fatal("it never ends")
		}
	}
}

func killsCreate(h *house) {
	h.kill(func(name string) error {
		_, err := h.view().CreateUser(h.ctx, directory.NewUser{Name: name, DisplayName: "U", Password: "Sesame-Open-1"}, nil)
		return err
	}, func(name string, err error) {
		h.whole(name, err)
	})
}

// whole: an entry is here and in its directory, or in neither, and a name is
// free for whoever asks again.
func (h *house) whole(name string, err error) {
	h.Helper()
	e, here := h.view().DescribeUser(h.ctx, name)
	if errs.Is(here, errs.NotFound) && err == nil {
		h.Fatalf("%s: answered and lost", name)
	}
	i, there := h.source.Lookup(h.ctx, h.org, directory.Ref{Kind: directory.KindUser, Entry: e.ID, Key: e.Key, Name: name})
	if (here == nil) != (there == nil) {
		h.Fatalf("%s: here %v, in the directory %v %+v", name, here, there, i)
	}
	if list, e := h.store.Intents(h.ctx, nil, h.clock.Now(), 10); e != nil || len(list) > 0 {
		h.Fatalf("%s: an intent was left: %v %v", name, list, e)
	}
	_, again := h.view().CreateUser(h.ctx, directory.NewUser{Name: name, DisplayName: "U", Password: "Sesame-Open-1"}, nil)
	if here == nil && !errs.Is(again, errs.Exists) || here != nil && again != nil {
		h.Fatalf("%s: again: %v, here %v", name, again, here)
	}
}

func killsDelete(h *house) {
	h.kill(func(name string) error {
		restored := *h.store
		h.store.restart()
		h.user(name, "")
		restored.writes = 0
		*h.store = restored
		return h.view().DeleteUser(h.ctx, name)
	}, func(name string, err error) {
		h.must(h.view().DeleteUser(h.ctx, name)) // again, to the end
		if _, err := h.view().DescribeUser(h.ctx, name); !errs.Is(err, errs.NotFound) {
			h.Fatalf("%s: %v", name, err)
		}
		if _, err := h.source.Lookup(h.ctx, h.org, directory.Ref{Kind: directory.KindUser, Name: name}); !errs.Is(err, errs.NotFound) {
			h.Fatalf("%s: in the directory: %v", name, err)
		}
	})
}

func killsPassword(h *house) {
	u := h.user("alice", "Sesame-Open-1")
	h.kill(func(string) error { return h.view().ResetPassword(h.ctx, string(u.ID), "Sesame-Open-2") }, func(name string, err error) {
		if h.proves(u, "Sesame-Open-1") == h.proves(u, "Sesame-Open-2") {
			h.Fatalf("%s: both passwords are taken, or none", name)
		}
		if err == nil && !h.proves(u, "Sesame-Open-2") {
			h.Fatalf("%s: answered and lost", name)
		}
		h.must(h.view().ResetPassword(h.ctx, string(u.ID), "Sesame-Open-1"))
	})
}

func killsMember(h *house) {
	u := h.user("alice", "")
	g, err := h.view().CreateGroup(h.ctx, directory.NewGroup{Name: "all"}, nil)
	h.must(err)
	h.kill(func(string) error { return h.view().AssociateMemberToGroup(h.ctx, string(g.ID), "alice") }, func(name string, err error) {
		list, e := h.dir.Members(h.ctx, nil, h.org, g.ID, "", 10)
		h.must(e)
		if err == nil && len(list) != 1 {
			h.Fatalf("%s: answered and lost", name)
		}
		h.must(h.view().AssociateMemberToGroup(h.ctx, string(g.ID), string(u.ID)))
		h.must(h.view().DisassociateMemberFromGroup(h.ctx, string(g.ID), string(u.ID)))
	})
}
