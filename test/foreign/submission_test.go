package foreign

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// TestSubmission: replies arrive; names that are not the sender's are refused,
// unless their owners allow it; Bcc never leaks.
func TestSubmission(t *testing.T) {
	w := start(t)
	p, q := w.organization(w.Region, "senders"), w.organization(w.Region, "others")
	boss, clerk, guest := p.address("boss"), p.address("clerk"), q.address("gast")
	p.user("boss")
	p.user("clerk")
	q.user("gast")
	p.group("desk", "clerk")

	w.taken(w.submit(guest, "Re: hello", boss+","+p.address("desk"), "--header", "To: <"+boss+">", "--header", "Bcc: <"+p.address("desk")+">"))
	got := w.messages(boss, "INBOX")
	if len(got) != 1 || field(got[0], "Subject") != "Re: hello" || strings.Contains(strings.ToLower(got[0]), "bcc") || strings.Contains(got[0], "desk") {
		t.Fatalf("boss has %q", got)
	}
	if got := w.messages(clerk, "INBOX"); len(got) != 1 || strings.Contains(got[0], "desk@") {
		t.Fatalf("who was in Bcc has %q", got)
	}

	from := func(address string) []string { return []string{"--header", "From: <" + address + ">"} }
	// Nobody may have another's name, in the envelope or in the message.
	w.refused(w.submit(clerk, "forged envelope", guest, "--from", boss), "553 5.7.1")
	w.refused(w.submit(clerk, "forged", guest, from(boss)...), "550 5.7.1")
	w.refused(w.submit(clerk, "forged", guest, from("ceo@elsewhere.test")...), "550 5.7.1")
	w.refused(w.submit(clerk, "forged", guest, "--header", "Sender: <"+boss+">"), "550 5.7.1")
	w.taken(w.submit(clerk, "own tag", guest, from(p.address("clerk+x"))...))

	p.grant("boss", "desk", types.PermissionTypeSendOnBehalf) // clerk is in desk
	w.taken(w.submit(clerk, "on behalf", guest, from(boss)...))
	p.grant("boss", "clerk", types.PermissionTypeSendAs)
	w.taken(w.submit(clerk, "as", guest, from(boss)...))
	w.taken(w.submit(clerk, "as in the envelope", guest, append(from(boss), "--from", boss)...))
	p.grant("desk", "clerk", types.PermissionTypeSendAs)
	w.taken(w.submit(clerk, "as the group", guest, from(p.address("desk"))...))
	w.has(guest, "INBOX", "own tag, on behalf, as, as in the envelope, as the group")
	for i, want := range []struct{ from, sender string }{{"<" + p.address("clerk+x") + ">", ""}, {"<" + boss + ">", `"CLERK" <` + clerk + ">"},
		{"<" + boss + ">", ""}, {"<" + boss + ">", ""}, {"<" + p.address("desk") + ">", ""}} {
		m := w.messages(guest, "INBOX")[i]
		if field(m, "From") != want.from || field(m, "Sender") != want.sender {
			t.Errorf("From %q, Sender %q, want %+v", field(m, "From"), field(m, "Sender"), want)
		}
	}
	// The grant ends with its owner.
	p.deregister("boss")
	w.refused(w.submit(clerk, "as one who left", guest, from(boss)...), "550 5.7.1")
}

// TestRegions: mail between organizations of two regions goes through the queue.
func TestRegions(t *testing.T) {
	w := start(t)
	east, west := w.organization("us-east-1", "eastern"), w.organization("eu-west-1", "western")
	ann, bea, cleo := east.address("ann"), west.address("bea"), east.address("cleo")
	east.user("ann")
	east.user("cleo")
	west.user("bea")
	west.group("all", "bea")

	w.taken(w.submit(ann, "to both regions", bea+","+cleo))
	w.has(cleo, "INBOX", "to both regions")
	w.eventually(func() string {
		if got := w.subjects(bea, "INBOX"); got != "to both regions" {
			return "the inbox over there has: " + got
		}
		return ""
	})
	w.taken(w.submit(bea, "Re: to both regions", ann))
	w.eventually(func() string {
		if got := w.subjects(ann, "INBOX"); got != "Re: to both regions" {
			return "the inbox has: " + got
		}
		return ""
	})
	w.taken(w.submit(ann, "to the group", west.address("all")))
	w.eventually(func() string {
		if got := w.subjects(bea, "INBOX"); got != "to both regions, to the group" {
			return "the inbox over there has: " + got
		}
		return ""
	})
	w.refused(w.submit(ann, "to nobody over there", west.address("nobody")), "550 5.1.1")
	// From outside, one transaction is for one region.
	if r := w.arrive("from outside", cleo, bea); r.code != 0 || strings.Count(r.out, "* 452 4.5.3 ") != 1 {
		t.Errorf("exit %d\n%s", r.code, r)
	}
	w.has(cleo, "INBOX", "to both regions, from outside")
}
