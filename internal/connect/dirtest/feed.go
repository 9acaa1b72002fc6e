package dirtest

import (
	"context"
	"slices"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
)

// Outside is a foreign directory with what people do in it behind our back.
// Names are those of one test: its base is empty but for them.
type Outside interface {
	Open() directory.Foreign // as an ordinary account, without a right to write
	AddUser(name, password string) directory.Ref
	AddGroup(name string, members ...directory.Ref) directory.Ref
	SetCity(r directory.Ref, city string)
	Rename(r directory.Ref, name string)
	Move(r directory.Ref, out bool) // of the base, or into it again
	Disable(r directory.Ref, off bool)
	Reset(r directory.Ref, password string)
	Remove(r directory.Ref)
	TellsPasswords() bool // the directory tells that a password changed
}

// Feed runs the contract of directory.Foreign: what is read, what is told of
// changes, and what is said to passwords. open makes a directory whose base is empty.
func Feed(t *testing.T, open func(t *testing.T) Outside) {
	for name, story := range map[string]func(w *watcher){
		"all is read":                             readsAll,
		"a change and a new name are told":        tellsChange,
		"a group's members are told":              tellsMembers,
		"a deletion is found":                     findsDeletion,
		"a move out of the base and back is told": tellsMove,
		"a disabled user is told and locked out":  tellsDisabled,
		"passwords are asked for live":            asksPasswords,
		"names are never patterns":                namesAreNoPatterns,
		"a strange mark means anew":               strangeMark,
		"a wait ends soon after a change":         waits,
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			t.Cleanup(cancel)
			w := &watcher{T: t, ctx: ctx, out: o, dir: o.Open()}
			t.Cleanup(w.dir.Close)
			story(w)
		})
	}
}

// watcher follows a foreign directory as the mirror does.
type watcher struct {
	*testing.T
	ctx  context.Context
	out  Outside
	dir  directory.Foreign
	mark directory.Mark
}

func (w *watcher) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *watcher) begin() {
	w.Helper()
	m, err := w.dir.Mark(w.ctx)
	w.must(err)
	w.mark = m
}

// read answers all identities by name.
func (w *watcher) read() map[string]directory.Identity {
	w.Helper()
	all := map[string]directory.Identity{}
	w.must(w.dir.Read(w.ctx, func(list []directory.Identity) error {
		if len(list) > 1000 {
			w.Fatalf("a page of %d", len(list))
		}
		for _, i := range list {
			if _, twice := all[i.Name]; twice {
				w.Fatalf("%s is read twice", i.Name)
			}
			all[i.Name] = i
		}
		return nil
	}))
	return all
}

func (w *watcher) byKey(key string) (i directory.Identity, found bool) {
	w.Helper()
	w.must(w.dir.ReadKeys(w.ctx, []string{key, ids.NewUUID()}, func(list []directory.Identity) error {
		for _, one := range list {
			if one.Key != key || found {
				w.Fatalf("asked for %s, answered %+v", key, one)
			}
			i, found = one, true
		}
		return nil
	}))
	return i, found
}

// told follows the changes until one of this key, or of something unseen, is told.
func (w *watcher) told(key string, sweep bool) {
	w.Helper()
	for {
		c, err := w.dir.Changed(w.ctx, w.mark)
		w.must(err)
		if c.Anew {
			w.Fatal("all is to be read anew")
		}
		w.mark = c.Next
		if slices.Contains(c.Keys, key) || sweep && c.Sweep {
			return
		}
		_, err = w.dir.Wait(w.ctx)
		w.must(err)
	}
}

func (w *watcher) has(key string) (found bool) {
	w.Helper()
	w.must(w.dir.Keys(w.ctx, func(list []string) error {
		found = found || slices.Contains(list, key)
		return nil
	}))
	return found
}

func (w *watcher) says(r directory.Ref, password string) directory.Answer {
	w.Helper()
	says, err := w.dir.Check(w.ctx, "m-1", r, password)
	w.must(err)
	return says
}

