package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func deregisterDirectory(ctx context.Context, c *call, in *api.DeregisterDirectoryInput) (*api.DeregisterDirectoryOutput, error) {
	x, err := c.directories()
	if err != nil {
		return nil, err
	}
	return &api.DeregisterDirectoryOutput{}, x.DeregisterDirectory(ctx, *in.DirectoryId)
}
