package foreign

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"postroom/test/slapd"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

// TestOpenLDAP: a directory that is no Active Directory, written and read-only.
func TestOpenLDAP(t *testing.T) {
	t.Parallel()
	s := slapd.Start(t)
	w := start(t)
	at := server{s.Address, w.caFile(s.CA), slapd.Admin, slapd.Password}
	person := func(name, display string) string {
		return fmt.Sprintf("dn: uid=%[1]s,%[2]s\nchangetype: add\nobjectClass: inetOrgPerson\nuid: %[1]s\ncn: %[3]s\nsn: %[1]s\ndisplayName: %[3]s\nmail: %[1]s@corp.postroom.test\nuserPassword: %[4]s\n\n", name, slapd.MailOU, display, password)
	}
	w.edit(at, person("ann", "Ann")+person("bea", "Bea")+
		fmt.Sprintf("dn: cn=crew,%[1]s\nchangetype: add\nobjectClass: groupOfNames\ncn: crew\nmember: uid=ann,%[1]s\n", slapd.MailOU))
	a := w.connect(at, registration{Alias: "corp", Kind: "LDAP", Account: slapd.Writer, Secret: slapd.Password, BaseDn: slapd.MailOU})
	if s := a.sync(); !s.Writable || s.Users != 2 || s.Groups != 1 {
		t.Fatalf("%+v", s)
	}
	who := a.enable("MAIL", "ann", "bea")
	email := a.address("ann")
	for _, x := range [][2]string{{"", email}, {a.host, "ann"}, {"", `corp\ann`}} {
		says, ends := a.login(x[0], x[1], password)
		ends()
		if !strings.HasPrefix(says, "OK ") {
			t.Errorf("%v: %s", x, says)
		}
	}
	a.out(email, "Wrong-horse-7")
	a.out(email, "")
	a.out(`corp\*`, password)

	// Passwords: here, by herself, and there.
	a.answers("a short password", a.reset(who["ann"], "short"), "InvalidPasswordException")
	a.ok(a.reset(who["ann"], another))
	a.in(email, another)
	a.out(email, password)
	const own = "Herown-horse-7"
	a.ok(a.postroom("ChangePassword", map[string]any{"Username": email, "OldPassword": another, "NewPassword": own}, nil))
	a.in(email, own)
	a.out(email, another)

	// Groups and details, both ways.
	crew := a.groups()["crew"]
	a.register(crew, "crew")
	a.edit(at, fmt.Sprintf("dn: cn=crew,%[1]s\nchangetype: modify\nadd: member\nmember: uid=bea,%[1]s\n", slapd.MailOU))
	a.within("members changed in slapd", "2 s", func() string { return like(strings.Join(a.members(crew), " "), "ann bea") })
	a.taken(a.arrive("to all", a.address("crew")))
	a.has(a.address("bea"), "INBOX", "to all")
	_, err := a.api.DisassociateMemberFromGroup(a.ctx(), &workmail.DisassociateMemberFromGroupInput{OrganizationId: a.id, GroupId: crew, MemberId: who["bea"]})
	a.ok(err)
	if got := a.find(at, slapd.MailOU, "(cn=crew)", "member"); !slices.Equal(got, []string{"uid=ann," + slapd.MailOU}) {
		t.Errorf("members in slapd %q", got)
	}
	_, err = a.api.UpdateUser(a.ctx(), &workmail.UpdateUserInput{OrganizationId: a.id, UserId: who["bea"], City: aws.String("Ulm")})
	a.ok(err)
	if got := a.find(at, slapd.MailOU, "(uid=bea)", "l"); !slices.Equal(got, []string{"Ulm"}) {
		t.Errorf("%q", got)
	}
	// slapd counts a password's time in whole seconds: this is another one than that of her own change.
	a.set(at, "uid=ann,"+slapd.MailOU, "userPassword", "There-horse-7")
	a.edit(at, fmt.Sprintf("dn: uid=ann,%s\nchangetype: modify\nreplace: pwdReset\n", slapd.MailOU)) // she need not change it
	a.within("a password that was changed in slapd", "2 s", func() string {
		says, ends := a.login("", email, own)
		ends()
		return like(says, "NO [AUTHENTICATIONFAILED]")
	})
	a.edit(at, fmt.Sprintf("dn: uid=bea,%s\nchangetype: delete\n", slapd.MailOU))
	a.within("deleted in slapd, mail is refused", "5 to 7 s", func() string { return like(a.routes(a.address("bea")), "550 ") })

	// The same by an account that may read.
	b := w.connect(at, registration{Alias: "reading", Kind: "LDAP", Account: slapd.Reader, Secret: slapd.Password, BaseDn: slapd.MailOU, ReadOnly: true})
	if s := b.sync(); s.Writable || s.Users != 1 {
		t.Fatalf("%+v", s)
	}
	ann := b.enable("NAME", "ann")["ann"]
	b.answers("ResetPassword", b.reset(ann, another), "UnsupportedOperationException")
	b.in(b.address("ann"), "There-horse-7")
	b.taken(b.arrive("hello", b.address("ann")))
}
