package storetest

import (
	"strings"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

// byWords: any word of a name finds, through each change of an entry's life.
func byWords(o *office) {
	v := o.view()
	made := map[string]directory.Entry{}
	for name, display := range map[string]string{
		"zmueller": "Zoë Müller", "umeyer": "Ute Meyer-Lüdenscheidt (Acme)", "o.brien": "Pat O’Brien", "jsmith": "Smith, Jo", "long": strings.Repeat("w ", 20) + "unseen",
	} {
		e, err := v.CreateUser(o.ctx, directory.NewUser{Name: name, DisplayName: display}, nil)
		o.must(err)
		made[name] = e
	}
	team := o.group("Sales Team & Berlin", made["zmueller"], made["umeyer"], made["jsmith"])
	found := func(query string, want ...string) {
		o.Helper()
		f, err := v.FindUsers(o.ctx, directory.Search{Query: query})
		o.must(err)
		o.equal(names(f.Entries), want)
		list, err := o.dir.Lookup(o.ctx, []ids.Org{o.org.ID}, query, 20)
		o.must(err)
		o.equal(sorted(names(list)), want)
	}
	found("müller", "zmueller")
	found("MÜLL", "zmueller")
	found("üller")
	found("mü zo", "zmueller")
	found("meyer ute", "umeyer")
	found("lüden acm", "umeyer")
	found("meyer zoë")
	found("meyer-lüden", "umeyer")
	found("smith jo", "jsmith")
	found("jo smith", "jsmith")
	found("jo, smith", "jsmith")
	found("brien p", "o.brien")
	found("unseen") // behind the sixteenth word
	found(strings.Repeat("x", 900) + " jo")
	found("ute nobody")
	f, err := v.FindGroups(o.ctx, directory.Search{Query: "berlin sales"})
	o.must(err)
	o.equal(names(f.Entries), []string{team.Name})
	related := func(query string, want ...string) {
		o.Helper()
		f, _, err := v.FindGroupMembers(o.ctx, team.Name, directory.Related{Query: query})
		o.must(err)
		o.equal(names(f.Entries), want)
	}
	related("m", "umeyer", "zmueller")
	related("m z", "zmueller")
	related("brien")

	// A word may be the beginning of an address too.
	e := o.register(made["zmueller"])
	o.must(v.CreateAlias(o.ctx, string(e.ID), "postmaster@example.postroom.test"))
	found("müller postm", "zmueller")
	found("postm smith")

	// Names change, and so does what finds.
	_, err = v.UpdateUser(o.ctx, "jsmith", directory.UserPatch{DisplayName: ptr("Smith, Joanna Berger")})
	o.must(err)
	found("berg", "jsmith")
	found("joan", "jsmith")
	_, err = v.UpdateUser(o.ctx, "jsmith", directory.UserPatch{DisplayName: ptr("Berger, Joanna")})
	o.must(err)
	found("smith")
	found("joan berger", "jsmith")

	// A deleted one is found among the deleted only, until its row goes.
	gone := made["umeyer"]
	o.must(v.DeleteUser(o.ctx, string(gone.ID)))
	found("meyer")
	deleted := func(want ...string) {
		o.Helper()
		f, err := v.FindUsers(o.ctx, directory.Search{Query: "meyer ute", States: []directory.State{directory.Deleted}})
		o.must(err)
		o.equal(names(f.Entries), want)
	}
	deleted("umeyer")
	o.write(func(t *tx.Tx) error { return o.s.Entries.DeleteEntry(t, o.org.ID, gone.ID) })
	deleted()

	// The same words are free for the next one, and another organization has its own.
	other := o.organization("other")
	for _, in := range []*directory.View{v, o.dir.View(other.ID, officeBy, 0)} {
		_, err = in.CreateUser(o.ctx, directory.NewUser{Name: "umeyer", DisplayName: "Ute Meyer"}, nil)
		o.must(err)
	}
	found("meyer", "umeyer")
}

// rareLeads: where all but one word of a query are many's, that one leads.
func rareLeads(o *office) {
	const many = 2100 // more than are looked at one by one
	o.write(func(t *tx.Tx) error {
		for i := range many {
			e := directory.Entry{
				Org: o.org.ID, ID: ids.NewEntry(), Kind: directory.KindUser, Role: directory.RoleUser, Name: "u" + ids.Hex(8), DisplayName: "Person of Acmecorporation",
				State: directory.Enabled, Dir: directory.DirActive, Created: officeStart, EnabledAt: officeStart, Version: 1, Revision: 1, GrantsRevision: 1,
			}
			if i%1000 == 999 {
				e.DisplayName = "Rare " + e.DisplayName
			}
			if err := o.s.Entries.Insert(t, &e); err != nil {
				return err
			}
		}
		return nil
	})
	for query, want := range map[string]int64{"acmecorporation person rare": 2, "person ra": 2, "acme nobody": 0, "of person rare u": 2} {
		f, err := o.view().FindUsers(o.ctx, directory.Search{Query: query})
		o.must(err)
		o.equal([]any{query, f.Total, f.More}, []any{query, want, false})
	}
	for _, query := range []string{"acme", "person", "acme person"} {
		f, err := o.view().FindUsers(o.ctx, directory.Search{Query: query})
		o.must(err)
		o.equal([]any{query, f.Total >= directory.MaxMatches, f.More}, []any{query, true, true})
	}
}
