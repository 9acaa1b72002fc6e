package awsapi

import (
	"context"
	"slices"
	"time"

	"postroom/internal/serve/awsapi/api"
)

func whoAmI(ctx context.Context, c *call, _ *api.WhoAmIInput) (*api.WhoAmIOutput, error) {
	v := c.administration()
	who, err := v.WhoAmI(ctx)
	if err != nil {
		return nil, err
	}
	out := &api.WhoAmIOutput{
		AdministratorId: text(string(who.ID)), Name: text(who.Name), Role: api.AdministratorRole(who.Role), AllOrganizations: who.All,
		Organizations: organizations(who.Organizations), SignInMethod: api.SignInMethodAccessKey,
		Capabilities: c.capabilities(), Version: text(c.h.Version),
	}
	if !c.session {
		return out, nil
	}
	out.SignInMethod, out.IdleSeconds = api.SignInMethodSession, int64(c.h.Auth.SessionIdle/time.Second)
	list, err := v.Sessions(ctx, who.ID)
	for _, s := range list {
		if s.Current {
			out.ExpiresDate = date(s.Expires)
		}
	}
	return out, err
}

// capabilities are the operations that this version has and the caller may call.
func (c *call) capabilities() []string {
	list := []string{}
	for name, op := range c.h.operations {
		if op.run != nil && allowed(op.Operation, c.actor) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}
