package provision_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/connect/dirtest"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/provision"
)

// counted is a foreign directory that knows how often it was closed.
type counted struct {
	*dirtest.Foreign
	closed int
}

func (c *counted) Close() { c.closed++ }

// ldap are settings that are reached at a server of the house.
func ldap(server string) directory.Settings {
	return directory.Settings{Kind: directory.LDAP, Servers: []string{server}, Account: "cn=service", Secret: "Secret-of-1", BaseDN: "dc=example"}
}

func (h *house) registry(r *region, need provision.Need) *directory.Registry {
	h.Helper()
	v, err := r.provision.For(h.root()).Directories(need, "Test", "r", 0)
	h.must(err)
	return v
}

// foreign registers an empty directory of this alias.
func (h *house) foreign(r *region, alias string) (directory.Directory, *counted) {
	h.Helper()
	f := &counted{Foreign: dirtest.NewForeign()}
	h.abroad[alias+".example"] = f
	d, err := h.registry(r, provision.Write).RegisterDirectory(h.ctx, alias, ldap(alias+".example"))
	h.must(err)
	return d, f
}

func (h *house) create(r *region, in org.NewOrganization) (org.Organization, error) {
	return r.provision.For(h.root()).CreateOrganization(h.ctx, "CreateOrganization", "r", in)
}

// mirror takes over what the directory has now.
func (h *house) mirror(r *region, o org.Organization, f directory.Foreign) {
	h.Helper()
	h.clock.Move(time.Minute) // the lease of one before is over
	m := r.dir.Mirror(o.ID, directory.MirrorConfig{Directory: o.DirectoryID, Open: func(context.Context) (directory.Foreign, error) { return f, nil }})
	if ours, err := m.Turn(h.ctx); err != nil || !ours {
		h.Fatal(ours, err)
	}
}

func TestDirectories(t *testing.T) {
	story(t, func(h *house) {
		d, f := h.foreign(h.us, "corp")
		w, v := h.registry(h.us, provision.Write), h.registry(h.us, provision.Read)
		has, err := v.DescribeDirectory(h.ctx, d.ID)
		h.must(err)
		if has.Alias != "corp" || has.Settings.Secret != "" || has.Settings.Account != "cn=service" || has.Revision != 1 || !has.Created.Equal(start) || strings.Contains(fmt.Sprint(has), "Secret-of-1") {
			h.Fatalf("%+v", has)
		}
		_, err = w.RegisterDirectory(h.ctx, "CORP", ldap("corp.example"))
		h.want(err, errs.Exists, errs.Directory)
		_, err = h.registry(h.eu, provision.Read).DescribeDirectory(h.ctx, d.ID)
		h.want(err, errs.NotFound, errs.Directory)
		// The secret stays where none is given and it goes nowhere else.
		set := ldap("corp.example")
		set.Secret, set.UserFilter = "", "(mail=*)"
		two, err := w.UpdateDirectory(h.ctx, d.ID, set)
		h.must(err)
		h.equal(two.Revision, 2)
		set.Servers = append(set.Servers, "corp2.example")
		h.abroad["corp2.example"] = f
		_, err = w.UpdateDirectory(h.ctx, d.ID, set)
		h.want(err, errs.Invalid, errs.Directory)
		set.Secret = "Secret-of-2"
		_, err = w.UpdateDirectory(h.ctx, d.ID, set)
		h.must(err)
		set.Kind = directory.MicrosoftAD
		_, err = w.UpdateDirectory(h.ctx, d.ID, set)
		h.want(err, errs.Invalid, errs.Directory)
		late, err := h.us.provision.For(h.root()).Directories(provision.Write, "Test", "r", 2)
		h.must(err)
		set.Kind, set.BaseDN = directory.LDAP, "dc=other"
		_, err = late.UpdateDirectory(h.ctx, d.ID, set)
		h.want(err, errs.Conflict, errs.Directory)
		h.want(late.DeregisterDirectory(h.ctx, d.ID), errs.Conflict, errs.Directory)
		var steps []directory.TestStep
		report := func(s directory.TestStep) { steps = append(steps, s) }
		h.must(w.TestDirectory(h.ctx, d.ID, nil, report))
		f.Set(func() { f.Down = true })
		set.Secret = ""
		h.must(w.TestDirectory(h.ctx, d.ID, &set, report))
		h.want(w.TestDirectory(h.ctx, "", &set, report), errs.Invalid, errs.Directory) // no secret
		h.equal(len(steps), 2)
		h.equal(steps[0].Outcome+steps[1].Outcome, directory.StepOK+directory.StepFailed)
		list, err := v.ListDirectories(h.ctx)
		h.must(err)
		h.equal(len(list), 1)
		h.must(w.DeregisterDirectory(h.ctx, d.ID))
		h.want(w.DeregisterDirectory(h.ctx, d.ID), errs.NotFound, errs.Directory)
		records, _, err := h.us.lists.List(h.ctx, audit.Filter{Target: d.ID})
		h.must(err)
		if len(records) != 4 || strings.Contains(fmt.Sprint(records), "Secret-of") || !strings.Contains(fmt.Sprint(records), "Servers, secret") {
			h.Fatalf("%+v", records)
		}
	})
}

