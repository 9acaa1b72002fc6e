package foreign

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/test/samba"
	"postroom/test/services"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// staff are those of the stories: ann, bea, cyd and dan in an OU, a group crew of
// ann and the group inner, and that one of bea.
const staff = "OU=Staff," + samba.MailOU

// another password than the first one of all.
const another = "Another-horse-7"

func dc(t testing.TB) (*samba.Server, server) {
	s := samba.Start(t)
	w := &world{TB: t}
	at := w.administered(s)
	w.people(at)
	return s, at
}

// administered is a controller as its administrator reaches it.
func (w *world) administered(s *samba.Server) server {
	w.Helper()
	return server{s.Address, w.caFile(s.CA), samba.Admin, samba.Password}
}

// people makes those of the stories.
func (w *world) people(at server) {
	w.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "dn: %s\nchangetype: add\nobjectClass: organizationalUnit\n\n", staff)
	for _, u := range [][2]string{{"ann", "Ann Other"}, {"bea", "Bea Bell"}, {"cyd", "Cyd Cole"}, {"dan", "Dan Dew"}} {
		b.WriteString(adUser("CN="+u[1]+","+staff, u[0], u[1], password) + "\n")
	}
	fmt.Fprintf(&b, "dn: CN=inner,%[1]s\nchangetype: add\nobjectClass: group\nsAMAccountName: inner\nmember: CN=Bea Bell,%[1]s\n\n", staff)
	fmt.Fprintf(&b, "dn: CN=crew,%[1]s\nchangetype: add\nobjectClass: group\nsAMAccountName: crew\nmember: CN=Ann Other,%[1]s\nmember: CN=inner,%[1]s\n\n", staff)
	w.edit(at, b.String())
}

// TestActiveDirectory is the whole life of an organization whose directory is
// Active Directory, with an account that may write below one OU.
func TestActiveDirectory(t *testing.T) {
	t.Parallel()
	_, at := dc(t)
	w := start(t)
	a := &abroad{nil, at, samba.MailOU}
	sh := newShell(t, w, root(w))
	for name, value := range map[string]string{"dc": at.address, "dcca": at.ca, "dcpassword": samba.Password, "writer": samba.Writer, "base": samba.MailOU} {
		sh.vars[name] = value
	}
	sh.play("testdata/directory/connect.txt")
	org := sh.vars["org"]
	a.place = &place{w, w.api(w.Region), &org, "corp.postroom.test"}
	a.within("first reading of 4 users", "moments", func() string {
		if s := a.sync(); s.Phase != "FOLLOWING" {
			return fmt.Sprintf("%+v", s)
		}
		return ""
	})
	if s := a.sync(); s.Users != 4 || s.Groups != 2 || !s.Writable || s.FaultCount != 0 {
		t.Fatalf("%+v", s)
	}
	who := a.enable("UPN", "ann", "bea", "cyd")
	mailed(a)
	signsInByAllNames(a)
	a.passwords(who["bea"])
	a.details(who["ann"])
	a.movesOn(who["ann"])
	a.lockedOut(who["ann"])
	a.leaves(who["cyd"])
	a.routesAnew(who["bea"])
	a.made()
}

func root(w *world) string {
	dir, err := services.Root()
	w.ok(err)
	return dir
}

// mailed: mail to users and to nested groups.
func mailed(a *abroad) {
	a.taken(a.arrive("hello", a.address("ann"), a.address("cyd")))
	a.has(a.address("ann"), "INBOX", "hello")
	for name, id := range a.groups() { // mail goes through groups that are enabled
		a.register(id, name)
	}
	a.taken(a.arrive("to all", a.address("crew")))
	for user, subjects := range map[string]string{"ann": "hello, to all", "bea": "to all", "cyd": "hello"} {
		a.has(a.address(user), "INBOX", subjects)
	}
	if r := a.routes(a.address("dan")); !strings.HasPrefix(r, "550 ") {
		a.Errorf("who is not enabled: %s", r)
	}
}

