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
	out := make([]api.DirectorySummary, len(list))
	for i := range list {
		d := &list[i]
		s := api.DirectorySummary{
			DirectoryId: text(d.ID), Alias: text(d.Alias), Kind: api.DirectoryKind(d.Settings.Kind), DirectoryType: text(d.Settings.Kind.Type()),
			Servers: d.Settings.Servers, OrganizationId: text(string(d.Org)),
		}
		if d.Org != "" {
			alias, err := c.aliasOf(ctx, d)
			if err != nil {
				return nil, err
			}
			phase, problem, err := x.SyncPhase(ctx, d)
			if err != nil {
				return nil, err
			}
			s.OrganizationAlias, s.SyncPhase, s.SyncError = text(alias), api.DirectorySyncPhase(phase), text(problem)
		}
		out[i] = s
	}
	return &api.ListDirectoriesOutput{Directories: out}, nil
}
