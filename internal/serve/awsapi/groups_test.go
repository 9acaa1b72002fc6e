package awsapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// TestGroupStory: groups in groups, members, permissions.
func TestGroupStory(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org := w.organization(c, "acme")
	alice := w.user(c, org, "alice", "alice@acme.postroom.test")
	group := func(name string) *string {
		g, err := c.CreateGroup(ctx, &workmail.CreateGroupInput{OrganizationId: org, Name: &name})
		must(t, err)
		return g.GroupId
	}
	staff, sales := group("staff"), group("sales team")
	_, err := c.CreateGroup(ctx, &workmail.CreateGroupInput{OrganizationId: org, Name: aws.String("Staff")})
	want(t, err, "NameAvailabilityException")
	_, err = c.CreateGroup(ctx, &workmail.CreateGroupInput{OrganizationId: org, Name: aws.String("Guest")})
	want(t, err, "ReservedNameException")
	join := func(g, m *string) error {
		_, err := c.AssociateMemberToGroup(ctx, &workmail.AssociateMemberToGroupInput{OrganizationId: org, GroupId: g, MemberId: m})
		return err
	}
	must(t, join(sales, alice))
	must(t, join(sales, aws.String("alice@acme.postroom.test")))
	must(t, join(staff, sales))
	want(t, join(sales, staff), "InvalidParameterException") // a cycle
	want(t, join(sales, sales), "InvalidParameterException")
	want(t, join(sales, aws.String("nobody")), "EntityNotFoundException")
	members, err := c.ListGroupMembers(ctx, &workmail.ListGroupMembersInput{OrganizationId: org, GroupId: staff})
	must(t, err)
	if len(members.Members) != 1 || *members.Members[0].Name != "sales team" || members.Members[0].Type != types.MemberTypeGroup {
		t.Errorf("members: %+v", members.Members)
	}
	ask := func(operation, body string, want ...string) reply {
		t.Helper()
		a := w.signed(w.root, east, "Postroom."+operation, fmt.Sprintf(`{"OrganizationId":%q,%s}`, *org, body))
		for _, x := range want {
			if a.code() != "" || !strings.Contains(a.text, x) {
				t.Errorf("%s %s: %s, want %s", operation, body, a.text, x)
			}
		}
		return a
	}
	ask("FindGroupMembers", `"GroupId":"staff"`, `"Name":"sales team"`, `"Type":"GROUP"`, `"State":"DISABLED"`, `"Total":1`)
	found := ask("FindGroupMembers", `"GroupId":"sales team","Query":"ALICE@","MaxResults":1`, `"DisplayName":`, `"Email":"alice@acme.postroom.test"`, `"Type":"USER"`, *alice)
	if described := w.signed(w.root, east, "WorkMailService.DescribeGroup", fmt.Sprintf(`{"OrganizationId":%q,"GroupId":%q}`, *org, *sales)); found.header.Get("ETag") == "" || found.header.Get("ETag") != described.header.Get("ETag") {
		t.Errorf("ETag %s, the group's is %s", found.header.Get("ETag"), described.header.Get("ETag"))
	}
	ask("FindGroups", `"Query":"sta","MemberId":"sales team"`, `"Contains":true`)
	ask("FindGroups", `"Query":"sales","MemberId":"sales team"`, `"Contains":true`)
	ask("FindGroups", `"Query":"sales","MemberId":"staff"`, `"Contains":false`)
	ask("FindGroupMembers", `"GroupId":"sales team","Query":"zoe"`, `"Members":[]`, `"Total":0`)
	if a := ask("FindGroupMembers", `"GroupId":"alice"`); a.code() != "EntityNotFoundException" {
		t.Error(a.text)
	}
	of, err := c.ListGroupsForEntity(ctx, &workmail.ListGroupsForEntityInput{OrganizationId: org, EntityId: alice, Filters: &types.ListGroupsForEntityFilters{GroupNamePrefix: aws.String("sa")}})
	must(t, err)
	if len(of.Groups) != 1 || *of.Groups[0].GroupId != *sales || *of.Groups[0].GroupName != "sales team" {
		t.Errorf("groups of alice: %+v", of.Groups)
	}
	_, err = c.RegisterToWorkMail(ctx, &workmail.RegisterToWorkMailInput{OrganizationId: org, EntityId: staff, Email: aws.String("staff@acme.postroom.test")})
	must(t, err)
	_, err = c.UpdateGroup(ctx, &workmail.UpdateGroupInput{OrganizationId: org, GroupId: staff, HiddenFromGlobalAddressList: aws.Bool(true)})
	must(t, err)
	d, err := c.DescribeGroup(ctx, &workmail.DescribeGroupInput{OrganizationId: org, GroupId: aws.String("staff")})
	must(t, err)
	if d.State != types.EntityStateEnabled || *d.Email != "staff@acme.postroom.test" || !d.HiddenFromGlobalAddressList || d.EnabledDate == nil {
		t.Errorf("%+v", d)
	}
	list, err := c.ListGroups(ctx, &workmail.ListGroupsInput{OrganizationId: org, Filters: &types.ListGroupsFilters{State: types.EntityStateEnabled}})
	must(t, err)
	if len(list.Groups) != 1 || *list.Groups[0].Name != "staff" {
		t.Errorf("%+v", list.Groups)
	}
	_, err = c.GetMailboxDetails(ctx, &workmail.GetMailboxDetailsInput{OrganizationId: org, UserId: staff})
	want(t, err, "EntityNotFoundException")
	_, err = c.DescribeUser(ctx, &workmail.DescribeUserInput{OrganizationId: org, UserId: staff})
	want(t, err, "EntityNotFoundException")

	put := func(entity, grantee *string, p ...types.PermissionType) error {
		_, err := c.PutMailboxPermissions(ctx, &workmail.PutMailboxPermissionsInput{OrganizationId: org, EntityId: entity, GranteeId: grantee, PermissionValues: p})
		return err
	}
	must(t, put(alice, sales, types.PermissionTypeFullAccess, types.PermissionTypeSendOnBehalf))
	want(t, put(staff, alice, types.PermissionTypeFullAccess), "InvalidParameterException")
	must(t, put(staff, alice, types.PermissionTypeSendAs))
	want(t, put(alice, aws.String("nobody"), types.PermissionTypeSendAs), "EntityNotFoundException")
	given := ask("FindPermissions", `"EntityId":"alice"`, `"GranteeName":"sales team"`, `"GranteeType":"GROUP"`, `"PermissionValues":["FULL_ACCESS","SEND_ON_BEHALF"]`, `"State":"DISABLED"`, *sales)
	listed := w.signed(w.root, east, "WorkMailService.ListMailboxPermissions", fmt.Sprintf(`{"OrganizationId":%q,"EntityId":"alice"}`, *org))
	if tag := given.header.Get("ETag"); tag == "" || tag != listed.header.Get("ETag") {
		t.Errorf("ETag %s, the list's is %s", tag, listed.header.Get("ETag"))
	}
	ask("FindPermissions", `"EntityId":"staff","MaxResults":1`, `"GranteeName":"alice"`, `"DisplayName":`, `"Email":"alice@acme.postroom.test"`)
	ask("FindPermissions", fmt.Sprintf(`"EntityId":%q`, *sales), `"Permissions":[]`)
	held := w.signed(w.root, east, "Postroom.ListHeldPermissions", fmt.Sprintf(`{"OrganizationId":%q,"EntityId":"alice"}`, *org))
	if held.code() != "" || !strings.Contains(held.text, `"EntityName":"staff"`) || !strings.Contains(held.text, `"PermissionValues":["SEND_AS"]`) {
		t.Error(held.text)
	}
	grants, err := c.ListMailboxPermissions(ctx, &workmail.ListMailboxPermissionsInput{OrganizationId: org, EntityId: alice})
	must(t, err)
	if len(grants.Permissions) != 1 || *grants.Permissions[0].GranteeId != *sales || grants.Permissions[0].GranteeType != types.MemberTypeGroup ||
		!slices.Equal(grants.Permissions[0].PermissionValues, []types.PermissionType{types.PermissionTypeFullAccess, types.PermissionTypeSendOnBehalf}) {
		t.Errorf("%+v", grants.Permissions)
	}
	_, err = c.ListMailboxPermissions(ctx, &workmail.ListMailboxPermissionsInput{OrganizationId: org, EntityId: alice, NextToken: aws.String("!")})
	want(t, err, "InvalidParameterException")
	_, err = c.DeleteMailboxPermissions(ctx, &workmail.DeleteMailboxPermissionsInput{OrganizationId: org, EntityId: alice, GranteeId: sales})
	must(t, err)
	if grants, err = c.ListMailboxPermissions(ctx, &workmail.ListMailboxPermissionsInput{OrganizationId: org, EntityId: alice}); err != nil || grants.Permissions == nil || len(grants.Permissions) > 0 {
		t.Errorf("%+v %v", grants, err)
	}

	for range 2 {
		_, err = c.DisassociateMemberFromGroup(ctx, &workmail.DisassociateMemberFromGroupInput{OrganizationId: org, GroupId: sales, MemberId: alice})
		must(t, err)
	}
	_, err = c.DeleteGroup(ctx, &workmail.DeleteGroupInput{OrganizationId: org, GroupId: staff})
	want(t, err, "EntityStateException")
	for range 2 {
		_, err = c.DeleteGroup(ctx, &workmail.DeleteGroupInput{OrganizationId: org, GroupId: sales})
		must(t, err)
	}
	want(t, join(staff, sales), "EntityStateException") // deleted
}
