package foreign

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"postroom/test/samba"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// TestADConnector: with an ordinary account all is read, nothing of the directory
// is written, and what is ours goes on.
func TestADConnector(t *testing.T) {
	t.Parallel()
	_, at := dc(t)
	w := start(t)
	a := w.connect(at, registration{Alias: "corp", Kind: "AD_CONNECTOR", Account: samba.Reader, Secret: samba.Password, BaseDn: samba.BaseDN})
	if s := a.sync(); s.Writable || s.DirectoryKind != "AD_CONNECTOR" || s.Users < 8 || s.FaultCount != 0 {
		t.Fatalf("%+v", s)
	}
	// The whole domain: its own accounts are shown, and not enabled.
	for _, name := range []string{"Administrator", "Guest", "krbtgt"} {
		u := a.users()[name]
		if u.UserRole != types.UserRoleSystemUser {
			t.Errorf("%s: %+v", name, u)
		}
		_, err := a.api.RegisterToWorkMail(a.ctx(), &workmail.RegisterToWorkMailInput{OrganizationId: a.id, EntityId: u.Id, Email: aws.String(a.address("x"))})
		if code(err) == "" {
			t.Errorf("%s is enabled", name)
		}
	}
	who := a.enable("NAME", "ann", "bea", "cyd")
	groups := a.groups()
	if got := a.members(groups["crew"]); !slices.Equal(got, []string{"ann", "inner"}) {
		t.Errorf("members %v", got)
	}
	before := a.written()
	a.readOnly(who, groups)
	a.ours(who, groups)
	// Nothing was written there.
	if after := a.written(); after != before {
		t.Errorf("the directory has %s\nand had %s", after, before)
	}
	a.set(at, "CN=Dan Dew,"+staff, "displayName", "Dan of AD")
	a.within("a change in AD is in ListUsers", "1 s, notified", func() string {
		return like(aws.ToString(a.users()["dan"].DisplayName), "Dan of AD")
	})
	a.in(`CORP\ann`, password)
	a.out(`CORP\ann`, "Wrong-horse-7")
}

// written is what of the directory somebody writes; a sign-in changes other attributes.
func (a *abroad) written() string {
	var b strings.Builder
	for _, attribute := range []string{"distinguishedName", "displayName", "member", "pwdLastSet", "userAccountControl", "mail", "proxyAddresses", "l", "whenCreated"} {
		fmt.Fprintln(&b, attribute, a.find(a.at, staff, "(|(objectClass=user)(objectClass=group))", attribute))
	}
	return b.String()
}

// readOnly: all that would write the directory is refused.
func (a *abroad) readOnly(who, groups map[string]*string) {
	name := aws.String("newcomer")
	for what, try := range map[string]func() error{
		"CreateUser": func() error {
			_, err := a.api.CreateUser(a.ctx(), &workmail.CreateUserInput{OrganizationId: a.id, Name: name, DisplayName: name, Password: aws.String(password)})
			return err
		},
		"UpdateUser": func() error {
			_, err := a.api.UpdateUser(a.ctx(), &workmail.UpdateUserInput{OrganizationId: a.id, UserId: who["ann"], City: name})
			return err
		},
		"DeleteUser": func() error {
			_, err := a.api.DeleteUser(a.ctx(), &workmail.DeleteUserInput{OrganizationId: a.id, UserId: a.users()["dan"].Id})
			return err
		},
		"ResetPassword": func() error { return a.reset(who["ann"], "Second-horse-7") },
		"CreateGroup": func() error {
			_, err := a.api.CreateGroup(a.ctx(), &workmail.CreateGroupInput{OrganizationId: a.id, Name: name})
			return err
		},
		"DeleteGroup": func() error {
			_, err := a.api.DeleteGroup(a.ctx(), &workmail.DeleteGroupInput{OrganizationId: a.id, GroupId: groups["inner"]})
			return err
		},
		"AssociateMemberToGroup": func() error {
			_, err := a.api.AssociateMemberToGroup(a.ctx(), &workmail.AssociateMemberToGroupInput{OrganizationId: a.id, GroupId: groups["crew"], MemberId: who["cyd"]})
			return err
		},
		"DisassociateMemberFromGroup": func() error {
			_, err := a.api.DisassociateMemberFromGroup(a.ctx(), &workmail.DisassociateMemberFromGroupInput{OrganizationId: a.id, GroupId: groups["crew"], MemberId: who["ann"]})
			return err
		},
	} {
		a.answers(what, try(), "UnsupportedOperationException")
	}
	for operation, in := range map[string]map[string]any{
		"CreateUserWithMailbox": {"Name": "newcomer", "DisplayName": "n", "Password": password, "Email": a.address("newcomer")},
		"ImportUsers":           {"ImportId": "import-of-one", "Rows": []map[string]any{{"Name": "newcomer"}}},
	} {
		in["OrganizationId"] = a.id
		a.answers(operation, a.postroom(operation, in, nil), "UnsupportedOperationException")
	}
	var policy struct {
		Known, Writable    bool
		MinLength, History int
	}
	a.ok(a.postroom("GetPasswordPolicy", map[string]any{"OrganizationId": a.id, "UserId": who["ann"]}, &policy))
	if !policy.Known || policy.Writable || policy.MinLength != 7 || policy.History != 24 {
		a.Errorf("%+v", policy)
	}
}

