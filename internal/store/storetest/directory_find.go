package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

// crowd makes n entries of a kind as a store gets them, without rules, and
// answers each with what it can be found by.
func (o *office) crowd(kind directory.Kind, n int, r *rand.Rand) []crowded {
	o.Helper()
	letters := func() string {
		b := make([]byte, 3+r.IntN(4))
		for i := range b {
			b[i] = "abcde"[r.IntN(5)]
		}
		return string(b)
	}
	var all []crowded
	for i := range n {
		e := directory.Entry{
			Org: o.org.ID, ID: ids.NewEntry(), Kind: kind, Name: fmt.Sprintf("%s.%d", strings.ToUpper(letters()[:1])+letters(), i), State: directory.Enabled, Dir: directory.DirActive,
			Created: officeStart, EnabledAt: officeStart.Add(time.Duration(r.IntN(50)) * time.Hour), Version: 1, Revision: 1, GrantsRevision: 1,
		}
		if kind == directory.KindUser {
			e.DisplayName, e.Role = letters()+[]string{" ", "-", ", ", " (Ä) "}[r.IntN(4)]+strings.ToUpper(letters())+[]string{"", "", " ÄB"}[r.IntN(3)], []directory.Role{"USER", "USER", "USER", "REMOTE_USER", "SYSTEM_USER"}[r.IntN(5)]
		}
		if r.IntN(4) == 0 {
			e.State = directory.Disabled
		}
		if r.IntN(40) == 0 {
			e.Dir = directory.DirDisabled
		}
		if r.IntN(50) == 0 {
			e.State, e.DeletedAt = directory.Deleted, officeStart
		}
		c := crowded{e: e}
		if e.State != directory.Deleted && r.IntN(10) > 0 {
			for range 1 + r.IntN(3) {
				c.addresses = append(c.addresses, fmt.Sprintf("%s%d@crowd.example", letters(), i))
			}
			c.e.Email = c.addresses[0]
		}
		all = append(all, c.keyed())
	}
	for some := range slices.Chunk(all, 200) {
		o.must(o.s.Entries.Write(o.ctx, o.org.ID, func(t *tx.Tx) error {
			for i := range some {
				if err := o.s.Entries.Insert(t, &some[i].e); err != nil {
					return err
				}
				for _, a := range some[i].addresses {
					if err := o.s.Entries.PutAddress(t, directory.Address{Org: o.org.ID, Entry: some[i].e.ID, Kind: directory.SMTP, Key: a, Text: a, Held: true}); err != nil {
						return err
					}
				}
			}
			return nil
		}))
	}
	return all
}

// crowded is an entry with its addresses, and its keys and their words, which are
// compared hundreds of thousands of times.
type crowded struct {
	e                    directory.Entry
	addresses            []string
	name, display, email string
	words                []string
}

var word = regexp.MustCompile(`[\pL\pM\p{Nd}]+`)

func (c crowded) keyed() crowded {
	c.name, c.display, c.email = directory.SortKey(c.e.Name), directory.SortKey(c.e.DisplayName), directory.EmailKey(c.e.Email)
	c.words = word.FindAllString(c.name+" "+c.display, -1)
	return c
}

// fits tells whether a query of such a key and words wants it, and by how many of
// its keys of each sort it may have been found.
func (c *crowded) fits(q directory.Search, key string, words []string) (fits bool, by [4]int) {
	begins := func(p string, list ...string) (n int) {
		for _, text := range list {
			if text != "" && strings.HasPrefix(text, p) {
				n++
			}
		}
		return n
	}
	had := func(p string) bool {
		found := false
		for i, n := range []int{begins(p, c.name), begins(p, c.display), begins(p, c.addresses...), begins(p, c.words...)} {
			by[i], found = max(by[i], n), found || n > 0
		}
		return found
	}
	fits = had(key) // a whole one that is no word begins no word
	each := len(words) > 0
	for _, w := range words {
		each = had(w) && each
	}
	fits = fits || each
	if len(q.Roles) > 0 && !slices.Contains(q.Roles, c.e.Role) {
		fits = false
	}
	states := q.States
	if len(states) == 0 {
		states = []directory.State{directory.Enabled, directory.Disabled}
	}
	return fits && slices.Contains(states, c.e.Shown()), by
}

