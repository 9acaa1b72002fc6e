package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func updateUser(ctx context.Context, _ *call, o *provision.Organization, in *workmail.UpdateUserInput) (*workmail.UpdateUserOutput, error) {
	_, err := o.UpdateUser(ctx, *in.UserId, directory.UserPatch{
		Role: chosen[directory.Role](in.Role), DisplayName: in.DisplayName, Hidden: in.HiddenFromGlobalAddressList,
		FirstName: in.FirstName, LastName: in.LastName, Initials: in.Initials, Telephone: in.Telephone, Street: in.Street,
		JobTitle: in.JobTitle, City: in.City, Company: in.Company, ZipCode: in.ZipCode, Department: in.Department,
		Country: in.Country, Office: in.Office, IdentityProviderUserID: in.IdentityProviderUserId,
	})
	return &workmail.UpdateUserOutput{}, err
}
