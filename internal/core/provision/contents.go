package provision

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/org"
)

// Contents is what an organization has, in numbers: what goes with it.
type Contents struct {
	org.Organization
	Users, Groups, Resources int64
	Enabled                  bool // one of them is
	MailDomains              int
	Mailboxes                mailbox.Sum
}

// OrganizationContents answers in every state, as DescribeOrganization does. The
// counts of entries are kept ready; one row of each mailbox and folder is read.
func (d *Door) OrganizationContents(ctx context.Context, id ids.Org) (c Contents, err error) {
	if c.Organization, err = d.DescribeOrganization(ctx, id); err != nil {
		return c, err
	}
	counts, err := d.s.Directory.Store.Counts(ctx, nil, id)
	if err != nil {
		return c, err
	}
	for _, n := range counts {
		if n.State == directory.Deleted {
			continue
		}
		switch n.Kind {
		case directory.KindUser:
			c.Users += n.Entries
		case directory.KindGroup:
			c.Groups += n.Entries
		case directory.KindResource:
			c.Resources += n.Entries
		}
		c.Enabled = c.Enabled || n.State == directory.Enabled && n.Entries > 0
	}
	if c.MailDomains, err = d.s.Orgs.Store.CountDomains(ctx, nil, id); err != nil {
		return c, err
	}
	c.Mailboxes, err = d.s.Mailboxes.Sum(ctx, id)
	return c, err
}
