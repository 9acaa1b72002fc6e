package provision_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/connect/dirtest"
	"postroom/internal/core/audit"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/provision"
	"postroom/internal/core/tx"
)

var errKilled = errors.New("killed")

// mortal is a store whose process dies before or behind its n-th Write.
type mortal struct {
	directory.Store
	mu                    sync.Mutex
	writes, before, after int // 0: lives
	dead                  bool
}

func (m *mortal) Write(ctx context.Context, fair ids.Org, fn func(*tx.Tx) error) error {
	m.mu.Lock()
	m.writes++
	m.dead = m.dead || m.writes == m.before
	killed, behind := m.dead, m.writes == m.after
	m.mu.Unlock()
	if killed {
		return errKilled
	}
	err := m.Store.Write(ctx, fair, fn)
	if err == nil && behind {
		m.mu.Lock()
		m.dead = true
		m.mu.Unlock()
		return errKilled
	}
	return err
}

// dying is a directory behind whose Create the process dies, once.
type dying struct {
	*dirtest.Foreign
	store *mortal
	armed bool
}

func (d *dying) Create(ctx context.Context, o ids.Org, i directory.Identity, password string) (directory.Ref, error) {
	if d.store.dead {
		return directory.Ref{}, errKilled
	}
	r, err := d.Foreign.Create(ctx, o, i, password)
	if d.armed && err == nil {
		d.store.dead = true
		return directory.Ref{}, errKilled
	}
	return r, err
}

// Killed anywhere: a user with mailbox, address and memberships, or neither here
// nor in the directory. Where the address is another's by then, it is neither.
func TestKilledCreations(t *testing.T) {
	story(t, func(h *house) {
		store := h.us.mortal
		f := &dying{Foreign: dirtest.NewForeign(), store: store}
		staff := f.Add(directory.Identity{Ref: directory.Ref{Kind: directory.KindGroup, Name: "staff"}}, "")
		h.abroad["corp.example"] = f
		d, err := h.registry(h.us, provision.Write).RegisterDirectory(h.ctx, "corp", ldap("corp.example"))
		h.must(err)
		o, err := h.create(h.us, org.NewOrganization{Alias: "corp", DirectoryID: d.ID})
		h.must(err)
		h.mirror(h.us, o, f)
		v, err := h.us.provision.For(h.root()).Organization(h.ctx, o.ID, provision.Write, "CreateUserWithMailbox", "r7", 0)
		h.must(err)
		whole := 0
		for n := 1; n <= 6; n++ {
			for _, taken := range []bool{false, true} {
				name := fmt.Sprintf("user%d%v", n, taken)
				email := name + "@corp.postroom.test"
				*store = mortal{Store: store.Store}
				switch n {
				case 1, 2:
					store.before = n
				case 3, 4:
					store.after = n - 2
				default:
					f.armed = true
					f.Halving = n == 6 // the directory is not done with it
				}
				_, err := v.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: name, DisplayName: "U", Password: "Sesame-Open-1", Groups: []string{"staff"}}, email)
				if err == nil {
					h.Fatal("it was not killed", n)
				}
				*store, f.armed, f.Halving = mortal{Store: store.Store}, false, false
				_, here := v.DescribeUser(h.ctx, name)
				if taken && here != nil {
					room, err := v.CreateResource(h.ctx, directory.NewResource{Name: "r" + name, Type: directory.Room}, nil)
					h.must(err)
					h.must(v.RegisterToWorkMail(h.ctx, string(room.ID), email))
				}
				h.mirror(h.us, o, f) // it sees it first, and leaves it
				h.clock.Move(time.Hour)
				h.must(h.us.provision.Settle(h.ctx, time.Minute))
				h.mirror(h.us, o, f)
				e, here := v.DescribeUser(h.ctx, name)
				_, there := f.Lookup(h.ctx, o.ID, directory.Ref{Kind: directory.KindUser, Name: name})
				group, err := f.Lookup(h.ctx, o.ID, staff)
				h.must(err)
				if errs.Is(here, errs.NotFound) && errs.Is(there, errs.NotFound) {
					h.equal(len(group.Members), whole)
					continue
				}
				h.must(here)
				h.must(there)
				whole++
				h.equal([]any{e.State, e.Email, e.Mailbox != 0, len(group.Members)}, []any{directory.Enabled, email, true, whole})
				_, _, err = v.MailboxDetails(h.ctx, name)
				h.must(err)
				page, _, err := v.ListGroupMembers(h.ctx, "staff", "", 0)
				h.must(err)
				h.equal(len(page), whole)
				records, _, err := h.us.lists.List(h.ctx, audit.Filter{Org: o.ID, Target: string(e.ID)})
				h.must(err)
				first := records[len(records)-1].By
				h.equal([]any{first.Operation, first.RequestID}, "[CreateUserWithMailbox r7]")
			}
		}
		h.equal(whole, 4) // the second Write did not come: 2; it came: 4, twice; behind the Writer's Create: 5
		list, err := h.us.entries.Intents(h.ctx, nil, h.clock.Now(), 10)
		h.must(err)
		h.equal(len(list), 0)
	})
}
