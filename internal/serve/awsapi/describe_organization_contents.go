package awsapi

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/serve/awsapi/api"
)

func describeOrganizationContents(ctx context.Context, c *call, in *api.DescribeOrganizationContentsInput) (*api.DescribeOrganizationContentsOutput, error) {
	c.org = ids.Org(*in.OrganizationId)
	has, err := c.door().OrganizationContents(ctx, c.org)
	if err != nil {
		return nil, err
	}
	c.reached = true
	c.etag(has.Revision)
	return &api.DescribeOrganizationContentsOutput{
		Users: has.Users, Groups: has.Groups, Resources: has.Resources, Enabled: has.Enabled, MailDomains: int64(has.MailDomains),
		Mailboxes: has.Mailboxes.Boxes, KeptMailboxes: has.Mailboxes.Detached, Messages: has.Mailboxes.Messages, MailboxBytes: has.Mailboxes.Bytes,
		DirectoryType: text(has.DirectoryType),
	}, nil
}
