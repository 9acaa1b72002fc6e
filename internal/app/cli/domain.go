package cli

import (
	"postroom/internal/app"
	"postroom/internal/serve/awsapi/api"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

type domainCmd struct {
	apiFlags
	Add     domainAddCmd     `cmd:"" help:"Add a mail domain and show the DNS records to set."`
	List    domainListCmd    `cmd:"" help:"List mail domains."`
	Show    domainShowCmd    `cmd:"" help:"Show a mail domain and its DNS records."`
	Verify  domainVerifyCmd  `cmd:"" help:"Look for the ownership record now; --force takes it as proven, on the machine."`
	Default domainDefaultCmd `cmd:"" help:"Make a mail domain the default one."`
	Remove  domainRemoveCmd  `cmd:"" help:"Remove a mail domain."`
}

type domainAddCmd struct {
	Name string `arg:"" help:"The mail domain."`
}

func (c *domainAddCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	if _, err := do(e.ctx, s.client, api.RegisterMailDomain, &workmail.RegisterMailDomainInput{OrganizationId: &s.org, DomainName: &c.Name}); err != nil {
		return err
	}
	return s.showDomain(c.Name)
}

func (s *session) showDomain(name string) error {
	out, err := do(s.ctx, s.client, api.GetMailDomain, &workmail.GetMailDomainInput{OrganizationId: &s.org, DomainName: &name})
	if err != nil {
		return err
	}
	return s.answer(out, func() {
		s.facts([2]string{"Mail domain", name}, [2]string{"Ownership", string(out.OwnershipVerificationStatus)}, [2]string{"DKIM", string(out.DkimVerificationStatus)},
			[2]string{"Default", yes(out.IsDefault)}, [2]string{"Test domain", yes(out.IsTestDomain)})
		var rows [][]string
		for _, r := range out.Records {
			rows = append(rows, []string{str(r.Type), str(r.Hostname), str(r.Value)})
		}
		s.printf("\n")
		s.table([]string{"TYPE", "NAME", "VALUE"}, rows, "It needs no DNS records.")
	})
}

type domainListCmd struct{}

func (c *domainListCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	all := &workmail.ListMailDomainsOutput{}
	for in := (&workmail.ListMailDomainsInput{OrganizationId: &s.org}); ; {
		page, err := do(e.ctx, s.client, api.ListMailDomains, in)
		if err != nil {
			return err
		}
		all.MailDomains = append(all.MailDomains, page.MailDomains...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	states := map[string]string{} // of at most 100 domains
	for _, d := range all.MailDomains {
		if e.api.JSON {
			break
		}
		one, err := do(e.ctx, s.client, api.GetMailDomain, &workmail.GetMailDomainInput{OrganizationId: &s.org, DomainName: d.DomainName})
		if err != nil && !is(err, "MailDomainNotFoundException") {
			return err
		}
		if err == nil {
			states[str(d.DomainName)] = string(one.OwnershipVerificationStatus)
		}
	}
	return s.answer(all, func() {
		var rows [][]string
		for _, d := range all.MailDomains {
			rows = append(rows, []string{str(d.DomainName), yes(d.DefaultDomain), states[str(d.DomainName)]})
		}
		e.table([]string{"MAIL DOMAIN", "DEFAULT", "OWNERSHIP"}, rows, "The organization has no mail domain. Add one with: postroom domain add NAME")
	})
}

type domainShowCmd struct {
	Name string `arg:"" help:"The mail domain."`
}

func (c *domainShowCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	return s.showDomain(c.Name)
}

type domainVerifyCmd struct {
	Name   string `arg:"" help:"The mail domain."`
	Force  bool   `help:"Take the ownership as proven; on the machine, through the control socket."`
	Data   string `help:"With --force: the data folder." env:"POSTROOM_DATA" placeholder:"DIR"`
	Config string `help:"With --force: the server's configuration." env:"POSTROOM_CONFIG" placeholder:"FILE"`
}

func (c *domainVerifyCmd) Run(e *env) error {
	if c.Force {
		org, err := e.orgName()
		if err != nil {
			return err
		}
		m := machineFlags{Data: c.Data, ConfigFile: c.Config}
		if err := m.run(e, "domain verify", app.DomainVerify{Organization: org, Domain: c.Name}, nil, nil); err != nil {
			return err
		}
		e.printf("%s is verified, on the operator's word.\n", c.Name)
		return nil
	}
	s, err := e.open(true)
	if err != nil {
		return err
	}
	out, err := do(e.ctx, s.client, api.VerifyMailDomain, &api.VerifyMailDomainInput{OrganizationId: &s.org, DomainName: &c.Name})
	if err != nil {
		return err
	}
	err = s.answer(out, func() { e.printf("%s is %s.\n", c.Name, out.OwnershipVerificationStatus) })
	if err == nil && out.OwnershipVerificationStatus != api.DnsRecordVerificationStatusVerified {
		e.note("DNS answers without its ownership record; a new one takes a while to be seen. postroom domain show %s has it.", c.Name)
		return ended(exitFailed)
	}
	return err
}

// orgName is the organization that a command on the machine is about, by id or
// alias, found as the commands that call the API find theirs.
func (e *env) orgName() (string, error) {
	if e.api.Organization != "" {
		return e.api.Organization, nil
	}
	if c, err := e.connect(); err == nil && c.organization != "" {
		return c.organization, nil
	}
	return "", errNoOrg
}

type domainDefaultCmd struct {
	Name string `arg:"" help:"The mail domain."`
}

func (c *domainDefaultCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.UpdateDefaultMailDomain, &workmail.UpdateDefaultMailDomainInput{OrganizationId: &s.org, DomainName: &c.Name})
	return err
}

type domainRemoveCmd struct {
	Name string `arg:"" help:"The mail domain."`
}

func (c *domainRemoveCmd) Run(e *env) error {
	s, err := e.open(true)
	if err != nil {
		return err
	}
	if _, err := do(e.ctx, s.client, api.GetMailDomain, &workmail.GetMailDomainInput{OrganizationId: &s.org, DomainName: &c.Name}); is(err, "MailDomainNotFoundException") {
		e.note("%s is no mail domain of this organization: nothing to remove.", plain(c.Name))
		return nil
	}
	_, err = do(e.ctx, s.client, api.DeregisterMailDomain, &workmail.DeregisterMailDomainInput{OrganizationId: &s.org, DomainName: &c.Name})
	return err
}
