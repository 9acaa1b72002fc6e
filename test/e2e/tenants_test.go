package e2e

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// canary is a word that stands in everything of the other organization.
const canary = "zzcanaryzz"

// plant makes an organization whose names, folders and messages have canary in them.
func (w *world) plant() (org, user string) {
	o, err := w.api.CreateOrganization(w.ctx, &workmail.CreateOrganizationInput{Alias: aws.String(canary)})
	w.ok(err)
	u, err := w.api.CreateUser(w.ctx, &workmail.CreateUserInput{OrganizationId: o.OrganizationId, Name: aws.String(canary + "-user"),
		DisplayName: aws.String(canary + " display"), Password: aws.String("Secret-12345")})
	w.ok(err)
	email := canary + "-user@" + canary + ".postroom.test"
	_, err = w.api.RegisterToWorkMail(w.ctx, &workmail.RegisterToWorkMailInput{OrganizationId: o.OrganizationId, EntityId: u.UserId, Email: &email})
	w.ok(err)
	w.ok(w.send("x@elsewhere.test", letter("x@elsewhere.test", email, canary+" subject"), email))
	box := w.imap(email, "Secret-12345")
	w.ok(box.Create(canary+" folder", nil).Wait())
	return *o.OrganizationId, *u.UserId
}

// talk sends lines and returns everything that came back, until each tag or
// code was answered.
func (w *world) talk(addr string, done func(line string) bool, lines ...string) string {
	w.Helper()
	conn, err := tls.Dial("tcp", addr, w.tls)
	w.ok(err)
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	in := textproto.NewReader(bufio.NewReader(conn))
	var all strings.Builder
	greeting, err := in.ReadLine()
	w.ok(err)
	all.WriteString(greeting + "\n")
	for _, l := range lines {
		fmt.Fprintf(conn, "%s\r\n", l)
		for {
			got, err := in.ReadLine()
			w.ok(err)
			all.WriteString(got + "\n")
			if done(got) {
				break
			}
		}
	}
	return all.String()
}

// TestTenantsOverMail: whatever a user of one organization tries over IMAP and
// SMTP, no byte of another comes back, and the answers are those that he would
// get if the other did not exist (reliability row 129).
func TestTenantsOverMail(t *testing.T) {
	w := start(t, nil)
	alice := w.Users[0]
	probe := func() string {
		tagged := func(l string) bool { return strings.HasPrefix(l, "t ") }
		coded := func(l string) bool { return len(l) > 3 && l[3] == ' ' }
		out := w.talk(w.IMAPS, tagged, "t LOGIN "+alice.Email+" "+alice.Password, `t LIST "" "*"`, `t LIST "" "Other Users/*"`, `t LSUB "" "*"`,
			"t NAMESPACE", `t SELECT "Other Users/`+canary+`-user/Inbox"`, `t STATUS "Other Users/`+canary+`-user" (MESSAGES)`,
			`t EXAMINE "`+canary+` folder"`, `t CREATE "Other Users/`+canary+`-user/x"`, `t SUBSCRIBE "Other Users/`+canary+`-user/Inbox"`,
			"t SELECT INBOX", "t SEARCH TEXT "+canary, "t SEARCH ALL", "t FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE)")
		for _, login := range []string{canary + "-user@" + canary + ".postroom.test", canary + `\\` + canary + "-user", canary + "-user"} {
			out += w.talk(w.IMAPS, tagged, `t LOGIN "`+login+`" wrong-password`)
		}
		out += w.talk(w.Submissions, coded, "EHLO x", "VRFY "+canary+"-user", "EXPN "+canary, "MAIL FROM:<"+canary+"-user@"+canary+".postroom.test>")
		return out
	}
	before := probe()
	org, user := w.plant()
	after := probe()
	if strings.Contains(strings.ToLower(after), canary) {
		for _, l := range strings.Split(after, "\n") {
			if strings.Contains(strings.ToLower(l), canary) {
				t.Errorf("an answer has a word of another organization: %s", l)
			}
		}
	}
	if before != after {
		t.Errorf("the other organization shows:\n--- without\n%s\n--- with\n%s", before, after)
	}

	// Nor by a grant across: the other's ids are unknown here.
	_, err := w.api.PutMailboxPermissions(w.ctx, &workmail.PutMailboxPermissionsInput{OrganizationId: &w.Organization.ID, EntityId: &user,
		GranteeId: &alice.ID, PermissionValues: []types.PermissionType{types.PermissionTypeFullAccess}})
	if err == nil {
		t.Error("a grant across organizations was taken")
	}
	_, err = w.api.DeleteOrganization(w.ctx, &workmail.DeleteOrganizationInput{OrganizationId: &org, DeleteDirectory: true, ForceDelete: true})
	w.ok(err)
	if again := probe(); again != before {
		t.Errorf("after its end the other organization shows:\n%s", again)
	}
}
