package dirtest

import (
	"context"
	"sync"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
)

// Foreign stands for a directory on another machine: it has keys of its own and
// can be down, or do what it is asked and not answer.
type Foreign struct {
	mu    sync.Mutex
	users map[string]*account // by organization and name

	Down bool // nothing is done, and it does not answer
	Mute bool // it is done, and the answer is lost
}

type account struct {
	directory.Identity
	password string
	members  map[string]bool
}

var _ directory.Writer = (*Foreign)(nil)

// NewForeign makes an empty one.
func NewForeign() *Foreign { return &Foreign{users: map[string]*account{}} }

func (f *Foreign) Facts() directory.Facts {
	return directory.Facts{Type: "MicrosoftAD", UserNames: 20}
}

func (f *Foreign) lost(op string) error {
	return errs.Say(op, errs.Unavailable, errs.Directory, "The directory does not answer.")
}

// do runs fn as a call over the network.
func (f *Foreign) do(op string, fn func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Down {
		return f.lost(op)
	}
	err := fn()
	if f.Mute {
		return f.lost(op)
	}
	return err
}

func (f *Foreign) find(org ids.Org, r directory.Ref) (*account, error) {
	for _, a := range f.users {
		if a.Key != "" && a.Key == r.Key {
			return a, nil
		}
	}
	if a := f.users[string(org)+r.Name]; a != nil {
		return a, nil
	}
	return nil, errs.Say("foreign.Find", errs.NotFound, errs.Entry, "It is not in the directory.")
}

func (f *Foreign) Check(_ context.Context, org ids.Org, r directory.Ref, password string) (says directory.Answer, err error) {
	says = directory.Wrong
	err = f.do("foreign.Check", func() error {
		a, err := f.find(org, r)
		if err == nil && a.password != "" && a.password == password {
			says = directory.Right
		}
		if errs.Is(err, errs.NotFound) {
			err = nil
		}
		return err
	})
	return says, err
}

func (f *Foreign) Lookup(_ context.Context, org ids.Org, r directory.Ref) (i directory.Identity, err error) {
	err = f.do("foreign.Lookup", func() error {
		a, err := f.find(org, r)
		if err == nil {
			i = a.Identity
		}
		return err
	})
	return i, err
}

func (f *Foreign) Create(_ context.Context, org ids.Org, i directory.Identity, password string) (r directory.Ref, err error) {
	err = f.do("foreign.Create", func() error {
		a := f.users[string(org)+i.Name]
		if a == nil {
			if password == "weak" {
				return errs.Say("foreign.Create", errs.Password, errs.Entry, "The directory refuses this password.")
			}
			i.Key, i.Entry = ids.NewUUID(), ids.Entry("S-1-1-12-"+ids.Hex(8))
			a = &account{Identity: i, password: password, members: map[string]bool{}}
			f.users[string(org)+i.Name] = a
		}
		r = a.Ref
		return nil
	})
	return r, err
}

func (f *Foreign) Change(_ context.Context, org ids.Org, i directory.Identity) error {
	return f.do("foreign.Change", func() error {
		a, err := f.find(org, i.Ref)
		if err == nil {
			a.DisplayName, a.Details = i.DisplayName, i.Details
		}
		return err
	})
}

func (f *Foreign) SetPassword(_ context.Context, org ids.Org, r directory.Ref, password string) error {
	return f.do("foreign.SetPassword", func() error {
		a, err := f.find(org, r)
		if err == nil {
			a.password = password
		}
		return err
	})
}

func (f *Foreign) SetMember(_ context.Context, org ids.Org, group, member directory.Ref, in bool) error {
	return f.do("foreign.SetMember", func() error {
		g, err := f.find(org, group)
		if err == nil {
			m, e := f.find(org, member)
			if err = e; err == nil {
				g.members[m.Key] = in
			}
		}
		return err
	})
}

func (f *Foreign) Delete(_ context.Context, org ids.Org, r directory.Ref) error {
	return f.do("foreign.Delete", func() error {
		if a, err := f.find(org, r); err == nil {
			delete(f.users, string(org)+a.Name)
		}
		return nil
	})
}

// Count is how many identities it has.
func (f *Foreign) Count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.users)
}
