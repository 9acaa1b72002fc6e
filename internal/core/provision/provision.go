// Package provision has what spans the areas of core: an organization with its
// entries and mailboxes, register and deregister, deletion. It is the one way in
// for the heads that administrate: For(actor) gives what the actor may do. It
// refuses to keep rows of its own.
package provision

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/access"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// Queue is what waits in the mail flow (core/mailflow).
type Queue interface {
	// Purge forgets everything that an organization has there.
	Purge(ctx context.Context, org ids.Org) error
}

// Config is what a Service needs.
type Config struct {
	Orgs      *org.Service
	Directory *directory.Service
	Access    *access.Service
	Mailboxes *mailbox.Service
	Queue     Queue
	Purges    directory.Store
	Quota     int64 // bytes of a new mailbox
	Log       *slog.Logger
}

// Service is one region's.
type Service struct{ Config }

// New checks nothing and starts nothing.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{c}
}

// Door is what an actor may administrate.
type Door struct {
	s     *Service
	actor auth.Actor
}

// For opens the door for an actor.
func (s *Service) For(actor auth.Actor) *Door { return &Door{s, actor} }

// Need is what a call is going to do.
type Need uint8

const (
	Read Need = iota
	Write
)

// unknown is the answer for what does not exist and for what is another's.
func unknown(op string, id ids.Org) error {
	return errs.Say(op, errs.NotFound, errs.Organization, "The organization %s does not exist.", id)
}

func (d *Door) may(op string, need Need) error {
	if need == Write && d.actor.ReadOnly() || d.actor.Kind() == auth.User || d.actor.Kind() == auth.Nobody {
		return errs.Say(op, errs.Denied, errs.Operation, "Your role allows only to look. Ask an administrator with full access.")
	}
	return nil
}

// Organization is an organization as one call sees it.
type Organization struct {
	*directory.View
	ID      ids.Org
	Domains *org.View
	Grants  *access.View

	s *Service
}

// Organization opens an organization that serves, for one call: operation and
// requestID go into the audit record, ifMatch is the revision that the caller
// saw of what he changes (0: any). errs.NotFound or State, Organization.
func (d *Door) Organization(ctx context.Context, id ids.Org, need Need, operation, requestID string, ifMatch int64) (*Organization, error) {
	const op = "provision.Organization"
	if err := d.may(op, need); err != nil {
		return nil, err
	}
	// It is looked up also where the actor may not: the time tells nothing.
	_, err := d.s.Orgs.Serving(ctx, nil, id)
	if !d.actor.MayOrg(id) {
		return nil, unknown(op, id)
	}
	if err != nil {
		return nil, err
	}
	by := d.actor.By(operation, requestID)
	return &Organization{View: d.s.Directory.View(id, by, ifMatch), ID: id, Domains: d.s.Orgs.View(id, by, ifMatch),
		Grants: d.s.Access.View(id, by, ifMatch), s: d.s}, nil
}

// DescribeOrganization answers in every state, Deleted too.
func (d *Door) DescribeOrganization(ctx context.Context, id ids.Org) (org.Organization, error) {
	const op = "provision.DescribeOrganization"
	if err := d.may(op, Read); err != nil {
		return org.Organization{}, err
	}
	o, err := d.s.Orgs.ByID(ctx, nil, id)
	if !d.actor.MayOrg(id) {
		return org.Organization{}, unknown(op, id)
	}
	return o, err
}

// ListOrganizations answers a page of those that the actor may see, in order of
// id, and where the next begins ("" at the end). limit 0 is 100.
func (d *Door) ListOrganizations(ctx context.Context, after ids.Org, limit int) ([]org.Organization, ids.Org, error) {
	if err := d.may("provision.ListOrganizations", Read); err != nil {
		return nil, "", err
	}
	if limit == 0 {
		limit = 100
	}
	list := []org.Organization{}
	for {
		page, next, err := d.s.Orgs.List(ctx, after, 100)
		if err != nil {
			return nil, "", err
		}
		for _, o := range page {
			if !d.actor.MayOrg(o.ID) {
				continue
			}
			if len(list) == limit { // there is one more that this actor may see
				return list, list[limit-1].ID, nil
			}
			list = append(list, o)
		}
		if next == "" {
			return list, "", nil
		}
		after = next
	}
}

