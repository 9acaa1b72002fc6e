package awsapi

import (
	"context"

	"postroom/internal/base/ids"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func describeOrganization(ctx context.Context, c *call, in *workmail.DescribeOrganizationInput) (*workmail.DescribeOrganizationOutput, error) {
	c.org = ids.Org(*in.OrganizationId)
	o, err := c.door().DescribeOrganization(ctx, c.org)
	if err != nil {
		return nil, err
	}
	c.reached = true
	c.etag(o.Revision)
	return &workmail.DescribeOrganizationOutput{
		OrganizationId: text(string(o.ID)), Alias: text(o.Alias), State: text(string(o.State)), DirectoryId: text(o.DirectoryID),
		DirectoryType: text(o.DirectoryType), DefaultMailDomain: text(o.DefaultDomain), CompletedDate: date(o.Completed),
		ErrorMessage: text(o.Error), ARN: text(arnOf(c.region.name, o.ID)),
	}, nil
}