func TestBadDirectories(t *testing.T) { story(t, badDirectories) }

func badDirectories(h *house) {
	h.foreign(h.us, "corp")
	w := h.registry(h.us, provision.Write)
	for what, spoil := range map[string]func(s *directory.Settings){
		"kind": func(s *directory.Settings) { s.Kind = "NIS" }, "no server": func(s *directory.Settings) { s.Servers = nil },
		"nine servers": func(s *directory.Settings) {
			for i := range 8 {
				s.Servers = append(s.Servers, fmt.Sprintf("dc%d.example", i))
			}
		},
		"twice": func(s *directory.Settings) { s.Servers = append(s.Servers, s.Servers[0]) },
		"url":   func(s *directory.Settings) { s.Servers = []string{"ldaps://corp.example"} }, "port": func(s *directory.Settings) { s.Servers = []string{"corp.example:99999"} },
		"space": func(s *directory.Settings) { s.Servers = []string{"corp .example"} }, "CA": func(s *directory.Settings) { s.CA = "-----BEGIN" },
		"key as CA": func(s *directory.Settings) {
			s.CA = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
		},
		"long CA": func(s *directory.Settings) { s.CA = strings.Repeat("x", 65<<10) }, "no account": func(s *directory.Settings) { s.Account = "" },
		"no secret": func(s *directory.Settings) { s.Secret = "" }, "NUL": func(s *directory.Settings) { s.Secret = "a\x00b" },
		"no base": func(s *directory.Settings) { s.BaseDN = "" }, "long base": func(s *directory.Settings) { s.BaseDN = strings.Repeat("x", 1025) },
		"long filter": func(s *directory.Settings) { s.UserFilter = strings.Repeat("x", 5000) }, "no filter": func(s *directory.Settings) { s.UserFilter = "((" },
		"read-only AD": func(s *directory.Settings) { s.Kind, s.ReadOnly = directory.SimpleAD, true },
		"attribute":    func(s *directory.Settings) { s.Attributes = map[string]string{"Name": "a=b"} },
		"attributes": func(s *directory.Settings) {
			s.Attributes = map[string]string{}
			for i := range 65 {
				s.Attributes[fmt.Sprintf("a%d", i)] = "b"
			}
		},
	} {
		set := ldap("corp.example")
		spoil(&set)
		if _, err := w.RegisterDirectory(h.ctx, "other", set); !errs.Is(err, errs.Invalid) || errs.Public(err) == "" {
			h.Errorf("%s: %v", what, err)
		}
	}
	for alias, kind := range map[string]errs.Kind{"d-1": errs.Invalid, "": errs.Invalid, "www": errs.Exists} {
		_, err := w.RegisterDirectory(h.ctx, alias, ldap("corp.example"))
		h.want(err, kind, errs.Directory)
	}
	for _, server := range []string{"10.0.0.1", "10.0.0.1:636", "[fd00::1]:636", "fd00::1", "dc1", "dc1.corp.example.:3269"} {
		h.abroad[server] = h.abroad["corp.example"]
		set := ldap(server)
		d, err := w.RegisterDirectory(h.ctx, "good", set)
		h.must(err)
		h.must(w.DeregisterDirectory(h.ctx, d.ID))
	}
}

