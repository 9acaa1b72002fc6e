package awsapi

import (
	"context"
	"strings"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/provision"
)

// arnOf is the ARN of an organization: arn:aws:workmail:REGION:000000000000:organization/ID.
func arnOf(region string, id ids.Org) string {
	return "arn:aws:workmail:" + region + ":" + account000 + ":organization/" + string(id)
}

// tagged opens the organization that an ARN names. One that is no ARN of this
// region's, or not the caller's, is not found, all alike.
func (c *call) tagged(ctx context.Context, arn string) (*provision.Organization, error) {
	id, ok := strings.CutPrefix(arn, arnOf(c.region.name, ""))
	if !ok || !ids.IsOrg(id) {
		return nil, noSuchResource(arn)
	}
	o, err := c.organization(ctx, id)
	if errs.Is(err, errs.NotFound) {
		return nil, noSuchResource(arn)
	}
	return o, err
}

func noSuchResource(arn string) error {
	return errs.Say("awsapi.tagged", errs.NotFound, errs.Resource, "There is no resource %s.", printable(arn))
}
