package awsapi

import (
	"context"
	"reflect"

	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

// operation is one of the model's, and how it runs; run is nil where this
// version does not have it yet.
type operation struct {
	*api.Operation
	name string // its target
	run  func(context.Context, *call) (any, error)
}

// byTarget has every operation of the models.
var byTarget = func() map[string]*operation {
	m := map[string]*operation{}
	for _, op := range api.Operations() {
		m[op.Target()] = &operation{Operation: op, name: op.Target()}
	}
	for _, b := range built {
		m[b.Target()].run = b.run
	}
	return m
}()

// built are the operations that this version has.
var built = []operation{
	inRegion(api.CreateOrganization, createOrganization),
	inRegion(api.DeleteOrganization, deleteOrganization),
	inRegion(api.DescribeOrganization, describeOrganization),
	inRegion(api.DescribeOrganizationContents, describeOrganizationContents),
	inRegion(api.ListOrganizations, listOrganizations),
	inRegion(api.FindOrganizations, findOrganizations),

	inOrganization(api.CreateUser, createUser),
	inOrganization(api.DeleteUser, deleteUser),
	inOrganization(api.DescribeUser, describeUser),
	inOrganization(api.ListUsers, listUsers),
	inOrganization(api.UpdateUser, updateUser),
	inOrganization(api.RegisterToWorkMail, registerToWorkMail),
	inOrganization(api.DeregisterFromWorkMail, deregisterFromWorkMail),
	inOrganization(api.ResetPassword, resetPassword),
	inOrganization(api.UpdatePrimaryEmailAddress, updatePrimaryEmailAddress),
	inOrganization(api.CreateAlias, createAlias),
	inOrganization(api.DeleteAlias, deleteAlias),
	inOrganization(api.ListAliases, listAliases),
	inOrganization(api.DescribeEntity, describeEntity),
	inOrganization(api.GetMailboxDetails, getMailboxDetails),
	inOrganization(api.UpdateMailboxQuota, updateMailboxQuota),

	inOrganization(api.CreateGroup, createGroup),
	inOrganization(api.DeleteGroup, deleteGroup),
	inOrganization(api.DescribeGroup, describeGroup),
	inOrganization(api.ListGroups, listGroups),
	inOrganization(api.UpdateGroup, updateGroup),
	inOrganization(api.AssociateMemberToGroup, associateMemberToGroup),
	inOrganization(api.DisassociateMemberFromGroup, disassociateMemberFromGroup),
	inOrganization(api.ListGroupMembers, listGroupMembers),
	inOrganization(api.ListGroupsForEntity, listGroupsForEntity),

	inOrganization(api.CreateResource, createResource),
	inOrganization(api.DeleteResource, deleteResource),
	inOrganization(api.DescribeResource, describeResource),
	inOrganization(api.ListResources, listResources),
	inOrganization(api.UpdateResource, updateResource),
	inOrganization(api.AssociateDelegateToResource, associateDelegateToResource),
	inOrganization(api.DisassociateDelegateFromResource, disassociateDelegateFromResource),
	inOrganization(api.ListResourceDelegates, listResourceDelegates),

	inOrganization(api.FindUsers, findUsers),
	inOrganization(api.FindGroups, findGroups),
	inOrganization(api.FindResources, findResources),
	inOrganization(api.FindGroupMembers, findGroupMembers),
	inOrganization(api.FindResourceDelegates, findResourceDelegates),
	inRegion(api.FindAnything, findAnything),
	inOrganization(api.CreateUserWithMailbox, createUserWithMailbox),
	inOrganization(api.ImportUsers, importUsers),
	inOrganization(api.ProposeEmailAddresses, proposeEmailAddresses),
	inOrganization(api.CheckEmailAddress, checkEmailAddress),

	inOrganization(api.RegisterMailDomain, registerMailDomain),
	inOrganization(api.DeregisterMailDomain, deregisterMailDomain),
	inOrganization(api.GetMailDomain, getMailDomain),
	inOrganization(api.ListMailDomains, listMailDomains),
	inOrganization(api.FindMailDomains, findMailDomains),
	inOrganization(api.UpdateDefaultMailDomain, updateDefaultMailDomain),
	inOrganization(api.ForceVerifyMailDomain, forceVerifyMailDomain),
	inOrganization(api.VerifyMailDomain, verifyMailDomain),

	inOrganization(api.PutMailboxPermissions, putMailboxPermissions),
	inOrganization(api.DeleteMailboxPermissions, deleteMailboxPermissions),
	inOrganization(api.ListMailboxPermissions, listMailboxPermissions),
	inOrganization(api.ListHeldPermissions, listHeldPermissions),
	inOrganization(api.FindPermissions, findPermissions),

	inRegion(api.RegisterDirectory, registerDirectory),
	inRegion(api.UpdateDirectory, updateDirectory),
	inRegion(api.DeregisterDirectory, deregisterDirectory),
	inRegion(api.DescribeDirectory, describeDirectory),
	inRegion(api.ListDirectories, listDirectories),
	inRegion(api.TestDirectory, testDirectory),
	inOrganization(api.DescribeDirectorySync, describeDirectorySync),
	inOrganization(api.ConfirmDirectoryChanges, confirmDirectoryChanges),
	inOrganization(api.SyncDirectory, syncDirectory),
	inOrganization(api.GetPasswordPolicy, getPasswordPolicy),

	inRegion(api.TagResource, tagResource),
	inRegion(api.UntagResource, untagResource),
	inRegion(api.ListTagsForResource, listTagsForResource),
	inOrganization(api.UpdateTags, updateTags),

	inRegion(api.ListAuditRecords, listAuditRecords),
	inOrganization(api.ListSignIns, listSignIns),
	inRegion(api.GetStatistics, getStatistics),

	inDeployment(api.SignIn, signIn),
	inDeployment(api.SignOut, signOut),
	inDeployment(api.WhoAmI, whoAmI),
	inDeployment(api.ChangeOwnPassword, changeOwnPassword),
	inDeployment(api.ChangePassword, changePassword),
	inDeployment(api.ListRegions, listRegions),
	inDeployment(api.CreateAdministrator, createAdministrator),
	inDeployment(api.DeleteAdministrator, deleteAdministrator),
	inDeployment(api.DescribeAdministrator, describeAdministrator),
	inDeployment(api.ListAdministrators, listAdministrators),
	inDeployment(api.UpdateAdministrator, updateAdministrator),
	inDeployment(api.CreateAccessKey, createAccessKey),
	inDeployment(api.DeleteAccessKey, deleteAccessKey),
	inDeployment(api.ListAccessKeys, listAccessKeys),
	inDeployment(api.UpdateAccessKey, updateAccessKey),
	inDeployment(api.ListSessions, listSessions),
	inDeployment(api.RevokeSession, revokeSession),
	inDeployment(api.FinishSignIn, finishSignIn),
	inDeployment(api.DescribeSecondFactors, describeSecondFactors),
	inDeployment(api.SetUpTotp, setUpTotp),
	inDeployment(api.ConfirmTotp, confirmTotp),
	inDeployment(api.RemoveTotp, removeTotp),
	inDeployment(api.BeginPasskey, beginPasskey),
	inDeployment(api.FinishPasskey, finishPasskey),
	inDeployment(api.ListPasskeys, listPasskeys),
	inDeployment(api.DeletePasskey, deletePasskey),
	inDeployment(api.CreateRecoveryCodes, createRecoveryCodes),
	inDeployment(api.ResetSecondFactor, resetSecondFactor),
}

// inRegion is an operation that happens in a region, with no organization yet.
func inRegion[In, Out any](op api.Op[In, Out], f func(context.Context, *call, *In) (*Out, error)) operation {
	return inDeployment(op, f)
}

// inDeployment is an operation on the deployment store.
func inDeployment[In, Out any](op api.Op[In, Out], f func(context.Context, *call, *In) (*Out, error)) operation {
	target := targetOf[In]()
	return operation{Operation: op.Operation, run: func(ctx context.Context, c *call) (any, error) {
		in, err := op.Read(c.body)
		if err != nil {
			return nil, err
		}
		c.target = target(in)
		return answer(f(ctx, c, in))
	}}
}

// inOrganization is an operation on one organization, which is opened for it.
func inOrganization[In, Out any](op api.Op[In, Out], f func(context.Context, *call, *provision.Organization, *In) (*Out, error)) operation {
	target, organization := targetOf[In](), member[In]("OrganizationId")
	return operation{Operation: op.Operation, run: func(ctx context.Context, c *call) (any, error) {
		in, err := op.Read(c.body)
		if err != nil {
			return nil, err
		}
		c.target = target(in)
		o, err := c.organization(ctx, organization(in))
		if err != nil {
			return nil, err
		}
		return answer(f(ctx, c, o, in))
	}}
}

func answer[Out any](out *Out, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return out, nil
}

// targets are the members that say what a call is about, the most telling first.
var targets = []string{
	"UserId", "GroupId", "ResourceId", "EntityId", "Email", "DomainName", "AccessKeyId", "SessionId", "PasskeyId", "AdministratorId", "ResourceARN", "Name", "Alias", "DirectoryId", "OrganizationId",
}

// targetOf answers what an input of this type is about, for the audit log.
func targetOf[In any]() func(*In) string {
	t := reflect.TypeFor[In]()
	for _, name := range targets {
		if f, ok := t.FieldByName(name); ok && f.Type == reflect.TypeFor[*string]() {
			return member[In](name)
		}
	}
	return func(*In) string { return "" }
}

// member reads a member that is a *string: "" where it is absent.
func member[In any](name string) func(*In) string {
	f, ok := reflect.TypeFor[In]().FieldByName(name)
	if !ok {
		panic("awsapi: " + reflect.TypeFor[In]().Name() + " has no " + name) // a fault of the table, seen at every start
	}
	return func(in *In) string {
		if p := reflect.ValueOf(in).Elem().FieldByIndex(f.Index).Interface().(*string); p != nil {
			return *p
		}
		return ""
	}
}
