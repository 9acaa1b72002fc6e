package awsapi

import (
	"context"

	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func syncDirectory(ctx context.Context, _ *call, o *provision.Organization, _ *api.SyncDirectoryInput) (*api.SyncDirectoryOutput, error) {
	return &api.SyncDirectoryOutput{}, o.SyncDirectory(ctx)
}