// Who may do what with directories.
func TestDirectoryRights(t *testing.T) {
	story(t, func(h *house) {
		d, _ := h.foreign(h.us, "corp")
		o, err := h.create(h.us, org.NewOrganization{Alias: "corp", DirectoryID: d.ID})
		h.must(err)
		free, _ := h.foreign(h.us, "free")
		one := h.administrator("one", auth.Rights{Role: auth.Full, Organizations: []ids.Org{o.ID}})
		none := h.administrator("none", auth.Rights{Role: auth.Full, Organizations: []ids.Org{h.organization(h.us, "other").ID}})
		look := h.administrator("look", auth.Rights{Role: auth.ReadOnly, All: true})
		for _, c := range []struct {
			actor auth.Actor
			sees  int
		}{{one, 1}, {none, 0}, {look, 2}} {
			_, err := h.us.provision.For(c.actor).Directories(provision.Write, "Test", "r", 0)
			h.want(err, errs.Denied, errs.Operation)
			v, err := h.us.provision.For(c.actor).Directories(provision.Read, "Test", "r", 0)
			h.must(err)
			list, err := v.ListDirectories(h.ctx)
			h.must(err)
			h.equal(len(list), c.sees)
			if _, err := v.DescribeDirectory(h.ctx, free.ID); (err == nil) != (c.sees == 2) {
				h.Fatal(err)
			}
		}
	})
}

func TestOrganizationOfADirectory(t *testing.T) {
	story(t, func(h *house) {
		d, f := h.foreign(h.us, "corp")
		ask := func(in org.NewOrganization) error { _, err := h.create(h.us, in); return err }
		h.want(ask(org.NewOrganization{Alias: "other", DirectoryID: d.ID}), errs.Invalid, errs.Organization)
		h.want(ask(org.NewOrganization{Alias: "corp", DirectoryID: "d-0000000000"}), errs.NotFound, errs.Directory)
		h.want(ask(org.NewOrganization{Alias: "corp", DirectoryID: strings.Repeat("x", 99)}), errs.NotFound, errs.Directory)
		f.Set(func() { f.Down = true })
		h.want(ask(org.NewOrganization{Alias: "corp", DirectoryID: d.ID}), errs.Unavailable, errs.Directory)
		f.Set(func() { f.Down, f.Refusing = false, true })
		h.want(ask(org.NewOrganization{Alias: "corp", DirectoryID: d.ID}), errs.Denied, errs.Directory)
		f.Set(func() { f.Refusing = false })
		if _, found, err := h.claims.Holder(h.ctx, org.ClaimAlias, "corp"); found || err != nil {
			h.Fatal("a refused organization holds its alias", err)
		}
		in := org.NewOrganization{Alias: "Corp", DirectoryID: d.ID, Token: "t1"}
		o, err := h.create(h.us, in)
		h.must(err)
		h.equal(o.DirectoryID+o.DirectoryType, d.ID+"LDAP")
		again, err := h.create(h.us, in)
		h.must(err)
		h.equal(again.ID, o.ID)
		in.DirectoryID = ""
		h.want(ask(in), errs.Invalid, errs.Request) // the token was another call's
		h.want(ask(org.NewOrganization{Alias: "corp", DirectoryID: d.ID}), errs.InUse, errs.Directory)
		w := h.registry(h.us, provision.Write)
		h.want(w.DeregisterDirectory(h.ctx, d.ID), errs.InUse, errs.Directory)
		if c, ok, err := h.claims.Brought(h.ctx, org.ClaimNetBIOS, "corp"); err != nil || !ok || c.Org != o.ID {
			h.Fatal(c, ok, err)
		}
		// Beside it, one of the built-in directory.
		other := h.open(h.us, h.organization(h.us, "other").ID)
		h.user(other, "a-name-of-more-than-20-letters", "a@other.postroom.test")
		v := h.open(h.us, o.ID)
		_, err = v.CreateUser(h.ctx, directory.NewUser{Name: "a-name-of-more-than-20-letters", DisplayName: "a"}, nil)
		h.want(err, errs.Invalid, errs.Entry)
		e := h.user(v, "alice", "alice@corp.postroom.test")
		h.equal(f.Count(), 1)
		if !strings.HasPrefix(string(e.ID), "S-1-") || e.Key == "" {
			h.Fatalf("%+v", e)
		}
		f.Set(func() { f.Down = true })
		h.want(v.ResetPassword(h.ctx, string(e.ID), "Sesame-Open-2"), errs.Unavailable, errs.Directory)
		h.user(other, "bob", "bob@other.postroom.test")
		// Resources are ours, whatever the directory does.
		_, err = v.CreateResource(h.ctx, directory.NewResource{Name: "room", Type: directory.Room}, nil)
		h.must(err)
		// It is deleted without asking the directory, which is free then and keeps its users.
		_, err = h.us.provision.For(h.root()).DeleteOrganization(h.ctx, "DeleteOrganization", "r", 0, provision.Deletion{Org: o.ID, Force: true, DeleteDirectory: true})
		h.must(err)
		h.must(h.us.provision.FinishDeletions(h.ctx))
		h.equal(f.Count(), 1)
		if _, ok, err := h.claims.Brought(h.ctx, org.ClaimNetBIOS, "corp"); err != nil || ok {
			h.Fatal("a deleted organization's name counts", err)
		}
		f.Set(func() { f.Down = false })
		next, err := h.create(h.us, org.NewOrganization{Alias: "corp", DirectoryID: d.ID})
		h.must(err)
		has, err := w.DescribeDirectory(h.ctx, d.ID)
		h.must(err)
		h.equal(has.Org, next.ID)
	})
}

