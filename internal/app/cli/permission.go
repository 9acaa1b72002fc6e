package cli

import (
	"errors"
	"slices"
	"strings"

	"postroom/internal/serve/awsapi/api"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

type permissionCmd struct {
	apiFlags
	List   permissionListCmd   `cmd:"" help:"List who has rights on a mailbox."`
	Grant  permissionGrantCmd  `cmd:"" help:"Add rights on a mailbox to those that a user or group has."`
	Set    permissionSetCmd    `cmd:"" help:"Give a user or group these rights on a mailbox and no others."`
	Revoke permissionRevokeCmd `cmd:"" help:"Take all rights on a mailbox away."`
}

type permissionListCmd struct {
	Owner string `arg:"" help:"Whose mailbox: id, name or address."`
}

func (c *permissionListCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	owner, err := s.entry(c.Owner)
	if err != nil {
		return err
	}
	list, err := s.permissions(owner)
	if err != nil || e.api.JSON {
		if err == nil {
			err = s.answer(&workmail.ListMailboxPermissionsOutput{Permissions: list}, nil)
		}
		return err
	}
	var who []ref
	for _, p := range list {
		who = append(who, ref{str(p.GranteeId), p.GranteeType})
	}
	names, err := s.names(who)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, p := range list {
		rows = append(rows, []string{names[str(p.GranteeId)], string(p.GranteeType), words(p.PermissionValues), str(p.GranteeId)})
	}
	e.table([]string{"GRANTEE", "TYPE", "RIGHTS", "ID"}, rows, "Nobody else has rights on it.")
	return nil
}

// permissions are all on a mailbox.
func (s *session) permissions(owner *string) (list []types.Permission, err error) {
	for in := (&workmail.ListMailboxPermissionsInput{OrganizationId: &s.org, EntityId: owner}); ; {
		page, err := do(s.ctx, s.client, api.ListMailboxPermissions, in)
		if err != nil {
			return nil, err
		}
		list = append(list, page.Permissions...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return list, nil
		}
	}
}

// rightsOf are those that a grantee has on a mailbox.
func (s *session) rightsOf(owner, grantee *string) ([]types.PermissionType, error) {
	list, err := s.permissions(owner)
	for _, p := range list {
		if str(p.GranteeId) == *grantee {
			return p.PermissionValues, err
		}
	}
	return nil, err
}

func words(rights []types.PermissionType) string {
	var all []string
	for _, r := range rights {
		all = append(all, string(r))
	}
	return strings.Join(all, " ")
}

// rightFlags are what may be granted.
type rightFlags struct {
	FullAccess bool `help:"Open the mailbox."`
	SendAs     bool `help:"Send as its owner."`
	OnBehalf   bool `name:"send-on-behalf" help:"Send on behalf of its owner."`
}

func (c rightFlags) named() (list []types.PermissionType) {
	for _, p := range []struct {
		on   bool
		what types.PermissionType
	}{{c.FullAccess, types.PermissionTypeFullAccess}, {c.SendAs, types.PermissionTypeSendAs}, {c.OnBehalf, types.PermissionTypeSendOnBehalf}} {
		if p.on {
			list = append(list, p.what)
		}
	}
	return list
}

type permissionGrantCmd struct {
	Owner   string `arg:"" help:"Whose mailbox: id, name or address."`
	Grantee string `arg:"" help:"Who gets the rights: id, name or address of a user or group."`
	rightFlags
}

func (c *permissionGrantCmd) Run(e *env) error { return c.put(e, c.Owner, c.Grantee, true) }

type permissionSetCmd struct {
	Owner   string `arg:"" help:"Whose mailbox: id, name or address."`
	Grantee string `arg:"" help:"Whose rights: id, name or address of a user or group."`
	rightFlags
}

func (c *permissionSetCmd) Run(e *env) error { return c.put(e, c.Owner, c.Grantee, false) }

// put sets the rights that are named; with add those that are there stay.
func (c rightFlags) put(e *env, on, who string, add bool) error {
	rights := c.named()
	if len(rights) == 0 {
		return errors.New("say which rights: --full-access, --send-as, --send-on-behalf (permission revoke takes all away)")
	}
	s, err := e.open(true)
	if err != nil {
		return err
	}
	owner, grantee, err := s.pair(on, who)
	if err != nil {
		return err
	}
	if add {
		had, err := s.rightsOf(owner, grantee)
		if err != nil {
			return err
		}
		for _, r := range had {
			if !slices.Contains(rights, r) {
				rights = append(rights, r)
			}
		}
		slices.Sort(rights)
	}
	in := &workmail.PutMailboxPermissionsInput{OrganizationId: &s.org, EntityId: owner, GranteeId: grantee, PermissionValues: rights}
	if _, err = do(e.ctx, s.client, api.PutMailboxPermissions, in); err != nil {
		return err
	}
	if e.api.JSON {
		return e.own(map[string]any{"GranteeId": grantee, "PermissionValues": rights})
	}
	e.printf("%s now has on the mailbox of %s: %s\n", plain(who), plain(on), words(rights))
	return nil
}

type permissionRevokeCmd struct {
	Owner   string `arg:"" help:"Whose mailbox: id, name or address."`
	Grantee string `arg:"" help:"Who loses the rights."`
}

func (c *permissionRevokeCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	owner, grantee, err := s.pair(c.Owner, c.Grantee)
	if err != nil {
		return err
	}
	had, err := s.rightsOf(owner, grantee)
	if err != nil {
		return err
	}
	if len(had) == 0 {
		e.note("%s has no rights of his own on the mailbox of %s: nothing to take away.", plain(c.Grantee), plain(c.Owner))
		return nil
	}
	_, err = do(e.ctx, s.client, api.DeleteMailboxPermissions, &workmail.DeleteMailboxPermissionsInput{OrganizationId: &s.org, EntityId: owner, GranteeId: grantee})
	return err
}

// pair finds the ids of two entries.
func (s *session) pair(a, b string) (first, second *string, err error) {
	if first, err = s.entry(a); err == nil {
		second, err = s.entry(b)
	}
	return first, second, err
}
