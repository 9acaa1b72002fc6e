package awsapi

import (
	"context"

	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
)

func createAdministrator(ctx context.Context, c *call, in *api.CreateAdministratorInput) (*api.CreateAdministratorOutput, error) {
	rights := auth.Rights{Role: auth.Role(in.Role), All: in.AllOrganizations != nil && *in.AllOrganizations, Organizations: orgIDs(in.Organizations)}
	a, err := c.administration().CreateAdministrator(ctx, auth.NewAdmin{Name: *in.Name, Password: value(in.Password), Rights: rights})
	if err != nil {
		return nil, err
	}
	return &api.CreateAdministratorOutput{AdministratorId: text(string(a.ID))}, nil
}
