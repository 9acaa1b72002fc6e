package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func createUserWithMailbox(ctx context.Context, _ *call, o *provision.Organization, in *api.CreateUserWithMailboxInput) (*api.CreateUserWithMailboxOutput, error) {
	e, err := o.CreateUserWithMailbox(ctx, directory.NewUser{
		Name: *in.Name, DisplayName: *in.DisplayName, Password: value(in.Password), Role: directory.Role(in.Role),
		FirstName: value(in.FirstName), LastName: value(in.LastName), Hidden: yes(in.HiddenFromGlobalAddressList),
	}, value(in.Email))
	return &api.CreateUserWithMailboxOutput{UserId: text(string(e.ID))}, err
}
