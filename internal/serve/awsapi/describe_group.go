package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func describeGroup(ctx context.Context, c *call, o *provision.Organization, in *workmail.DescribeGroupInput) (*workmail.DescribeGroupOutput, error) {
	e, err := o.DescribeGroup(ctx, *in.GroupId)
	if err != nil {
		return nil, err
	}
	c.etag(e.Revision)
	return &workmail.DescribeGroupOutput{
		GroupId: text(string(e.ID)), Name: text(e.Name), Email: text(e.Email), State: types.EntityState(e.Shown()),
		EnabledDate: date(e.EnabledAt), DisabledDate: date(e.DisabledAt), HiddenFromGlobalAddressList: e.Hidden,
	}, nil
}
