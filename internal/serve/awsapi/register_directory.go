package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/serve/awsapi/api"
)

func registerDirectory(ctx context.Context, c *call, in *api.RegisterDirectoryInput) (*api.RegisterDirectoryOutput, error) {
	x, err := c.directories()
	if err != nil {
		return nil, err
	}
	d, err := x.RegisterDirectory(ctx, *in.Alias, directory.Settings{
		Kind: directory.DirectoryKind(in.Kind), Servers: in.Servers, StartTLS: yes(in.StartTls), CA: value(in.CertificateAuthority),
		Account: *in.Account, Secret: *in.Secret, BaseDN: *in.BaseDn, UserFilter: value(in.UserFilter), GroupFilter: value(in.GroupFilter),
		ReadOnly: yes(in.ReadOnly), Attributes: in.Attributes,
	})
	return &api.RegisterDirectoryOutput{DirectoryId: text(d.ID)}, err
}
