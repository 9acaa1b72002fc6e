package foreign

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

const password = "Correct-horse-7"

// place is an organization and the client of its region.
type place struct {
	*world
	api  *workmail.Client
	id   *string
	host string // its test domain
}

func (w *world) organization(region, alias string) *place {
	w.Helper()
	api := w.api(region)
	o, err := api.CreateOrganization(w.Context(), &workmail.CreateOrganizationInput{Alias: &alias})
	w.ok(err)
	return &place{w, api, o.OrganizationId, alias + ".postroom.test"}
}

func (p *place) ctx() context.Context { return p.Context() }

func (p *place) address(local string) string { return local + "@" + p.host }

func (p *place) register(id *string, name string) *string {
	p.Helper()
	_, err := p.api.RegisterToWorkMail(p.ctx(), &workmail.RegisterToWorkMailInput{OrganizationId: p.id, EntityId: id, Email: aws.String(p.address(name))})
	p.ok(err)
	return id
}

// user makes an enabled user, whose address is name@host.
func (p *place) user(name string) *string {
	p.Helper()
	u, err := p.api.CreateUser(p.ctx(), &workmail.CreateUserInput{OrganizationId: p.id, Name: &name, DisplayName: aws.String(strings.ToUpper(name)), Password: aws.String(password)})
	p.ok(err)
	return p.register(u.UserId, name)
}

// group makes an enabled group of members, which are ids or names.
func (p *place) group(name string, members ...string) *string {
	p.Helper()
	g, err := p.api.CreateGroup(p.ctx(), &workmail.CreateGroupInput{OrganizationId: p.id, Name: &name})
	p.ok(err)
	for _, m := range members {
		_, err := p.api.AssociateMemberToGroup(p.ctx(), &workmail.AssociateMemberToGroupInput{OrganizationId: p.id, GroupId: g.GroupId, MemberId: &m})
		p.ok(err)
	}
	return p.register(g.GroupId, name)
}

func (p *place) grant(owner, grantee string, what ...types.PermissionType) {
	p.Helper()
	_, err := p.api.PutMailboxPermissions(p.ctx(), &workmail.PutMailboxPermissionsInput{OrganizationId: p.id, EntityId: &owner, GranteeId: &grantee, PermissionValues: what})
	p.ok(err)
}

func (p *place) deregister(name string) {
	p.Helper()
	_, err := p.api.DeregisterFromWorkMail(p.ctx(), &workmail.DeregisterFromWorkMailInput{OrganizationId: p.id, EntityId: &name})
	p.ok(err)
}

// swaks talks to a port; what it says is the dialogue.
func (w *world) swaks(port string, args ...string) result {
	w.Helper()
	host, number, err := net.SplitHostPort(port)
	w.ok(err)
	args = append([]string{"--server", host, "--port", number, "--helo", "client.test", "--timeout", "20", "--tls-verify", "--tls-ca-path", w.CAFile}, args...)
	return w.program("", "swaks", args...)
}

// arrive sends from outside, over TLS.
func (w *world) arrive(subject string, to ...string) result {
	w.Helper()
	return w.swaks(w.SMTP, "--tls", "--from", "who@elsewhere.test", "--to", strings.Join(to, ","), "--header", "Subject: "+subject, "--body", "Text of "+subject+".")
}

// submit sends as a user by the TLS port; more are further arguments.
func (w *world) submit(user, subject, to string, more ...string) result {
	w.Helper()
	return w.swaks(w.Submissions, append([]string{"--tls-on-connect", "--auth", "PLAIN", "--auth-user", user, "--auth-password", password,
		"--from", user, "--to", to, "--header", "Subject: " + subject, "--body", "Text of " + subject + "."}, more...)...)
}

// taken ends the test where a message was refused.
func (w *world) taken(r result) {
	w.Helper()
	if r.code != 0 {
		w.Fatalf("swaks says:\n%s", r)
	}
}

// refused ends the test where a message was not refused with reply, such as
// "550 5.1.1".
func (w *world) refused(r result, reply string) {
	w.Helper()
	if r.code == 0 || !strings.Contains(r.out, "* "+reply) {
		w.Fatalf("exit %d, want %s; swaks says:\n%s", r.code, reply, r)
	}
}

// curl does something in a folder over IMAPS; "" for none.
func (w *world) curl(user, folder string, args ...string) result {
	w.Helper()
	_, port, err := net.SplitHostPort(w.IMAPS)
	w.ok(err)
	address := fmt.Sprintf("imaps://localhost:%s/%s", port, url.PathEscape(folder))
	if len(args) > 0 && strings.HasPrefix(args[0], ";") {
		address, args = address+args[0], args[1:]
	}
	return w.program("", "curl", append([]string{"--silent", "--show-error", "--cacert", w.CAFile, "--user", user + ":" + password, address}, args...)...)
}

// imap is a command in a folder, which must succeed; it answers the untagged lines.
func (w *world) imap(user, folder, command string) string {
	w.Helper()
	r := w.curl(user, folder, "--request", command)
	if r.code != 0 {
		w.Fatalf("%s: exit %d\n%s", command, r.code, r)
	}
	return r.out
}

// messages reads all of a folder with curl, in order.
func (w *world) messages(user, folder string) (list []string) {
	w.Helper()
	found := strings.Fields(strings.TrimPrefix(w.imap(user, folder, "SEARCH ALL"), "* SEARCH"))
	if len(found) == 0 {
		return nil
	}
	dir := w.TempDir()
	if r := w.curl(user, folder, fmt.Sprintf(";MAILINDEX=[1-%d]", len(found)), "--output", filepath.Join(dir, "#1")); r.code != 0 {
		w.Fatalf("exit %d\n%s", r.code, r)
	}
	for i := range found {
		text, err := os.ReadFile(filepath.Join(dir, fmt.Sprint(i+1)))
		w.ok(err)
		list = append(list, string(text))
	}
	return list
}

// subjects are those of messages.
func (w *world) subjects(user, folder string) string {
	w.Helper()
	var list []string
	for _, m := range w.messages(user, folder) {
		list = append(list, field(m, "Subject"))
	}
	return strings.Join(list, ", ")
}

// field is a header field of a message; "" where it has none.
func field(message, name string) string {
	header, _, _ := strings.Cut(message, "\r\n\r\n")
	for _, l := range strings.Split(header, "\r\n") {
		if value, ok := strings.CutPrefix(l, name+": "); ok {
			return value
		}
	}
	return ""
}

// has ends the test where a folder has not these subjects.
func (w *world) has(user, folder, subjects string) {
	w.Helper()
	if got := w.subjects(user, folder); got != subjects {
		w.Fatalf("%s of %s has %q, want %q", folder, user, got, subjects)
	}
}
