package awsapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// TestOrganizations: create, describe, list by pages, client tokens, delete.
func TestOrganizations(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	if out, err := c.ListOrganizations(ctx, &workmail.ListOrganizationsInput{}); err != nil || out.OrganizationSummaries == nil || len(out.OrganizationSummaries) != 0 {
		t.Errorf("empty list: %+v %v", out, err)
	}
	in := &workmail.CreateOrganizationInput{Alias: aws.String("first"), ClientToken: aws.String("once"), Domains: []types.Domain{{DomainName: aws.String("first.example")}}}
	one, err := c.CreateOrganization(ctx, in)
	must(t, err)
	again, err := c.CreateOrganization(ctx, in)
	must(t, err)
	if *again.OrganizationId != *one.OrganizationId {
		t.Error("the token made a second organization")
	}
	in.Alias = aws.String("other")
	_, err = c.CreateOrganization(ctx, in)
	want(t, err, "InvalidParameterException")
	_, err = c.CreateOrganization(ctx, &workmail.CreateOrganizationInput{Alias: aws.String("FIRST")})
	want(t, err, "NameAvailabilityException")
	_, err = w.sdk(w.root, west).CreateOrganization(ctx, &workmail.CreateOrganizationInput{Alias: aws.String("first")})
	want(t, err, "NameAvailabilityException") // unique over all regions
	for _, bad := range []*workmail.CreateOrganizationInput{
		{Alias: aws.String("x"), EnableInteroperability: true},
		{Alias: aws.String("x"), KmsKeyArn: aws.String("arn:aws:kms:us-east-1:000000000000:key/x")},
		{Alias: aws.String("x"), Domains: []types.Domain{{DomainName: aws.String("x.example"), HostedZoneId: aws.String("Z1")}}},
		{Alias: aws.String("-x")},
	} {
		_, err = c.CreateOrganization(ctx, bad)
		want(t, err, "InvalidParameterException")
	}
	_, err = c.CreateOrganization(ctx, &workmail.CreateOrganizationInput{Alias: aws.String("x"), DirectoryId: aws.String("d-0123456789")})
	want(t, err, "DirectoryUnavailableException")

	d, err := c.DescribeOrganization(ctx, &workmail.DescribeOrganizationInput{OrganizationId: one.OrganizationId})
	must(t, err)
	arn := "arn:aws:workmail:us-east-1:000000000000:organization/" + *one.OrganizationId
	if *d.Alias != "first" || *d.State != "Active" || *d.ARN != arn || *d.DefaultMailDomain != "first.postroom.test" || d.CompletedDate == nil ||
		!strings.HasPrefix(*d.DirectoryId, "d-") || *d.DirectoryType != "VpcDirectory" {
		t.Errorf("%+v", d)
	}
	for i := range 4 {
		w.organization(c, fmt.Sprintf("more%d", i))
	}
	var seen []string
	pages := workmail.NewListOrganizationsPaginator(c, &workmail.ListOrganizationsInput{MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		must(t, err)
		for _, o := range out.OrganizationSummaries {
			seen = append(seen, *o.Alias)
		}
	}
	slices.Sort(seen)
	if want := "first more0 more1 more2 more3"; strings.Join(seen, " ") != want {
		t.Errorf("listed %v, want %s", seen, want)
	}
	_, err = c.ListOrganizations(ctx, &workmail.ListOrganizationsInput{NextToken: aws.String("nonsense")})
	want(t, err, "InvalidParameterException")

	w.user(c, one.OrganizationId, "alice", "alice@first.postroom.test")
	var found struct {
		Organizations []struct {
			OrganizationId, Alias, DefaultMailDomain, State string
			EnabledUsers                                    int
		}
	}
	must(t, json.Unmarshal([]byte(w.signed(w.root, east, "Postroom.FindOrganizations", `{}`).text), &found))
	if len(found.Organizations) != len(seen) {
		t.Errorf("found %+v", found)
	}
	for _, o := range found.Organizations {
		users := 0
		if o.OrganizationId == *one.OrganizationId {
			users = 1
		}
		if o.EnabledUsers != users || !slices.Contains(seen, o.Alias) || o.DefaultMailDomain != o.Alias+".postroom.test" || o.State != "Active" {
			t.Errorf("found %+v", o)
		}
	}
	_, err = c.DeleteOrganization(ctx, &workmail.DeleteOrganizationInput{OrganizationId: one.OrganizationId})
	want(t, err, "OrganizationStateException")
	gone, err := c.DeleteOrganization(ctx, &workmail.DeleteOrganizationInput{OrganizationId: one.OrganizationId, ForceDelete: true, DeleteDirectory: true})
	must(t, err)
	if *gone.State != "Deleting" {
		t.Error(*gone.State)
	}
	_, err = c.ListUsers(ctx, &workmail.ListUsersInput{OrganizationId: one.OrganizationId})
	want(t, err, "OrganizationStateException")
	must(t, w.places[east].region.Provision.FinishDeletions(ctx))
	d, err = c.DescribeOrganization(ctx, &workmail.DescribeOrganizationInput{OrganizationId: one.OrganizationId})
	must(t, err)
	if *d.State != "Deleted" {
		t.Error(*d.State)
	}
	// The name is free again.
	w.organization(w.sdk(w.root, west), "first")
}

// TestOrganizationContents: what goes with an organization, in numbers; mailboxes that are kept are among them.
func TestOrganizationContents(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org := w.organization(c, "acme")
	read := func() (has struct {
		Users, Groups, Resources, MailDomains, Mailboxes, KeptMailboxes, Messages, MailboxBytes int
		Enabled                                                                                 bool
		DirectoryType                                                                           string
	}) {
		t.Helper()
		a := w.signed(w.root, east, "Postroom.DescribeOrganizationContents", fmt.Sprintf(`{"OrganizationId":%q}`, *org))
		if a.code() != "" {
			t.Fatal(a.text)
		}
		must(t, json.Unmarshal([]byte(a.text), &has))
		return has
	}
	if has := read(); has.Users+has.Groups+has.Resources+has.Mailboxes != 0 || has.MailDomains != 1 || has.Enabled || has.DirectoryType != "VpcDirectory" {
		t.Errorf("%+v", has)
	}
	w.user(c, org, "alice", "alice@acme.postroom.test")
	bob := w.user(c, org, "bob", "bob@acme.postroom.test")
	_, err := c.DeregisterFromWorkMail(ctx, &workmail.DeregisterFromWorkMailInput{OrganizationId: org, EntityId: bob})
	must(t, err)
	// A remote user is enabled and has no mailbox.
	if a := w.signed(w.root, east, "Postroom.CreateUserWithMailbox", fmt.Sprintf(`{"OrganizationId":%q,"Name":"rita","DisplayName":"Rita","Role":"REMOTE_USER"}`, *org)); a.code() != "" {
		t.Fatal(a.text)
	}
	_, err = c.CreateGroup(ctx, &workmail.CreateGroupInput{OrganizationId: org, Name: aws.String("staff")})
	must(t, err)
	_, err = c.CreateResource(ctx, &workmail.CreateResourceInput{OrganizationId: org, Name: aws.String("room"), Type: types.ResourceTypeRoom})
	must(t, err)
	if has := read(); has.Users != 3 || has.Groups != 1 || has.Resources != 1 || has.Mailboxes != 2 || has.KeptMailboxes != 1 || !has.Enabled {
		t.Errorf("%+v", has)
	}
	// The mailbox of who is deleted is kept as well.
	_, err = c.DeleteUser(ctx, &workmail.DeleteUserInput{OrganizationId: org, UserId: bob})
	must(t, err)
	if has := read(); has.Users != 2 || has.Mailboxes != 2 || has.KeptMailboxes != 1 {
		t.Errorf("%+v", has)
	}
	a := w.signed(w.root, east, "Postroom.DescribeOrganizationContents", `{"OrganizationId":"m-00000000000000000000000000000000"}`)
	if a.code() != "OrganizationNotFoundException" {
		t.Error(a.text)
	}
}
