package cli

import (
	"slices"

	"postroom/internal/serve/awsapi/api"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

type groupCmd struct {
	apiFlags
	Create  groupCreateCmd  `cmd:"" help:"Make a group; with --email it also takes mail."`
	List    groupListCmd    `cmd:"" help:"List groups."`
	Show    groupShowCmd    `cmd:"" help:"Show a group and its members."`
	Update  groupUpdateCmd  `cmd:"" help:"Show or hide a group in the address book."`
	Delete  groupDeleteCmd  `cmd:"" help:"Delete a group that is disabled."`
	Enable  enableCmd       `cmd:"" help:"Give a group its address."`
	Disable disableCmd      `cmd:"" help:"Let a group take no mail."`
	Email   emailCmd        `cmd:"" help:"Change the primary address."`
	Alias   aliasCmd        `cmd:"" help:"Other addresses."`
	Add     memberAddCmd    `cmd:"" help:"Put a user or group into a group."`
	Remove  memberRemoveCmd `cmd:"" help:"Take a user or group out of a group."`
}

type groupCreateCmd struct {
	Name   string `arg:"" help:"The group's name."`
	Hidden bool   `help:"Not in the address book."`
	Email  string `help:"Enable it with this address; without @ it is in the default domain." placeholder:"ADDRESS"`
}

func (c *groupCreateCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	email, err := s.address(c.Email)
	if err != nil {
		return err
	}
	out, err := do(e.ctx, s.client, api.CreateGroup, &workmail.CreateGroupInput{OrganizationId: &s.org, Name: &c.Name, HiddenFromGlobalAddressList: c.Hidden})
	if err != nil {
		return err
	}
	stays, failed := s.enable("group", c.Name, out.GroupId, email, func() error {
		_, err := do(e.ctx, s.client, api.DeleteGroup, &workmail.DeleteGroupInput{OrganizationId: &s.org, GroupId: out.GroupId})
		return err
	})
	if !stays || failed != nil {
		return failed
	}
	return s.answer(out, func() {
		e.facts([2]string{"Group", c.Name}, [2]string{"Id", str(out.GroupId)}, [2]string{"Email", email})
	})
}

type groupListCmd struct{}

func (c *groupListCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	all := &workmail.ListGroupsOutput{}
	for in := (&workmail.ListGroupsInput{OrganizationId: &s.org}); ; {
		page, err := do(e.ctx, s.client, api.ListGroups, in)
		if err != nil {
			return err
		}
		all.Groups = append(all.Groups, page.Groups...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	return s.answer(all, func() {
		var rows [][]string
		for _, g := range all.Groups {
			rows = append(rows, []string{str(g.Name), str(g.Email), string(g.State), str(g.Id)})
		}
		e.table([]string{"NAME", "EMAIL", "STATE", "ID"}, rows, "There is no group. Make one with: postroom group create NAME")
	})
}

type groupShowCmd struct {
	Group string `arg:"" help:"Id, name or address."`
}

func (c *groupShowCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	g, err := do(e.ctx, s.client, api.DescribeGroup, &workmail.DescribeGroupInput{OrganizationId: &s.org, GroupId: &c.Group})
	if err != nil || e.api.JSON {
		if err == nil {
			err = s.answer(g, nil)
		}
		return err
	}
	members, err := s.members(g.GroupId)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, m := range members {
		rows = append(rows, []string{str(m.Name), string(m.Type), string(m.State), str(m.Id)})
	}
	e.facts([2]string{"Group", str(g.Name)}, [2]string{"Id", str(g.GroupId)}, [2]string{"State", string(g.State)}, [2]string{"Email", str(g.Email)},
		[2]string{"In address book", yes(!g.HiddenFromGlobalAddressList)})
	e.printf("\n")
	e.table([]string{"MEMBER", "TYPE", "STATE", "ID"}, rows, "It has no members. Add one with: postroom group add "+c.Group+" MEMBER")
	return nil
}

func (s *session) members(group *string) (list []types.Member, err error) {
	for in := (&workmail.ListGroupMembersInput{OrganizationId: &s.org, GroupId: group}); ; {
		page, err := do(s.ctx, s.client, api.ListGroupMembers, in)
		if err != nil {
			return nil, err
		}
		list = append(list, page.Members...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return list, nil
		}
	}
}

type groupUpdateCmd struct {
	Group  string `arg:"" help:"Id, name or address."`
	Hidden bool   `required:"" negatable:"" help:"Not in the address book."`
}

func (c *groupUpdateCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	id, err := s.group(c.Group)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.UpdateGroup, &workmail.UpdateGroupInput{OrganizationId: &s.org, GroupId: id, HiddenFromGlobalAddressList: &c.Hidden})
	return err
}

type groupDeleteCmd struct {
	Group string `arg:"" help:"Id, name or address."`
}

func (c *groupDeleteCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	id, err := s.group(c.Group)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.DeleteGroup, &workmail.DeleteGroupInput{OrganizationId: &s.org, GroupId: id})
	return err
}

type memberAddCmd struct {
	Group  string `arg:"" help:"Id, name or address."`
	Member string `arg:"" help:"Id, name or address of a user or group."`
}

func (c *memberAddCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	to, who, err := s.pair(c.Group, c.Member)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.AssociateMemberToGroup, &workmail.AssociateMemberToGroupInput{OrganizationId: &s.org, GroupId: to, MemberId: who})
	return err
}

type memberRemoveCmd struct {
	Group  string `arg:"" help:"Id, name or address."`
	Member string `arg:"" help:"Id, name or address of a user or group."`
}

func (c *memberRemoveCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	to, who, err := s.pair(c.Group, c.Member)
	if err != nil {
		return err
	}
	members, err := s.members(to)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(members, func(m types.Member) bool { return str(m.Id) == *who }) {
		e.note("%s is no member of %s: nothing to remove.", plain(c.Member), plain(c.Group))
		return nil
	}
	_, err = do(e.ctx, s.client, api.DisassociateMemberFromGroup, &workmail.DisassociateMemberFromGroupInput{OrganizationId: &s.org, GroupId: to, MemberId: who})
	return err
}
