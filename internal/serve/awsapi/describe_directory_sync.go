package awsapi

import (
	"context"

	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func describeDirectorySync(ctx context.Context, _ *call, o *provision.Organization, _ *api.DescribeDirectorySyncInput) (*api.DescribeDirectorySyncOutput, error) {
	d, err := o.ForeignDirectory(ctx)
	if err != nil {
		return nil, err
	}
	s, err := o.DescribeDirectorySync(ctx)
	if err != nil {
		return nil, err
	}
	faults := make([]api.DirectoryFault, len(s.FaultList))
	for i, f := range s.FaultList {
		faults[i] = api.DirectoryFault{EntityId: text(string(f.Entry)), Key: text(f.Key), Name: text(f.Name), Type: api.EntityType(f.Kind.String()), Text: text(f.Text)}
	}
	return &api.DescribeDirectorySyncOutput{
		Phase: api.DirectorySyncPhase(s.Phase), Writable: o.Writable(ctx), DirectoryId: text(d.ID), DirectoryKind: api.DirectoryKind(d.Settings.Kind),
		Read: int64(s.Read), Total: int64(s.Total), LastSyncDate: date(s.LastSync), LastFullDate: date(s.LastFull), LagSeconds: int64(s.Lag.Seconds()),
		Users: int64(s.Users), Groups: int64(s.Groups), Error: text(s.Error), FailingSince: date(s.FailingSince),
		FaultCount: int64(s.Faults), Faults: faults, HeldCount: int64(s.Held), HeldUserCount: int64(s.HeldUsers), HeldSinceDate: date(s.HeldSince),
		HeldNames: append([]string{}, s.HeldNames...), Confirmed: s.Confirmed,
	}, nil
}
