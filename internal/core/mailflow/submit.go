package mailflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/core/access"
	"postroom/internal/wire/address"
)

// Submission is a message that a signed-in user sends.
type Submission struct {
	ID      string // NewID; empty: one is made
	Sender  address.Address
	To      []Recipient
	Content Content
	Trace   string // Received: field of this server with its line end
}

// NewID makes the id of a transaction.
func (v *View) NewID() string { return v.s.NewID() }

// Route resolves a recipient of the actor's; foreign ones are fine. Errors as Router.Route.
func (v *View) Route(ctx context.Context, a address.Address, size int64) (Recipient, error) {
	if strings.HasPrefix(a.Domain, "[") {
		return Recipient{}, errs.Say("mailflow.Route", errs.Invalid, errs.Address, "Mail to an IP address is not accepted.")
	}
	return v.s.router.Route(ctx, a, size)
}

// CheckSender tells whether the actor may use an address as reverse-path: his
// own ones, those of entries that granted him Send As or Send on Behalf, and
// the null path (read receipts have it). Else errs.Denied, Address.
func (v *View) CheckSender(ctx context.Context, a address.Address) error {
	if a.IsZero() {
		return nil
	}
	_, err := v.how(ctx, a)
	return err
}

func (v *View) how(ctx context.Context, a address.Address) (access.How, error) {
	how, err := v.s.Access.MaySend(ctx, v.actor.Org(), v.actor.Entry(), a)
	if err == nil && how == access.No {
		err = errs.Say("mailflow.CheckSender", errs.Denied, errs.Address, "You may not send as %s.", a)
	}
	return how, err
}

// Submit checks who the message says that it is from, takes out what must not
// leave (Bcc), adds what is missing (Date, Message-ID, Sender), and delivers or
// queues it. When it answers nil the message is lasting. It answers the
// transaction's id.
//
// errs.Denied, Message: From, Sender or Resent-From is not the actor's to use.
// errs.Invalid, Message: the header is not well formed. errs.Limit, Message: it
// went around too often.
func (v *View) Submit(ctx context.Context, m Submission) (string, error) {
	if m.ID == "" {
		m.ID = v.s.NewID()
	}
	if err := v.CheckSender(ctx, m.Sender); err != nil {
		return "", err
	}
	content, err := v.submitted(ctx, m)
	if err != nil {
		return "", err
	}
	in := &Incoming{ID: m.ID, Sender: m.Sender, To: m.To, Content: content, Head: v.actor.Head(), org: v.actor.Org(), actor: v.actor.Entry()}
	return m.ID, v.s.Accept(ctx, in)
}

const opSubmit = "mailflow.Submit"

// submitted is the content as it goes out.
func (v *View) submitted(ctx context.Context, m Submission) (Content, error) {
	h, err := ReadHeader(m.Content)
	if err != nil {
		return nil, err
	}
	if err := wellFormed(h, m.Content); err != nil {
		return nil, err
	}
	from, add, err := v.checkFrom(ctx, h)
	if err != nil {
		return nil, err
	}
	lines := m.Trace
	if add != "" {
		lines += "Sender: " + add + "\r\n"
	}
	if len(h.All("date")) == 0 {
		lines += "Date: " + v.s.Clock.Now().Format(RFC5322Date) + "\r\n"
	}
	if len(h.All("message-id")) == 0 {
		lines += fmt.Sprintf("Message-ID: <%s@%s>\r\n", m.ID, address.DomainKey(from.Domain))
	}
	return h.Without(m.Content, lines, "bcc", "resent-bcc", "return-path"), nil
}

// RFC5322Date is the layout of a date in a header.
const RFC5322Date = "Mon, 02 Jan 2006 15:04:05 -0700"

// once are fields that may stand in a header once (RFC 5322 §3.6). Two of them
// are read differently by different programs.
var once = []string{"from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references"}

