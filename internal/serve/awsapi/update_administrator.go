package awsapi

import (
	"context"

	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
)

func updateAdministrator(ctx context.Context, c *call, in *api.UpdateAdministratorInput) (*api.UpdateAdministratorOutput, error) {
	v := c.administration()
	id, err := c.administrator(ctx, v, in.AdministratorId)
	if err != nil {
		return nil, err
	}
	change := auth.AdminChange{Enabled: in.Enabled, Password: in.Password}
	if in.Role != "" || in.AllOrganizations != nil || in.Organizations != nil {
		a, err := v.DescribeAdministrator(ctx, id)
		if err != nil {
			return nil, err
		}
		r := rightsOf(a.Rights, in)
		change.Rights = &r
		if c.ifMatch == 0 { // rights are read, then written as a whole: nothing may come between
			v = c.h.Auth.For(c.actor).Call(c.op.name, c.id, a.Revision)
		}
	}
	_, err = v.UpdateAdministrator(ctx, id, change)
	return &api.UpdateAdministratorOutput{}, err
}

// rightsOf lays what is given over what was. Naming organizations ends "all".
func rightsOf(r auth.Rights, in *api.UpdateAdministratorInput) auth.Rights {
	if in.Role != "" {
		r.Role = auth.Role(in.Role)
	}
	if in.Organizations != nil {
		r.All, r.Organizations = false, orgIDs(in.Organizations)
	}
	if in.AllOrganizations != nil {
		r.All = *in.AllOrganizations
		if r.All && in.Organizations == nil {
			r.Organizations = nil
		}
	}
	return r
}
