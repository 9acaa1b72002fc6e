package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

const megabyte = 1 << 20 // of quotas and sizes in the API

func getMailboxDetails(ctx context.Context, _ *call, o *provision.Organization, in *workmail.GetMailboxDetailsInput) (*workmail.GetMailboxDetailsOutput, error) {
	size, quota, err := o.MailboxDetails(ctx, *in.UserId)
	if err != nil {
		return nil, err
	}
	mb := int32(quota / megabyte)
	return &workmail.GetMailboxDetailsOutput{MailboxQuota: &mb, MailboxSize: float64(size) / megabyte}, nil
}
