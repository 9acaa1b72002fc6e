package foreign

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
	"github.com/aws/smithy-go/middleware"
)

// operations are those that the story must have called.
const operations = `AssociateDelegateToResource AssociateMemberToGroup CreateAlias CreateGroup CreateOrganization CreateResource CreateUser
DeleteAlias DeleteGroup DeleteMailboxPermissions DeleteOrganization DeleteResource DeleteUser DeregisterFromWorkMail DeregisterMailDomain
DescribeEntity DescribeGroup DescribeOrganization DescribeResource DescribeUser DisassociateDelegateFromResource DisassociateMemberFromGroup
GetMailDomain GetMailboxDetails ListAliases ListGroupMembers ListGroups ListGroupsForEntity ListMailDomains ListMailboxPermissions
ListOrganizations ListResourceDelegates ListResources ListTagsForResource ListUsers PutMailboxPermissions RegisterMailDomain
RegisterToWorkMail ResetPassword TagResource UntagResource UpdateDefaultMailDomain UpdateGroup UpdateMailboxQuota
UpdatePrimaryEmailAddress UpdateResource UpdateUser`

// story is the Go SDK over TLS; it notes which operations were called.
type story struct {
	*place
	mu     sync.Mutex
	called map[string]bool
}

func newStory(w *world) *story {
	s := &story{called: map[string]bool{}}
	note := middleware.InitializeMiddlewareFunc("note", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		s.mu.Lock()
		s.called[awsmiddleware.GetOperationName(ctx)] = true
		s.mu.Unlock()
		return next.HandleInitialize(ctx, in)
	})
	o := w.api(w.Region).Options()
	o.BaseEndpoint = aws.String(w.HTTPS)
	o.HTTPClient = &http.Client{Transport: &http.Transport{TLSClientConfig: w.tls}, Timeout: limit}
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error { return stack.Initialize.Add(note, middleware.After) })
	api := workmail.New(o)
	out, err := api.CreateOrganization(w.Context(), &workmail.CreateOrganizationInput{Alias: aws.String("sdk"), ClientToken: aws.String("once")})
	w.ok(err)
	s.place = &place{w, api, out.OrganizationId, "sdk.postroom.test"}
	return s
}

// fails ends the test where the error is not the SDK's type E.
func fails[E error](w *story, err error) {
	w.Helper()
	var e E
	if !errors.As(err, &e) {
		w.Fatalf("got %v, want %T", err, e)
	}
}

// TestSDK is a day's work with the AWS SDK for Go: every operation that this
// version has, over TLS, with its effect on mail where it has one.
func TestSDK(t *testing.T) {
	s := newStory(start(t))
	ann := s.users()
	s.groups(ann)
	s.resources(ann)
	s.domains(ann)
	s.ends(ann)
	want := strings.Fields(operations)
	if got := slices.Sorted(maps.Keys(s.called)); !slices.Equal(got, want) {
		t.Errorf("called %v, want %v", got, want)
	}
}

func (s *story) describe(id *string) *workmail.DescribeUserOutput {
	s.Helper()
	d, err := s.api.DescribeUser(s.ctx(), &workmail.DescribeUserInput{OrganizationId: s.id, UserId: id})
	s.ok(err)
	return d
}

func recent(t *time.Time) bool { return t != nil && time.Since(*t).Abs() < 10*time.Minute }

