package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func updateDirectory(ctx context.Context, c *call, in *api.UpdateDirectoryInput) (*api.UpdateDirectoryOutput, error) {
	x, err := c.directories()
	if err != nil {
		return nil, err
	}
	d, err := x.UpdateDirectory(ctx, *in.DirectoryId, settingsOf(in))
	if err == nil {
		c.about(&d)
	}
	return &api.UpdateDirectoryOutput{}, err
}