// ours: what WorkMail keeps of a user goes on.
func (a *abroad) ours(who, groups map[string]*string) {
	email := a.address("ann")
	a.taken(a.arrive("hello", email))
	_, err := a.api.CreateAlias(a.ctx(), &workmail.CreateAliasInput{OrganizationId: a.id, EntityId: who["ann"], Alias: aws.String(a.address("a"))})
	a.ok(err)
	_, err = a.api.UpdatePrimaryEmailAddress(a.ctx(), &workmail.UpdatePrimaryEmailAddressInput{OrganizationId: a.id, EntityId: who["ann"], Email: aws.String(a.address("first"))})
	a.ok(err)
	a.taken(a.arrive("to the alias", a.address("a")))
	a.taken(a.arrive("to the first", a.address("first")))
	a.has(email, "INBOX", "hello, to the alias, to the first")
	_, err = a.api.DeleteAlias(a.ctx(), &workmail.DeleteAliasInput{OrganizationId: a.id, EntityId: who["ann"], Alias: aws.String(a.address("a"))})
	a.ok(err)
	if r := a.routes(a.address("a")); !strings.HasPrefix(r, "550 ") {
		a.Errorf("an alias that was deleted: %s", r)
	}
	_, err = a.api.UpdateMailboxQuota(a.ctx(), &workmail.UpdateMailboxQuotaInput{OrganizationId: a.id, UserId: who["ann"], MailboxQuota: aws.Int32(123)})
	a.ok(err)
	d, err := a.api.GetMailboxDetails(a.ctx(), &workmail.GetMailboxDetailsInput{OrganizationId: a.id, UserId: who["ann"]})
	a.ok(err)
	if *d.MailboxQuota != 123 {
		a.Errorf("quota %d", *d.MailboxQuota)
	}
	for _, name := range []string{"crew", "inner"} {
		a.register(groups[name], name)
	}
	// A permission of a nested group's member.
	a.grant(*who["ann"], *groups["crew"], types.PermissionTypeFullAccess)
	if got := a.imap(a.address("bea"), "", `LIST "" "*"`); !strings.Contains(got, "first@") && !strings.Contains(got, "ann") {
		a.Errorf("bea does not see ann's mailbox:\n%s", got)
	}
	a.taken(a.arrive("to all", a.address("crew")))
	a.has(a.address("bea"), "INBOX", "to all")
	a.deregister(*who["cyd"])
	if r := a.routes(a.address("cyd")); !strings.HasPrefix(r, "550 ") {
		a.Errorf("who was disabled: %s", r)
	}
	a.out(`CORP\cyd`, password)
	a.register(who["cyd"], "cyd")
	a.in(`CORP\cyd`, password)
	r, err := a.api.CreateResource(a.ctx(), &workmail.CreateResourceInput{OrganizationId: a.id, Name: aws.String("hall"), Type: types.ResourceTypeRoom})
	a.ok(err)
	a.register(r.ResourceId, "hall")
}
