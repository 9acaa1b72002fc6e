package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func listGroups(ctx context.Context, _ *call, o *provision.Organization, in *workmail.ListGroupsInput) (*workmail.ListGroupsOutput, error) {
	var f directory.Filter
	if in.Filters != nil {
		f = directory.Filter{
			NamePrefix: value(in.Filters.NamePrefix), EmailPrefix: value(in.Filters.PrimaryEmailPrefix), State: directory.State(in.Filters.State),
		}
	}
	list, next, err := o.ListGroups(ctx, f, value(in.NextToken), page(in.MaxResults))
	out := make([]types.Group, len(list))
	for i := range list {
		e := &list[i]
		out[i] = types.Group{
			Id: text(string(e.ID)), Name: text(e.Name), Email: text(e.Email), State: types.EntityState(e.Shown()),
			EnabledDate: date(e.EnabledAt), DisabledDate: date(e.DisabledAt),
		}
	}
	return &workmail.ListGroupsOutput{Groups: out, NextToken: text(next)}, err
}