func (s *story) users() *string {
	create := &workmail.CreateUserInput{OrganizationId: s.id, Name: aws.String("ann"), DisplayName: aws.String("Ann"), Password: aws.String(password),
		FirstName: aws.String("Ann"), LastName: aws.String("Other"), HiddenFromGlobalAddressList: true}
	u, err := s.api.CreateUser(s.ctx(), create)
	s.ok(err)
	_, err = s.api.CreateUser(s.ctx(), create)
	fails[*types.NameAvailabilityException](s, err)
	create.Name, create.Password = aws.String("weak"), aws.String("weak")
	_, err = s.api.CreateUser(s.ctx(), create)
	fails[*types.InvalidPasswordException](s, err)
	create.Name = aws.String("krbtgt")
	_, err = s.api.CreateUser(s.ctx(), create)
	fails[*types.ReservedNameException](s, err)
	s.register(u.UserId, "ann")
	d := s.describe(aws.String("ann"))
	if *d.UserId != *u.UserId || *d.LastName != "Other" || !d.HiddenFromGlobalAddressList || d.State != types.EntityStateEnabled ||
		!recent(d.EnabledDate) || !recent(d.MailboxProvisionedDate) || d.DisabledDate != nil || d.MailboxDeprovisionedDate != nil {
		s.Errorf("%+v", d)
	}
	_, err = s.api.UpdateUser(s.ctx(), &workmail.UpdateUserInput{OrganizationId: s.id, UserId: aws.String("ann@sdk.postroom.test"), DisplayName: aws.String("Ann Ü."),
		LastName: aws.String(""), JobTitle: aws.String("Postmaster"), HiddenFromGlobalAddressList: aws.Bool(false)})
	s.ok(err)
	if d = s.describe(u.UserId); *d.DisplayName != "Ann Ü." || d.LastName != nil || *d.JobTitle != "Postmaster" || *d.FirstName != "Ann" || d.HiddenFromGlobalAddressList {
		s.Errorf("%+v", d)
	}

	_, err = s.api.CreateAlias(s.ctx(), &workmail.CreateAliasInput{OrganizationId: s.id, EntityId: u.UserId, Alias: aws.String(s.address("a"))})
	s.ok(err)
	_, err = s.api.UpdatePrimaryEmailAddress(s.ctx(), &workmail.UpdatePrimaryEmailAddressInput{OrganizationId: s.id, EntityId: u.UserId, Email: aws.String(s.address("a"))})
	s.ok(err)
	e, err := s.api.DescribeEntity(s.ctx(), &workmail.DescribeEntityInput{OrganizationId: s.id, Email: aws.String(s.address("ann"))})
	s.ok(err)
	if *e.EntityId != *u.UserId || *e.Name != "ann" || e.Type != types.EntityTypeUser {
		s.Errorf("%+v", e)
	}
	_, err = s.api.DescribeEntity(s.ctx(), &workmail.DescribeEntityInput{OrganizationId: s.id, Email: aws.String(s.address("nobody"))})
	fails[*types.EntityNotFoundException](s, err)
	list, err := s.api.ListAliases(s.ctx(), &workmail.ListAliasesInput{OrganizationId: s.id, EntityId: u.UserId})
	s.ok(err)
	if !slices.Equal(list.Aliases, []string{s.address("ann")}) {
		s.Errorf("%v", list.Aliases)
	}
	s.taken(s.arrive("before", s.address("ann")))
	s.has(s.address("a"), "INBOX", "before") // either address signs in
	_, err = s.api.DeleteAlias(s.ctx(), &workmail.DeleteAliasInput{OrganizationId: s.id, EntityId: u.UserId, Alias: aws.String(s.address("ann"))})
	s.ok(err)
	s.refused(s.arrive("after", s.address("ann")), "550 5.1.1")
	_, err = s.api.UpdatePrimaryEmailAddress(s.ctx(), &workmail.UpdatePrimaryEmailAddressInput{OrganizationId: s.id, EntityId: u.UserId, Email: aws.String(s.address("ann"))})
	s.ok(err)

	_, err = s.api.UpdateMailboxQuota(s.ctx(), &workmail.UpdateMailboxQuotaInput{OrganizationId: s.id, UserId: aws.String("ann"), MailboxQuota: aws.Int32(7)})
	s.ok(err)
	box, err := s.api.GetMailboxDetails(s.ctx(), &workmail.GetMailboxDetailsInput{OrganizationId: s.id, UserId: aws.String("ann")})
	s.ok(err)
	if *box.MailboxQuota != 7 || box.MailboxSize <= 0 || box.MailboxSize > 0.01 {
		s.Errorf("%+v", box)
	}
	_, err = s.api.ResetPassword(s.ctx(), &workmail.ResetPasswordInput{OrganizationId: s.id, UserId: u.UserId, Password: aws.String("Another-horse-8")})
	s.ok(err)
	if r := s.curl(s.address("ann"), "INBOX"); r.code != 67 {
		s.Errorf("the old password: exit %d\n%s", r.code, r)
	}
	_, err = s.api.ResetPassword(s.ctx(), &workmail.ResetPasswordInput{OrganizationId: s.id, UserId: u.UserId, Password: aws.String(password)})
	s.ok(err)
	s.has(s.address("ann"), "INBOX", "before")
	return u.UserId
}

