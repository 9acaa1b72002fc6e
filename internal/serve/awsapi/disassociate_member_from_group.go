package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func disassociateMemberFromGroup(ctx context.Context, c *call, o *provision.Organization, in *workmail.DisassociateMemberFromGroupInput) (*workmail.DisassociateMemberFromGroupOutput, error) {
	if err := o.DisassociateMemberFromGroup(ctx, *in.GroupId, *in.MemberId); err != nil {
		return nil, err
	}
	c.etag(o.Revision)
	return &workmail.DisassociateMemberFromGroupOutput{}, nil
}
