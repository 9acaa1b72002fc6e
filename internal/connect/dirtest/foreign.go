package dirtest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
)

// Foreign stands for a directory on another machine: it has keys of its own and a
// history of its changes, and can be down, slow, refuse our account, or do what
// it is asked and not answer. Set it up before it is used, else through Set.
type Foreign struct {
	mu      sync.Mutex
	users   map[string]*account // by key
	names   map[string]string   // key by organization and folded name
	order   []string            // keys, oldest first
	log     []string            // keys of what changed; a Mark is a place in it
	unseen  int                 // changes that an ordinary account does not see
	server  string              // whose Marks these are
	waited  int                 // what the last Wait had told
	changed chan struct{}       // closed at a change

	Down       bool          // nothing is done, and it does not answer
	Mute       bool          // it is done, and the answer is lost
	Halving    bool          // it is not done with what it makes, as one that dies in the midst of a Create
	Slow       bool          // it does not answer until who asks gives up
	Refusing   bool          // it does not take our account
	Privileged bool          // our account sees deletions
	PageSize   int           // of Read and Keys; 0 is 1,000
	Every      time.Duration // between two looks; 0 is 5 s
	Rules      directory.PasswordPolicy
	OnPage     func() // before each page of Read, without the lock
	Calls      map[string]int
}

type account struct {
	directory.Identity
	org      ids.Org
	password string
	members  []string
	outside  bool // not under the base
}

var (
	_ directory.Writer  = (*Foreign)(nil)
	_ directory.Foreign = (*Foreign)(nil)
)

// NewForeign makes an empty one.
func NewForeign() *Foreign {
	return &Foreign{users: map[string]*account{}, names: map[string]string{}, server: "one", changed: make(chan struct{}), Calls: map[string]int{},
		Rules: directory.PasswordPolicy{Known: true, MinLength: 7, Complexity: true, History: 24}}
}

func (f *Foreign) Facts() directory.Facts {
	return directory.Facts{Type: "MicrosoftAD", UserNames: 20}
}

// Set changes what it is while others use it.
func (f *Foreign) Set(fn func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fn()
}

func (f *Foreign) lost(op string) error {
	return errs.Say(op, errs.Unavailable, errs.Directory, "The directory does not answer.")
}

