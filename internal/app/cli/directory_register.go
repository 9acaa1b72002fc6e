package cli

import (
	"errors"

	"postroom/internal/serve/awsapi/api"
)

type directoryRegisterCmd struct {
	Alias string `arg:"" help:"Its name; the organization that gets it must have the same alias."`
	Kind  string `enum:"SIMPLE_AD,MICROSOFT_AD,AD_CONNECTOR,LDAP" default:"MICROSOFT_AD" help:"${enum}; AD_CONNECTOR reads an Active Directory and never writes it."`
	directoryFlags
}

func (c *directoryRegisterCmd) Run(e *env) error {
	if len(c.Servers) == 0 || c.Account == nil || c.BaseDN == nil {
		return errors.New("a directory needs --server, --account and --base-dn")
	}
	s, err := e.open(false)
	if err != nil {
		return err
	}
	set := api.TestDirectoryInput{Kind: api.DirectoryKind(c.Kind)}
	if err := c.over(&set); err != nil {
		return err
	}
	if set.Secret, err = c.secret(e); err != nil {
		return err
	}
	out, err := do(e.ctx, s.client, api.RegisterDirectory, api.Share(&api.RegisterDirectoryInput{Alias: &c.Alias}, &set))
	if err != nil {
		return err
	}
	return s.answer(out, func() {
		e.facts([2]string{"Directory", str(out.DirectoryId)}, [2]string{"Alias", c.Alias})
		e.note("Nothing was asked of it yet. Try it out with: postroom directory test %s, then: postroom org create %s --directory %s", plain(c.Alias), plain(c.Alias), plain(c.Alias))
	})
}

type directoryUpdateCmd struct {
	Directory string `arg:"" help:"Id or alias."`
	AskSecret bool   `help:"Ask for a new password of the account, or read it from standard input."`
	directoryFlags
}

func (c *directoryUpdateCmd) Run(e *env) error {
	if !c.given() && c.SecretFile == "" && !c.AskSecret {
		return errors.New("say what is to be changed; postroom directory update --help has the flags")
	}
	s, err := e.open(false)
	if err != nil {
		return err
	}
	found, err := s.directory(c.Directory)
	if err != nil {
		return err
	}
	d, err := do(e.ctx, s.client, api.DescribeDirectory, &api.DescribeDirectoryInput{DirectoryId: found.DirectoryId})
	if err != nil {
		return err
	}
	s.ifMatch = s.etag // what is not given is written as it was read
	set := settingsOf(d)
	if err := c.over(set); err != nil {
		return err
	}
	if c.SecretFile != "" || c.AskSecret {
		if set.Secret, err = c.secret(e); err != nil {
			return err
		}
	}
	_, err = do(e.ctx, s.client, api.UpdateDirectory, api.Share(&api.UpdateDirectoryInput{}, set))
	return err
}
