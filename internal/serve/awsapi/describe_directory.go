package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func describeDirectory(ctx context.Context, c *call, in *api.DescribeDirectoryInput) (*api.DescribeDirectoryOutput, error) {
	x, err := c.directories()
	if err != nil {
		return nil, err
	}
	d, err := x.DescribeDirectory(ctx, *in.DirectoryId)
	if err != nil {
		return nil, err
	}
	c.about(&d)
	alias, err := c.aliasOf(ctx, &d)
	if err != nil {
		return nil, err
	}
	c.etag(d.Revision)
	s := &d.Settings
	return &api.DescribeDirectoryOutput{
		DirectoryId: text(d.ID), Alias: text(d.Alias), Kind: api.DirectoryKind(s.Kind), DirectoryType: text(s.Kind.Type()), Servers: s.Servers,
		StartTls: s.StartTLS, CertificateAuthority: text(s.CA), Account: text(s.Account), BaseDn: text(s.BaseDN), UserFilter: text(s.UserFilter),
		GroupFilter: text(s.GroupFilter), ReadOnly: s.ReadOnly, Attributes: s.Attributes, OrganizationId: text(string(d.Org)),
		OrganizationAlias: text(alias), CreatedDate: date(d.Created),
	}, nil
}
