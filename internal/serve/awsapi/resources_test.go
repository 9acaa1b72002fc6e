package awsapi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// TestResourceStory: booking options, delegates.
func TestResourceStory(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org := w.organization(c, "acme")
	alice := w.user(c, org, "alice", "alice@acme.postroom.test")
	r, err := c.CreateResource(ctx, &workmail.CreateResourceInput{OrganizationId: org, Name: aws.String("blue"), Type: types.ResourceTypeRoom, Description: aws.String("6 seats")})
	must(t, err)
	_, err = c.CreateResource(ctx, &workmail.CreateResourceInput{OrganizationId: org, Name: aws.String("alice"), Type: types.ResourceTypeRoom})
	want(t, err, "NameAvailabilityException")
	_, err = c.CreateResource(ctx, &workmail.CreateResourceInput{OrganizationId: org, Name: aws.String("guest"), Type: types.ResourceTypeRoom})
	want(t, err, "ReservedNameException")
	update := func(in workmail.UpdateResourceInput) error {
		in.OrganizationId, in.ResourceId = org, r.ResourceId
		_, err := c.UpdateResource(ctx, &in)
		return err
	}
	want(t, update(workmail.UpdateResourceInput{BookingOptions: &types.BookingOptions{}}), "InvalidConfigurationException")
	want(t, update(workmail.UpdateResourceInput{Name: aws.String("alice")}), "NameAvailabilityException")
	delegate := func(e *string) error {
		_, err := c.AssociateDelegateToResource(ctx, &workmail.AssociateDelegateToResourceInput{OrganizationId: org, ResourceId: r.ResourceId, EntityId: e})
		return err
	}
	must(t, delegate(alice))
	must(t, delegate(aws.String("alice")))
	want(t, delegate(r.ResourceId), "InvalidParameterException")
	want(t, delegate(aws.String("nobody")), "EntityNotFoundException")
	must(t, update(workmail.UpdateResourceInput{BookingOptions: &types.BookingOptions{AutoDeclineRecurringRequests: true}, Description: aws.String(""), Type: types.ResourceTypeEquipment}))
	d, err := c.DescribeResource(ctx, &workmail.DescribeResourceInput{OrganizationId: org, ResourceId: aws.String("blue")})
	must(t, err)
	if d.Description != nil || d.Type != types.ResourceTypeEquipment || d.BookingOptions.AutoAcceptRequests || !d.BookingOptions.AutoDeclineRecurringRequests || d.State != types.EntityStateDisabled {
		t.Errorf("%+v", d)
	}
	list, err := c.ListResourceDelegates(ctx, &workmail.ListResourceDelegatesInput{OrganizationId: org, ResourceId: r.ResourceId})
	must(t, err)
	if len(list.Delegates) != 1 || *list.Delegates[0].Id != *alice || list.Delegates[0].Type != types.MemberTypeUser {
		t.Errorf("%+v", list.Delegates)
	}
	found := w.signed(w.root, east, "Postroom.FindResourceDelegates", fmt.Sprintf(`{"OrganizationId":%q,"ResourceId":"blue","Query":"ali"}`, *org))
	if found.code() != "" || found.header.Get("ETag") == "" || found.json["Total"] != 1.0 || !strings.Contains(found.text, `"Email":"alice@acme.postroom.test"`) {
		t.Error(found.text)
	}
	drop := func() error {
		_, err := c.DisassociateDelegateFromResource(ctx, &workmail.DisassociateDelegateFromResourceInput{OrganizationId: org, ResourceId: r.ResourceId, EntityId: alice})
		return err
	}
	want(t, drop(), "EntityStateException") // the last one, and it does not accept by itself
	must(t, update(workmail.UpdateResourceInput{BookingOptions: &types.BookingOptions{AutoAcceptRequests: true}}))
	must(t, drop())
	_, err = c.RegisterToWorkMail(ctx, &workmail.RegisterToWorkMailInput{OrganizationId: org, EntityId: r.ResourceId, Email: aws.String("blue@acme.postroom.test")})
	must(t, err)
	if box, err := c.GetMailboxDetails(ctx, &workmail.GetMailboxDetailsInput{OrganizationId: org, UserId: r.ResourceId}); err != nil || *box.MailboxQuota != 51200 {
		t.Errorf("%+v %v", box, err)
	}
	all, err := c.ListResources(ctx, &workmail.ListResourcesInput{OrganizationId: org, Filters: &types.ListResourcesFilters{PrimaryEmailPrefix: aws.String("blue@")}})
	must(t, err)
	if len(all.Resources) != 1 || *all.Resources[0].Id != *r.ResourceId {
		t.Errorf("%+v", all.Resources)
	}
	_, err = c.DeleteResource(ctx, &workmail.DeleteResourceInput{OrganizationId: org, ResourceId: r.ResourceId})
	want(t, err, "EntityStateException")
	_, err = c.DeregisterFromWorkMail(ctx, &workmail.DeregisterFromWorkMailInput{OrganizationId: org, EntityId: aws.String("blue")})
	must(t, err)
	for range 2 {
		_, err = c.DeleteResource(ctx, &workmail.DeleteResourceInput{OrganizationId: org, ResourceId: r.ResourceId})
		must(t, err)
	}
	want(t, delegate(alice), "EntityStateException")
}