// do runs fn as a call over the network.
func (f *Foreign) do(ctx context.Context, op string, fn func() error) error {
	f.mu.Lock()
	slow := f.Slow
	f.Calls[op]++
	f.mu.Unlock()
	if slow {
		<-ctx.Done()
		return errs.Say(op, errs.Unavailable, errs.Directory, "The directory does not answer in time.").Because(ctx.Err())
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Down {
		return f.lost(op)
	}
	if f.Refusing {
		return errs.Say(op, errs.Denied, errs.Directory, "The directory refuses the service account.")
	}
	err := fn()
	if f.Mute {
		return f.lost(op)
	}
	return err
}

func nameIn(org ids.Org, name string) string { return string(org) + "\x00" + directory.NameKey(name) }

func (f *Foreign) find(org ids.Org, r directory.Ref) (*account, error) {
	if a := f.users[r.Key]; a != nil {
		return a, nil
	}
	if r.Key != "" {
		return nil, errs.Say("foreign.Find", errs.NotFound, errs.Entry, "It is not in the directory.")
	}
	for _, o := range []ids.Org{org, ""} {
		if a := f.users[f.names[nameIn(o, r.Name)]]; a != nil {
			return a, nil
		}
	}
	return nil, errs.Say("foreign.Find", errs.NotFound, errs.Entry, "It is not in the directory.")
}

func (f *Foreign) Check(ctx context.Context, org ids.Org, r directory.Ref, password string) (says directory.Answer, err error) {
	says = directory.Wrong
	if password == "" {
		return says, nil
	}
	err = f.do(ctx, "foreign.Check", func() error {
		a, err := f.find(org, r)
		if err == nil && a.password != "" && a.password == password && !a.outside {
			says = directory.Right
			if a.State == directory.DirDisabled {
				says = directory.Inactive
			}
		}
		if errs.Is(err, errs.NotFound) {
			err = nil
		}
		return err
	})
	return says, err
}

func (f *Foreign) Lookup(ctx context.Context, org ids.Org, r directory.Ref) (i directory.Identity, err error) {
	err = f.do(ctx, "foreign.Lookup", func() error {
		a, err := f.find(org, r)
		if err == nil && a.outside {
			err = errs.Say("foreign.Lookup", errs.NotFound, errs.Entry, "It is not in the directory.")
		}
		if err == nil {
			i = a.whole()
		}
		return err
	})
	return i, err
}

func (a *account) whole() directory.Identity {
	i := a.Identity
	i.Members, i.Addresses = slices.Clone(a.members), slices.Clone(i.Addresses)
	return i
}

func (f *Foreign) Create(ctx context.Context, org ids.Org, i directory.Identity, password string) (r directory.Ref, err error) {
	err = f.do(ctx, "foreign.Create", func() error {
		if _, err := f.find(org, directory.Ref{Name: i.Name}); err == nil {
			return errs.Say("foreign.Create", errs.Exists, errs.Entry, "The name %s is taken in the directory.", i.Name)
		}
		if password == "weak" {
			return errs.Say("foreign.Create", errs.Password, errs.Entry, "The directory refuses this password.")
		}
		i.Key, i.Entry, i.Half = "", "", f.Halving
		r = f.add(org, i, password).Ref
		return nil
	})
	return r, err
}

func (f *Foreign) add(org ids.Org, i directory.Identity, password string) *account {
	if i.Key == "" {
		i.Key = ids.NewUUID()
	}
	if i.Entry == "" {
		i.Entry = ids.Entry("S-1-1-12-" + ids.Hex(8))
	}
	if i.Kind == 0 {
		i.Kind = directory.KindUser
	}
	if i.State == "" {
		i.State = directory.DirActive
	}
	a := &account{Identity: i, org: org, password: password, members: i.Members}
	a.Members = nil
	if password != "" {
		a.PasswordSet = "1"
	}
	f.users[i.Key] = a
	f.names[nameIn(org, i.Name)] = i.Key
	f.order = append(f.order, i.Key)
	f.note(i.Key)
	return a
}

func (f *Foreign) note(key string) {
	f.log = append(f.log, key)
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *Foreign) noteUnseen() {
	f.unseen++
	close(f.changed)
	f.changed = make(chan struct{})
}

func (f *Foreign) Change(ctx context.Context, org ids.Org, i directory.Identity) error {
	return f.do(ctx, "foreign.Change", func() error {
		a, err := f.find(org, i.Ref)
		if err == nil {
			a.DisplayName, a.Details = i.DisplayName, i.Details
			f.note(a.Key)
		}
		return err
	})
}

func (f *Foreign) SetPassword(ctx context.Context, org ids.Org, r directory.Ref, password string) error {
	return f.do(ctx, "foreign.SetPassword", func() error {
		a, err := f.find(org, r)
		if err == nil {
			a.setPassword(password)
			f.note(a.Key)
		}
		return err
	})
}

func (a *account) setPassword(password string) {
	n, _ := strconv.Atoi(a.PasswordSet)
	a.password, a.PasswordSet = password, strconv.Itoa(n+1)
}

func (f *Foreign) SetMember(ctx context.Context, org ids.Org, group, member directory.Ref, in bool) error {
	return f.do(ctx, "foreign.SetMember", func() error {
		g, err := f.find(org, group)
		if err != nil {
			return err
		}
		m, err := f.find(org, member)
		if err != nil {
			return err
		}
		if has := slices.Contains(g.members, m.Key); has == in {
			return nil
		}
		if in {
			g.members = append(g.members, m.Key)
		} else {
			g.members = slices.DeleteFunc(g.members, func(k string) bool { return k == m.Key })
		}
		f.note(g.Key)
		return nil
	})
}

func (f *Foreign) Delete(ctx context.Context, org ids.Org, r directory.Ref) error {
	return f.do(ctx, "foreign.Delete", func() error {
		if a, err := f.find(org, r); err == nil {
			f.remove(a)
		}
		return nil
	})
}

// remove takes an account out, as a directory does: groups lose the member and do not tell.
func (f *Foreign) remove(a *account) {
	delete(f.users, a.Key)
	delete(f.names, nameIn(a.org, a.Name))
	f.order = slices.DeleteFunc(f.order, func(k string) bool { return k == a.Key })
	for _, g := range f.users {
		g.members = slices.DeleteFunc(g.members, func(k string) bool { return k == a.Key })
	}
	if f.Privileged {
		f.note(a.Key)
	} else {
		f.noteUnseen()
	}
}

// Count is how many identities it has.
func (f *Foreign) Count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.users)
}

