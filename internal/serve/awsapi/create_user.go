package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func createUser(ctx context.Context, _ *call, o *provision.Organization, in *workmail.CreateUserInput) (*workmail.CreateUserOutput, error) {
	e, err := o.CreateUser(ctx, directory.NewUser{
		Name: *in.Name, DisplayName: *in.DisplayName, Password: value(in.Password), Role: directory.Role(in.Role),
		FirstName: value(in.FirstName), LastName: value(in.LastName), Hidden: in.HiddenFromGlobalAddressList,
		IdentityProviderUserID: value(in.IdentityProviderUserId),
	}, nil)
	return &workmail.CreateUserOutput{UserId: text(string(e.ID))}, err
}
