package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func createGroup(ctx context.Context, _ *call, o *provision.Organization, in *workmail.CreateGroupInput) (*workmail.CreateGroupOutput, error) {
	e, err := o.CreateGroup(ctx, directory.NewGroup{Name: *in.Name, Hidden: in.HiddenFromGlobalAddressList}, nil)
	return &workmail.CreateGroupOutput{GroupId: text(string(e.ID))}, err
}
