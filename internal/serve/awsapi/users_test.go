package awsapi

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"postroom/internal/core/directory"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

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
