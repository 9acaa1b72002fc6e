package cli

import (
	"strings"

	"postroom/internal/serve/awsapi/api"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

type permissionCmd struct {
	apiFlags
	List   permissionListCmd   `cmd:"" help:"List who has rights on a mailbox."`
	Grant  permissionGrantCmd  `cmd:"" help:"Set a user's or group's rights on a mailbox."`
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
	all := &workmail.ListMailboxPermissionsOutput{}
	for in := (&workmail.ListMailboxPermissionsInput{OrganizationId: &s.org, EntityId: owner}); ; {
		page, err := do(e.ctx, s.client, api.ListMailboxPermissions, in)
		if err != nil {
			return err
		}
		all.Permissions = append(all.Permissions, page.Permissions...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	return s.answer(all, func() {
		var rows [][]string
		for _, p := range all.Permissions {
			var rights []string
			for _, v := range p.PermissionValues {
				rights = append(rights, string(v))
			}
			rows = append(rows, []string{str(p.GranteeId), string(p.GranteeType), strings.Join(rights, " ")})
		}
		e.table([]string{"GRANTEE", "TYPE", "RIGHTS"}, rows, "Nobody else has rights on it.")
	})
}

type permissionGrantCmd struct {
	Owner      string `arg:"" help:"Whose mailbox: id, name or address."`
	Grantee    string `arg:"" help:"Who gets the rights: id, name or address of a user or group."`
	FullAccess bool   `help:"Open the mailbox."`
	SendAs     bool   `help:"Send as its owner."`
	OnBehalf   bool   `name:"send-on-behalf" help:"Send on behalf of its owner."`
}

func (c *permissionGrantCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	owner, grantee, err := s.pair(c.Owner, c.Grantee)
	if err != nil {
		return err
	}
	in := &workmail.PutMailboxPermissionsInput{OrganizationId: &s.org, EntityId: owner, GranteeId: grantee, PermissionValues: []types.PermissionType{}}
	for _, p := range []struct {
		on   bool
		what types.PermissionType
	}{{c.FullAccess, types.PermissionTypeFullAccess}, {c.SendAs, types.PermissionTypeSendAs}, {c.OnBehalf, types.PermissionTypeSendOnBehalf}} {
		if p.on {
			in.PermissionValues = append(in.PermissionValues, p.what)
		}
	}
	_, err = do(e.ctx, s.client, api.PutMailboxPermissions, in)
	return err
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
