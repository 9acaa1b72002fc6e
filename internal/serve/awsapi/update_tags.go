package awsapi

import (
	"context"

	"postroom/internal/core/org"
	"postroom/internal/core/provision"
	"postroom/internal/serve/awsapi/api"
)

func updateTags(ctx context.Context, c *call, o *provision.Organization, in *api.UpdateTagsInput) (*api.UpdateTagsOutput, error) {
	tags := make([]org.Tag, len(in.Tags))
	for i, t := range in.Tags {
		tags[i] = org.Tag{Key: *t.Key, Value: *t.Value}
	}
	return &api.UpdateTagsOutput{}, c.updateTags(ctx, o, in.TagKeys, tags)
}

// updateTags answers the revision that the change made.
func (c *call) updateTags(ctx context.Context, o *provision.Organization, remove []string, put []org.Tag) error {
	if err := o.Domains.UpdateTags(ctx, remove, put); err != nil {
		return err
	}
	c.etag(o.Domains.Revision)
	return nil
}
