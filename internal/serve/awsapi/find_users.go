package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func findUsers(ctx context.Context, _ *call, o *provision.Organization, in *api.FindUsersInput) (*api.FindUsersOutput, error) {
	found, err := o.FindUsers(ctx, directory.Search{
		Query: value(in.Query), States: enums[directory.State](in.States), Roles: enums[directory.Role](in.Roles), SortBy: directory.SortBy(in.SortBy),
		Descending: yes(in.Descending), Offset: page(in.Offset), Limit: page(in.MaxResults),
	})
	out := make([]api.FoundUser, len(found.Entries))
	for i := range found.Entries {
		e := &found.Entries[i]
		out[i] = api.FoundUser{
			Id: text(string(e.ID)), Name: text(e.Name), Email: text(e.Email), DisplayName: text(e.DisplayName),
			FirstName: text(e.FirstName), LastName: text(e.LastName), HiddenFromGlobalAddressList: e.Hidden,
			State: api.EntityState(e.Shown()), UserRole: api.UserRole(e.Role),
			EnabledDate: date(e.EnabledAt), DisabledDate: date(e.DisabledAt), IdentityProviderUserId: text(e.IdentityProviderUserID), Revision: e.Revision,
		}
	}
	return &api.FindUsersOutput{Users: out, Total: found.Total, Unfiltered: found.Unfiltered, More: found.More}, err
}
