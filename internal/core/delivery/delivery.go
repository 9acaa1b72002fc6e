// Package delivery is the way in: what a message must pass at the door, and the
// step that puts it into the Inbox. It refuses to look for recipients and to
// keep what cannot be delivered yet: core/mailflow does both. It answers nil
// only when the message survives power loss.
package delivery

import (
	"context"
	"io"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/mailflow"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// Service is the way in of one region. It is the mailflow.Inbox of its region.
type Service struct {
	flow      *mailflow.Service
	mailboxes *mailbox.Service
}

// New makes the way in of a region and tells its mail flow.
func New(flow *mailflow.Service, mailboxes *mailbox.Service) *Service {
	s := &Service{flow, mailboxes}
	flow.DeliverTo(s)
	return s
}

// Prepare makes the content lasting for one organization, with Return-Path in
// front (RFC 5321 §4.4). Nothing of a single recipient is in the bytes: they
// are stored once for all of the organization.
func (s *Service) Prepare(ctx context.Context, org ids.Org, sender address.Address, c mailflow.Content) (*mailbox.Prepared, error) {
	c = mailflow.Prefixed("Return-Path: <"+sender.String()+">\r\n", c)
	return s.mailboxes.Prepare(ctx, org, io.NewSectionReader(c, 0, c.Size()), c.Size())
}

// PlaceTx puts a message into the Inbox of each mailbox, which come in order of id.
func (s *Service) PlaceTx(ctx context.Context, t *tx.Tx, p *mailbox.Prepared, by mailbox.Origin, to []ids.Mailbox) error {
	if len(to) == 0 {
		return nil
	}
	targets := make([]mailbox.Target, len(to))
	for i, id := range to {
		targets[i].Mailbox = id
	}
	_, err := s.mailboxes.DeliverTx(ctx, t, p, by, targets)
	return err
}

// Door takes mail from other servers.
type Door struct {
	s     *Service
	actor auth.Actor
}

// For returns the door; only the server itself (auth.System) may use it.
func (s *Service) For(actor auth.Actor) *Door { return &Door{s, actor} }

// Arrival is a message from another server.
type Arrival struct {
	ID      string // NewID
	Sender  address.Address
	To      []mailflow.Recipient // of this region, from mailflow.Router.Route
	Content mailflow.Content
	Trace   string // Received: field of this server with its line end
}

// NewID makes the id of a transaction.
func (d *Door) NewID() string { return d.s.flow.NewID() }

// Receive delivers a message, or queues it where it has very many recipients.
//
// errs.Limit, Message: it went around too often. errs.TooLarge, Message: its
// header is too long. errs.OverQuota, Mailbox: a mailbox filled up meanwhile,
// and nobody has got it.
func (d *Door) Receive(ctx context.Context, a Arrival) error {
	const op = "delivery.Receive"
	if d.actor.Kind() != auth.System {
		return errs.Say(op, errs.Denied, errs.Operation, "Only the server itself takes mail from others.")
	}
	if len(a.To) == 0 {
		return errs.Say(op, errs.Invalid, errs.Address, "The message has no recipient.")
	}
	for _, to := range a.To {
		if to.Kind != mailflow.Mailbox && to.Kind != mailflow.Group || to.Region != d.actor.Region() {
			return errs.Say(op, errs.Denied, errs.MailDomain, "This server does not relay mail to %s.", to.Address)
		}
	}
	h, err := mailflow.ReadHeader(a.Content)
	if err != nil {
		return err
	}
	if len(h.All("received")) >= mailflow.MaxReceived {
		return errs.Say(op, errs.Limit, errs.Message, "The message has passed too many servers: this looks like a loop.")
	}
	return d.s.flow.Accept(ctx, &mailflow.Incoming{ID: a.ID, Sender: a.Sender, To: a.To, Content: h.Without(a.Content, a.Trace, "return-path"),
		Head: d.actor.Head()})
}
