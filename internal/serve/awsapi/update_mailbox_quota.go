package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func updateMailboxQuota(ctx context.Context, _ *call, o *provision.Organization, in *workmail.UpdateMailboxQuotaInput) (*workmail.UpdateMailboxQuotaOutput, error) {
	err := o.UpdateQuota(ctx, *in.UserId, int64(*in.MailboxQuota))
	return &workmail.UpdateMailboxQuotaOutput{}, err
}