func wellFormed(h Header, c Content) error {
	seen := map[string]int{}
	for _, f := range h.Fields {
		if f.Name == "" {
			return errs.Say(opSubmit, errs.Invalid, errs.Message, "The header has a line that is no field: %q.", cut(f.Raw))
		}
		for i, b := range f.Raw {
			if b == 0 || b == '\r' && (i+1 == len(f.Raw) || f.Raw[i+1] != '\n') || b == '\n' && (i == 0 || f.Raw[i-1] != '\r') {
				return errs.Say(opSubmit, errs.Invalid, errs.Message, "The header has a bare CR, LF or NUL in %q.", cut(f.Raw))
			}
		}
		seen[f.Name]++
	}
	for _, name := range once {
		if seen[name] > 1 {
			return errs.Say(opSubmit, errs.Invalid, errs.Message, "The header has more than one %s field.", name)
		}
	}
	if seen["from"] == 0 {
		return errs.Say(opSubmit, errs.Invalid, errs.Message, "The header has no From field.")
	}
	if seen["received"] > MaxReceived {
		return tooManyHops(opSubmit)
	}
	return nil
}

func tooManyHops(op string) error {
	return errs.Say(op, errs.Limit, errs.Message, "The message has passed too many servers: this looks like a loop.")
}

func cut(b []byte) string { return string(b[:min(len(b), 40)]) }

// checkFrom answers the author and the Sender to add ("" for none).
func (v *View) checkFrom(ctx context.Context, h Header) (from address.Address, add string, err error) {
	if from, err = single(h.All("from")[0]); err != nil {
		return from, "", err
	}
	how, err := v.how(ctx, from)
	if err != nil {
		return from, "", asMessage(err)
	}
	senders := h.All("sender")
	for _, f := range senders {
		a, err := single(f)
		if err != nil {
			return from, "", err
		}
		if err := v.checkSenderField(ctx, a, from, how); err != nil {
			return from, "", err
		}
	}
	for _, name := range []string{"resent-from", "resent-sender"} {
		for _, f := range h.All(name) {
			a, err := single(f)
			if err == nil {
				_, err = v.how(ctx, a)
			}
			if err != nil {
				return from, "", asMessage(err)
			}
		}
	}
	if how != access.OnBehalf || len(senders) > 0 {
		return from, "", nil
	}
	own, err := v.s.Directory.ByID(ctx, nil, v.actor.Org(), v.actor.Entry())
	if err != nil {
		return from, "", err
	}
	a, err := address.Parse(own.Email)
	if err != nil {
		return from, "", errs.Say(opSubmit, errs.State, errs.Entry, "You have no address to send from.")
	}
	return from, address.Format(own.DisplayName, a), nil
}

// checkSenderField: Sender is the actor himself, or says again what From says.
func (v *View) checkSenderField(ctx context.Context, a, from address.Address, how access.How) error {
	if a.Key() == from.Key() && how != access.OnBehalf {
		return nil
	}
	is, err := v.how(ctx, a)
	if err == nil && is != access.Own {
		err = errs.Say(opSubmit, errs.Denied, errs.Message, "The Sender field must be your own address, not %s.", a)
	}
	return asMessage(err)
}

// asMessage turns "not your address" into "not your message".
func asMessage(err error) error {
	if errs.Is(err, errs.Denied) {
		return errs.Say(opSubmit, errs.Denied, errs.Message, "%s", errs.Public(err))
	}
	return err
}

// single reads a field that must have exactly one address, about which no two
// readers may differ.
func single(f Field) (address.Address, error) {
	list := address.ParseList(f.Value())
	if len(list) != 1 || list[0].Mark != address.Plain || list[0].Odd {
		return address.Address{}, errs.Say(opSubmit, errs.Invalid, errs.Message, "The %s field must have one well-formed address.", f.Name)
	}
	a, err := list[0].Parsed()
	if err != nil {
		return a, errs.Say(opSubmit, errs.Invalid, errs.Message, "The %s field must have one well-formed address: %s.", f.Name, err)
	}
	return a, nil
}

// backoff is the time before the next attempt.
func (s *Service) backoff(attempts int64) time.Duration {
	return min(s.Retry<<min(attempts, 20), time.Hour)
}
