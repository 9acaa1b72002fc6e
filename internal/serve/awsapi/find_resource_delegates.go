package awsapi

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func findResourceDelegates(ctx context.Context, c *call, o *provision.Organization, in *api.FindResourceDelegatesInput) (*api.FindResourceDelegatesOutput, error) {
	found, resource, err := o.FindResourceDelegates(ctx, *in.ResourceId, directory.Related{Query: value(in.Query), Offset: page(in.Offset), Limit: page(in.MaxResults)})
	if err != nil {
		return nil, err
	}
	c.etag(resource.Revision)
	return &api.FindResourceDelegatesOutput{Delegates: related(found.Entries), Total: found.Total}, nil
}
