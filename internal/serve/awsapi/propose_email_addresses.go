package awsapi

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func proposeEmailAddresses(ctx context.Context, _ *call, o *provision.Organization, in *api.ProposeEmailAddressesInput) (*api.ProposeEmailAddressesOutput, error) {
	list, err := o.ProposeEmailAddresses(ctx, enums[ids.Entry](in.EntityIds), value(in.Domain), directory.AddressSource(in.From))
	out := make([]api.EmailAddressProposal, len(list))
	for i, p := range list {
		out[i] = api.EmailAddressProposal{EntityId: text(string(p.ID)), Name: text(p.Name), Email: text(p.Email), Problem: text(p.Problem), NoPassword: p.NoPassword}
	}
	return &api.ProposeEmailAddressesOutput{Proposals: out}, err
}
