package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func listGroupsForEntity(ctx context.Context, _ *call, o *provision.Organization, in *workmail.ListGroupsForEntityInput) (*workmail.ListGroupsForEntityOutput, error) {
	prefix := ""
	if in.Filters != nil {
		prefix = value(in.Filters.GroupNamePrefix)
	}
	list, next, err := o.ListGroupsForEntity(ctx, *in.EntityId, prefix, value(in.NextToken), page(in.MaxResults))
	out := make([]types.GroupIdentifier, len(list))
	for i := range list {
		out[i] = types.GroupIdentifier{GroupId: text(string(list[i].ID)), GroupName: text(list[i].Name)}
	}
	return &workmail.ListGroupsForEntityOutput{Groups: out, NextToken: text(next)}, err
}
