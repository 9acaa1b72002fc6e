package mailflow

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"io"
	"slices"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/statistics"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

// Incoming is a message that is ready for its recipients.
type Incoming struct {
	ID      string // of the transaction; NewID
	Sender  address.Address
	To      []Recipient
	Content Content // with its trace fields
	Head    string
	// org seals what has to wait and pays for the work; empty: each
	// recipient's own does.
	org   ids.Org
	actor ids.Entry
	seen  []string // marked in the same Write
}

// NewID makes the id of a transaction: 26 hex digits that sort by time.
func (s *Service) NewID() string {
	var b [13]byte
	binary.BigEndian.PutUint64(b[:], uint64(s.Clock.Now().UnixMilli())<<16)
	rand.Read(b[6:])
	return hex.EncodeToString(b[:])
}

// box is a mailbox that gets the message now.
type box struct {
	id       ids.Mailbox
	org      ids.Org
	byMember bool // through a group alone: its being full is not the sender's concern
}

// plan is what happens to a message in one Write.
type plan struct {
	now   []box                           // in order of id
	later map[ids.Org]map[string][]Target // by who seals and by hop
}

func (p *plan) wait(seal ids.Org, hop string, t Target) {
	if p.later[seal] == nil {
		p.later[seal] = map[string][]Target{}
	}
	t.N = int64(len(p.later[seal][hop]) + 1)
	p.later[seal][hop] = append(p.later[seal][hop], t)
}

// Hops of the queue.
func regionHop(name string) string { return "region/" + name }
func retryHop(name string) string  { return "retry/" + name }
func domainHop(a address.Address) string {
	return "domain/" + address.DomainKey(a.Domain)
}

func (s *Service) plan(in *Incoming) *plan {
	p := &plan{later: map[ids.Org]map[string][]Target{}}
	local := map[ids.Mailbox]int{}
	big := false
	for _, to := range in.To {
		if to.Region != s.Region {
			continue
		}
		for _, id := range to.boxes {
			i, again := local[id]
			if !again {
				i = len(p.now)
				local[id] = i
				p.now = append(p.now, box{id, to.Org, true})
			}
			p.now[i].byMember = p.now[i].byMember && to.Kind == Group
		}
		big = big || to.big
	}
	big = big || len(p.now) > now
	if big {
		p.now = nil
	}
	seen := map[string]bool{}
	for _, to := range in.To {
		if key := to.Address.Key(); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		seal := in.org
		if seal == "" {
			seal = to.Org
		}
		switch {
		case to.Kind == Foreign:
			p.wait(seal, domainHop(to.Address), Target{Address: to.Address.String()})
		case to.Region != s.Region:
			p.wait(seal, regionHop(to.Region), Target{Address: to.Address.String()})
		case big:
			p.wait(seal, regionHop(s.Region), Target{Address: to.Address.String()})
		}
	}
	slices.SortFunc(p.now, func(a, b box) int { return int(min(max(a.id-b.id, -1), 1)) })
	return p
}

// Accept delivers a message or queues it. When it answers nil, every recipient
// has the message or will get it, whatever happens to this process; when it
// answers an error nothing has happened.
func (s *Service) Accept(ctx context.Context, in *Incoming) error {
	p := s.plan(in)
	prepared, err := s.prepare(ctx, in, p.now)
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		var sealed []Message
		if sealed, err = s.sealed(ctx, in, p); err != nil {
			return err
		}
		err = s.Store.Write(ctx, s.fair(in), func(t *tx.Tx) error { return s.acceptTx(ctx, t, in, p, prepared, sealed) })
		if err == nil {
			s.counted(in)
		}
		if err == nil || try == 3 || !errs.Is(err, errs.OverQuota) || !s.setAside(ctx, in, p) {
			return err
		}
	}
}

// counted adds a message to the figures of who sent it and who got it, once for
// each organization.
func (s *Service) counted(in *Incoming) {
	if in.org != "" {
		s.Count.Add(in.org, statistics.MailOut, 1)
	}
	var last ids.Org
	for i, to := range in.To {
		if to.Region != s.Region || to.Kind == Foreign || to.Org == last {
			continue
		}
		last = to.Org
		if !slices.ContainsFunc(in.To[:i], func(r Recipient) bool { return r.Org == to.Org && r.Region == s.Region }) {
			s.Count.Add(to.Org, statistics.MailIn, 1)
		}
	}
}

func (s *Service) fair(in *Incoming) ids.Org {
	if in.org == "" && len(in.To) > 0 {
		return in.To[0].Org
	}
	return in.org
}