// signsInByAllNames: address, user name by the name of TLS, userPrincipalName, DOMAIN\user, ALIAS\user.
func signsInByAllNames(a *abroad) {
	for _, x := range [][2]string{{"", a.address("ann")}, {a.host, "ann"}, {"", "ann@corp.example.test"}, {"", `CORP\ann`}, {"", `corp\Ann`}} {
		for _, p := range []struct{ password, want string }{{password, "OK "}, {"Wrong-horse-7", "NO [AUTHENTICATIONFAILED]"}, {"", "NO [AUTHENTICATIONFAILED]"}} {
			says, ends := a.login(x[0], x[1], p.password)
			ends()
			if !strings.HasPrefix(says, p.want) {
				a.Errorf("%v %q: %s", x, p.password, says)
			}
		}
	}
	if r := a.curl(`CORP\ann`, "INBOX", "--request", "SEARCH ALL"); r.code != 0 || !strings.Contains(r.out, "* SEARCH 1 2") {
		a.Errorf("%s", r)
	}
	a.taken(a.submit(a.address("ann"), "from ann", a.address("cyd")))
	for _, name := range []string{"dan@corp.example.test", `CORP\dan`, `CORP\nobody`, `CORP\Administrator`, samba.Writer} {
		a.out(name, password)
	}
}

// passwords are reset here and in Active Directory, and its policy refuses some.
func (a *abroad) passwords(bea *string) {
	const second, third = "Second-horse-7", "Third-horse-7"
	err := a.reset(bea, "short")
	a.answers("a short password", err, "InvalidPasswordException")
	for _, word := range []string{"at least 7 characters", "three of upper case", "last 24 passwords"} {
		if !strings.Contains(err.Error(), word) {
			a.Errorf("%q is not in %q", word, err)
		}
	}
	a.Logf("the policy's refusal: %v", err)
	email := a.address("bea")
	a.in(email, password)
	a.ok(a.reset(bea, second))
	a.out(email, password) // Samba takes it for an hour
	a.in(email, second)
	if !a.binds("bea@corp.example.test", second) || !a.binds("bea@corp.example.test", password) {
		a.Error("Samba itself does not take the new password, or no longer the old one")
	}
	// And in Active Directory, by an administrator there.
	_, beside := a.openAs(email, second, "-connect", a.IMAPS)
	a.edit(a.at, fmt.Sprintf("dn: CN=Bea Bell,%s\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: %s\n", staff, unicodePwd(third)))
	a.within("a password that was reset in AD ends what the old one opened", "1 s, notified", func() string {
		select {
		case l, ok := <-beside:
			if !ok || strings.HasPrefix(l, "* BYE ") {
				return ""
			}
		default:
		}
		return "it goes on"
	})
	a.out(email, second)
	a.in(email, third)
	a.out(email, password)
	if !a.binds("bea@corp.example.test", second) {
		a.Error("Samba itself no longer takes the old password")
	}
}

// inbox signs in with curl and counts.
func (a *abroad) inbox(user, password string, n int) {
	a.Helper()
	r := a.curl(user, "INBOX", "--user", user+":"+password, "--request", "SEARCH ALL")
	if got := len(strings.Fields(r.out)) - 2; r.code != 0 || got != n {
		a.Fatalf("%s: exit %d, %d messages, want %d\n%s", user, r.code, got, n, r)
	}
}

// binds asks Samba itself.
func (a *abroad) binds(name, password string) bool {
	a.Helper()
	r := a.ldap(server{a.at.address, a.at.ca, name, password}, "", "ldapsearch", "-LLL", "-s", "base", "-b", samba.BaseDN, "dc")
	return r.code == 0
}

// details are changed here and read there.
func (a *abroad) details(ann *string) {
	_, err := a.api.UpdateUser(a.ctx(), &workmail.UpdateUserInput{OrganizationId: a.id, UserId: ann, City: aws.String("Köln, \"Süd\""),
		JobTitle: aws.String("Head of mail"), DisplayName: aws.String("Ann O. Other"), Telephone: aws.String("+49 1"), Department: aws.String("Post")})
	a.ok(err)
	for attribute, want := range map[string]string{"l": "Köln, \"Süd\"", "title": "Head of mail", "displayName": "Ann O. Other", "telephoneNumber": "+49 1", "department": "Post"} {
		if got := a.find(a.at, samba.MailOU, "(sAMAccountName=ann)", attribute); !slices.Equal(got, []string{want}) {
			a.Errorf("%s: %q, want %q", attribute, got, want)
		}
	}
	a.set(a.at, "CN=Ann Other,"+staff, "displayName", "Ann of AD")
	a.within("a change in AD is in ListUsers", "1 s, notified", func() string {
		return like(aws.ToString(a.users()["ann"].DisplayName), "Ann of AD")
	})
}

