package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func associateMemberToGroup(ctx context.Context, _ *call, o *provision.Organization, in *workmail.AssociateMemberToGroupInput) (*workmail.AssociateMemberToGroupOutput, error) {
	err := o.AssociateMemberToGroup(ctx, *in.GroupId, *in.MemberId)
	return &workmail.AssociateMemberToGroupOutput{}, err
}