func inOrder(by directory.SortBy) func(a, b *crowded) int {
	return func(a, b *crowded) int {
		name := cmp.Or(strings.Compare(a.name, b.name), strings.Compare(string(a.e.ID), string(b.e.ID)))
		id := strings.Compare(string(a.e.ID), string(b.e.ID))
		switch by {
		case directory.ByDisplayName:
			return cmp.Or(strings.Compare(a.display, b.display), id)
		case directory.ByEmail:
			return cmp.Or(strings.Compare(a.email, b.email), id)
		case directory.ByState:
			return cmp.Or(strings.Compare(string(a.e.Shown()), string(b.e.Shown())), name)
		case directory.ByEnabledDate:
			return cmp.Or(a.e.EnabledAt.Compare(b.e.EnabledAt), id)
		}
		return name
	}
}

// finding compares what Find answers with what a look at every entry does, for
// few and for many entries.
func finding(o *office) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, kind := range []directory.Kind{directory.KindResource, directory.KindUser} {
		all := o.crowd(kind, map[directory.Kind]int{directory.KindResource: 150, directory.KindUser: 3500}[kind], r)
		for i := range 300 {
			q := directory.Search{Query: []string{"", "", "a", "AB", "abc", "b", "cde", "d@", "e", "ä", "Ä)", "äb", "b ä", "D ab", "ab d", "a-b", "c,e a", "e eb", "1", ".2 a", "%", "_", "abc@", "dea äb a"}[r.IntN(24)], Descending: r.IntN(2) == 0, Limit: 1 + r.IntN(100),
				States: [][]directory.State{nil, nil, {"ENABLED"}, {"DISABLED"}, {"DELETED"}, {"ENABLED", "DELETED"}, {"ENABLED", "DISABLED", "DELETED"}}[r.IntN(7)],
				SortBy: []directory.SortBy{"", directory.ByName, directory.ByEmail, directory.ByState, directory.ByEnabledDate}[r.IntN(5)]}
			if kind == directory.KindUser {
				q.Roles = [][]directory.Role{nil, nil, {"USER"}, {"REMOTE_USER"}, {"SYSTEM_USER", "REMOTE_USER"}, {"USER", "SYSTEM_USER", "REMOTE_USER", "RESOURCE"}}[r.IntN(6)]
				if i%5 == 0 {
					q.SortBy = directory.ByDisplayName
				}
			}
			o.compare(kind, q, all, r)
		}
	}
	for _, q := range []directory.Search{{Offset: -1}, {Limit: 101}, {SortBy: "AGE"}, {Query: "\xff"}, {Query: "a\x00"}} {
		_, err := o.view().FindUsers(o.ctx, q)
		o.want(err, errs.Invalid, errs.Request)
	}
	for _, q := range []directory.Search{{SortBy: directory.ByDisplayName}, {Roles: []directory.Role{"USER"}}} {
		_, err := o.view().FindGroups(o.ctx, q)
		o.want(err, errs.Invalid, errs.Request)
	}
}

func (o *office) compare(kind directory.Kind, q directory.Search, all []crowded, r *rand.Rand) {
	o.Helper()
	var want []*crowded
	var by [4]int
	p := directory.SortKey(q.Query)
	words := word.FindAllString(p, -1)
	if strings.Contains(p, "@") { // of an address
		words = nil
	}
	for i := range all {
		fits, keys := all[i].fits(q, p, words)
		if !fits {
			continue
		}
		want = append(want, &all[i])
		for j, n := range keys {
			by[j] += n
		}
	}
	slices.SortFunc(want, inOrder(q.SortBy))
	if q.Descending {
		slices.Reverse(want)
	}
	q.Offset = r.IntN(len(want) + 2)
	got, err := o.find(kind, q)
	o.must(err)
	if got.More {
		if slices.Max(by[:]) <= directory.MaxMatches || q.Query == "" || got.Total < directory.MaxMatches/4 || got.Total > int64(len(want)) {
			o.Fatalf("%+v: more than %d of %d (%v)", q, got.Total, len(want), by)
		}
		for i := 1; i < len(got.Entries); i++ {
			before, here := crowded{e: got.Entries[i-1]}.keyed(), crowded{e: got.Entries[i]}.keyed()
			if (inOrder(q.SortBy)(&before, &here) < 0) == q.Descending {
				o.Fatalf("%+v: %d is out of order", q, i)
			}
		}
		return
	}
	if got.Total != int64(len(want)) {
		o.Fatalf("%+v: %d, want %d", q, got.Total, len(want))
	}
	var ids, wanted []string
	for _, e := range got.Entries {
		ids = append(ids, e.Name+" "+string(e.ID))
	}
	for _, c := range want[min(q.Offset, len(want)):min(q.Offset+q.Limit, len(want))] {
		wanted = append(wanted, c.e.Name+" "+string(c.e.ID))
	}
	if fmt.Sprint(ids) != fmt.Sprint(wanted) {
		o.Fatalf("%+v:\ngot  %v\nwant %v", q, ids, wanted)
	}
}