// Found is an organization as a list shows it.
type Found struct {
	org.Organization
	EnabledUsers int64
}

// FindOrganizations answers those that the actor may see, in order of id.
func (d *Door) FindOrganizations(ctx context.Context) ([]Found, error) {
	list, _, err := d.ListOrganizations(ctx, "", org.MaxOrganizations)
	if err != nil {
		return nil, err
	}
	users, err := d.s.Directory.Store.EnabledUsers(ctx, nil)
	out := make([]Found, len(list))
	for i, o := range list {
		out[i] = Found{o, users[o.ID]}
	}
	return out, err
}

// CreateOrganization makes an organization, of a foreign directory where
// DirectoryID names one (see directory.Attachable for what is refused). Only who
// has all organizations may.
func (d *Door) CreateOrganization(ctx context.Context, operation, requestID string, in org.NewOrganization) (org.Organization, error) {
	const op = "provision.CreateOrganization"
	if err := d.may(op, Write); err != nil {
		return org.Organization{}, err
	}
	if !d.actor.AllOrgs() {
		return org.Organization{}, errs.Say(op, errs.Denied, errs.Operation, "Your role is for named organizations; making one needs all.")
	}
	in.Owner = string(d.actor.Admin())
	if in.DirectoryID != "" {
		in.Connect = func(ctx context.Context) (string, error) {
			return d.s.Directory.Attachable(ctx, in.DirectoryID, in.Alias)
		}
		in.Attach = func(t *tx.Tx, o org.Organization) error { return d.s.Directory.Attach(t, in.DirectoryID, &o) }
	}
	o, err := d.s.Orgs.CreateOrganization(ctx, d.actor.By(operation, requestID), in)
	if err == nil && in.DirectoryID != "" {
		if err := d.s.Directory.RefreshNames(ctx, o.ID); err != nil {
			d.s.Log.WarnContext(ctx, "the names of a directory are taken over later", "org", string(o.ID), "error", err)
		}
	}
	return o, err
}

// Directories opens the foreign directories of the region, for one call as
// Organization does. To change or test one takes all organizations; who has some
// sees the directories of those.
func (d *Door) Directories(need Need, operation, requestID string, ifMatch int64) (*directory.Registry, error) {
	const op = "provision.Directories"
	if err := d.may(op, need); err != nil {
		return nil, err
	}
	if need == Write && !d.actor.AllOrgs() {
		return nil, errs.Say(op, errs.Denied, errs.Operation, "Your role is for named organizations; a directory takes all.")
	}
	sees := func(id ids.Org) bool { return d.actor.AllOrgs() || id != "" && d.actor.MayOrg(id) }
	return d.s.Directory.Registry(d.actor.By(operation, requestID), ifMatch, sees), nil
}

// RegisterToWorkMail enables an entry with its primary address, with a mailbox
// where it has one: its former one where that is still there.
func (o *Organization) RegisterToWorkMail(ctx context.Context, entry, email string) error {
	_, err := o.View.RegisterToWorkMail(ctx, entry, email, o.attach)
	return err
}

// CreateUserWithMailbox makes a user and enables it in the same Write: both or
// neither. A remote user gets no mailbox, has no password and need not have an address.
func (o *Organization) CreateUserWithMailbox(ctx context.Context, in directory.NewUser, email string) (directory.Entry, error) {
	if err := noPassword(in); err != nil {
		return directory.Entry{}, err
	}
	if email == "" && in.Role != directory.RoleRemoteUser {
		return directory.Entry{}, errs.Say("provision.CreateUserWithMailbox", errs.Invalid, errs.Address, "A user with a mailbox needs an address.")
	}
	in.Email = email
	return o.CreateUser(ctx, in, o.attach)
}

