package awsapi

import (
	"context"
	"strconv"

	"postroom/internal/base/errs"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func listSignIns(ctx context.Context, c *call, o *provision.Organization, in *api.ListSignInsInput) (*api.ListSignInsOutput, error) {
	after, err := cursor('s', in.NextToken)
	if err != nil {
		return nil, err
	}
	from := 0
	if after != "" {
		if from, err = strconv.Atoi(after); err != nil || from < 0 {
			return nil, errs.Say("awsapi.NextToken", errs.Invalid, errs.Request, "This NextToken is not of this list.")
		}
	}
	user, err := o.DescribeUser(ctx, *in.EntityId)
	if err != nil {
		return nil, err
	}
	list, err := c.administration().SignIns(ctx, c.region.name, o.ID, user.ID) // few: core bounds how many there are
	if err != nil {
		return nil, err
	}
	out, next := []api.SignInRecord{}, ""
	for i := from; i < len(list); i++ {
		if len(out) == pageOf(in.MaxResults) {
			next = strconv.Itoa(i)
			break
		}
		r := &list[i]
		out = append(out, api.SignInRecord{
			Time: date(r.Last), FirstTime: date(r.First), Count: r.Count, Protocol: text(r.Head), SourceAddress: text(r.Remote), Succeeded: r.Reason == "",
			Reason: api.SignInRefusal(r.Reason),
		})
	}
	return &api.ListSignInsOutput{SignIns: out, NextToken: token('s', next)}, nil
}
