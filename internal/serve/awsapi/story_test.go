package awsapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/internal/core/directory"

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

// user makes an enabled user and answers its id.
func (w *world) user(c *workmail.Client, org *string, name, email string) *string {
	w.t.Helper()
	u, err := c.CreateUser(w.t.Context(), &workmail.CreateUserInput{OrganizationId: org, Name: &name, DisplayName: aws.String(strings.ToUpper(name)), Password: aws.String(goodPassword)})
	must(w.t, err)
	_, err = c.RegisterToWorkMail(w.t.Context(), &workmail.RegisterToWorkMailInput{OrganizationId: org, EntityId: u.UserId, Email: &email})
	must(w.t, err)
	return u.UserId
}

// TestUserStory is the life of a user, as an administrator's script walks it.
func TestUserStory(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org := w.organization(c, "acme")
	create := &workmail.CreateUserInput{OrganizationId: org, Name: aws.String("alice"), DisplayName: aws.String("Alice"), Password: aws.String(goodPassword), FirstName: aws.String("A")}
	u, err := c.CreateUser(ctx, create)
	must(t, err)
	_, err = c.CreateUser(ctx, create)
	want(t, err, "NameAvailabilityException")
	for name, code := range map[string]string{"krbtgt": "ReservedNameException", "a b": "InvalidParameterException"} {
		_, err = c.CreateUser(ctx, &workmail.CreateUserInput{OrganizationId: org, Name: &name, DisplayName: &name})
		want(t, err, code)
	}
	_, err = c.CreateUser(ctx, &workmail.CreateUserInput{OrganizationId: org, Name: aws.String("weak"), DisplayName: aws.String("W"), Password: aws.String("short")})
	want(t, err, "InvalidPasswordException")
	_, err = c.CreateUser(ctx, &workmail.CreateUserInput{OrganizationId: org, Name: aws.String("sys"), DisplayName: aws.String("S"), Role: types.UserRoleSystemUser})
	want(t, err, "InvalidParameterException")

	describe := func(id *string) *workmail.DescribeUserOutput {
		t.Helper()
		d, err := c.DescribeUser(ctx, &workmail.DescribeUserInput{OrganizationId: org, UserId: id})
		must(t, err)
		return d
	}
	if d := describe(u.UserId); d.State != types.EntityStateDisabled || d.Email != nil || d.UserRole != types.UserRoleUser || *d.FirstName != "A" || d.EnabledDate != nil {
		t.Errorf("created: %+v", d)
	}
	alias := func(a string) error {
		_, err := c.CreateAlias(ctx, &workmail.CreateAliasInput{OrganizationId: org, EntityId: u.UserId, Alias: &a})
		return err
	}
	want(t, alias("al@acme.postroom.test"), "EntityStateException") // not enabled yet
	register := func(email string) error {
		_, err := c.RegisterToWorkMail(ctx, &workmail.RegisterToWorkMailInput{OrganizationId: org, EntityId: u.UserId, Email: &email})
		return err
	}
	want(t, register("alice@nobody.example"), "MailDomainNotFoundException")
	_, err = c.RegisterMailDomain(ctx, &workmail.RegisterMailDomainInput{OrganizationId: org, DomainName: aws.String("pending.example")})
	must(t, err)
	want(t, register("alice@pending.example"), "MailDomainStateException")
	must(t, register("alice@acme.postroom.test"))
	must(t, register("alice@acme.postroom.test")) // the same changes nothing
	want(t, register("other@acme.postroom.test"), "EntityAlreadyRegisteredException")
	d := describe(aws.String("ALICE@acme.postroom.test"))
	if d.State != types.EntityStateEnabled || *d.Email != "alice@acme.postroom.test" || d.EnabledDate == nil || d.MailboxProvisionedDate == nil {
		t.Errorf("registered: %+v", d)
	}

	must(t, alias("al@acme.postroom.test"))
	must(t, alias("al@acme.postroom.test"))
	want(t, alias("al@pending.example"), "MailDomainStateException")
	want(t, alias("al@nobody.example"), "MailDomainNotFoundException")
	bob := w.user(c, org, "bob", "bob@acme.postroom.test")
	want(t, alias("bob@acme.postroom.test"), "EmailAddressInUseException")
	list, err := c.ListAliases(ctx, &workmail.ListAliasesInput{OrganizationId: org, EntityId: u.UserId})
	must(t, err)
	if !slices.Equal(list.Aliases, []string{"al@acme.postroom.test"}) {
		t.Errorf("aliases: %v", list.Aliases)
	}
	primary := func(email string) error {
		_, err := c.UpdatePrimaryEmailAddress(ctx, &workmail.UpdatePrimaryEmailAddressInput{OrganizationId: org, EntityId: u.UserId, Email: &email})
		return err
	}
	must(t, primary("al@acme.postroom.test"))
	want(t, primary("bob@acme.postroom.test"), "EmailAddressInUseException")
	want(t, primary("x@nobody.example"), "MailDomainNotFoundException")
	_, err = c.DeleteAlias(ctx, &workmail.DeleteAliasInput{OrganizationId: org, EntityId: u.UserId, Alias: aws.String("al@acme.postroom.test")})
	want(t, err, "InvalidParameterException") // the primary one
	for range 2 {
		_, err = c.DeleteAlias(ctx, &workmail.DeleteAliasInput{OrganizationId: org, EntityId: u.UserId, Alias: aws.String("alice@acme.postroom.test")})
		must(t, err)
	}
	e, err := c.DescribeEntity(ctx, &workmail.DescribeEntityInput{OrganizationId: org, Email: aws.String("al@acme.postroom.test")})
	must(t, err)
	if *e.EntityId != *u.UserId || *e.Name != "alice" || e.Type != types.EntityTypeUser {
		t.Errorf("entity: %+v", e)
	}
	_, err = c.DescribeEntity(ctx, &workmail.DescribeEntityInput{OrganizationId: org, Email: aws.String("nobody@acme.postroom.test")})
	want(t, err, "EntityNotFoundException")

	_, err = c.UpdateUser(ctx, &workmail.UpdateUserInput{OrganizationId: org, UserId: u.UserId, City: aws.String("Bern"), FirstName: aws.String(""), HiddenFromGlobalAddressList: aws.Bool(true)})
	must(t, err)
	if d := describe(u.UserId); d.FirstName != nil || *d.City != "Bern" || *d.DisplayName != "Alice" || !d.HiddenFromGlobalAddressList {
		t.Errorf("updated: %+v", d)
	}
	_, err = c.UpdateUser(ctx, &workmail.UpdateUserInput{OrganizationId: org, UserId: u.UserId, Role: types.UserRoleRemoteUser})
	want(t, err, "EntityStateException")

	_, err = c.UpdateMailboxQuota(ctx, &workmail.UpdateMailboxQuotaInput{OrganizationId: org, UserId: u.UserId, MailboxQuota: aws.Int32(1234)})
	must(t, err)
	box, err := c.GetMailboxDetails(ctx, &workmail.GetMailboxDetailsInput{OrganizationId: org, UserId: u.UserId})
	must(t, err)
	if *box.MailboxQuota != 1234 || box.MailboxSize != 0 {
		t.Errorf("mailbox: %+v", box)
	}
	_, err = c.UpdateMailboxQuota(ctx, &workmail.UpdateMailboxQuotaInput{OrganizationId: org, UserId: u.UserId, MailboxQuota: aws.Int32(99999)})
	want(t, err, "InvalidParameterException")

	reset := func(id *string, password string) error {
		_, err := c.ResetPassword(ctx, &workmail.ResetPasswordInput{OrganizationId: org, UserId: id, Password: &password})
		return err
	}
	must(t, reset(u.UserId, "Another horse 7"))
	want(t, reset(u.UserId, "short"), "InvalidPasswordException")
	want(t, reset(aws.String("alice@acme.postroom.test"), goodPassword), "EntityNotFoundException") // id only

	remove := func(id string) error {
		_, err := c.DeleteUser(ctx, &workmail.DeleteUserInput{OrganizationId: org, UserId: &id})
		return err
	}
	want(t, remove(*u.UserId), "EntityStateException")
	_, err = c.DeregisterFromWorkMail(ctx, &workmail.DeregisterFromWorkMailInput{OrganizationId: org, EntityId: aws.String("al@acme.postroom.test")})
	must(t, err)
	_, err = c.DeregisterFromWorkMail(ctx, &workmail.DeregisterFromWorkMailInput{OrganizationId: org, EntityId: u.UserId})
	want(t, err, "EntityStateException")
	if d := describe(u.UserId); d.State != types.EntityStateDisabled || d.DisabledDate == nil {
		t.Errorf("deregistered: %+v", d)
	}
	must(t, reset(u.UserId, goodPassword)) // DISABLED too
	must(t, remove(*u.UserId))
	must(t, remove("nobody-at-all"))
	if d := describe(u.UserId); d.State != types.EntityStateDeleted {
		t.Errorf("deleted: %+v", d)
	}
	_, err = c.DescribeUser(ctx, &workmail.DescribeUserInput{OrganizationId: org, UserId: aws.String("nobody")})
	want(t, err, "EntityNotFoundException")
	want(t, register("alice@acme.postroom.test"), "EntityStateException")
	_ = bob
}

