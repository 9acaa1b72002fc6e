package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func listDirectories(ctx context.Context, c *call, _ *api.ListDirectoriesInput) (*api.ListDirectoriesOutput, error) {
	x, err := c.directories()
	if err != nil {
		return nil, err
	}
	list, err := x.ListDirectories(ctx)
	if err != nil {
		return nil, err
	}
	followed, err := x.Followed(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]api.DirectorySummary, len(list))
	for i := range list {
		d := &list[i]
		out[i] = api.DirectorySummary{
			DirectoryId: text(d.ID), Alias: text(d.Alias), Kind: api.DirectoryKind(d.Settings.Kind), DirectoryType: text(d.Settings.Kind.Type()),
			Servers: d.Settings.Servers, OrganizationId: text(string(d.Org)),
		}
		if f, ok := followed[d.ID]; ok {
			out[i].OrganizationAlias, out[i].SyncPhase, out[i].SyncError = text(f.Alias), api.DirectorySyncPhase(f.Phase()), text(f.Error)
		}
	}
	return &api.ListDirectoriesOutput{Directories: out}, nil
}