// movesOn: renamed and moved, she is the same.
func (a *abroad) movesOn(ann *string) {
	before := a.whois(ann)
	a.edit(a.at, fmt.Sprintf("dn: OU=Moved,%[1]s\nchangetype: add\nobjectClass: organizationalUnit\n\ndn: CN=Ann Other,%[2]s\nchangetype: modrdn\nnewrdn: CN=Anna New\ndeleteoldrdn: 1\nnewsuperior: OU=Moved,%[1]s\n\n"+
		"dn: CN=Anna New,OU=Moved,%[1]s\nchangetype: modify\nreplace: sAMAccountName\nsAMAccountName: anna\n-\nreplace: userPrincipalName\nuserPrincipalName: anna@corp.example.test\n", samba.MailOU, staff))
	a.within("renamed and moved in AD", "1 s, notified", func() string { return like(aws.ToString(a.whois(ann).Name), "anna") })
	now := a.whois(ann)
	if *now.UserId != *before.UserId || *now.Email != *before.Email || now.State != types.EntityStateEnabled || !now.EnabledDate.Equal(*before.EnabledDate) {
		a.Errorf("%+v", now)
	}
	a.in("anna@corp.example.test", password)
	a.in(`CORP\anna`, password)
	a.out(`CORP\ann`, password)
	a.has(a.address("ann"), "INBOX", "hello, to all")
	a.taken(a.arrive("moved", a.address("ann")))
	a.has(a.address("ann"), "INBOX", "hello, to all, moved")
}

// lockedOut: disabled there, she is out at once and gets no mail; enabled there,
// she is back without anybody's help.
func (a *abroad) lockedOut(ann *string) {
	email, dn := a.address("ann"), "CN=Anna New,OU=Moved,"+samba.MailOU
	in, lines := a.open(email, "-connect", a.IMAPS)
	_, err := io.WriteString(in, "b SELECT INBOX\nc IDLE\n")
	a.ok(err)
	a.hears(lines, "+ ")
	begun := time.Now()
	a.set(a.at, dn, "userAccountControl", "514")
	a.hears(lines, "* BYE ")
	for l := range lines {
		a.Errorf("after BYE: %q", l)
	}
	a.Logf("disabled in AD, the connection ended after %v (wanted: 1 s, notified)", time.Since(begun).Round(time.Millisecond))
	a.out(email, password)
	a.refused(a.arrive("late", email), "550 5.2.1")
	a.refused(a.submit(email, "from one who is out", email), "535 5.7.8")
	if u := a.users()["anna"]; u.State != types.EntityStateDisabled {
		a.Errorf("%+v", u)
	}
	a.set(a.at, dn, "userAccountControl", "512")
	a.within("enabled again in AD, mail is routed", "1 s, notified", func() string { return like(a.routes(email), "250") })
	a.has(email, "INBOX", "hello, to all, moved")
	if u := a.whois(ann); u.State != types.EntityStateEnabled {
		a.Errorf("%+v", u)
	}
}

