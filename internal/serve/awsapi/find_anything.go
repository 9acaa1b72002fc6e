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
		o, e := &list[i].Org, list[i].Entry
		out[i] = api.Match{Kind: api.MatchKindOrganization, OrganizationId: text(string(o.ID)), OrganizationAlias: text(o.Alias), Name: text(o.Alias)}
		if e != nil {
			out[i].Kind, out[i].EntityId = api.MatchKind(e.Kind.String()), text(string(e.ID))
			out[i].Name, out[i].DisplayName, out[i].Email = text(e.Name), text(e.DisplayName), text(e.Email)
			out[i].State = api.EntityState(e.Shown())
		}
	}
	return &api.FindAnythingOutput{Matches: out}, nil
}