// prepare makes the content lasting for each organization that gets it now.
func (s *Service) prepare(ctx context.Context, in *Incoming, boxes []box) (map[ids.Org]*mailbox.Prepared, error) {
	prepared := map[ids.Org]*mailbox.Prepared{}
	for _, b := range boxes {
		if prepared[b.org] != nil {
			continue
		}
		p, err := s.inbox.Prepare(ctx, b.org, in.Sender, in.Content)
		if err != nil {
			return nil, err
		}
		prepared[b.org] = p
	}
	return prepared, nil
}

// sealed stores the content once for each organization that waits with it.
func (s *Service) sealed(ctx context.Context, in *Incoming, p *plan) ([]Message, error) {
	var all []Message
	for o := range p.later {
		m := Message{ID: in.ID, Org: o, Sender: in.Sender.String(), Actor: in.actor, Size: in.Content.Size(), Made: s.Clock.Now()}
		if len(p.later) > 1 { // each organization's has an id of its own
			m.ID = s.NewID()
		}
		var key mailbox.BodyKey
		rand.Read(key[:])
		var err error
		if m.Key, err = s.Keys.Wrap(ctx, o, key); err != nil {
			return nil, err
		}
		if m.At, err = s.Packs.Put(ctx, key, io.NewSectionReader(in.Content, 0, m.Size), m.Size); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

func (s *Service) acceptTx(ctx context.Context, t *tx.Tx, in *Incoming, p *plan, prepared map[ids.Org]*mailbox.Prepared, sealed []Message) error {
	if err := s.Store.MarkSeen(t, in.seen, s.Clock.Now()); err != nil {
		return err
	}
	by := mailbox.Origin{Actor: string(in.actor), Head: in.Head, Operation: "mailflow.Accept"}
	if err := s.placeTx(ctx, t, p.now, prepared, by); err != nil {
		return err
	}
	for _, m := range sealed {
		if err := s.Store.AddMessage(t, m); err != nil {
			return err
		}
		for hop, to := range p.later[m.Org] {
			if err := s.Store.AddTask(t, s.newTask(m, hop), to); err != nil {
				return err
			}
		}
	}
	if len(sealed) > 0 {
		t.AfterCommit(func() {
			s.queued.Inc(in.Head)
			s.nudge()
		})
	}
	return nil
}

func (s *Service) newTask(m Message, hop string) Task {
	k := Task{Message: m.ID, Hop: hop, Org: m.Org, State: Ready, Next: s.Clock.Now().Truncate(time.Millisecond)}
	switch {
	case isDomain(hop):
		k.State = Waiting
	case hop == retryHop(s.Region):
		k.Next = k.Next.Add(s.backoff(1))
	}
	return k
}

// placeTx puts the message into mailboxes, which are locked in order of id
// whatever organization they are of.
func (s *Service) placeTx(ctx context.Context, t *tx.Tx, boxes []box, prepared map[ids.Org]*mailbox.Prepared, by mailbox.Origin) error {
	if len(prepared) > 1 {
		for _, b := range boxes {
			if err := t.LockMailbox(b.id); err != nil {
				return err
			}
		}
	}
	to := make([]ids.Mailbox, 0, len(boxes))
	for o, p := range prepared {
		to = to[:0]
		for _, b := range boxes {
			if b.org == o {
				to = append(to, b.id)
			}
		}
		if err := s.inbox.PlaceTx(ctx, t, p, by, to); err != nil {
			return err
		}
	}
	return nil
}

// setAside moves full mailboxes that are reached through a group to a way of
// their own, so that one full member does not hold up the others. false: there
// is none.
func (s *Service) setAside(ctx context.Context, in *Incoming, p *plan) bool {
	full := s.full(ctx, p.now, in.Content.Size())
	if len(full) == 0 {
		return false
	}
	p.now = slices.DeleteFunc(p.now, func(b box) bool { return full[b.id] })
	for id := range full {
		seal := in.org
		if seal == "" {
			seal = s.orgOf(in, id)
		}
		p.wait(seal, retryHop(s.Region), Target{Mailbox: id})
	}
	return true
}

// full returns the members' mailboxes without room for so many bytes and what
// the delivery adds in front.
func (s *Service) full(ctx context.Context, boxes []box, size int64) map[ids.Mailbox]bool {
	full := map[ids.Mailbox]bool{}
	for _, b := range boxes {
		if b.byMember && errs.Is(s.Mailboxes.Fits(ctx, b.id, size+maxReturnPath), errs.OverQuota) {
			full[b.id] = true
		}
	}
	return full
}

// maxReturnPath is what the final delivery puts in front at most.
const maxReturnPath = 300

func (s *Service) orgOf(in *Incoming, id ids.Mailbox) ids.Org {
	for _, to := range in.To {
		if slices.Contains(to.boxes, id) {
			return to.Org
		}
	}
	return ""
}