// TestListUsers: pages, filters, tokens of other lists.
func TestListUsers(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org := w.organization(c, "acme")
	if out, err := c.ListUsers(ctx, &workmail.ListUsersInput{OrganizationId: org}); err != nil || out.Users == nil || len(out.Users) > 0 {
		t.Errorf("no users: %+v %v", out, err)
	}
	for i := range 7 {
		name := fmt.Sprintf("user%d", i)
		_, err := c.CreateUser(ctx, &workmail.CreateUserInput{OrganizationId: org, Name: &name, DisplayName: aws.String(fmt.Sprintf("Number %d", 9-i))})
		must(t, err)
	}
	w.user(c, org, "zoe", "zoe@acme.postroom.test")
	names := func(f *types.ListUsersFilters) string {
		t.Helper()
		var seen []string
		p := workmail.NewListUsersPaginator(c, &workmail.ListUsersInput{OrganizationId: org, MaxResults: aws.Int32(3), Filters: f})
		for p.HasMorePages() {
			out, err := p.NextPage(ctx)
			must(t, err)
			for _, u := range out.Users {
				seen = append(seen, *u.Name)
			}
		}
		return strings.Join(seen, " ")
	}
	for _, f := range []struct {
		filter *types.ListUsersFilters
		want   string
	}{
		{nil, "user0 user1 user2 user3 user4 user5 user6 zoe"},
		{&types.ListUsersFilters{UsernamePrefix: aws.String("US")}, "user0 user1 user2 user3 user4 user5 user6"},
		{&types.ListUsersFilters{DisplayNamePrefix: aws.String("number")}, "user6 user5 user4 user3 user2 user1 user0"},
		{&types.ListUsersFilters{PrimaryEmailPrefix: aws.String("zo")}, "zoe"},
		{&types.ListUsersFilters{State: types.EntityStateEnabled}, "zoe"},
		{&types.ListUsersFilters{UsernamePrefix: aws.String("nobody")}, ""},
	} {
		if got := names(f.filter); got != f.want {
			t.Errorf("%+v: %s, want %s", f.filter, got, f.want)
		}
	}
	_, err := c.ListUsers(ctx, &workmail.ListUsersInput{OrganizationId: org, Filters: &types.ListUsersFilters{UsernamePrefix: aws.String("u"), State: types.EntityStateEnabled}})
	want(t, err, "InvalidParameterException")
	one, err := c.ListUsers(ctx, &workmail.ListUsersInput{OrganizationId: org, MaxResults: aws.Int32(1)})
	must(t, err)
	_, err = c.ListUsers(ctx, &workmail.ListUsersInput{OrganizationId: org, NextToken: one.NextToken, Filters: &types.ListUsersFilters{State: types.EntityStateEnabled}})
	want(t, err, "InvalidParameterException") // a token of another list
	_, err = c.ListGroupsForEntity(ctx, &workmail.ListGroupsForEntityInput{OrganizationId: org, EntityId: aws.String("zoe"), NextToken: one.NextToken})
	want(t, err, "InvalidParameterException")
	_, err = c.ListMailDomains(ctx, &workmail.ListMailDomainsInput{OrganizationId: org, NextToken: one.NextToken})
	want(t, err, "InvalidParameterException")
}

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

