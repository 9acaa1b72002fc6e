package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func describeUser(ctx context.Context, c *call, o *provision.Organization, in *workmail.DescribeUserInput) (*workmail.DescribeUserOutput, error) {
	e, err := o.DescribeUser(ctx, *in.UserId)
	if err != nil {
		return nil, err
	}
	c.etag(e.Revision)
	return &workmail.DescribeUserOutput{
		UserId: text(string(e.ID)), Name: text(e.Name), Email: text(e.Email), DisplayName: text(e.DisplayName),
		State: types.EntityState(e.Shown()), UserRole: types.UserRole(e.Role), HiddenFromGlobalAddressList: e.Hidden,
		EnabledDate: date(e.EnabledAt), DisabledDate: date(e.DisabledAt),
		MailboxProvisionedDate: date(e.Provisioned), MailboxDeprovisionedDate: date(e.Deprovisioned),
		FirstName: text(e.FirstName), LastName: text(e.LastName), Initials: text(e.Initials), Telephone: text(e.Telephone),
		Street: text(e.Street), JobTitle: text(e.JobTitle), City: text(e.City), Company: text(e.Company), ZipCode: text(e.ZipCode),
		Department: text(e.Department), Country: text(e.Country), Office: text(e.Office),
		IdentityProviderUserId: text(e.IdentityProviderUserID),
	}, nil
}
