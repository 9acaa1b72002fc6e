package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func associateMemberToGroup(ctx context.Context, c *call, o *provision.Organization, in *workmail.AssociateMemberToGroupInput) (*workmail.AssociateMemberToGroupOutput, error) {
	if err := o.AssociateMemberToGroup(ctx, *in.GroupId, *in.MemberId); err != nil {
		return nil, err
	}
	c.etag(o.Revision)
	return &workmail.AssociateMemberToGroupOutput{}, nil
}
