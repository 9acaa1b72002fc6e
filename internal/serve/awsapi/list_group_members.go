package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func listGroupMembers(ctx context.Context, _ *call, o *provision.Organization, in *workmail.ListGroupMembersInput) (*workmail.ListGroupMembersOutput, error) {
	list, next, err := o.ListGroupMembers(ctx, *in.GroupId, value(in.NextToken), page(in.MaxResults))
	out := make([]types.Member, len(list))
	for i := range list {
		e := &list[i]
		out[i] = types.Member{
			Id: text(string(e.ID)), Name: text(e.Name), Type: types.MemberType(e.Kind.String()), State: types.EntityState(e.Shown()),
			EnabledDate: date(e.EnabledAt), DisabledDate: date(e.DisabledAt),
		}
	}
	return &workmail.ListGroupMembersOutput{Members: out, NextToken: text(next)}, err
}