func noPassword(in directory.NewUser) error {
	if in.Role == directory.RoleRemoteUser && in.Password != "" {
		return errs.Say("provision.CreateUserWithMailbox", errs.Password, errs.Entry, "A remote user does not sign in here, and has no password.")
	}
	return nil
}

// attach gives an entry its mailbox, in the Write that enables it.
func (o *Organization) attach(t *tx.Tx, e *directory.Entry) error { return o.s.attach(t, e) }

func (s *Service) attach(t *tx.Tx, e *directory.Entry) (err error) {
	if e.Mailbox != 0 {
		return s.Mailboxes.Reattach(t.Context(), t, e.Mailbox)
	}
	if e.Mailbox, err = s.Mailboxes.Provision(t.Context(), t, e.Org, e.ID, s.Quota); err != nil {
		return err
	}
	e.Provisioned = e.EnabledAt
	return nil
}

// Settle brings to an end what calls that died left half made in foreign
// directories: a user with a mailbox, or neither, see directory.Settle.
func (s *Service) Settle(ctx context.Context, age time.Duration) error {
	return s.Directory.Settle(ctx, age, s.attach)
}

// DeregisterFromWorkMail disables an entry: locked out when this answers, its
// mailbox stays for directory.RetentionTime.
func (o *Organization) DeregisterFromWorkMail(ctx context.Context, entry string) error {
	_, err := o.View.DeregisterFromWorkMail(ctx, entry, func(t *tx.Tx, e *directory.Entry) error {
		if e.Mailbox == 0 {
			return nil
		}
		return o.s.Mailboxes.Detach(t.Context(), t, e.Mailbox, e.DisabledAt)
	})
	return err
}

// withMailbox finds an entry that has one; errs.NotFound, Entry.
func (o *Organization) withMailbox(ctx context.Context, op, entry string) (directory.Entry, error) {
	e, err := o.s.Directory.Resolve(ctx, nil, o.ID, entry)
	if err != nil {
		return e, err
	}
	return e, mailboxOf(op, &e)
}

func mailboxOf(op string, e *directory.Entry) error {
	if e.Mailbox == 0 {
		return errs.Say(op, errs.NotFound, errs.Entry, "%s has no mailbox. Register it first.", e.Name)
	}
	return nil
}

// MailboxDetails answers size and quota in bytes.
func (o *Organization) MailboxDetails(ctx context.Context, entry string) (size, quota int64, err error) {
	e, err := o.withMailbox(ctx, "provision.MailboxDetails", entry)
	if err != nil {
		return 0, 0, err
	}
	return o.s.Mailboxes.Usage(ctx, e.Mailbox)
}

// MaxQuota is the greatest quota in MB.
const MaxQuota = 51200

// UpdateQuota sets the quota of an entry's mailbox, 1 to MaxQuota MB.
func (o *Organization) UpdateQuota(ctx context.Context, entry string, megabytes int64) error {
	const op = "provision.UpdateQuota"
	if megabytes < 1 || megabytes > MaxQuota {
		return errs.Say(op, errs.Invalid, errs.Mailbox, "A quota is from 1 to %d MB.", MaxQuota)
	}
	_, err := o.Alter(ctx, op, entry, func(t *tx.Tx, e *directory.Entry) (string, error) {
		if err := mailboxOf(op, e); err != nil {
			return "", err
		}
		was, err := o.s.Mailboxes.SetQuota(t.Context(), t, e.Mailbox, megabytes<<20)
		return fmt.Sprintf("quota %d → %d MB", was>>20, megabytes), err
	})
	return err
}

// DeregisterMailDomain removes a mail domain. errs.InUse, MailDomain while an
// enabled entry has an address of it; what disabled ones keep of it goes.
func (o *Organization) DeregisterMailDomain(ctx context.Context, name string) error {
	return o.Domains.DeregisterMailDomain(ctx, name, func(t *tx.Tx, domain string) (bool, error) {
		return o.s.Directory.ReleaseDomain(t, o.ID, domain)
	})
}
