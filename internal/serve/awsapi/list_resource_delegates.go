package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func listResourceDelegates(ctx context.Context, _ *call, o *provision.Organization, in *workmail.ListResourceDelegatesInput) (*workmail.ListResourceDelegatesOutput, error) {
	list, next, err := o.ListResourceDelegates(ctx, *in.ResourceId, value(in.NextToken), page(in.MaxResults))
	out := make([]types.Delegate, len(list))
	for i := range list {
		out[i] = types.Delegate{Id: text(string(list[i].ID)), Type: types.MemberType(list[i].Kind.String())}
	}
	return &workmail.ListResourceDelegatesOutput{Delegates: out, NextToken: text(next)}, err
}