// Add puts an identity in, with a key and id of its own where they are not given.
func (f *Foreign) Add(i directory.Identity, password string) directory.Ref {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.add("", i, password).Ref
}

// Fill adds n users, userN with the display name "User N".
func (f *Foreign) Fill(n int) []directory.Ref {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []directory.Ref
	for i := range n {
		name := fmt.Sprintf("user%05d", i)
		list = append(list, f.add("", directory.Identity{Ref: directory.Ref{Name: name}, DisplayName: fmt.Sprintf("User %05d", i),
			Details: directory.Details{FirstName: "User", LastName: strconv.Itoa(i)}, Mirrored: directory.Mirrored{UPN: name + "@corp.example.test"}}, "Sesame-Open-1").Ref)
	}
	return list
}

// Edit changes an identity; its name, its members and all else.
func (f *Foreign) Edit(key string, fn func(*directory.Identity)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.users[key]
	i := a.whole()
	fn(&i)
	delete(f.names, nameIn(a.org, a.Name))
	f.names[nameIn(a.org, i.Name)] = key
	a.members, i.Members = i.Members, nil
	a.Identity = i
	f.note(key)
}

// Expire makes a user inactive by the time alone: nothing changed that would be told.
func (f *Foreign) Expire(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.users[key].State = directory.DirDisabled
}

// Reset gives a user another password, as an administrator of the directory does.
func (f *Foreign) Reset(key, password string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.users[key].setPassword(password)
	f.note(key)
}

// Remove deletes identities, and answers what Restore brings back.
func (f *Foreign) Remove(keys ...string) (removed []directory.Identity) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, key := range keys {
		removed = append(removed, f.users[key].whole())
		f.remove(f.users[key])
	}
	return removed
}

// Restore brings removed identities back with their keys.
func (f *Foreign) Restore(list []directory.Identity) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, i := range list {
		f.add("", i, "").PasswordSet = i.PasswordSet
	}
}

// Move takes identities out of the base, or into it again.
func (f *Foreign) Move(out bool, keys ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, key := range keys {
		f.users[key].outside = out
		f.note(key)
	}
}

// MoveUnseen takes identities out of the base, or into it, without a change of
// their own: the unit that they are in was moved.
func (f *Foreign) MoveUnseen(out bool, keys ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, key := range keys {
		f.users[key].outside = out
	}
	f.noteUnseen()
}

// AnotherServer answers from now on: it knows nothing of the former one's Marks.
func (f *Foreign) AnotherServer() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.server += "'"
}

func (f *Foreign) mark() directory.Mark {
	return directory.Mark(fmt.Sprintf("%s/%d/%d", f.server, len(f.log), f.unseen))
}

func (f *Foreign) Mark(ctx context.Context) (m directory.Mark, err error) {
	err = f.do(ctx, "foreign.Mark", func() error { m = f.mark(); return nil })
	return m, err
}

