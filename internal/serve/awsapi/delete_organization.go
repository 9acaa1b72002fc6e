package awsapi

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func deleteOrganization(ctx context.Context, c *call, in *workmail.DeleteOrganizationInput) (*workmail.DeleteOrganizationOutput, error) {
	c.org = ids.Org(*in.OrganizationId)
	o, err := c.door().DeleteOrganization(ctx, c.op.name, c.id, c.ifMatch, provision.Deletion{
		Org: c.org, Force: in.ForceDelete, DeleteDirectory: in.DeleteDirectory, Token: value(in.ClientToken),
	})
	if err != nil {
		return nil, err
	}
	c.reached = true
	return &workmail.DeleteOrganizationOutput{OrganizationId: text(string(o.ID)), State: text(string(o.State))}, nil
}
