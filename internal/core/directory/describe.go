package directory

import (
	"context"

	"postroom/internal/base/errs"
)

// DescribeUser answers a user by id, name or address; a deleted one by id.
func (v *View) DescribeUser(ctx context.Context, user string) (Entry, error) {
	return v.find(ctx, nil, target{"directory.DescribeUser", user, AcceptAny, KindUser})
}

// DescribeGroup answers a group by id, name or address; a deleted one by id.
func (v *View) DescribeGroup(ctx context.Context, group string) (Entry, error) {
	return v.find(ctx, nil, target{"directory.DescribeGroup", group, AcceptAny, KindGroup})
}

// DescribeResource answers a resource by id, name or address; a deleted one by id.
func (v *View) DescribeResource(ctx context.Context, resource string) (Entry, error) {
	return v.find(ctx, nil, target{"directory.DescribeResource", resource, AcceptAny, KindResource})
}

// DescribeEntity answers who holds an address.
func (v *View) DescribeEntity(ctx context.Context, email string) (Entry, error) {
	const op = "directory.DescribeEntity"
	a, err := parseEmail(op, email)
	if err != nil {
		return Entry{}, err
	}
	e, found, err := v.s.Store.EntryByAddress(ctx, nil, v.org, a.Key())
	if err == nil && !found {
		err = errs.Say(op, errs.NotFound, errs.Entry, "Nobody has the address %s.", email)
	}
	return e, err
}