func (s *story) groups(ann *string) {
	outer, inner := s.group("outer"), s.group("inner", "ann")
	_, err := s.api.AssociateMemberToGroup(s.ctx(), &workmail.AssociateMemberToGroupInput{OrganizationId: s.id, GroupId: outer, MemberId: aws.String("inner")})
	s.ok(err)
	_, err = s.api.AssociateMemberToGroup(s.ctx(), &workmail.AssociateMemberToGroupInput{OrganizationId: s.id, GroupId: inner, MemberId: outer})
	fails[*types.InvalidParameterException](s, err)
	_, err = s.api.UpdateGroup(s.ctx(), &workmail.UpdateGroupInput{OrganizationId: s.id, GroupId: outer, HiddenFromGlobalAddressList: aws.Bool(true)})
	s.ok(err)
	d, err := s.api.DescribeGroup(s.ctx(), &workmail.DescribeGroupInput{OrganizationId: s.id, GroupId: aws.String(s.address("outer"))})
	s.ok(err)
	if *d.GroupId != *outer || !d.HiddenFromGlobalAddressList || d.State != types.EntityStateEnabled || !recent(d.EnabledDate) {
		s.Errorf("%+v", d)
	}
	of, err := s.api.ListGroupsForEntity(s.ctx(), &workmail.ListGroupsForEntityInput{OrganizationId: s.id, EntityId: ann})
	s.ok(err)
	if len(of.Groups) != 1 || *of.Groups[0].GroupId != *inner || *of.Groups[0].GroupName != "inner" {
		s.Errorf("%+v", of.Groups)
	}
	all, err := s.api.ListGroups(s.ctx(), &workmail.ListGroupsInput{OrganizationId: s.id, Filters: &types.ListGroupsFilters{NamePrefix: aws.String("out")}})
	s.ok(err)
	if len(all.Groups) != 1 || *all.Groups[0].Email != s.address("outer") {
		s.Errorf("%+v", all.Groups)
	}
	m, err := s.api.ListGroupMembers(s.ctx(), &workmail.ListGroupMembersInput{OrganizationId: s.id, GroupId: outer})
	s.ok(err)
	if len(m.Members) != 1 || m.Members[0].Type != types.MemberTypeGroup || *m.Members[0].Id != *inner {
		s.Errorf("%+v", m.Members)
	}
	s.taken(s.arrive("to outer", s.address("outer")))
	_, err = s.api.DisassociateMemberFromGroup(s.ctx(), &workmail.DisassociateMemberFromGroupInput{OrganizationId: s.id, GroupId: outer, MemberId: inner})
	s.ok(err)
	s.refused(s.arrive("to nobody in outer", s.address("outer")), "550 5.2.1")
	s.has(s.address("ann"), "INBOX", "before, to outer")
	_, err = s.api.DeleteGroup(s.ctx(), &workmail.DeleteGroupInput{OrganizationId: s.id, GroupId: outer})
	fails[*types.EntityStateException](s, err)
	s.deregister("outer")
	_, err = s.api.DeleteGroup(s.ctx(), &workmail.DeleteGroupInput{OrganizationId: s.id, GroupId: outer})
	s.ok(err)
	s.refused(s.arrive("to the deleted", s.address("outer")), "550 5.1.1")

	// Permissions, to a user and through a group.
	bea := s.user("bea")
	s.grant("ann", "bea", types.PermissionTypeFullAccess)
	s.has(s.address("bea"), "Other Users/ann/Inbox", "before, to outer")
	grants, err := s.api.ListMailboxPermissions(s.ctx(), &workmail.ListMailboxPermissionsInput{OrganizationId: s.id, EntityId: ann})
	s.ok(err)
	if len(grants.Permissions) != 1 || *grants.Permissions[0].GranteeId != *bea || grants.Permissions[0].GranteeType != types.MemberTypeUser {
		s.Errorf("%+v", grants.Permissions)
	}
	_, err = s.api.DeleteMailboxPermissions(s.ctx(), &workmail.DeleteMailboxPermissionsInput{OrganizationId: s.id, EntityId: ann, GranteeId: bea})
	s.ok(err)
	if r := s.curl(s.address("bea"), "Other Users/ann/Inbox", "--request", "SEARCH ALL"); r.code == 0 {
		s.Error("the mailbox is still open")
	}
}

