package cli

import (
	"postroom/internal/serve/awsapi/api"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

// ref is a user or group as lists of the API have it: without a name.
type ref struct {
	id   string
	kind types.MemberType
}

// askedOneByOne is how many names are asked for each by itself; for more, all
// users and groups are listed.
const askedOneByOne = 50

// names finds the names of users and groups by id; one that is gone has none.
func (s *session) names(who []ref) (map[string]string, error) {
	if len(who) > askedOneByOne {
		return s.allNames()
	}
	names := map[string]string{}
	for _, r := range who {
		var name *string
		var err error
		if r.kind == types.MemberTypeGroup {
			var g *workmail.DescribeGroupOutput
			if g, err = do(s.ctx, s.client, api.DescribeGroup, &workmail.DescribeGroupInput{OrganizationId: &s.org, GroupId: &r.id}); err == nil {
				name = g.Name
			}
		} else {
			var u *workmail.DescribeUserOutput
			if u, err = do(s.ctx, s.client, api.DescribeUser, &workmail.DescribeUserInput{OrganizationId: &s.org, UserId: &r.id}); err == nil {
				name = u.Name
			}
		}
		if err != nil && !is(err, "EntityNotFoundException") {
			return nil, err
		}
		names[r.id] = str(name)
	}
	return names, nil
}

func (s *session) allNames() (map[string]string, error) {
	names := map[string]string{}
	for in := (&workmail.ListUsersInput{OrganizationId: &s.org}); ; {
		page, err := do(s.ctx, s.client, api.ListUsers, in)
		if err != nil {
			return nil, err
		}
		for _, u := range page.Users {
			names[str(u.Id)] = str(u.Name)
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	for in := (&workmail.ListGroupsInput{OrganizationId: &s.org}); ; {
		page, err := do(s.ctx, s.client, api.ListGroups, in)
		if err != nil {
			return nil, err
		}
		for _, g := range page.Groups {
			names[str(g.Id)] = str(g.Name)
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return names, nil
		}
	}
}
