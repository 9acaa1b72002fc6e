package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func updateResource(ctx context.Context, _ *call, o *provision.Organization, in *workmail.UpdateResourceInput) (*workmail.UpdateResourceOutput, error) {
	p := directory.ResourcePatch{
		Name: in.Name, Type: chosen[directory.ResourceType](in.Type), Description: in.Description, Hidden: in.HiddenFromGlobalAddressList,
	}
	if b := in.BookingOptions; b != nil {
		p.Booking = &directory.Booking{
			AutoAccept: b.AutoAcceptRequests, DeclineRecurring: b.AutoDeclineRecurringRequests, DeclineConflicting: b.AutoDeclineConflictingRequests,
		}
	}
	_, err := o.UpdateResource(ctx, *in.ResourceId, p)
	return &workmail.UpdateResourceOutput{}, err
}