// A user who begins as a member of groups, in a directory that keeps them.
func TestForeignGroups(t *testing.T) {
	story(t, func(h *house) {
		d, f := h.foreign(h.us, "corp")
		staff := f.Add(directory.Identity{Ref: directory.Ref{Kind: directory.KindGroup, Name: "staff"}}, "")
		o, err := h.create(h.us, org.NewOrganization{Alias: "corp", DirectoryID: d.ID})
		h.must(err)
		h.mirror(h.us, o, f)
		v := h.open(h.us, o.ID)
		row := provision.ImportRow{NewUser: directory.NewUser{Name: "anna", Password: "Sesame-Open-1"}, Email: "anna@corp.postroom.test", Groups: []string{"staff", "STAFF"}}
		for _, dry := range []bool{true, false} {
			list, err := v.ImportUsers(h.ctx, "import-1", []provision.ImportRow{row}, dry)
			h.must(err)
			h.must(list[0].Err)
		}
		anna, err := v.DescribeUser(h.ctx, "anna")
		h.must(err)
		in, err := f.Lookup(h.ctx, o.ID, staff)
		h.must(err)
		h.equal(in.Members, []string{anna.Key})
		page, _, err := v.ListGroupMembers(h.ctx, "staff", "", 0)
		h.must(err)
		h.equal(len(page), 1)
		h.mirror(h.us, o, f)
		page, _, err = v.ListGroupMembers(h.ctx, "staff", "", 0)
		h.must(err)
		h.equal(len(page), 1)
		_, err = v.CreateUser(h.ctx, directory.NewUser{Name: "bert", DisplayName: "b", Groups: []string{"nobody"}}, nil)
		h.want(err, errs.NotFound, errs.Entry)
		h.equal(f.Count(), 2)
		_, err = v.CreateUser(h.ctx, directory.NewUser{Name: "bert", DisplayName: "b", Groups: slices.Repeat([]string{"staff"}, 101)}, nil)
		h.want(err, errs.Limit, errs.Entry)
	})
}

// The connection is opened when it is needed, and anew when the settings changed.
func TestDirectoryIsOpenedAnew(t *testing.T) {
	story(t, func(h *house) {
		d, f := h.foreign(h.us, "corp")
		o, err := h.create(h.us, org.NewOrganization{Alias: "corp", DirectoryID: d.ID})
		h.must(err)
		v := h.open(h.us, o.ID)
		h.user(v, "alice", "alice@corp.postroom.test")
		closed := f.closed
		second := &counted{Foreign: dirtest.NewForeign()}
		h.abroad["new.example"] = second
		set := ldap("new.example")
		_, err = h.registry(h.us, provision.Write).UpdateDirectory(h.ctx, d.ID, set)
		h.must(err)
		h.user(v, "bob", "bob@corp.postroom.test")
		h.equal(fmt.Sprint(f.Count(), second.Count()), "1 1")
		if f.closed != closed+1 {
			h.Fatal("closed", f.closed-closed)
		}
		h.must(h.us.dir.Close())
		h.equal(second.closed, 2) // after it was tried out, and now
	})
}