func (o *office) find(kind directory.Kind, q directory.Search) (directory.Found, error) {
	switch kind {
	case directory.KindGroup:
		return o.view().FindGroups(o.ctx, q)
	case directory.KindResource:
		return o.view().FindResources(o.ctx, q)
	}
	return o.view().FindUsers(o.ctx, q)
}

// countsFollow: the number of all is right after each change of an entry's life.
func countsFollow(o *office) {
	count := func(want string) {
		o.Helper()
		got := ""
		for _, q := range []directory.Search{{}, {States: []directory.State{directory.Enabled}}, {States: []directory.State{directory.Disabled}},
			{States: []directory.State{directory.Deleted}}, {Roles: []directory.Role{directory.RoleRemoteUser}}} {
			f, err := o.view().FindUsers(o.ctx, q)
			o.must(err)
			o.equal(len(f.Entries), f.Total)
			o.equal(fmt.Sprint(f.Unfiltered), want[:1])
			got += fmt.Sprint(f.Total)
		}
		o.equal(got, want)
		counts, err := o.s.Entries.Counts(o.ctx, nil, o.org.ID)
		o.must(err)
		of := map[directory.State]int64{}
		for _, n := range counts {
			o.equal(n.Kind, directory.KindUser)
			of[n.State] = n.Entries
		}
		o.equal(fmt.Sprint(of[directory.Enabled]+of[directory.Disabled], of[directory.Enabled], of[directory.Disabled], of[directory.Deleted]),
			fmt.Sprint(want[0]-'0', want[1]-'0', want[2]-'0', want[3]-'0'))
	}
	count("00000")
	a, b := o.user("anna"), o.user("bert")
	count("20200")
	a = o.register(a)
	count("21100")
	o.must(o.view().CreateAlias(o.ctx, string(a.ID), "other@example.postroom.test"))
	_, err := o.view().UpdateUser(o.ctx, "bert", directory.UserPatch{Role: ptr(directory.RoleRemoteUser)})
	o.must(err)
	count("21101")
	_, err = o.view().SawDirectory(o.ctx, string(a.ID), directory.DirDisabled)
	o.must(err)
	count("20201")
	_, err = o.view().SawDirectory(o.ctx, string(a.ID), directory.DirActive)
	o.must(err)
	f, err := o.view().FindUsers(o.ctx, directory.Search{Query: "OTHER@exam"})
	o.must(err)
	o.equal(names(f.Entries), []string{"anna"})
	o.deregister(a)
	o.must(o.view().DeleteUser(o.ctx, string(b.ID)))
	count("10110")
	o.must(o.s.Entries.Write(o.ctx, o.org.ID, func(t *tx.Tx) error { return o.s.Entries.DeleteEntry(t, o.org.ID, b.ID) }))
	count("10100")
	// A refused change counts nothing.
	_, err = o.view().CreateUser(o.ctx, directory.NewUser{Name: "carl", DisplayName: "C", Email: "carl@example.postroom.test"}, func(*tx.Tx, *directory.Entry) error { return errs.E("x", errs.Limit, errs.Entry, nil) })
	o.want(err, errs.Limit, errs.Entry)
	o.must(o.view().TryUser(o.ctx, directory.NewUser{Name: "carl", DisplayName: "C", Password: "Sesame-Open-1"}))
	o.want(o.view().TryUser(o.ctx, directory.NewUser{Name: "ANNA", DisplayName: "C"}), errs.Exists, errs.Entry)
	o.want(o.view().TryUser(o.ctx, directory.NewUser{Name: "carl", DisplayName: "C", Password: "short"}), errs.Password, errs.Entry)
	count("10100")
}