func (f *Foreign) Changed(ctx context.Context, since directory.Mark) (c directory.Changes, err error) {
	err = f.do(ctx, "foreign.Changed", func() error {
		p := strings.Split(string(since), "/")
		if len(p) != 3 || p[0] != f.server {
			c.Anew = true
			return nil
		}
		n, err1 := strconv.Atoi(p[1])
		unseen, err2 := strconv.Atoi(p[2])
		if err1 != nil || err2 != nil || n > len(f.log) {
			c.Anew = true
			return nil
		}
		told := map[string]bool{}
		for _, key := range f.log[n:] {
			if !told[key] {
				told[key] = true
				c.Keys = append(c.Keys, key)
			}
		}
		c.Next, c.Sweep = f.mark(), unseen != f.unseen
		return nil
	})
	return c, err
}

func (f *Foreign) pages() int {
	if f.PageSize > 0 {
		return f.PageSize
	}
	return 1000
}

func (f *Foreign) Read(ctx context.Context, page func([]directory.Identity) error) error {
	for at := 0; ; {
		var list []directory.Identity
		end := false
		f.mu.Lock()
		before := f.OnPage
		f.mu.Unlock()
		if before != nil {
			before()
		}
		err := f.do(ctx, "foreign.Read", func() error {
			for ; at < len(f.order) && len(list) < f.pages(); at++ {
				if a := f.users[f.order[at]]; !a.outside {
					list = append(list, a.whole())
				}
			}
			end = at >= len(f.order)
			return ctx.Err()
		})
		if err == nil && len(list) > 0 {
			err = page(list)
		}
		if err != nil || end {
			return err
		}
	}
}

func (f *Foreign) ReadKeys(ctx context.Context, keys []string, page func([]directory.Identity) error) error {
	var list []directory.Identity
	err := f.do(ctx, "foreign.ReadKeys", func() error {
		for _, key := range keys {
			if a := f.users[key]; a != nil && !a.outside {
				list = append(list, a.whole())
			}
		}
		return nil
	})
	if err != nil || len(list) == 0 {
		return err
	}
	return page(list)
}

func (f *Foreign) Keys(ctx context.Context, page func([]string) error) error {
	var list []string
	err := f.do(ctx, "foreign.Keys", func() error {
		for _, key := range f.order {
			if !f.users[key].outside {
				list = append(list, key)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(list, f.pages()) {
		if err := page(some); err != nil {
			return err
		}
	}
	return nil
}

// Wait returns at a change, also one that came between two calls.
func (f *Foreign) Wait(ctx context.Context) (told bool, err error) {
	var changed chan struct{}
	every := 5 * time.Second
	err = f.do(ctx, "foreign.Wait", func() error {
		changed = f.changed
		if n := len(f.log) + f.unseen; n != f.waited {
			told, f.waited = true, n
		}
		if f.Every > 0 {
			every = f.Every
		}
		return nil
	})
	if err != nil || told {
		return told, err
	}
	t := time.NewTimer(every)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false, nil
	case <-t.C:
		return false, nil
	case <-changed:
		return true, f.do(ctx, "foreign.Wait", func() error { f.waited = len(f.log) + f.unseen; return nil })
	}
}

func (f *Foreign) Names(ctx context.Context) (n directory.Names, err error) {
	n = directory.Names{NetBIOS: "CORP", Suffixes: []string{"corp.example.test"}}
	return n, f.do(ctx, "foreign.Names", func() error { return nil })
}

func (f *Foreign) Policy(ctx context.Context, user directory.Ref) (p directory.PasswordPolicy, err error) {
	err = f.do(ctx, "foreign.Policy", func() error { p = f.Rules; return nil })
	return p, err
}

func (f *Foreign) Test(ctx context.Context, report func(directory.TestStep)) {
	err := f.do(ctx, "foreign.Test", func() error { return nil })
	step := directory.TestStep{Name: "CONNECT", Outcome: directory.StepOK, Text: "It answers."}
	if err != nil {
		step = directory.TestStep{Name: "CONNECT", Outcome: directory.StepFailed, Text: errs.Public(err), Advice: "Start the directory."}
	}
	report(step)
}

func (f *Foreign) Close() {}
