package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func createResource(ctx context.Context, _ *call, o *provision.Organization, in *workmail.CreateResourceInput) (*workmail.CreateResourceOutput, error) {
	e, err := o.CreateResource(ctx, directory.NewResource{
		Name: *in.Name, Type: directory.ResourceType(in.Type), Description: value(in.Description), Hidden: in.HiddenFromGlobalAddressList,
	}, nil)
	return &workmail.CreateResourceOutput{ResourceId: text(string(e.ID))}, err
}