// TestMailDomains: PENDING, verified by DNS or on the operator's word, default, removal.
func TestMailDomains(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org, other := w.organization(c, "acme"), w.organization(w.sdk(w.root, west), "other")
	register := func(cl *workmail.Client, o *string, name string) error {
		_, err := cl.RegisterMailDomain(ctx, &workmail.RegisterMailDomainInput{OrganizationId: o, DomainName: &name})
		return err
	}
	must(t, register(c, org, "acme.example"))
	must(t, register(c, org, "ACME.example"))
	want(t, register(c, org, "x.postroom.test"), "MailDomainInUseException")
	want(t, register(c, org, "bad..example"), "InvalidParameterException")
	get := func(name string) *workmail.GetMailDomainOutput {
		t.Helper()
		d, err := c.GetMailDomain(ctx, &workmail.GetMailDomainInput{OrganizationId: org, DomainName: &name})
		must(t, err)
		return d
	}
	d := get("acme.example")
	if d.OwnershipVerificationStatus != types.DnsRecordVerificationStatusPending || d.DkimVerificationStatus != types.DnsRecordVerificationStatusPending || d.IsDefault || d.IsTestDomain || len(d.Records) < 4 {
		t.Errorf("%+v", d)
	}
	setDefault := func(name string) error {
		_, err := c.UpdateDefaultMailDomain(ctx, &workmail.UpdateDefaultMailDomainInput{OrganizationId: org, DomainName: &name})
		return err
	}
	want(t, setDefault("acme.example"), "MailDomainStateException")
	want(t, setDefault("nobody.example"), "MailDomainNotFoundException")
	verify := func(target, name string) reply {
		return w.signed(w.root, east, target, fmt.Sprintf(`{"OrganizationId":%q,"DomainName":%q}`, *org, name))
	}
	if a := verify("Postroom.VerifyMailDomain", "acme.example"); a.str("OwnershipVerificationStatus") != "PENDING" {
		t.Error(a.text)
	}
	w.dns.set(*d.Records[0].Hostname, *d.Records[0].Value)
	if a := verify("Postroom.VerifyMailDomain", "acme.example"); a.str("OwnershipVerificationStatus") != "VERIFIED" {
		t.Error(a.text)
	}
	if a := verify("Postroom.VerifyMailDomain", "nobody.example"); a.code() != "MailDomainNotFoundException" {
		t.Error(a.text)
	}
	want(t, register(w.sdk(w.root, west), other, "acme.example"), "MailDomainInUseException")
	must(t, register(c, org, "forced.example"))
	if a := verify("Postroom.ForceVerifyMailDomain", "forced.example"); a.code() != "" {
		t.Error(a.text)
	}
	if get("forced.example").OwnershipVerificationStatus != types.DnsRecordVerificationStatusVerified {
		t.Error("not forced")
	}
	must(t, setDefault("acme.example"))
	var seen []string
	p := workmail.NewListMailDomainsPaginator(c, &workmail.ListMailDomainsInput{OrganizationId: org, MaxResults: aws.Int32(2)})
	for p.HasMorePages() {
		out, err := p.NextPage(ctx)
		must(t, err)
		for _, m := range out.MailDomains {
			seen = append(seen, fmt.Sprint(*m.DomainName, m.DefaultDomain))
		}
	}
	if got := strings.Join(seen, " "); got != "acme.exampletrue acme.postroom.testfalse forced.examplefalse" {
		t.Error(got)
	}
	deregister := func(name string) error {
		_, err := c.DeregisterMailDomain(ctx, &workmail.DeregisterMailDomainInput{OrganizationId: org, DomainName: &name})
		return err
	}
	want(t, deregister("acme.example"), "MailDomainInUseException")       // the default
	want(t, deregister("acme.postroom.test"), "MailDomainInUseException") // the test domain
	w.user(c, org, "alice", "alice@forced.example")
	want(t, deregister("forced.example"), "MailDomainInUseException")
	_, err := c.DeregisterFromWorkMail(ctx, &workmail.DeregisterFromWorkMailInput{OrganizationId: org, EntityId: aws.String("alice")})
	must(t, err)
	must(t, deregister("forced.example"))
	must(t, deregister("forced.example"))
	_, err = c.GetMailDomain(ctx, &workmail.GetMailDomainInput{OrganizationId: org, DomainName: aws.String("forced.example")})
	want(t, err, "MailDomainNotFoundException")
}

