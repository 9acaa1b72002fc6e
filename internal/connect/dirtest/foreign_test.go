package dirtest

import (
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/core/directory"
)

// The three steps of a change in a foreign directory are core/directory's; this
// runs them against one that is not our store.
func TestForeign(t *testing.T) {
	Source(t, func(*testing.T, directory.Store, directory.Hasher) directory.Source { return NewForeign() })
}

// A directory that does what it is asked and whose answer is lost.
func TestForeignMute(t *testing.T) {
	f := NewForeign()
	h := newHouse(t, func(*testing.T, directory.Store, directory.Hasher) directory.Source { return f })
	f.Mute = true
	_, err := h.view().CreateUser(h.ctx, directory.NewUser{Name: "alice", DisplayName: "U"}, nil)
	if !errs.Is(err, errs.Unavailable) {
		t.Fatal(err)
	}
	// The name is held until it is known what became of it.
	f.Mute = false
	if _, err := h.view().CreateUser(h.ctx, directory.NewUser{Name: "ALICE", DisplayName: "U"}, nil); !errs.Is(err, errs.Exists) {
		t.Fatal(err)
	}
	f.Down = true
	h.must(h.dir.Settle(h.ctx, 0, nil))
	if list, _ := h.store.Intents(h.ctx, nil, h.clock.Now(), 10); len(list) != 1 {
		t.Fatal("settled without an answer")
	}
	f.Down = false
	h.must(h.dir.Settle(h.ctx, 0, nil))
	h.whole("alice", nil)
}

// What the directory refuses leaves nothing behind.
func TestForeignRefuses(t *testing.T) {
	f := NewForeign()
	h := newHouse(t, func(*testing.T, directory.Store, directory.Hasher) directory.Source { return f })
	_, err := h.view().CreateUser(h.ctx, directory.NewUser{Name: "alice", DisplayName: "U", Password: "weak"}, nil)
	if !errs.Is(err, errs.Password) || f.Count() != 0 {
		t.Fatal(err, f.Count())
	}
	_, err = h.view().CreateUser(h.ctx, directory.NewUser{Name: "a-name-of-more-than-20", DisplayName: "U"}, nil)
	if !errs.Is(err, errs.Invalid) {
		t.Fatal(err)
	}
	h.user("alice", "Sesame-Open-1")
	f.Down = true
	for _, err := range []error{
		h.view().ResetPassword(h.ctx, "alice", "x"), h.view().DeleteUser(h.ctx, "alice"),
	} {
		if !errs.Is(err, errs.Unavailable) && !errs.Is(err, errs.NotFound) {
			t.Fatal(err)
		}
	}
}

// readOnly is a directory that can only be read.
type readOnly struct{ directory.Source }

func TestReadOnly(t *testing.T) {
	h := newHouse(t, func(*testing.T, directory.Store, directory.Hasher) directory.Source { return readOnly{NewForeign()} })
	changes(h)
	hidden := true
	for _, err := range []error{
		second(h.view().CreateGroup(h.ctx, directory.NewGroup{Name: "g"}, nil)), second(h.view().UpdateGroup(h.ctx, "g", &hidden)),
	} {
		if k, s := errs.Of(err); k != errs.Unsupported || s != errs.Directory {
			t.Fatal(err)
		}
	}
	// Resources are ours with every directory.
	_, err := h.view().CreateResource(h.ctx, directory.NewResource{Name: "room", Type: directory.Room}, nil)
	h.must(err)
}

func second(_ directory.Entry, err error) error { return err }
