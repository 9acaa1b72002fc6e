package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/serve/awsapi/api"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// Commands that users, groups and resources share.

// entry finds the id of a user, group or resource by id, name or address: some
// operations take nothing else.
func (s *session) entry(name string) (*string, error) {
	if len(name) == 36 && strings.Count(name, "-") == 4 || strings.HasPrefix(name, "r-") && len(name) == 34 || strings.HasPrefix(name, "S-1-") {
		return &name, nil
	}
	for _, find := range []func(string) (*string, error){s.user, s.group, s.resource} {
		if id, err := find(name); !is(err, "EntityNotFoundException") {
			return id, err
		}
	}
	return nil, errs.Say("cli.entry", errs.NotFound, errs.Entry, "There is no user, group or resource %q in this organization.", name)
}

// user finds the id of a user by id, name or address.
func (s *session) user(name string) (*string, error) {
	u, err := do(s.ctx, s.client, api.DescribeUser, &workmail.DescribeUserInput{OrganizationId: &s.org, UserId: &name})
	if err != nil {
		return nil, err
	}
	return u.UserId, nil
}

// group finds the id of a group by id, name or address.
func (s *session) group(name string) (*string, error) {
	g, err := do(s.ctx, s.client, api.DescribeGroup, &workmail.DescribeGroupInput{OrganizationId: &s.org, GroupId: &name})
	if err != nil {
		return nil, err
	}
	return g.GroupId, nil
}

// resource finds the id of a resource by id, name or address.
func (s *session) resource(name string) (*string, error) {
	r, err := do(s.ctx, s.client, api.DescribeResource, &workmail.DescribeResourceInput{OrganizationId: &s.org, ResourceId: &name})
	if err != nil {
		return nil, err
	}
	return r.ResourceId, nil
}

// enable registers what was just made, where it gets an address. Where that is
// refused, undo deletes it again: stays is false. Where no answer came, it may or
// may not have its address, and stays.
func (s *session) enable(kind, name string, id *string, email string, undo func() error) (stays bool, err error) {
	if email == "" {
		return true, nil
	}
	_, err = do(s.ctx, s.client, api.RegisterToWorkMail, &workmail.RegisterToWorkMailInput{OrganizationId: &s.org, EntityId: id, Email: &email})
	if err == nil {
		return true, nil
	}
	var refused *apiError
	if errors.As(err, &refused) {
		if undo() == nil {
			return false, fmt.Errorf("the %s %s is not made, because it cannot have the address %s: %s", kind, name, email, sentence(err))
		}
	}
	return true, fmt.Errorf("the %s %s is made with the id %s, but may have no address: %s Look with: postroom %s show %s, then: postroom %s enable %s ADDRESS",
		kind, name, str(id), sentence(err), kind, name, kind, name)
}

// state is that of a user, group or resource, by id.
func (s *session) state(id *string) (types.EntityState, error) {
	u, err := do(s.ctx, s.client, api.DescribeUser, &workmail.DescribeUserInput{OrganizationId: &s.org, UserId: id})
	if err == nil {
		return u.State, nil
	}
	g, err := do(s.ctx, s.client, api.DescribeGroup, &workmail.DescribeGroupInput{OrganizationId: &s.org, GroupId: id})
	if err == nil {
		return g.State, nil
	}
	r, err := do(s.ctx, s.client, api.DescribeResource, &workmail.DescribeResourceInput{OrganizationId: &s.org, ResourceId: id})
	if err == nil {
		return r.State, nil
	}
	return "", err
}

type enableCmd struct {
	Entry string `arg:"" name:"entry" help:"Id, name or address."`
	Email string `arg:"" name:"address" help:"The primary address; without @ it is in the default domain."`
}

func (c *enableCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	email, err := s.address(c.Email)
	if err != nil {
		return err
	}
	id, err := s.entry(c.Entry)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.RegisterToWorkMail, &workmail.RegisterToWorkMailInput{OrganizationId: &s.org, EntityId: id, Email: &email})
	return err
}