// TestTags: by ARN, at most 50.
func TestTags(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org := w.organization(c, "acme")
	arn := "arn:aws:workmail:us-east-1:000000000000:organization/" + *org
	tag := func(arn string, n int) error {
		var tags []types.Tag
		for i := range n {
			tags = append(tags, types.Tag{Key: aws.String(fmt.Sprintf("k%02d", i)), Value: aws.String("")})
		}
		_, err := c.TagResource(ctx, &workmail.TagResourceInput{ResourceARN: &arn, Tags: tags})
		return err
	}
	must(t, tag(arn, 50))
	_, err := c.TagResource(ctx, &workmail.TagResourceInput{ResourceARN: &arn, Tags: []types.Tag{{Key: aws.String("one more"), Value: aws.String("x")}}})
	want(t, err, "TooManyTagsException")
	for _, bad := range []string{strings.Replace(arn, "us-east-1", "eu-west-1", 1), strings.Replace(arn, "m-", "x-", 1), strings.Replace(arn, "000000000000", "111111111111", 1), arn[:len(arn)-4] + "0000"} {
		want(t, tag(bad, 1), "ResourceNotFoundException")
		_, err = c.ListTagsForResource(ctx, &workmail.ListTagsForResourceInput{ResourceARN: &bad})
		want(t, err, "ResourceNotFoundException")
		_, err = c.UntagResource(ctx, &workmail.UntagResourceInput{ResourceARN: &bad, TagKeys: []string{"k01"}})
		want(t, err, "ResourceNotFoundException")
	}
	var keys []string
	for i := 1; i < 50; i++ {
		keys = append(keys, fmt.Sprintf("k%02d", i))
	}
	_, err = c.UntagResource(ctx, &workmail.UntagResourceInput{ResourceARN: &arn, TagKeys: keys})
	must(t, err)
	out, err := c.ListTagsForResource(ctx, &workmail.ListTagsForResourceInput{ResourceARN: &arn})
	must(t, err)
	if len(out.Tags) != 1 || *out.Tags[0].Key != "k00" || *out.Tags[0].Value != "" {
		t.Errorf("%+v", out.Tags)
	}
}

