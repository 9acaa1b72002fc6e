package cli

import (
	"slices"

	"postroom/internal/serve/awsapi/api"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

type resourceCmd struct {
	apiFlags
	Create   resourceCreateCmd `cmd:"" help:"Make a room or equipment; with --email it can be booked."`
	List     resourceListCmd   `cmd:"" help:"List rooms and equipment."`
	Show     resourceShowCmd   `cmd:"" help:"Show a resource and its delegates."`
	Update   resourceUpdateCmd `cmd:"" help:"Change a resource and how it answers requests."`
	Delete   resourceDeleteCmd `cmd:"" help:"Delete a resource that is disabled."`
	Enable   enableCmd         `cmd:"" help:"Give a resource its mailbox and address."`
	Disable  disableCmd        `cmd:"" help:"Let a resource take no requests."`
	Email    emailCmd          `cmd:"" help:"Change the primary address."`
	Alias    aliasCmd          `cmd:"" help:"Other addresses."`
	Delegate delegateCmd       `cmd:"" help:"Who answers requests for it."`
}

type resourceCreateCmd struct {
	Name        string `arg:"" help:"The resource's name."`
	Type        string `default:"ROOM" enum:"ROOM,EQUIPMENT" help:"${enum}"`
	Description string `placeholder:"TEXT"`
	Hidden      bool   `help:"Not in the address book."`
	Email       string `help:"Enable it with this address; without @ it is in the default domain." placeholder:"ADDRESS"`
}

func (c *resourceCreateCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	email, err := s.address(c.Email)
	if err != nil {
		return err
	}
	out, err := do(e.ctx, s.client, api.CreateResource, &workmail.CreateResourceInput{OrganizationId: &s.org, Name: &c.Name, Type: types.ResourceType(c.Type),
		Description: given(c.Description), HiddenFromGlobalAddressList: c.Hidden})
	if err != nil {
		return err
	}
	stays, failed := s.enable("resource", c.Name, out.ResourceId, email, func() error {
		_, err := do(e.ctx, s.client, api.DeleteResource, &workmail.DeleteResourceInput{OrganizationId: &s.org, ResourceId: out.ResourceId})
		return err
	})
	if !stays || failed != nil {
		return failed
	}
	return s.answer(out, func() {
		e.facts([2]string{"Resource", c.Name}, [2]string{"Id", str(out.ResourceId)}, [2]string{"Email", email})
	})
}

type resourceListCmd struct{}

func (c *resourceListCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	all := &workmail.ListResourcesOutput{}
	for in := (&workmail.ListResourcesInput{OrganizationId: &s.org}); ; {
		page, err := do(e.ctx, s.client, api.ListResources, in)
		if err != nil {
			return err
		}
		all.Resources = append(all.Resources, page.Resources...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	return s.answer(all, func() {
		var rows [][]string
		for _, r := range all.Resources {
			rows = append(rows, []string{str(r.Name), string(r.Type), str(r.Email), string(r.State), str(r.Description), str(r.Id)})
		}
		e.table([]string{"NAME", "TYPE", "EMAIL", "STATE", "DESCRIPTION", "ID"}, rows, "There is no resource. Make one with: postroom resource create NAME")
	})
}

type resourceShowCmd struct {
	Resource string `arg:"" help:"Id, name or address."`
}

func (c *resourceShowCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	r, err := do(e.ctx, s.client, api.DescribeResource, &workmail.DescribeResourceInput{OrganizationId: &s.org, ResourceId: &c.Resource})
	if err != nil || e.api.JSON {
		if err == nil {
			err = s.answer(r, nil)
		}
		return err
	}
	rows, err := s.delegateRows(r.ResourceId)
	if err != nil {
		return err
	}
	b := types.BookingOptions{}
	if r.BookingOptions != nil {
		b = *r.BookingOptions
	}
	e.facts([2]string{"Resource", str(r.Name)}, [2]string{"Id", str(r.ResourceId)}, [2]string{"Type", string(r.Type)}, [2]string{"State", string(r.State)},
		[2]string{"Email", str(r.Email)}, [2]string{"Description", str(r.Description)}, [2]string{"Accepts requests", yes(b.AutoAcceptRequests)},
		[2]string{"Declines conflicts", yes(b.AutoDeclineConflictingRequests)}, [2]string{"Declines recurring", yes(b.AutoDeclineRecurringRequests)})
	e.printf("\n")
	e.table(delegateHead, rows, "It has no delegates.")
	return nil
}

var delegateHead = []string{"DELEGATE", "TYPE", "ID"}

func (s *session) delegateRows(resource *string) (rows [][]string, err error) {
	list, err := s.delegates(resource)
	if err != nil {
		return nil, err
	}
	var who []ref
	for _, d := range list {
		who = append(who, ref{str(d.Id), d.Type})
	}
	names, err := s.names(who)
	for _, d := range list {
		rows = append(rows, []string{names[str(d.Id)], string(d.Type), str(d.Id)})
	}
	return rows, err
}

func (s *session) delegates(resource *string) (list []types.Delegate, err error) {
	for in := (&workmail.ListResourceDelegatesInput{OrganizationId: &s.org, ResourceId: resource}); ; {
		page, err := do(s.ctx, s.client, api.ListResourceDelegates, in)
		if err != nil {
			return nil, err
		}
		list = append(list, page.Delegates...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return list, nil
		}
	}
}

type resourceUpdateCmd struct {
	Resource         string  `arg:"" help:"Id, name or address."`
	Name             *string `placeholder:"TEXT"`
	Description      *string `placeholder:"TEXT" help:"An empty text clears it."`
	Type             string  `enum:"ROOM,EQUIPMENT," default:"" placeholder:"TYPE"`
	Hidden           *bool   `negatable:"" help:"Not in the address book."`
	Accept           *bool   `negatable:"" help:"Accept requests by itself."`
	DeclineConflicts *bool   `negatable:"" help:"Decline requests that overlap."`
	DeclineRecurring *bool   `negatable:"" help:"Decline recurring requests."`
}

func (c *resourceUpdateCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	id, err := s.resource(c.Resource)
	if err != nil {
		return err
	}
	in := &workmail.UpdateResourceInput{OrganizationId: &s.org, ResourceId: id, Name: c.Name, Description: c.Description, Type: types.ResourceType(c.Type),
		HiddenFromGlobalAddressList: c.Hidden}
	if c.Accept != nil || c.DeclineConflicts != nil || c.DeclineRecurring != nil {
		// The three go together: those that are not named stay.
		now, err := do(e.ctx, s.client, api.DescribeResource, &workmail.DescribeResourceInput{OrganizationId: &s.org, ResourceId: id})
		if err != nil {
			return err
		}
		b := types.BookingOptions{}
		if now.BookingOptions != nil {
			b = *now.BookingOptions
		}
		for from, to := range map[*bool]*bool{c.Accept: &b.AutoAcceptRequests, c.DeclineConflicts: &b.AutoDeclineConflictingRequests, c.DeclineRecurring: &b.AutoDeclineRecurringRequests} {
			if from != nil {
				*to = *from
			}
		}
		in.BookingOptions = &b
	}
	_, err = do(e.ctx, s.client, api.UpdateResource, in)
	return err
}

type resourceDeleteCmd struct {
	Resource string `arg:"" help:"Id, name or address."`
}

func (c *resourceDeleteCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	id, err := s.resource(c.Resource)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.DeleteResource, &workmail.DeleteResourceInput{OrganizationId: &s.org, ResourceId: id})
	return err
}

type delegateCmd struct {
	List   delegateListCmd   `cmd:"" help:"List delegates."`
	Add    delegateAddCmd    `cmd:"" help:"Add a user or group."`
	Remove delegateRemoveCmd `cmd:"" help:"Remove a user or group."`
}

type delegateListCmd struct {
	Resource string `arg:"" help:"Id, name or address."`
}

func (c *delegateListCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	id, err := s.resource(c.Resource)
	if err != nil {
		return err
	}
	if e.api.JSON {
		list, err := s.delegates(id)
		if err != nil {
			return err
		}
		return s.answer(&workmail.ListResourceDelegatesOutput{Delegates: list}, nil)
	}
	rows, err := s.delegateRows(id)
	if err != nil {
		return err
	}
	e.table(delegateHead, rows, "It has no delegates.")
	return nil
}

type delegateAddCmd struct {
	Resource string `arg:"" help:"Id, name or address."`
	Entry    string `arg:"" name:"delegate" help:"Id, name or address of a user or group."`
}

func (c *delegateAddCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	to, who, err := s.pair(c.Resource, c.Entry)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.AssociateDelegateToResource, &workmail.AssociateDelegateToResourceInput{OrganizationId: &s.org, ResourceId: to, EntityId: who})
	return err
}

type delegateRemoveCmd struct {
	Resource string `arg:"" help:"Id, name or address."`
	Entry    string `arg:"" name:"delegate" help:"Id, name or address of a user or group."`
}

func (c *delegateRemoveCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	to, who, err := s.pair(c.Resource, c.Entry)
	if err != nil {
		return err
	}
	list, err := s.delegates(to)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(d types.Delegate) bool { return str(d.Id) == *who }) {
		e.note("%s is no delegate of %s: nothing to remove.", plain(c.Entry), plain(c.Resource))
		return nil
	}
	_, err = do(e.ctx, s.client, api.DisassociateDelegateFromResource, &workmail.DisassociateDelegateFromResourceInput{OrganizationId: &s.org, ResourceId: to, EntityId: who})
	return err
}