type disableCmd struct {
	Entry string `arg:"" name:"entry" help:"Id, name or address."`
}

func (c *disableCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	id, err := s.entry(c.Entry)
	if err != nil {
		return err
	}
	if state, err := s.state(id); err == nil && state != types.EntityStateEnabled {
		e.note("%s is %s already: nothing to disable.", plain(c.Entry), state)
		return nil
	}
	_, err = do(e.ctx, s.client, api.DeregisterFromWorkMail, &workmail.DeregisterFromWorkMailInput{OrganizationId: &s.org, EntityId: id})
	return err
}

type emailCmd struct {
	Entry string `arg:"" name:"entry" help:"Id, name or address."`
	Email string `arg:"" name:"address" help:"The new primary address; the old one stays as an alias."`
}

func (c *emailCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	email, err := s.address(c.Email)
	if err != nil {
		return err
	}
	id, err := s.entry(c.Entry)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.UpdatePrimaryEmailAddress, &workmail.UpdatePrimaryEmailAddressInput{OrganizationId: &s.org, EntityId: id, Email: &email})
	return err
}

type aliasCmd struct {
	List   aliasListCmd   `cmd:"" help:"List the other addresses."`
	Add    aliasAddCmd    `cmd:"" help:"Add an address."`
	Remove aliasRemoveCmd `cmd:"" help:"Remove an address."`
}

type aliasListCmd struct {
	Entry string `arg:"" name:"entry" help:"Id, name or address."`
}

func (c *aliasListCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	id, err := s.entry(c.Entry)
	if err != nil {
		return err
	}
	list, err := s.aliases(id)
	if err != nil {
		return err
	}
	return s.answer(&workmail.ListAliasesOutput{Aliases: list}, func() {
		for _, a := range list {
			e.printf("%s\n", plain(a))
		}
	})
}

func (s *session) aliases(id *string) (list []string, err error) {
	for in := (&workmail.ListAliasesInput{OrganizationId: &s.org, EntityId: id}); ; {
		page, err := do(s.ctx, s.client, api.ListAliases, in)
		if err != nil {
			return nil, err
		}
		list = append(list, page.Aliases...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return list, nil
		}
	}
}

type aliasAddCmd struct {
	Entry string `arg:"" name:"entry" help:"Id, name or address."`
	Alias string `arg:"" name:"address" help:"The address; without @ it is in the default domain."`
}

func (c *aliasAddCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	alias, err := s.address(c.Alias)
	if err != nil {
		return err
	}
	id, err := s.entry(c.Entry)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.CreateAlias, &workmail.CreateAliasInput{OrganizationId: &s.org, EntityId: id, Alias: &alias})
	return err
}

type aliasRemoveCmd struct {
	Entry string `arg:"" name:"entry" help:"Id, name or address."`
	Alias string `arg:"" name:"address" help:"The address; without @ it is in the default domain."`
}

func (c *aliasRemoveCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	alias, err := s.address(c.Alias)
	if err != nil {
		return err
	}
	id, err := s.entry(c.Entry)
	if err != nil {
		return err
	}
	list, err := s.aliases(id)
	if err != nil {
		return err
	}
	missing := !slices.ContainsFunc(list, func(a string) bool { return strings.EqualFold(a, alias) })
	// An address that is written otherwise, or the primary one, is for the server to judge.
	_, err = do(e.ctx, s.client, api.DeleteAlias, &workmail.DeleteAliasInput{OrganizationId: &s.org, EntityId: id, Alias: &alias})
	if err != nil || !missing {
		return err
	}
	if now, err := s.aliases(id); err != nil || len(now) != len(list) {
		return err
	}
	e.note("%s is no alias of %s: nothing to remove.", plain(alias), plain(c.Entry))
	return nil
}
