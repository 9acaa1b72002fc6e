package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func listUsers(ctx context.Context, _ *call, o *provision.Organization, in *workmail.ListUsersInput) (*workmail.ListUsersOutput, error) {
	var f directory.Filter
	if in.Filters != nil {
		f = directory.Filter{
			NamePrefix: value(in.Filters.UsernamePrefix), DisplayNamePrefix: value(in.Filters.DisplayNamePrefix),
			EmailPrefix: value(in.Filters.PrimaryEmailPrefix), IdPPrefix: value(in.Filters.IdentityProviderUserIdPrefix),
			State: directory.State(in.Filters.State),
		}
	}
	list, next, err := o.ListUsers(ctx, f, value(in.NextToken), page(in.MaxResults))
	out := make([]types.User, len(list))
	for i := range list {
		e := &list[i]
		out[i] = types.User{
			Id: text(string(e.ID)), Name: text(e.Name), Email: text(e.Email), DisplayName: text(e.DisplayName),
			State: types.EntityState(e.Shown()), UserRole: types.UserRole(e.Role),
			EnabledDate: date(e.EnabledAt), DisabledDate: date(e.DisabledAt), IdentityProviderUserId: text(e.IdentityProviderUserID),
		}
	}
	return &workmail.ListUsersOutput{Users: out, NextToken: text(next)}, err
}
