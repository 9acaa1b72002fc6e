package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func registerDirectory(ctx context.Context, c *call, in *api.RegisterDirectoryInput) (*api.RegisterDirectoryOutput, error) {
	x, err := c.directories()
	if err != nil {
		return nil, err
	}
	d, err := x.RegisterDirectory(ctx, *in.Alias, settingsOf(in))
	return &api.RegisterDirectoryOutput{DirectoryId: text(d.ID)}, err
}