func readsAll(w *watcher) {
	a := w.out.AddUser("alice", "Sesame-Open-1")
	b := w.out.AddUser("bob", "Sesame-Open-1")
	inner := w.out.AddGroup("inner", b)
	outer := w.out.AddGroup("outer", a, inner)
	w.out.Disable(b, true)
	all := w.read()
	if len(all) != 4 {
		w.Fatalf("%d identities: %v", len(all), all)
	}
	for _, r := range []directory.Ref{a, b, inner, outer} {
		i := all[r.Name]
		if i.Ref != r || i.Key == "" || len(i.Entry) < 12 || i.System {
			w.Errorf("%s: %+v, want %+v", r.Name, i, r)
		}
		if !w.has(r.Key) {
			w.Errorf("%s is not among the keys", r.Name)
		}
	}
	if all["alice"].State != directory.DirActive || all["bob"].State != directory.DirDisabled {
		w.Error(all["alice"].State, all["bob"].State)
	}
	want := []string{a.Key, inner.Key}
	got := slices.Clone(all["outer"].Members)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) || !slices.Equal(all["inner"].Members, []string{b.Key}) {
		w.Errorf("members %v and %v, want %v and %s", got, all["inner"].Members, want, b.Key)
	}
}

func tellsChange(w *watcher) {
	a := w.out.AddUser("alice", "Sesame-Open-1")
	w.begin()
	w.out.SetCity(a, "Ulm")
	w.told(a.Key, false)
	if i, _ := w.byKey(a.Key); i.Details.City != "Ulm" {
		w.Fatalf("%+v", i)
	}
	w.out.Rename(a, "alicia")
	w.told(a.Key, false)
	if i, _ := w.byKey(a.Key); i.Name != "alicia" || i.Entry != a.Entry {
		w.Fatalf("%+v", i)
	}
	b := w.out.AddUser("bob", "Sesame-Open-1")
	w.told(b.Key, false)
}

func tellsMembers(w *watcher) {
	a := w.out.AddUser("alice", "Sesame-Open-1")
	w.begin()
	g := w.out.AddGroup("all", a)
	w.told(g.Key, false)
	i, err := w.dir.Lookup(w.ctx, "m-1", directory.Ref{Kind: directory.KindGroup, Name: "all"})
	w.must(err)
	if i.Key != g.Key || !slices.Equal(i.Members, []string{a.Key}) {
		w.Fatalf("%+v", i)
	}
}

func findsDeletion(w *watcher) {
	a := w.out.AddUser("alice", "Sesame-Open-1")
	w.out.AddUser("bob", "Sesame-Open-1")
	w.begin()
	w.out.Remove(a)
	w.told(a.Key, true)
	if w.has(a.Key) {
		w.Fatal("a deleted user is among the keys")
	}
	if _, found := w.byKey(a.Key); found {
		w.Fatal("a deleted user is read")
	}
}

func tellsMove(w *watcher) {
	a := w.out.AddUser("alice", "Sesame-Open-1")
	w.begin()
	w.out.Move(a, true)
	w.told(a.Key, true)
	if _, found := w.byKey(a.Key); found || w.has(a.Key) {
		w.Fatal("a user outside of the base is read")
	}
	if says := w.says(a, "Sesame-Open-1"); says != directory.Wrong {
		w.Fatal("a user outside of the base signs in:", says)
	}
	w.out.Move(a, false)
	w.told(a.Key, false)
	if i, found := w.byKey(a.Key); !found || i.Entry != a.Entry {
		w.Fatalf("%+v", i)
	}
}

func tellsDisabled(w *watcher) {
	a := w.out.AddUser("alice", "Sesame-Open-1")
	w.begin()
	w.out.Disable(a, true)
	w.told(a.Key, false)
	if i, _ := w.byKey(a.Key); i.State != directory.DirDisabled {
		w.Fatalf("%+v", i)
	}
	if says := w.says(a, "Sesame-Open-1"); says == directory.Right || says == directory.ChangeRequired {
		w.Fatal("a disabled user signs in:", says)
	}
	w.out.Disable(a, false)
	w.told(a.Key, false)
	if i, _ := w.byKey(a.Key); i.State != directory.DirActive {
		w.Fatalf("%+v", i)
	}
	if says := w.says(a, "Sesame-Open-1"); says != directory.Right {
		w.Fatal(says)
	}
}

