package cli

import (
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/serve/awsapi/api"
)

type directoryCmd struct {
	orgFlags
	List       directoryListCmd       `cmd:"" help:"List the directories that organizations have or can have."`
	Describe   directoryDescribeCmd   `cmd:"" help:"Show how a directory is reached, and how far it is followed."`
	Register   directoryRegisterCmd   `cmd:"" help:"Register an Active Directory or another LDAP directory."`
	Test       directoryTestCmd       `cmd:"" help:"Try a directory out, step by step, and say how to mend what fails."`
	Update     directoryUpdateCmd     `cmd:"" help:"Change how a directory is reached and read."`
	Deregister directoryDeregisterCmd `cmd:"" help:"Forget a directory that no organization has."`
	Sync       directorySyncCmd       `cmd:"" help:"Look into a directory now and compare everything, or let go what is held."`
}

// directory finds one by id or alias.
func (s *session) directory(name string) (*api.DirectorySummary, error) {
	out, err := do(s.ctx, s.client, api.ListDirectories, &api.ListDirectoriesInput{})
	if err != nil {
		return nil, err
	}
	for i := range out.Directories {
		if d := &out.Directories[i]; str(d.DirectoryId) == name || strings.EqualFold(str(d.Alias), name) {
			return d, nil
		}
	}
	return nil, errs.Say("cli.directory", errs.NotFound, errs.Directory, "There is no directory %q in %s. postroom directory list shows them.", name, s.region)
}

type directoryListCmd struct{}

func (c *directoryListCmd) Run(e *env) error {
	s, err := e.open(false)
	if err != nil {
		return err
	}
	out, err := do(e.ctx, s.client, api.ListDirectories, &api.ListDirectoriesInput{})
	if err != nil {
		return err
	}
	return s.answer(out, func() {
		var rows [][]string
		for _, d := range out.Directories {
			rows = append(rows, []string{str(d.Alias), str(d.DirectoryId), string(d.Kind), strings.Join(d.Servers, " "), str(d.OrganizationAlias), string(d.SyncPhase), str(d.SyncError)})
		}
		e.table([]string{"ALIAS", "ID", "KIND", "SERVERS", "ORGANIZATION", "SYNC", "ERROR"}, rows, "No directory is registered in "+s.region+". Register one with: postroom directory register ALIAS")
	})
}

type directoryDescribeCmd struct {
	Directory string `arg:"" help:"Id or alias."`
}

func (c *directoryDescribeCmd) Run(e *env) error {
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
	var sync *api.DescribeDirectorySyncOutput
	if d.OrganizationId != nil && !e.api.JSON {
		if sync, err = do(e.ctx, s.client, api.DescribeDirectorySync, &api.DescribeDirectorySyncInput{OrganizationId: d.OrganizationId}); err != nil {
			return err
		}
	}
	return s.answer(d, func() {
		ca := "this machine's"
		if d.CertificateAuthority != nil {
			ca = "its own"
		}
		security := "LDAPS"
		if d.StartTls {
			security = "StartTLS"
		}
		e.facts([2]string{"Directory", str(d.DirectoryId)}, [2]string{"Alias", str(d.Alias)}, [2]string{"Kind", string(d.Kind)}, [2]string{"Servers", strings.Join(d.Servers, " ")},
			[2]string{"Security", security}, [2]string{"Authorities", ca}, [2]string{"Account", str(d.Account)}, [2]string{"Base DN", str(d.BaseDn)},
			[2]string{"User filter", str(d.UserFilter)}, [2]string{"Group filter", str(d.GroupFilter)}, [2]string{"Read-only", yes(d.ReadOnly || d.Kind == api.DirectoryKindAdConnector)},
			[2]string{"Attributes", pairs(d.Attributes)}, [2]string{"Organization", str(d.OrganizationAlias)}, [2]string{"Registered", when(d.CreatedDate)})
		if sync != nil {
			s.showSync(sync)
		}
	})
}

type directoryDeregisterCmd struct {
	Directory string `arg:"" help:"Id or alias."`
}

func (c *directoryDeregisterCmd) Run(e *env) error {
	s, err := e.open(false)
	if err != nil {
		return err
	}
	d, err := s.directory(c.Directory)
	if err != nil {
		return err
	}
	_, err = do(e.ctx, s.client, api.DeregisterDirectory, &api.DeregisterDirectoryInput{DirectoryId: d.DirectoryId})
	return err
}
