package awsapi

import (
	"context"
	"regexp"

	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/serve/awsapi/api"
)

// administrator finds whom an identifier means: an id, a name, or the caller
// where it is absent.
func (c *call) administrator(ctx context.Context, v *auth.View, id *string) (ids.Admin, error) {
	switch {
	case id == nil, *id == string(c.actor.Admin()):
		return c.actor.Admin(), nil
	case uuidForm.MatchString(*id):
		return ids.Admin(*id), nil
	}
	a, err := v.FindAdministrator(ctx, *id)
	return a.ID, err
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func administratorOf(a *auth.Admin) api.Administrator {
	return api.Administrator{
		AdministratorId: text(string(a.ID)), Name: text(a.Name), Role: api.AdministratorRole(a.Role), AllOrganizations: a.All,
		Organizations: organizations(a.Organizations), Enabled: a.Enabled, CreatedDate: date(a.Created), LastSignInDate: date(a.SignedIn),
		SecondFactor: factorsOf(a.Factors),
	}
}

func organizations(list []ids.Org) []string {
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = string(o)
	}
	return out
}

func orgIDs(list []string) []ids.Org {
	out := make([]ids.Org, len(list))
	for i, o := range list {
		out[i] = ids.Org(o)
	}
	return out
}
