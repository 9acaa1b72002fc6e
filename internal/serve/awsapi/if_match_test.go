package awsapi

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// TestIfMatch: a change with a revision that no longer holds does nothing.
func TestIfMatch(t *testing.T) {
	w := newWorld(t)
	c := w.sdk(w.root, east)
	org := w.organization(c, "acme")
	alice := w.user(c, org, "alice", "alice@acme.postroom.test")
	read := func() string {
		t.Helper()
		a := w.signed(w.root, east, "WorkMailService.DescribeUser", fmt.Sprintf(`{"OrganizationId":%q,"UserId":%q}`, *org, *alice))
		if a.header.Get("ETag") == "" {
			t.Fatal("no ETag", a.text)
		}
		return a.header.Get("ETag")
	}
	update := func(city, match string) reply {
		return w.signed(w.root, east, "WorkMailService.UpdateUser", fmt.Sprintf(`{"OrganizationId":%q,"UserId":%q,"City":%q}`, *org, *alice, city), ifMatch(match))
	}
	tag := read()
	if a := update("Bern", tag); a.code() != "" {
		t.Fatal(a.text)
	}
	if a := update("Rome", tag); a.code() != "ConflictException" || a.status != 400 {
		t.Error(a.status, a.text)
	}
	if a := update("Rome", read()); a.code() != "" {
		t.Error(a.text)
	}
	if a := update("Oslo", "*"); a.code() != "" {
		t.Error(a.text)
	}
	for _, bad := range []string{`"x"`, `"-1"`, `"0"`, `"1", "2"`, `""`} {
		if a := update("Bonn", bad); a.code() != "InvalidParameterException" {
			t.Errorf("If-Match %s: %s", bad, a.text)
		}
	}
	for target, body := range map[string]string{
		"WorkMailService.DescribeOrganization":   fmt.Sprintf(`{"OrganizationId":%q}`, *org),
		"WorkMailService.GetMailDomain":          fmt.Sprintf(`{"OrganizationId":%q,"DomainName":"acme.postroom.test"}`, *org),
		"WorkMailService.ListMailboxPermissions": fmt.Sprintf(`{"OrganizationId":%q,"EntityId":"alice"}`, *org),
		"WorkMailService.DescribeEntity":         fmt.Sprintf(`{"OrganizationId":%q,"Email":"alice@acme.postroom.test"}`, *org),
		"WorkMailService.ListTagsForResource":    fmt.Sprintf(`{"ResourceARN":"arn:aws:workmail:us-east-1:000000000000:organization/%s"}`, *org),
		"Postroom.DescribeOrganizationContents":  fmt.Sprintf(`{"OrganizationId":%q}`, *org),
		"Postroom.DescribeAdministrator":         `{"AdministratorId":"admin"}`,
	} {
		if a := w.signed(w.root, east, target, body); a.header.Get("ETag") == "" {
			t.Errorf("%s has no ETag: %s", target, a.text)
		}
	}
}

// TestChangesAnswerRevision: several changes of one list need no read between them.
func TestChangesAnswerRevision(t *testing.T) {
	w := newWorld(t)
	c := w.sdk(w.root, east)
	org := w.organization(c, "acme")
	var members []string
	for _, name := range []string{"alice", "bob", "carol"} {
		members = append(members, *w.user(c, org, name, name+"@acme.postroom.test"))
	}
	_, err := c.CreateGroup(t.Context(), &workmail.CreateGroupInput{OrganizationId: org, Name: aws.String("staff")})
	must(t, err)
	room, err := c.CreateResource(t.Context(), &workmail.CreateResourceInput{OrganizationId: org, Name: aws.String("room"), Type: types.ResourceTypeRoom})
	must(t, err)
	about := fmt.Sprintf(`"ResourceId":%q`, *room.ResourceId)
	for _, list := range []struct{ read, about, change, with string }{
		{"DescribeGroup", `"GroupId":"staff"`, "AssociateMemberToGroup", `"GroupId":"staff","MemberId":%q`},
		{"DescribeGroup", `"GroupId":"staff"`, "DisassociateMemberFromGroup", `"GroupId":"staff","MemberId":%q`},
		{"DescribeResource", about, "AssociateDelegateToResource", about + `,"EntityId":%q`},
		{"DescribeResource", about, "DisassociateDelegateFromResource", about + `,"EntityId":%q`},
		{"ListMailboxPermissions", `"EntityId":"alice"`, "PutMailboxPermissions", `"EntityId":"alice","GranteeId":%q,"PermissionValues":["SEND_AS"]`},
		{"ListMailboxPermissions", `"EntityId":"alice"`, "DeleteMailboxPermissions", `"EntityId":"alice","GranteeId":%q`},
	} {
		read := func() string {
			return w.signed(w.root, east, "WorkMailService."+list.read, fmt.Sprintf(`{"OrganizationId":%q,%s}`, *org, list.about)).header.Get("ETag")
		}
		first := read()
		tag := first
		for _, id := range members[1:] {
			a := w.signed(w.root, east, "WorkMailService."+list.change, fmt.Sprintf(`{"OrganizationId":%q,`+list.with+`}`, *org, id), ifMatch(tag))
			if a.code() != "" || a.header.Get("ETag") == tag {
				t.Errorf("%s: %s, ETag %s after %s", list.change, a.text, a.header.Get("ETag"), tag)
			}
			tag = a.header.Get("ETag")
		}
		if now := read(); now != tag || now == first {
			t.Errorf("%s answers %s, it is %s", list.change, tag, now)
		}
		if a := w.signed(w.root, east, "WorkMailService."+list.change, fmt.Sprintf(`{"OrganizationId":%q,`+list.with+`}`, *org, members[1]), ifMatch(first)); a.code() != "ConflictException" {
			t.Errorf("%s with a revision of before: %s", list.change, a.text)
		}
	}
}

// TestDates: times are those of the clock, as SDKs read them.
func TestDates(t *testing.T) {
	w := newWorld(t)
	c := w.sdk(w.root, east)
	org := w.organization(c, "acme")
	alice := w.user(c, org, "alice", "alice@acme.postroom.test")
	d, err := c.DescribeUser(t.Context(), &workmail.DescribeUserInput{OrganizationId: org, UserId: alice})
	must(t, err)
	if got := d.EnabledDate.Sub(w.clock.Now()).Abs(); got > time.Second {
		t.Errorf("enabled %v away", got)
	}
}
