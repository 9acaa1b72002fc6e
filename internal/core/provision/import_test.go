package provision_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/provision"
)

func row(name, email string, change ...func(*provision.ImportRow)) provision.ImportRow {
	r := provision.ImportRow{NewUser: directory.NewUser{Name: name}, Email: email}
	for _, f := range change {
		f(&r)
	}
	return r
}

func told(list []provision.ImportResult) string {
	var b strings.Builder
	for _, r := range list {
		fmt.Fprintf(&b, "%s %s", r.Name, r.Status)
		if r.Err != nil {
			kind, subject := errs.Of(r.Err)
			fmt.Fprintf(&b, " %s %s", kind, subject)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// TestImport: rows are made whole or not at all, bad ones refuse no other, a
// second call makes what is missing, and a dry run says the same and writes nothing.
func TestImport(t *testing.T) {
	story(t, func(h *house) {
		o := h.asks()
		at := "@asks.postroom.test"
		password := func(p string) func(*provision.ImportRow) {
			return func(r *provision.ImportRow) { r.Password = p }
		}
		groups := func(g ...string) func(*provision.ImportRow) {
			return func(r *provision.ImportRow) { r.Groups = g }
		}
		rows := []provision.ImportRow{
			row(" anna ", "anna"+at, password("Sesame-Open-1"), groups("OURS", " "), func(r *provision.ImportRow) { r.FirstName, r.LastName = "Anna", " Ä. " }),
			row("mine", "new"+at),
			row("bert", "mine"+at),
			row("carl", "carl@elsewhere.example"),
			row("dora", "dora"+at, password("short")),
			row("emil", "emil"+at, groups("ours", "no such group")),
			row("a b", ""),
			row("fred", "not an address"),
			row("gina", ""),
			row("krbtgt", ""),
			row("hugo", "hugo@example.org", func(r *provision.ImportRow) { r.Role = "remote_user" }),
			row("ines", "", password("Sesame-Open-1"), func(r *provision.ImportRow) { r.Role = "REMOTE_USER" }),
			row("jens", "", func(r *provision.ImportRow) { r.Role = "BOSS" }),
			row("kurt", "", func(r *provision.ImportRow) { r.DisplayName = strings.Repeat("x", 257) }),
		}
		want := `anna READY
mine REFUSED exists entry
bert REFUSED in use address
carl REFUSED not found mail domain
dora REFUSED password entry
emil REFUSED not found entry
a b REFUSED invalid entry
fred REFUSED invalid address
gina READY
krbtgt REFUSED reserved entry
hugo REFUSED not found mail domain
ines REFUSED password entry
jens REFUSED invalid entry
kurt REFUSED invalid entry
`
		before := h.rows(h.us.db)
		list, err := o.ImportUsers(h.ctx, "import-1", append(rows, row("ANNA", ""), row("lena", "anna"+at)), true)
		h.must(err)
		h.equal(told(list), want+"ANNA REFUSED exists entry\nlena REFUSED in use address\n")
		h.equal(h.rows(h.us.db), before)

		list, err = o.ImportUsers(h.ctx, "import-1", rows[:1], false) // and then the server was gone
		h.must(err)
		h.equal(told(list), "anna CREATED\n")
		first := list[0].Entry
		list, err = o.ImportUsers(h.ctx, "import-1", rows, false)
		h.must(err)
		h.equal(told(list), strings.Replace(strings.ReplaceAll(want, "READY", "CREATED"), "anna CREATED", "anna EXISTS_SAME", 1))
		h.equal(list[0].Entry, first)
		again, err := o.ImportUsers(h.ctx, "import-1", rows, true)
		h.must(err)
		h.equal(told(again), strings.ReplaceAll(want, "READY", "EXISTS_SAME"))
		other, err := o.ImportUsers(h.ctx, "import-2", rows[:1], false)
		h.must(err)
		h.equal(told(other), "anna EXISTS_BEFORE\n")
		h.equal(other[0].Entry, first)
		changed := rows[0]
		changed.DisplayName = "Somebody else"
		other, err = o.ImportUsers(h.ctx, "import-2", []provision.ImportRow{changed}, true)
		h.must(err)
		h.equal(told(other), "anna REFUSED exists entry\n")

		e, err := o.DescribeUser(h.ctx, "anna")
		h.must(err)
		h.equal(fmt.Sprintf("%s %s %s %t %s", e.DisplayName, e.State, e.Email, e.Mailbox != 0, e.ImportID), "Anna Ä. ENABLED anna@asks.postroom.test true import-1")
		_, says, err := h.us.dir.CheckPassword(h.ctx, o.ID, e.ID, "Sesame-Open-1")
		h.must(err)
		h.equal(says, directory.Right)
		members, _, err := o.ListGroupMembers(h.ctx, "ours", "", 0)
		h.must(err)
		h.equal(fmt.Sprint(len(members), members[0].ID == e.ID), "1 true")
		_, err = o.DescribeUser(h.ctx, "emil") // not without its groups
		h.want(err, errs.NotFound, errs.Entry)
		records, _, err := h.us.lists.List(h.ctx, audit.Filter{Org: o.ID, Target: string(e.ID), Limit: 10})
		h.must(err)
		h.equal(records[len(records)-1].Detail, "imported")

		h.must(o.DeregisterFromWorkMail(h.ctx, "anna")) // what was deleted since is made again
		h.must(o.DeleteUser(h.ctx, string(e.ID)))
		list, err = o.ImportUsers(h.ctx, "import-1", rows[:1], false)
		h.must(err)
		h.equal(told(list), "anna CREATED\n")

		_, err = h.us.provision.For(h.root()).DeleteOrganization(h.ctx, "Test", "r", 0, provision.Deletion{Org: o.ID, Force: true})
		h.must(err)
		_, err = o.ImportUsers(h.ctx, "import-3", []provision.ImportRow{row("otto", "")}, false)
		h.want(err, errs.State, errs.Organization)
	})
}

// TestImportSame: a user is the same only where it is what the row says; a
// second row of a name is refused; calls beside each other make each user once;
// and what was made before a fault is told.
func TestImportSame(t *testing.T) {
	story(t, func(h *house) {
		o := h.asks()
		at := "@asks.postroom.test"
		named := func(s string) func(*provision.ImportRow) { return func(r *provision.ImportRow) { r.DisplayName = s } }
		hidden := func(r *provision.ImportRow) { r.Hidden = true }
		remote := func(r *provision.ImportRow) { r.Role = "REMOTE_USER" }
		for _, dry := range []bool{true, false} {
			list, err := o.ImportUsers(h.ctx, "import-1", []provision.ImportRow{row("anna", "anna"+at), row("Anna", "other"+at), row("bert", "ANNA"+at)}, dry)
			h.must(err)
			want := "anna CREATED\n"
			if dry {
				want = "anna READY\n"
			}
			h.equal(told(list), want+"Anna REFUSED exists entry\nbert REFUSED in use address\n")
			h.equal(errs.Public(list[1].Err), "An earlier row has the name Anna.")
		}
		for _, dry := range []bool{true, false} {
			for _, c := range []struct {
				row  provision.ImportRow
				want string
			}{
				{row("anna", "anna"+at), ""},
				{row("anna", "ANNA"+at), ""},
				{row("anna", ""), ""},
				{row("anna", "anna"+at, named("Other")), "the display name"},
				{row("anna", "other"+at), "the address"},
				{row("anna", "anna"+at, hidden), "hidden from the address book"},
				{row("anna", "anna"+at, remote), "the role"},
				{row("anna", "other"+at, named("Other"), hidden, remote), "the display name, the address, the role, hidden from the address book"},
			} {
				list, err := o.ImportUsers(h.ctx, "import-1", []provision.ImportRow{c.row}, dry)
				h.must(err)
				if c.want == "" {
					h.equal(told(list), "anna EXISTS_SAME\n")
					continue
				}
				h.equal(told(list), "anna REFUSED exists entry\n")
				h.equal(errs.Public(list[0].Err), "This import made the user anna already, but what this row has for it differs: "+c.want+".")
			}
		}

		const calls = 4
		answers, faults := make([][]provision.ImportResult, calls), make([]error, calls)
		var wait sync.WaitGroup
		for i := range calls {
			wait.Go(func() {
				answers[i], faults[i] = o.ImportUsers(h.ctx, "import-2", []provision.ImportRow{row("carl", "carl"+at), row("dora", "dora"+at)}, false)
			})
		}
		wait.Wait()
		made := map[provision.ImportStatus]int{}
		for i := range calls {
			h.must(faults[i])
			for _, r := range answers[i] {
				made[r.Status]++
			}
			h.equal(fmt.Sprint(answers[i][0].Entry, answers[i][1].Entry), fmt.Sprint(answers[0][0].Entry, answers[0][1].Entry))
		}
		h.equal(fmt.Sprint(made), "map[CREATED:2 EXISTS_SAME:6]")

		back := provision.SetImportTime(0)
		list, err := o.ImportUsers(h.ctx, "import-3", []provision.ImportRow{row("emil", ""), row("fred", ""), row(" gina", "")}, false)
		back()
		h.must(err)
		h.equal(told(list), "emil CREATED\nfred REFUSED throttled \ngina REFUSED throttled \n")
		list, err = o.ImportUsers(h.ctx, "import-3", []provision.ImportRow{row("emil", ""), row("fred", ""), row("gina", "")}, false)
		h.must(err)
		h.equal(told(list), "emil EXISTS_SAME\nfred CREATED\ngina CREATED\n")
	})
}

// TestUserInOneStep: a user with mailbox or nothing; a remote user has neither.
func TestUserInOneStep(t *testing.T) {
	story(t, func(h *house) {
		o := h.asks()
		at := "@asks.postroom.test"
		before := h.rows(h.us.db)
		try := func(name, password, email string, role directory.Role) error {
			_, err := o.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: name, DisplayName: "N", Password: password, Role: role}, email)
			return err
		}
		h.want(try("mine", "", "new"+at, ""), errs.Exists, errs.Entry)
		h.want(try("new", "", "mine"+at, ""), errs.InUse, errs.Address)
		h.want(try("new", "", "new@elsewhere.example", ""), errs.NotFound, errs.MailDomain)
		h.want(try("new", "short", "new"+at, ""), errs.Password, errs.Entry)
		h.want(try("guest", "", "new"+at, ""), errs.Reserved, errs.Entry)
		h.want(try("new", "", "", ""), errs.Invalid, errs.Address)
		h.want(try("new", "Sesame-Open-1", "new"+at, directory.RoleRemoteUser), errs.Password, errs.Entry)
		h.want(try("new", "", "mine"+at, directory.RoleRemoteUser), errs.InUse, errs.Address)
		h.equal(h.rows(h.us.db), before)
		h.must(try("far", "", "", directory.RoleRemoteUser))
		h.must(try("near", "", "near"+at, directory.RoleRemoteUser))
		h.must(try("new", "Sesame-Open-1", "new"+at, ""))
		for name, want := range map[string]string{"far": "DISABLED  false", "near": "ENABLED near@asks.postroom.test false", "new": "ENABLED new@asks.postroom.test true"} {
			e, err := o.DescribeUser(h.ctx, name)
			h.must(err)
			h.equal(fmt.Sprint(e.State, " ", e.Email, " ", e.Mailbox != 0), want)
		}
	})
}

// TestFindAnything: over the organizations that the actor may see, and no other.
func TestFindAnything(t *testing.T) {
	story(t, func(h *house) {
		o := h.asks()
		other := h.open(h.us, h.organization(h.us, "askew").ID)
		h.user(other, "asked", "asked@askew.postroom.test")
		one := h.administrator("one", auth.Rights{Role: auth.ReadOnly, Organizations: []ids.Org{o.ID}})
		find := func(a auth.Actor, text string, only ids.Org) string {
			h.Helper()
			list, err := h.us.provision.For(a).FindAnything(h.ctx, text, only, "Test", "r")
			h.must(err)
			var b []string
			for _, m := range list {
				what := m.Org.Alias
				if m.Domain != "" {
					what += "/@" + m.Domain
				}
				if m.Entry != nil {
					what += "/" + m.Entry.Name
				}
				b = append(b, what)
			}
			return strings.Join(sorted(b), " ")
		}
		h.equal(find(h.root(), " AsK", ""), "askew askew/@askew.postroom.test askew/asked asks asks/@asks.postroom.test")
		h.equal(find(one, "ask", ""), "asks asks/@asks.postroom.test")
		h.equal(find(h.root(), "ask", other.ID), "askew/@askew.postroom.test askew/asked")
		h.equal(find(h.root(), string(other.ID), ""), "askew")
		h.equal(find(one, string(other.ID), ""), "")
		h.equal(find(one, "mine@", ""), "asks/mine")
		h.equal(find(one, "  ", ""), "")
		h.equal(find(one, "m-", ""), "asks/mine") // the word, and no organization by what all ids begin with
		_, err := h.us.provision.For(one).FindAnything(h.ctx, "ask", other.ID, "Test", "r")
		h.want(err, errs.NotFound, errs.Organization)
		_, err = h.us.provision.For(auth.Actor{}).FindAnything(h.ctx, "ask", "", "Test", "r")
		h.want(err, errs.Denied, errs.Operation)
		h.must(other.DeregisterFromWorkMail(h.ctx, "asked"))
		_, err = h.us.provision.For(h.root()).DeleteOrganization(h.ctx, "Test", "r", 0, provision.Deletion{Org: other.ID, Force: true})
		h.must(err)
		h.equal(find(h.root(), "asked", ""), "")
		_, err = h.us.provision.For(h.root()).FindAnything(h.ctx, "ask", other.ID, "Test", "r")
		h.want(err, errs.State, errs.Organization)
	})
}
