package dirtest

import (
	"context"
	"slices"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

// between is a Writer in whose directory something happens before a Create, or
// whose answer is lost.
type between struct {
	directory.Writer
	before func()
	fail   bool // it does not come to the Create
	lose   bool // it is done, and not answered
}

func (b *between) Create(ctx context.Context, org ids.Org, i directory.Identity, password string) (r directory.Ref, err error) {
	if b.before != nil {
		b.before()
	}
	lost := errs.Say("between.Create", errs.Unavailable, errs.Directory, "The answer is lost.")
	if b.fail {
		return r, lost
	}
	r, err = b.Writer.Create(ctx, org, i, password)
	if b.lose && err == nil {
		return directory.Ref{}, lost
	}
	return r, err
}

// strangers runs the part of the contract that is about what others make under a
// name that we are making, and about what came of a lost answer.
func strangers(t *testing.T, open func(*testing.T, directory.Store, directory.Hasher) directory.Source) {
	for name, story := range map[string]func(h *house, b *between){
		"a stranger's entry is neither taken nor deleted": strangerFirst,
		"what is refused here is taken back there":        refusedHere,
		"a lost answer is settled as a whole":             settledWhole,
		"an address that was taken meanwhile":             settledBack,
	} {
		t.Run(name, func(t *testing.T) {
			b := &between{}
			inStore := false
			h := newHouse(t, func(t *testing.T, s directory.Store, hasher directory.Hasher) directory.Source {
				source := open(t, s, hasher)
				w, ok := source.(directory.Writer)
				if inStore = !ok; inStore {
					return source
				}
				b.Writer = w
				return b
			})
			if !inStore { // a directory in our store makes its entries in one Write
				story(h, b)
			}
		})
	}
}

func (h *house) there(k directory.Kind, name string) (directory.Identity, bool) {
	h.Helper()
	i, err := h.source.Lookup(h.ctx, h.org, directory.Ref{Kind: k, Name: name})
	if err != nil && !errs.Is(err, errs.NotFound) {
		h.Fatal(err)
	}
	return i, err == nil
}

func (h *house) noIntent() {
	h.Helper()
	if list, err := h.store.Intents(h.ctx, nil, h.clock.Now(), 10); err != nil || len(list) > 0 {
		h.Fatal(list, err)
	}
}

func (h *house) settle(mailbox directory.Hook) {
	h.Helper()
	h.clock.Move(time.Hour)
	h.must(h.dir.Settle(h.ctx, time.Minute, mailbox))
	h.noIntent()
}

func strangerFirst(h *house, b *between) {
	in := directory.NewUser{Name: "alice", DisplayName: "Alice", Password: "Sesame-Open-1", Email: "alice@example.postroom.test"}
	for _, fail := range []bool{false, true} { // true: the process dies, and the stranger comes before it is settled
		var stranger directory.Ref
		b.fail = fail
		b.before = func() {
			var err error
			who := directory.Identity{Ref: directory.Ref{Kind: directory.KindUser, Name: "alice"}, DisplayName: "Alice", State: directory.DirActive}
			stranger, err = b.Writer.Create(h.ctx, h.org, who, "Stranger-Open-1")
			h.must(err)
		}
		_, err := h.view().CreateUser(h.ctx, in, nil)
		if want := map[bool]errs.Kind{false: errs.Exists, true: errs.Unavailable}[fail]; !errs.Is(err, want) {
			h.Fatal(err)
		}
		h.settle(func(*tx.Tx, *directory.Entry) error { h.Error("a stranger's mailbox"); return nil })
		if _, err := h.view().DescribeUser(h.ctx, "alice"); !errs.Is(err, errs.NotFound) {
			h.Fatal("taken over:", err)
		}
		is, err := b.Lookup(h.ctx, h.org, stranger)
		h.must(err)
		says, err := b.Check(h.ctx, h.org, stranger, "Stranger-Open-1")
		h.must(err)
		if is.Key != stranger.Key || says != directory.Right {
			h.Fatal(is, says)
		}
		h.must(b.Delete(h.ctx, h.org, stranger))
	}
	b.fail = false
	b.before = func() {
		_, err := b.Writer.Create(h.ctx, h.org, directory.Identity{Ref: directory.Ref{Kind: directory.KindGroup, Name: "all"}}, "")
		h.must(err)
	}
	_, err := h.view().CreateGroup(h.ctx, directory.NewGroup{Name: "all"}, nil)
	if !errs.Is(err, errs.Exists) {
		h.Fatal(err)
	}
	if _, there := h.there(directory.KindGroup, "all"); !there {
		h.Fatal("a stranger's group was deleted")
	}
}

func refusedHere(h *house, b *between) {
	_, err := h.view().CreateUser(h.ctx, directory.NewUser{Name: "alice", DisplayName: "A", Email: "a@example.postroom.test"}, nil)
	h.must(err)
	_, err = h.view().CreateUser(h.ctx, directory.NewUser{Name: "bob", DisplayName: "B", Email: "a@example.postroom.test"}, nil)
	if !errs.Is(err, errs.InUse) {
		h.Fatal(err)
	}
	if i, there := h.there(directory.KindUser, "bob"); there {
		h.Fatal(i)
	}
	h.noIntent()
}

func settledWhole(h *house, b *between) {
	g, err := h.view().CreateGroup(h.ctx, directory.NewGroup{Name: "all"}, nil)
	h.must(err)
	b.lose = true
	by := audit.By{Kind: audit.System, Name: "somebody", Operation: "CreateUserWithMailbox"}
	in := directory.NewUser{Name: "alice", DisplayName: "A", Password: "Sesame-Open-1", Email: "alice@example.postroom.test", Groups: []string{"all"}}
	given := 0
	mailbox := func(_ *tx.Tx, e *directory.Entry) error { given++; e.Mailbox = 7; return nil }
	_, err = h.dir.View(h.org, by, 0).CreateUser(h.ctx, in, mailbox)
	if !errs.Is(err, errs.Unavailable) || given != 0 {
		h.Fatal(err, given)
	}
	h.settle(mailbox)
	e, err := h.view().DescribeUser(h.ctx, "alice")
	h.must(err)
	list, err := h.dir.Members(h.ctx, nil, h.org, g.ID, "", 10)
	h.must(err)
	group, err := b.Lookup(h.ctx, h.org, directory.Ref{Kind: g.Kind, Key: g.Key, Name: "all"})
	h.must(err)
	if given != 1 || e.Email != in.Email || !e.Enabled() || e.Mailbox != 7 || len(list) != 1 || !slices.Equal(group.Members, []string{e.Key}) {
		h.Fatalf("%d %+v %v %+v", given, e, list, group)
	}
	if !h.proves(e, "Sesame-Open-1") {
		h.Fatal("the password is not the user's")
	}
	// Who asks for no mailbox gets none, and not after a break either.
	_, err = h.view().CreateUser(h.ctx, directory.NewUser{Name: "bob", DisplayName: "B"}, nil)
	if !errs.Is(err, errs.Unavailable) {
		h.Fatal(err)
	}
	h.settle(mailbox)
	if e, err := h.view().DescribeUser(h.ctx, "bob"); err != nil || e.State != directory.Disabled || given != 1 {
		h.Fatalf("%+v %v", e, err)
	}
}

func settledBack(h *house, b *between) {
	b.lose = true
	_, err := h.view().CreateUser(h.ctx, directory.NewUser{Name: "alice", DisplayName: "A", Email: "info@example.postroom.test"}, nil)
	if !errs.Is(err, errs.Unavailable) {
		h.Fatal(err)
	}
	b.lose = false
	_, err = h.view().CreateUser(h.ctx, directory.NewUser{Name: "bob", DisplayName: "B", Email: "info@example.postroom.test"}, nil)
	h.must(err)
	h.settle(nil)
	_, err = h.view().DescribeUser(h.ctx, "alice")
	if i, there := h.there(directory.KindUser, "alice"); there || !errs.Is(err, errs.NotFound) {
		h.Fatal(i, err)
	}
	if _, there := h.there(directory.KindUser, "bob"); !there {
		h.Fatal("another was deleted")
	}
}