func asksPasswords(w *watcher) {
	a := w.out.AddUser("alice", "Sesame-Open-1")
	nobody := directory.Ref{Kind: directory.KindUser, Key: ids.NewUUID(), Name: "nobody"}
	for _, c := range []struct {
		user     directory.Ref
		password string
		want     directory.Answer
	}{
		{a, "Sesame-Open-1", directory.Right},
		{directory.Ref{Kind: directory.KindUser, Name: "ALICE"}, "Sesame-Open-1", directory.Right},
		{a, "sesame-open-1", directory.Wrong},
		{a, "", directory.Wrong},
		{a, "Sesame-Open-1\x00", directory.Wrong},
		{nobody, "Sesame-Open-1", directory.Wrong},
		{nobody, "", directory.Wrong},
		{directory.Ref{Kind: directory.KindUser}, "Sesame-Open-1", directory.Wrong},
	} {
		if got := w.says(c.user, c.password); got != c.want {
			w.Errorf("%+v %q: %s, want %s", c.user, c.password, got, c.want)
		}
	}
	before, _ := w.byKey(a.Key)
	w.begin()
	w.out.Reset(a, "Sesame-Open-2")
	w.told(a.Key, false)
	if after, _ := w.byKey(a.Key); w.out.TellsPasswords() && (after.PasswordSet == before.PasswordSet || after.PasswordSet == "") {
		w.Errorf("the directory does not tell the new password: %q, %q", before.PasswordSet, after.PasswordSet)
	}
	if got := w.says(a, "Sesame-Open-2"); got != directory.Right {
		w.Error(got)
	}
}

// hostile are names that mean something in a filter or a DN (reliability.md 87).
var hostile = []string{
	"*", "a*", "*e", "alice*", "alice)(uid=*", "*)(objectClass=*", "alice\x00", `\2a`, `\00`, `alice\`, "&", "|", "(|(uid=alice))", "alice,ou=x",
	"\xc0\xaa", "alice\xff", "<GUID=00000000-0000-0000-0000-000000000000>", " ", "#alice", `"alice"`, "alice\u0301",
}

func namesAreNoPatterns(w *watcher) {
	w.out.AddUser("alice", "Sesame-Open-1")
	for _, name := range hostile {
		for _, r := range []directory.Ref{{Kind: directory.KindUser, Name: name}, {Kind: directory.KindUser, Key: name}, {Kind: directory.KindGroup, Name: name}} {
			if i, err := w.dir.Lookup(w.ctx, "m-1", r); !errs.Is(err, errs.NotFound) {
				w.Errorf("%+v: %+v %v", r, i, err)
			}
		}
		if says := w.says(directory.Ref{Kind: directory.KindUser, Name: name}, "Sesame-Open-1"); says != directory.Wrong {
			w.Errorf("%q signs in: %s", name, says)
		}
		w.must(w.dir.ReadKeys(w.ctx, []string{name}, func(list []directory.Identity) error {
			w.Errorf("key %q: %+v", name, list)
			return nil
		}))
	}
}

func strangeMark(w *watcher) {
	w.out.AddUser("alice", "Sesame-Open-1")
	for _, m := range []directory.Mark{"", "usn", "usn x 5", "csn x y", "time a b c", "one two three four sweep", "sweep sweep sweep"} {
		c, err := w.dir.Changed(w.ctx, m)
		w.must(err)
		if !c.Anew {
			w.Errorf("%q: %+v", m, c)
		}
	}
}

func waits(w *watcher) {
	a := w.out.AddUser("alice", "Sesame-Open-1")
	w.begin()
	_, err := w.dir.Wait(w.ctx) // begins to listen
	w.must(err)
	begun := time.Now()
	w.out.SetCity(a, "Ulm")
	w.told(a.Key, false)
	if took := time.Since(begun); took > 5*time.Second {
		w.Errorf("told after %v", took)
	}
}
