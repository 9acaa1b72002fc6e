package foreign

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// TestDelivery: swaks brings mail to all that has an address, and curl reads it.
func TestDelivery(t *testing.T) {
	w := start(t)
	p := w.organization(w.Region, "delivery")
	ann, bea := p.address("ann"), p.address("bea")
	id := p.user("ann")
	p.user("bea")
	_, err := p.api.CreateAlias(p.ctx(), &workmail.CreateAliasInput{OrganizationId: p.id, EntityId: id, Alias: aws.String(p.address("a"))})
	w.ok(err)
	p.group("inner", "ann", "bea")
	p.group("outer", "inner", "ann")
	room, err := p.api.CreateResource(p.ctx(), &workmail.CreateResourceInput{OrganizationId: p.id, Name: aws.String("room"), Type: types.ResourceTypeRoom})
	w.ok(err)
	p.register(room.ResourceId, "room")
	p.grant("room", "bea", types.PermissionTypeFullAccess)

	w.taken(w.arrive("to the user", ann))
	w.taken(w.arrive("to the alias", p.address("A")))
	w.taken(w.arrive("to the tag", p.address("ann+shop")))
	w.taken(w.arrive("to the nested group", p.address("outer")))
	w.taken(w.arrive("to both and the group", ann, bea, p.address("outer")))
	w.taken(w.arrive("to the room", p.address("room")))
	w.has(ann, "INBOX", "to the user, to the alias, to the tag, to the nested group, to both and the group")
	w.has(bea, "INBOX", "to the nested group, to both and the group")
	w.has(bea, "Other Users/room/Inbox", "to the room")
	if r := w.curl(ann, "Other Users/room/Inbox", "--request", "SEARCH ALL"); r.code == 0 {
		t.Error("the room's mail is open to all")
	}
	m := w.messages(ann, "INBOX")[0]
	if !strings.HasPrefix(m, "Return-Path: <who@elsewhere.test>\r\nReceived: from client.test (") || !strings.HasSuffix(strings.TrimSpace(m), "Text of to the user.") {
		t.Errorf("the message is %q", m)
	}

	w.refused(w.arrive("to nobody", p.address("nobody")), "550 5.1.1")
	w.refused(w.arrive("to others", "someone@example.com"), "550 5.7.1")
	p.deregister("bea")
	w.refused(w.arrive("to the disabled", bea), "550 5.2.1")
	p.deregister("outer")
	w.refused(w.arrive("to the disabled group", p.address("outer")), "550 5.2.1")
	w.taken(w.arrive("to who is left", p.address("inner")))
	w.has(ann, "INBOX", "to the user, to the alias, to the tag, to the nested group, to both and the group, to who is left")
}

// TestQuota: a full mailbox refuses for now, before the message comes where
// its size was told, and after it where not.
func TestQuota(t *testing.T) {
	w := start(t)
	p := w.organization(w.Region, "quota")
	id, ann := p.user("ann"), p.address("ann")
	_, err := p.api.UpdateMailboxQuota(p.ctx(), &workmail.UpdateMailboxQuotaInput{OrganizationId: p.id, UserId: id, MailboxQuota: aws.Int32(1)})
	w.ok(err)
	big := strings.Repeat(strings.Repeat("x", 70)+"\n", 2<<20/71)
	send := func(body string) result {
		t.Helper()
		return w.run("From: <who@elsewhere.test>\nSubject: big\n\n"+body, w.path("swaks"), "--server", w.SMTP, "--from", "who@elsewhere.test",
			"--to", ann, "--helo", "client.test", "--suppress-data", "--data", "-")
	}
	w.refused(send(big), "452 4.2.2")
	w.taken(send("small\n"))
	w.has(ann, "INBOX", "big")
	w.taken(send(big[:800<<10]))
	w.refused(send(big[:800<<10]), "452 4.2.2")
	size, err := p.api.GetMailboxDetails(p.ctx(), &workmail.GetMailboxDetailsInput{OrganizationId: p.id, UserId: id})
	w.ok(err)
	if *size.MailboxQuota != 1 || size.MailboxSize < 0.7 || size.MailboxSize > 1 {
		t.Errorf("the mailbox has %+v", size)
	}
	// Room is made, and the mail comes.
	w.imap(ann, "INBOX", "STORE 2 +FLAGS (\\Deleted)")
	w.imap(ann, "INBOX", "EXPUNGE")
	w.taken(send(big[:800<<10]))
}

// TestRefusedClients: what is not for strangers.
func TestRefusedClients(t *testing.T) {
	w := start(t)
	alice := w.Users[0]
	// No sign-in on the MX, none without TLS, none with a wrong password.
	auth := []string{"--auth", "PLAIN", "--auth-user", alice.Email, "--auth-password", alice.Password, "--from", alice.Email, "--to", alice.Email}
	for _, r := range []result{w.swaks(w.SMTP, append(auth, "--tls")...), w.swaks(w.Submission, auth...)} {
		if r.code != 28 || strings.Contains(r.out, alice.Password) {
			t.Errorf("exit %d\n%s", r.code, r)
		}
	}
	w.refused(w.submit(alice.Email, "wrong password", alice.Email), "535 5.7.8")
	w.refused(w.submit("nobody@nowhere.test", "wrong name", alice.Email), "535 5.7.8")
	w.refused(w.swaks(w.Submissions, "--tls-on-connect", "--from", alice.Email, "--to", alice.Email), "530 5.7.0")
	if r := w.curl(alice.Email, "INBOX"); r.code != 67 {
		t.Errorf("exit %d\n%s", r.code, r)
	}
	w.taken(w.swaks(w.Submission, append(auth, "--tls")...))
	auth[1] = "LOGIN"
	w.taken(w.swaks(w.Submission, append(auth, "--tls")...))
}
