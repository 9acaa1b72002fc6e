package awsapi

import (
	"context"

	"postroom/internal/serve/awsapi/api"
)

func listSessions(ctx context.Context, c *call, in *api.ListSessionsInput) (*api.ListSessionsOutput, error) {
	v := c.administration()
	id, err := c.administrator(ctx, v, in.AdministratorId)
	if err != nil {
		return nil, err
	}
	list, err := v.Sessions(ctx, id) // few: core bounds how many there are
	if err != nil {
		return nil, err
	}
	out := make([]api.Session, len(list))
	for i, s := range list {
		out[i] = api.Session{
			SessionId: text(s.ID), Current: s.Current, CreatedDate: date(s.Created), LastUsedDate: date(s.Seen), ExpiresDate: date(s.Expires),
			SourceAddress: text(s.Remote), UserAgent: text(s.Agent),
		}
	}
	return &api.ListSessionsOutput{Sessions: out}, nil
}
