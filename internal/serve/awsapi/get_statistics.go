package awsapi

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/provision"
	"postroom/internal/core/statistics"
	"postroom/internal/serve/awsapi/api"
)

// counted are the series that count, by what they count.
var counted = []struct {
	name api.StatisticsName
	kind statistics.Kind
}{
	{api.StatisticsNameMailIn, statistics.MailIn}, {api.StatisticsNameMailOut, statistics.MailOut}, {api.StatisticsNameMailRefused, statistics.MailRefused},
	{api.StatisticsNameSignIns, statistics.SignIns}, {api.StatisticsNameSignInsRefused, statistics.SignInsRefused},
}

// getStatistics answers for one organization, or for all of the region that the
// caller may see, together.
func getStatistics(ctx context.Context, c *call, in *api.GetStatisticsInput) (*api.GetStatisticsOutput, error) {
	var orgs []ids.Org // nil: all of them
	switch {
	case in.OrganizationId != nil:
		if _, err := c.organization(ctx, *in.OrganizationId); err != nil {
			return nil, err
		}
		orgs = []ids.Org{c.org}
	case !c.actor.AllOrgs():
		var err error
		if orgs, err = c.ownOrganizations(ctx); err != nil {
			return nil, err
		}
	}
	if c.region.Statistics == nil {
		return nil, errs.Say("awsapi.GetStatistics", errs.Unavailable, errs.Region, "Nothing is counted in this region.")
	}
	r, err := c.region.Statistics.Report(ctx, orgs, statistics.Period(in.Period))
	if err != nil {
		return nil, err
	}
	out := &api.GetStatisticsOutput{Usage: &api.StatisticsUsage{Organizations: int64(r.Orgs), StorageUsed: r.Usage.Storage, UsersEnabled: r.Usage.Users}}
	for _, s := range counted {
		points := make([]api.StatisticsPoint, len(r.Rows))
		for i, row := range r.Rows {
			points[i] = api.StatisticsPoint{Time: date(row.At), Value: row.Counts[s.kind]}
		}
		out.Series = append(out.Series, api.StatisticsSeries{Name: s.name, Points: points})
	}
	storage, users := []api.StatisticsPoint{}, []api.StatisticsPoint{}
	for _, row := range r.Rows {
		if row.Usage != nil {
			storage = append(storage, api.StatisticsPoint{Time: date(row.At), Value: row.Usage.Storage})
			users = append(users, api.StatisticsPoint{Time: date(row.At), Value: row.Usage.Users})
		}
	}
	out.Series = append(out.Series, api.StatisticsSeries{Name: api.StatisticsNameStorageUsed, Points: storage},
		api.StatisticsSeries{Name: api.StatisticsNameUsersEnabled, Points: users})
	return out, nil
}

// ownOrganizations are those of a caller who is bound to some, in this region.
func (c *call) ownOrganizations(ctx context.Context) ([]ids.Org, error) {
	out := []ids.Org{}
	for _, o := range c.actor.Rights().Organizations {
		switch _, err := c.door().Organization(ctx, o, provision.Read, c.op.name, c.id, 0); {
		case err == nil:
			out = append(out, o)
		case !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.State): // of another region, or going
			return nil, err
		}
	}
	return out, nil
}
