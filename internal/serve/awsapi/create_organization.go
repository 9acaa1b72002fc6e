package awsapi

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/core/org"

	"github.com/aws/aws-sdk-go-v2/service/workmail"
)

func createOrganization(ctx context.Context, c *call, in *workmail.CreateOrganizationInput) (*workmail.CreateOrganizationOutput, error) {
	refuse := func(text string) (*workmail.CreateOrganizationOutput, error) {
		return nil, errs.Say("awsapi.CreateOrganization", errs.Invalid, errs.Request, "%s", text)
	}
	switch {
	case in.EnableInteroperability:
		return refuse("EnableInteroperability is for a server of another mail system beside this one; this version of Postroom does not work with one. Leave it out.")
	case in.KmsKeyArn != nil:
		return refuse("KmsKeyArn names a key of a service that is not here: every organization has a key of its own already. Leave it out.")
	}
	domains := make([]string, len(in.Domains))
	for i, d := range in.Domains {
		if d.HostedZoneId != nil {
			return refuse("HostedZoneId names a zone of a service that is not here. Leave it out; GetMailDomain says which DNS records to set.")
		}
		domains[i] = *d.DomainName
	}
	o, err := c.door().CreateOrganization(ctx, c.op.name, c.id, org.NewOrganization{
		Alias: *in.Alias, Domains: domains, Token: value(in.ClientToken), DirectoryID: value(in.DirectoryId),
	})
	if err != nil {
		return nil, err
	}
	return &workmail.CreateOrganizationOutput{OrganizationId: text(string(o.ID))}, nil
}
