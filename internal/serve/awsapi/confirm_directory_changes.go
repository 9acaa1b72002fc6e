package awsapi

import (
	"context"

	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func confirmDirectoryChanges(ctx context.Context, _ *call, o *provision.Organization, in *api.ConfirmDirectoryChangesInput) (*api.ConfirmDirectoryChangesOutput, error) {
	if _, err := o.ForeignDirectory(ctx); err != nil {
		return nil, err
	}
	return &api.ConfirmDirectoryChangesOutput{}, o.ConfirmDirectoryChanges(ctx, int(*in.Number))
}