func (s *story) resources(ann *string) {
	r, err := s.api.CreateResource(s.ctx(), &workmail.CreateResourceInput{OrganizationId: s.id, Name: aws.String("room"), Type: types.ResourceTypeRoom, Description: aws.String("6 seats")})
	s.ok(err)
	s.register(r.ResourceId, "room")
	update := &workmail.UpdateResourceInput{OrganizationId: s.id, ResourceId: r.ResourceId, BookingOptions: &types.BookingOptions{}}
	_, err = s.api.UpdateResource(s.ctx(), update)
	fails[*types.InvalidConfigurationException](s, err)
	_, err = s.api.AssociateDelegateToResource(s.ctx(), &workmail.AssociateDelegateToResourceInput{OrganizationId: s.id, ResourceId: aws.String("room"), EntityId: ann})
	s.ok(err)
	update.Type, update.Description, update.HiddenFromGlobalAddressList = types.ResourceTypeEquipment, aws.String(""), aws.Bool(true)
	_, err = s.api.UpdateResource(s.ctx(), update)
	s.ok(err)
	d, err := s.api.DescribeResource(s.ctx(), &workmail.DescribeResourceInput{OrganizationId: s.id, ResourceId: aws.String("room")})
	s.ok(err)
	if d.Type != types.ResourceTypeEquipment || d.Description != nil || d.BookingOptions.AutoAcceptRequests || !d.HiddenFromGlobalAddressList || *d.Email != s.address("room") {
		s.Errorf("%+v", d)
	}
	list, err := s.api.ListResourceDelegates(s.ctx(), &workmail.ListResourceDelegatesInput{OrganizationId: s.id, ResourceId: r.ResourceId})
	s.ok(err)
	if len(list.Delegates) != 1 || *list.Delegates[0].Id != *ann {
		s.Errorf("%+v", list.Delegates)
	}
	leave := &workmail.DisassociateDelegateFromResourceInput{OrganizationId: s.id, ResourceId: r.ResourceId, EntityId: ann}
	_, err = s.api.DisassociateDelegateFromResource(s.ctx(), leave)
	fails[*types.EntityStateException](s, err)
	update.BookingOptions.AutoAcceptRequests = true
	_, err = s.api.UpdateResource(s.ctx(), update)
	s.ok(err)
	_, err = s.api.DisassociateDelegateFromResource(s.ctx(), leave)
	s.ok(err)
	all, err := s.api.ListResources(s.ctx(), &workmail.ListResourcesInput{OrganizationId: s.id})
	s.ok(err)
	if len(all.Resources) != 1 || *all.Resources[0].Id != *r.ResourceId || all.Resources[0].Type != types.ResourceTypeEquipment {
		s.Errorf("%+v", all.Resources)
	}
	s.deregister("room")
	_, err = s.api.DeleteResource(s.ctx(), &workmail.DeleteResourceInput{OrganizationId: s.id, ResourceId: aws.String("room")})
	s.ok(err)
}

func (s *story) domains(ann *string) {
	_, err := s.api.RegisterMailDomain(s.ctx(), &workmail.RegisterMailDomainInput{OrganizationId: s.id, DomainName: aws.String("sdk.example")})
	s.ok(err)
	d, err := s.api.GetMailDomain(s.ctx(), &workmail.GetMailDomainInput{OrganizationId: s.id, DomainName: aws.String("sdk.example")})
	s.ok(err)
	if d.IsTestDomain || d.IsDefault || d.OwnershipVerificationStatus != types.DnsRecordVerificationStatusPending || len(d.Records) < 2 {
		s.Errorf("%+v", d)
	}
	list, err := s.api.ListMailDomains(s.ctx(), &workmail.ListMailDomainsInput{OrganizationId: s.id})
	s.ok(err)
	if len(list.MailDomains) != 2 || *list.MailDomains[1].DomainName != s.host || !list.MailDomains[1].DefaultDomain {
		s.Errorf("%+v", list.MailDomains)
	}
	_, err = s.api.UpdateDefaultMailDomain(s.ctx(), &workmail.UpdateDefaultMailDomainInput{OrganizationId: s.id, DomainName: aws.String("sdk.example")})
	fails[*types.MailDomainStateException](s, err)
	_, err = s.api.UpdateDefaultMailDomain(s.ctx(), &workmail.UpdateDefaultMailDomainInput{OrganizationId: s.id, DomainName: aws.String("other.example")})
	fails[*types.MailDomainNotFoundException](s, err)
	_, err = s.api.CreateAlias(s.ctx(), &workmail.CreateAliasInput{OrganizationId: s.id, EntityId: ann, Alias: aws.String("ann@sdk.example")})
	fails[*types.MailDomainStateException](s, err)
	_, err = s.api.DeregisterMailDomain(s.ctx(), &workmail.DeregisterMailDomainInput{OrganizationId: s.id, DomainName: aws.String("sdk.example")})
	s.ok(err)
	_, err = s.api.DeregisterMailDomain(s.ctx(), &workmail.DeregisterMailDomainInput{OrganizationId: s.id, DomainName: &s.host})
	fails[*types.MailDomainInUseException](s, err)
}

