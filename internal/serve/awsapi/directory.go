package awsapi

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/core/directory"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

// directories opens the region's foreign directories for the call.
func (c *call) directories() (*directory.Registry, error) {
	need := provision.Write
	if c.op.Role == api.RoleRead {
		need = provision.Read
	}
	return c.door().Directories(need, c.op.name, c.id, c.ifMatch)
}

// about makes a call about the organization that has a directory, if one has it.
func (c *call) about(d *directory.Directory) {
	c.org, c.reached = d.Org, d.Org != ""
}

// aliasOf is the alias of the organization that has a directory; "" where none has it.
func (c *call) aliasOf(ctx context.Context, d *directory.Directory) (string, error) {
	if d.Org == "" {
		return "", nil
	}
	o, err := c.door().DescribeOrganization(ctx, d.Org)
	if errs.Is(err, errs.NotFound) {
		return "", nil // it went in this moment
	}
	return o.Alias, err
}

// testable are the settings that TestDirectory tries; nil where it has none.
func testable(in *api.TestDirectoryInput) *directory.Settings {
	if in.Kind == "" && in.Servers == nil && in.StartTls == nil && in.CertificateAuthority == nil && in.Account == nil && in.Secret == nil &&
		in.BaseDn == nil && in.UserFilter == nil && in.GroupFilter == nil && in.ReadOnly == nil && in.Attributes == nil {
		return nil
	}
	set := settingsOf(in)
	return &set
}

// settingsOf are the settings in the input of RegisterDirectory, UpdateDirectory or TestDirectory.
func settingsOf(input any) directory.Settings {
	in := api.Share(&api.TestDirectoryInput{}, input)
	return directory.Settings{
		Kind: directory.DirectoryKind(in.Kind), Servers: in.Servers, StartTLS: yes(in.StartTls), CA: value(in.CertificateAuthority),
		Account: value(in.Account), Secret: value(in.Secret), BaseDN: value(in.BaseDn), UserFilter: value(in.UserFilter),
		GroupFilter: value(in.GroupFilter), ReadOnly: yes(in.ReadOnly), Attributes: in.Attributes,
	}
}