// lookup finds by beginnings over kinds and organizations, what is exactly so first.
func lookup(o *office) {
	a := o.register(o.user("anna"))
	o.must(o.view().CreateAlias(o.ctx, string(a.ID), "boss@example.postroom.test"))
	o.group("Annals")
	other := o.organization("other")
	v := o.dir.View(other.ID, officeBy, 0)
	far, err := v.CreateUser(o.ctx, directory.NewUser{Name: "ann", DisplayName: "Zoë"}, nil)
	o.must(err)
	both := []ids.Org{o.org.ID, other.ID}
	look := func(text string, limit int, want ...string) {
		o.Helper()
		list, err := o.dir.Lookup(o.ctx, both, text, limit)
		o.must(err)
		o.equal(names(list), want)
	}
	look("ANN", 20, "ann", "anna", "Annals")
	look("ann", 1, "ann")
	look("user an", 20, "anna")
	look("zoë", 20, "ann")
	look("boss@", 20, "anna")
	look(string(far.ID), 20, "ann")
	look(string(far.ID[:8]), 20, "ann")
	look(string(far.ID[:5]), 20)
	look("", 20)
	list, err := o.dir.Lookup(o.ctx, both[:1], "ann", 20)
	o.must(err)
	o.equal(len(list), 2)
	o.must(v.DeleteUser(o.ctx, string(far.ID)))
	look("ann", 20, "anna", "Annals")
	look(string(far.ID), 20)
	_, err = o.dir.Lookup(o.ctx, both, "a\x00", 20)
	o.want(err, errs.Invalid, errs.Request)
}

// proposing: addresses for entries that are to be enabled.
func proposing(o *office) {
	taken := o.register(o.user("Taken"))
	twin, plain, again := o.user("taken@corp.example"), o.user("Plain_One"), o.user("again")
	group, system := o.group("Größe & Maß"), o.user("sys")
	o.register(again)
	o.deregister(again)
	remote := o.user("remote")
	_, err := o.view().SawDirectory(o.ctx, string(remote.ID), directory.DirDisabled)
	o.must(err)
	nothing := o.group("&&")
	o.must(o.view().ResetPassword(o.ctx, string(plain.ID), "Sesame-Open-1"))
	second := o.group("größe... maß")
	o.must(o.s.Entries.Write(o.ctx, o.org.ID, func(t *tx.Tx) error {
		system.Role = directory.RoleSystemUser
		return o.s.Entries.Update(t, &system)
	}))
	list, err := o.view().ProposeEmailAddresses(o.ctx, []ids.Entry{taken.ID, twin.ID, plain.ID, again.ID, group.ID, second.ID, system.ID, remote.ID, nothing.ID, "nobody-at-all"}, "", "")
	o.must(err)
	at := "@example.postroom.test"
	for i, want := range []string{
		"Taken" + at + "|Taken is enabled already.", "taken" + at + "|The address taken" + at + " belongs to the user Taken.", "plain_one" + at + "|", "again" + at + "|",
		"grosse.mass" + at + "|", "grosse.mass" + at + "|The same address is proposed for Größe & Maß.", "|sys is an account of the directory itself and cannot be changed here.",
		"|remote is not active in its directory.", "|No address can be made of this name. Write one.", "|There is no such user, group or resource.",
	} {
		o.equal(list[i].Email+"|"+list[i].Problem, want)
		// Of users who sign in with one; a group has none to miss.
		o.equal(list[i].NoPassword, slices.Contains([]ids.Entry{taken.ID, twin.ID, again.ID, remote.ID}, list[i].ID))
	}
	_, err = o.view().ProposeEmailAddresses(o.ctx, []ids.Entry{plain.ID}, "unknown.example", "")
	o.want(err, errs.NotFound, errs.MailDomain)
	_, err = o.view().ProposeEmailAddresses(o.ctx, nil, "", "")
	o.want(err, errs.Invalid, errs.Request)
	for email, want := range map[string]string{
		"new" + at: "|", "TAKEN" + at: "The address TAKEN" + at + " belongs to the user Taken.|" + string(taken.ID), "again" + at: "|" + string(again.ID),
		"x": `"x" is not a valid email address.|`, "": `"" is not a valid email address.|`, "a@b.example": "The organization example has no mail domain \"b.example\".|",
	} {
		problem, holder, err := o.view().CheckEmailAddress(o.ctx, email)
		o.must(err)
		o.equal(problem+"|"+string(holder), want)
	}
}
