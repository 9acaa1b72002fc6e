package awsapi

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/serve/awsapi/api"
)

func findAnything(ctx context.Context, c *call, in *api.FindAnythingInput) (*api.FindAnythingOutput, error) {
	c.org = ids.Org(value(in.OrganizationId))
	list, err := c.door().FindAnything(ctx, *in.Query, c.org, c.op.name, c.id)
	if err != nil {
		return nil, err
	}
	c.reached = true
	out := make([]api.Match, len(list))
	for i := range list {
		m := &list[i]
		out[i] = api.Match{Kind: api.MatchKindOrganization, OrganizationId: text(string(m.Org.ID)), OrganizationAlias: text(m.Org.Alias), Name: text(m.Org.Alias)}
		switch {
		case m.Directory != nil:
			out[i].Kind, out[i].EntityId, out[i].Name = api.MatchKindDirectory, text(m.Directory.ID), text(m.Directory.Alias)
		case m.Domain != "":
			out[i].Kind, out[i].Name = api.MatchKindMailDomain, text(m.Domain)
		case m.Entry != nil:
			e := m.Entry
			out[i].Kind, out[i].EntityId = api.MatchKind(e.Kind.String()), text(string(e.ID))
			out[i].Name, out[i].DisplayName, out[i].Email = text(e.Name), text(e.DisplayName), text(e.Email)
			out[i].State = api.EntityState(e.Shown())
		}
	}
	return &api.FindAnythingOutput{Matches: out}, nil
}
