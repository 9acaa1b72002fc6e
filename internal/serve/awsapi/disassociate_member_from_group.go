package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func disassociateMemberFromGroup(ctx context.Context, _ *call, o *provision.Organization, in *workmail.DisassociateMemberFromGroupInput) (*workmail.DisassociateMemberFromGroupOutput, error) {
	err := o.DisassociateMemberFromGroup(ctx, *in.GroupId, *in.MemberId)
	return &workmail.DisassociateMemberFromGroupOutput{}, err
}
