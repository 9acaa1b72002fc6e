package cli

import (
	"cmp"
	"errors"

	"postroom/internal/serve/awsapi/api"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// orgFlags are apiFlags without --organization: these commands name theirs.
type orgFlags struct {
	Endpoints string `help:"The endpoints.json of the server to call." placeholder:"FILE"`
	Region    string `help:"The region to call; default is that of the endpoints or AWS_REGION." placeholder:"NAME"`
	JSON      bool   `name:"json" help:"Print the API's answer as JSON."`
}

// AfterApply is kong's: the flags of the group that runs.
func (f *orgFlags) AfterApply(e *env) error {
	e.api = &apiFlags{Endpoints: f.Endpoints, Region: f.Region, JSON: f.JSON}
	return nil
}

type orgCmd struct {
	orgFlags
	Create orgCreateCmd `cmd:"" help:"Make an organization."`
	List   orgListCmd   `cmd:"" help:"List organizations."`
	Show   orgShowCmd   `cmd:"" help:"Show an organization."`
	Delete orgDeleteCmd `cmd:"" help:"Delete an organization with all its mail."`
}

type orgCreateCmd struct {
	Alias     string   `arg:"" help:"Its short name; its test mail domain is ALIAS.BASE."`
	Domains   []string `name:"domain" help:"A mail domain to add at once." placeholder:"NAME"`
	Directory string   `help:"The directory that it is for, by id or alias, which is the organization's too; without one it has the built-in directory." placeholder:"ID"`
}

func (c *orgCreateCmd) Run(e *env) error {
	s, err := e.open(false)
	if err != nil {
		return err
	}
	in := &workmail.CreateOrganizationInput{Alias: &c.Alias}
	if c.Directory != "" {
		d, err := s.directory(c.Directory)
		if err != nil {
			return err
		}
		in.DirectoryId = d.DirectoryId
	}
	for _, d := range c.Domains {
		in.Domains = append(in.Domains, types.Domain{DomainName: &d})
	}
	out, err := do(e.ctx, s.client, api.CreateOrganization, in)
	if err != nil {
		return err
	}
	return s.answer(out, func() { e.facts([2]string{"Organization", str(out.OrganizationId)}, [2]string{"Alias", c.Alias}) })
}

type orgListCmd struct{}

func (c *orgListCmd) Run(e *env) error {
	s, err := e.open(false)
	if err != nil {
		return err
	}
	out, err := s.orgs()
	if err != nil {
		return err
	}
	return s.answer(out, func() {
		var rows [][]string
		for _, o := range out.OrganizationSummaries {
			rows = append(rows, []string{str(o.Alias), str(o.OrganizationId), str(o.State), str(o.DefaultMailDomain), str(o.ErrorMessage)})
		}
		e.table([]string{"ALIAS", "ID", "STATE", "DEFAULT DOMAIN", "ERROR"}, rows, "There is no organization in "+s.region+". Make one with: postroom org create ALIAS")
	})
}

type orgShowCmd struct {
	ID           string `arg:"" optional:"" name:"organization" help:"Id or alias; default is POSTROOM_ORGANIZATION or that of the endpoints."`
	Organization string `short:"o" help:"The same as the argument." env:"POSTROOM_ORGANIZATION" placeholder:"ID"`
}

func (c *orgShowCmd) Run(e *env) error {
	s, err := e.openFor(cmp.Or(c.ID, c.Organization))
	if err != nil {
		return err
	}
	out, err := do(e.ctx, s.client, api.DescribeOrganization, &workmail.DescribeOrganizationInput{OrganizationId: &s.org})
	if err != nil {
		return err
	}
	return s.answer(out, func() {
		e.facts([2]string{"Organization", str(out.OrganizationId)}, [2]string{"Alias", str(out.Alias)}, [2]string{"State", str(out.State)},
			[2]string{"Default domain", str(out.DefaultMailDomain)}, [2]string{"Directory", str(out.DirectoryId) + " " + str(out.DirectoryType)},
			[2]string{"Completed", when(out.CompletedDate)}, [2]string{"ARN", str(out.ARN)}, [2]string{"Error", str(out.ErrorMessage)})
	})
}

// openFor is open for an organization that an argument may name.
func (e *env) openFor(id string) (*session, error) {
	if id != "" {
		e.api.Organization = id
	}
	return e.open(true)
}

type orgDeleteCmd struct {
	ID    string `arg:"" name:"organization" help:"Id or alias."`
	Yes   bool   `help:"Really: its users, mailboxes and mail are gone for good."`
	Force bool   `help:"Also where it still has enabled users, groups or resources."`
}

func (c *orgDeleteCmd) Run(e *env) error {
	if !c.Yes {
		return errors.New("this deletes " + c.ID + " with all its users and mail, for good: say --yes")
	}
	s, err := e.openFor(c.ID)
	if err != nil {
		return err
	}
	out, err := do(e.ctx, s.client, api.DeleteOrganization, &workmail.DeleteOrganizationInput{OrganizationId: &s.org, DeleteDirectory: true, ForceDelete: c.Force})
	if err != nil {
		return err
	}
	return s.answer(out, func() {
		e.facts([2]string{"Organization", str(out.OrganizationId)}, [2]string{"State", str(out.State)})
	})
}
