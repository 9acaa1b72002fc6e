package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func describeEntity(ctx context.Context, c *call, o *provision.Organization, in *workmail.DescribeEntityInput) (*workmail.DescribeEntityOutput, error) {
	e, err := o.DescribeEntity(ctx, *in.Email)
	if err != nil {
		return nil, err
	}
	c.etag(e.Revision)
	return &workmail.DescribeEntityOutput{EntityId: text(string(e.ID)), Name: text(e.Name), Type: types.EntityType(e.Kind.String())}, nil
}
