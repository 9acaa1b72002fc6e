package awsapi

import (
	"context"

	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/aws-sdk-go-v2/service/workmail/types"
)

func describeResource(ctx context.Context, c *call, o *provision.Organization, in *workmail.DescribeResourceInput) (*workmail.DescribeResourceOutput, error) {
	e, err := o.DescribeResource(ctx, *in.ResourceId)
	if err != nil {
		return nil, err
	}
	c.etag(e.Revision)
	return &workmail.DescribeResourceOutput{
		ResourceId: text(string(e.ID)), Name: text(e.Name), Email: text(e.Email), Type: types.ResourceType(e.ResourceType),
		BookingOptions: &types.BookingOptions{
			AutoAcceptRequests: e.Booking.AutoAccept, AutoDeclineRecurringRequests: e.Booking.DeclineRecurring,
			AutoDeclineConflictingRequests: e.Booking.DeclineConflicting,
		},
		State: types.EntityState(e.Shown()), EnabledDate: date(e.EnabledAt), DisabledDate: date(e.DisabledAt),
		Description: text(e.Description), HiddenFromGlobalAddressList: e.Hidden,
	}, nil
}