func (s *story) ends(ann *string) {
	o, err := s.api.DescribeOrganization(s.ctx(), &workmail.DescribeOrganizationInput{OrganizationId: s.id})
	s.ok(err)
	tags := []types.Tag{{Key: aws.String("team"), Value: aws.String("post")}}
	_, err = s.api.TagResource(s.ctx(), &workmail.TagResourceInput{ResourceARN: o.ARN, Tags: tags})
	s.ok(err)
	got, err := s.api.ListTagsForResource(s.ctx(), &workmail.ListTagsForResourceInput{ResourceARN: o.ARN})
	s.ok(err)
	if len(got.Tags) != 1 || *got.Tags[0].Key != "team" || *got.Tags[0].Value != "post" {
		s.Errorf("%+v", got.Tags)
	}
	_, err = s.api.UntagResource(s.ctx(), &workmail.UntagResourceInput{ResourceARN: o.ARN, TagKeys: []string{"team"}})
	s.ok(err)

	var names []string
	for pages := workmail.NewListUsersPaginator(s.api, &workmail.ListUsersInput{OrganizationId: s.id, MaxResults: aws.Int32(1)}); pages.HasMorePages(); {
		out, err := pages.NextPage(s.ctx())
		s.ok(err)
		for _, u := range out.Users {
			names = append(names, *u.Name)
		}
	}
	if !slices.Equal(names, []string{"ann", "bea"}) {
		s.Errorf("%v", names)
	}
	remove := func() error {
		_, err := s.api.DeleteUser(s.ctx(), &workmail.DeleteUserInput{OrganizationId: s.id, UserId: ann})
		return err
	}
	fails[*types.EntityStateException](s, remove())
	s.deregister("ann")
	if d := s.describe(ann); d.State != types.EntityStateDisabled || !recent(d.DisabledDate) || d.MailboxDeprovisionedDate != nil { // the mailbox stays 30 days
		s.Errorf("%+v", d)
	}
	s.ok(remove())
	s.refused(s.arrive("to the deleted user", s.address("ann")), "550 5.1.1")

	end := &workmail.DeleteOrganizationInput{OrganizationId: s.id, DeleteDirectory: true}
	_, err = s.api.DeleteOrganization(s.ctx(), end)
	fails[*types.OrganizationStateException](s, err)
	end.ForceDelete = true
	gone, err := s.api.DeleteOrganization(s.ctx(), end)
	s.ok(err)
	if *gone.OrganizationId != *s.id || *gone.State != "Deleting" {
		s.Errorf("%+v", gone)
	}
	_, err = s.api.ListUsers(s.ctx(), &workmail.ListUsersInput{OrganizationId: s.id})
	fails[*types.OrganizationStateException](s, err)
	s.refused(s.arrive("to the deleted organization", s.address("bea")), "550 5.")
	if r := s.curl(s.address("bea"), "INBOX"); r.code != 67 {
		s.Errorf("sign-in to a deleted organization: exit %d\n%s", r.code, r)
	}
	s.eventually(func() string {
		o, err := s.api.DescribeOrganization(s.ctx(), &workmail.DescribeOrganizationInput{OrganizationId: s.id})
		s.ok(err)
		if *o.State != "Deleted" {
			return "the organization stays " + *o.State
		}
		return ""
	})
	list, err := s.api.ListOrganizations(s.ctx(), &workmail.ListOrganizationsInput{})
	s.ok(err)
	for _, o := range list.OrganizationSummaries {
		if *o.OrganizationId == *s.id && *o.State != "Deleted" {
			s.Errorf("%+v", o)
		}
	}
	_, err = s.api.DescribeOrganization(s.ctx(), &workmail.DescribeOrganizationInput{OrganizationId: aws.String("m-" + strings.Repeat("0", 32))})
	fails[*types.OrganizationNotFoundException](s, err)
}
