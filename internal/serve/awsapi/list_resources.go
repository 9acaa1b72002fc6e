package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func listResources(ctx context.Context, _ *call, o *provision.Organization, in *workmail.ListResourcesInput) (*workmail.ListResourcesOutput, error) {
	var f directory.Filter
	if in.Filters != nil {
		f = directory.Filter{
			NamePrefix: value(in.Filters.NamePrefix), EmailPrefix: value(in.Filters.PrimaryEmailPrefix), State: directory.State(in.Filters.State),
		}
	}
	list, next, err := o.ListResources(ctx, f, value(in.NextToken), page(in.MaxResults))
	out := make([]types.Resource, len(list))
	for i := range list {
		e := &list[i]
		out[i] = types.Resource{
			Id: text(string(e.ID)), Name: text(e.Name), Email: text(e.Email), Type: types.ResourceType(e.ResourceType),
			State: types.EntityState(e.Shown()), EnabledDate: date(e.EnabledAt), DisabledDate: date(e.DisabledAt), Description: text(e.Description),
		}
	}
	return &workmail.ListResourcesOutput{Resources: out, NextToken: text(next)}, err
}