// TestAliasLimit: 100 aliases, then LimitExceededException.
func TestAliasLimit(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.sdk(w.root, east), t.Context()
	org := w.organization(c, "acme")
	alice := w.user(c, org, "alice", "alice@acme.postroom.test")
	for i := range directory.MaxAliases + 1 {
		_, err := c.CreateAlias(ctx, &workmail.CreateAliasInput{OrganizationId: org, EntityId: alice, Alias: aws.String(fmt.Sprintf("a%03d@acme.postroom.test", i))})
		code := ""
		if i == directory.MaxAliases {
			code = "LimitExceededException"
		}
		want(t, err, code)
	}
	n := 0
	p := workmail.NewListAliasesPaginator(c, &workmail.ListAliasesInput{OrganizationId: org, EntityId: alice, MaxResults: aws.Int32(30)})
	for p.HasMorePages() {
		out, err := p.NextPage(ctx)
		must(t, err)
		n += len(out.Aliases)
	}
	if n != directory.MaxAliases {
		t.Errorf("%d aliases listed", n)
	}
}

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
		"Postroom.DescribeAdministrator":         `{"AdministratorId":"admin"}`,
	} {
		if a := w.signed(w.root, east, target, body); a.header.Get("ETag") == "" {
			t.Errorf("%s has no ETag: %s", target, a.text)
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