// leaves: deleted in AD, he is gone, and comes back out of its recycle bin with his mailbox.
func (a *abroad) leaves(cyd *string) {
	email, dn := a.address("cyd"), "CN=Cyd Cole,"+staff
	key := a.find(a.at, staff, "(sAMAccountName=cyd)", "objectGUID")
	a.edit(a.at, "dn: "+dn+"\nchangetype: delete\n")
	a.within("deleted in AD, mail is refused", "5 to 7 s: it is found by comparing", func() string { return like(a.routes(email), "550 ") })
	a.out(email, password)
	if u, found := a.users()["cyd"]; found && u.State == types.EntityStateEnabled {
		a.Errorf("%+v", u)
	}
	// Reanimated (MS-ADTS 3.1.1.5.3.7): the same objectGUID.
	gone := a.find(a.at, samba.BaseDN, `(&(isDeleted=TRUE)(cn=Cyd Cole*))`, "distinguishedName", "-E", "!1.2.840.113556.1.4.417")
	if len(gone) != 1 {
		a.Fatalf("deleted objects: %q", gone)
	}
	a.edit(a.at, fmt.Sprintf("dn:: %s\nchangetype: modify\ndelete: isDeleted\n-\nreplace: distinguishedName\ndistinguishedName: %s\n-\nreplace: sAMAccountName\nsAMAccountName: cyd\n", b64(gone[0]), dn), "-e", "!1.2.840.113556.1.4.417")
	a.edit(a.at, fmt.Sprintf("dn: %s\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: %s\n-\nreplace: userAccountControl\nuserAccountControl: 512\n", dn, unicodePwd(another)))
	if again := a.find(a.at, staff, "(sAMAccountName=cyd)", "objectGUID"); !slices.Equal(again, key) {
		a.Fatalf("the key is %q, and was %q", again, key)
	}
	a.within("restored in AD, mail is routed", "1 s, notified", func() string { return like(a.routes(email), "250") })
	a.inbox(email, another, 2)
	a.out(email, password)
	if u := a.users()["cyd"]; *u.Id != *cyd || u.State != types.EntityStateEnabled {
		a.Errorf("%+v, was %s", u, *cyd)
	}
}

// routesAnew: a member more in AD gets what comes to the group.
func (a *abroad) routesAnew(bea *string) {
	crew := a.groups()["crew"]
	if got := a.members(crew); !slices.Contains(got, "anna") {
		a.Errorf("members %v", got)
	}
	a.edit(a.at, fmt.Sprintf("dn: CN=inner,%[1]s\nchangetype: modify\nreplace: member\nmember: CN=Cyd Cole,%[1]s\n", staff))
	a.within("members changed in AD", "1 s, notified", func() string {
		return like(strings.Join(a.members(a.groups()["inner"]), " "), "cyd")
	})
	a.taken(a.arrive("to the new ones", a.address("crew")))
	a.inbox(a.address("cyd"), another, 3)
	_, err := a.api.AssociateMemberToGroup(a.ctx(), &workmail.AssociateMemberToGroupInput{OrganizationId: a.id, GroupId: crew, MemberId: bea})
	a.ok(err)
	if got := a.find(a.at, staff, "(sAMAccountName=crew)", "member"); !slices.Contains(got, "CN=Bea Bell,"+staff) {
		a.Errorf("members in AD %q", got)
	}
}

// made: a user and a group made and deleted here.
func (a *abroad) made() {
	u, err := a.api.CreateUser(a.ctx(), &workmail.CreateUserInput{OrganizationId: a.id, Name: aws.String("eva"), DisplayName: aws.String("Eva"), Password: aws.String(password)})
	a.ok(err)
	a.register(u.UserId, "eva")
	a.in(`CORP\eva`, password)
	_, err = a.api.CreateUser(a.ctx(), &workmail.CreateUserInput{OrganizationId: a.id, Name: aws.String("a-name-of-21-characters"), DisplayName: aws.String("x"), Password: aws.String(password)})
	a.answers("a long name", err, "InvalidParameterException")
	if got := a.find(a.at, samba.BaseDN, "(sAMAccountName=eva)", "objectClass"); !slices.Contains(got, "user") {
		a.Errorf("%q", got)
	}
	_, err = a.api.DeregisterFromWorkMail(a.ctx(), &workmail.DeregisterFromWorkMailInput{OrganizationId: a.id, EntityId: u.UserId})
	a.ok(err)
	_, err = a.api.DeleteUser(a.ctx(), &workmail.DeleteUserInput{OrganizationId: a.id, UserId: u.UserId})
	a.ok(err)
	if got := a.find(a.at, samba.BaseDN, "(sAMAccountName=eva)", "objectClass"); len(got) > 0 {
		a.Errorf("%q", got)
	}
}
