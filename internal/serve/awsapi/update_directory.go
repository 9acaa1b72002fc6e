package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/serve/awsapi/api"
)

func updateDirectory(ctx context.Context, c *call, in *api.UpdateDirectoryInput) (*api.UpdateDirectoryOutput, error) {
	x, err := c.directories()
	if err != nil {
		return nil, err
	}
	d, err := x.UpdateDirectory(ctx, *in.DirectoryId, directory.Settings{
		Kind: directory.DirectoryKind(in.Kind), Servers: in.Servers, StartTLS: yes(in.StartTls), CA: value(in.CertificateAuthority),
		Account: *in.Account, Secret: value(in.Secret), BaseDN: *in.BaseDn, UserFilter: value(in.UserFilter), GroupFilter: value(in.GroupFilter),
		ReadOnly: yes(in.ReadOnly), Attributes: in.Attributes,
	})
	if err == nil {
		c.about(&d)
	}
	return &api.UpdateDirectoryOutput{}, err
}
