package mailbox

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"hash/fnv"
	"io"
	"os"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
	"postroom/internal/wire/mime"
)

// Prepared is a content whose bytes are lasting and parsed, but which is in no
// folder yet. Dropped, it is garbage that the rewriting of packs takes away.
type Prepared struct {
	org        ids.Org
	body       Body
	meta       []byte
	sent       time.Time
	attachment bool
	messageID  int64   // hash, 0: none
	references []int64 // hashes, without messageID
}

// Size is the count of plain bytes.
func (p *Prepared) Size() int64 { return p.body.Size }

// spoolLimit is what of a content is held in memory while it comes in.
const spoolLimit = 1 << 20

// Prepare stores a content once for an organization and parses it. It returns
// when the bytes survive power loss. size is the count of bytes where known,
// else -1.
func (s *Service) Prepare(ctx context.Context, org ids.Org, content io.Reader, size int64) (*Prepared, error) {
	if at, ok := content.(interface {
		io.Reader
		io.ReaderAt
	}); ok && size >= 0 {
		return s.prepare(ctx, org, at, size)
	}
	spool, n, done, err := spooled(content)
	if err != nil {
		return nil, err
	}
	defer done()
	if size >= 0 && n != size {
		return nil, errs.Say("mailbox.Prepare", errs.Invalid, errs.Message, "The message ended before its announced size.")
	}
	return s.prepare(ctx, org, spool, n)
}

func (s *Service) prepare(ctx context.Context, org ids.Org, content io.ReaderAt, size int64) (*Prepared, error) {
	var key BodyKey
	rand.Read(key[:])
	wrapped, err := s.keys.Wrap(ctx, org, key)
	if err != nil {
		return nil, err
	}
	place, err := s.packs.Put(ctx, key, io.NewSectionReader(content, 0, size), size)
	if err != nil {
		return nil, err
	}
	return parsed(org, content, Body{Place: place, Size: size, DataKey: wrapped})
}

func parsed(org ids.Org, content io.ReaderAt, b Body) (*Prepared, error) {
	msg, err := mime.ReadMessage(content, b.Size)
	if err != nil {
		return nil, errs.E("mailbox.Prepare", errs.Internal, errs.Message, err)
	}
	p := &Prepared{org: org, body: b, meta: msg.AppendBinary(nil), sent: msg.Date, attachment: msg.HasAttachment}
	if msg.MessageID != "" {
		p.messageID = hashID(msg.MessageID)
	}
	for _, r := range msg.References {
		if h := hashID(r); h != p.messageID && len(p.references) < maxReferences {
			p.references = append(p.references, h)
		}
	}
	return p, nil
}

// maxReferences bounds what a message can make a thread's lookup do.
const maxReferences = 20

func hashID(id string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	return int64(h.Sum64())
}

// spooled reads a stream into memory, or beyond spoolLimit into a file that is
// gone with it.
func spooled(r io.Reader) (io.ReaderAt, int64, func(), error) {
	var head bytes.Buffer
	n, err := io.Copy(&head, io.LimitReader(r, spoolLimit+1))
	if err != nil {
		return nil, 0, nil, err
	}
	if n <= spoolLimit {
		return bytes.NewReader(head.Bytes()), n, func() {}, nil
	}
	f, err := os.CreateTemp("", "postroom-spool-")
	if err != nil {
		return nil, 0, nil, errs.E("mailbox.Prepare", errs.Unavailable, errs.Storage, err)
	}
	os.Remove(f.Name())
	m, err := io.Copy(f, io.MultiReader(&head, r))
	if err != nil {
		f.Close()
		var write *os.PathError
		if errors.As(err, &write) {
			err = errs.E("mailbox.Prepare", errs.Unavailable, errs.Storage, err)
		}
		return nil, 0, nil, err
	}
	return f, m, func() { f.Close() }, nil
}

// Target is where a content goes.
type Target struct {
	Mailbox  ids.Mailbox
	Folder   ids.Folder // 0: the Inbox
	Flags    Flags
	Keywords []string
	Received time.Time // zero: now
	beyond   bool      // also beyond the quota
}

// Placed is where a content lies now.
type Placed struct {
	Item        ids.Item
	UID         ids.UID
	UIDValidity uint32
}

// Deliver places a content into mailboxes of its organization in one Write: all
// or none. A full mailbox is errs.OverQuota; a mailbox twice is one item each.
func (s *Service) Deliver(ctx context.Context, p *Prepared, by Origin, targets []Target) ([]Placed, error) {
	var placed []Placed
	err := s.store.Write(ctx, p.org, func(t *tx.Tx) (err error) {
		placed, err = s.DeliverTx(ctx, t, p, by, targets)
		return err
	})
	return placed, err
}

// Origin is what the log says of who wrote: an entry's id or empty, and the head.
type Origin struct{ Actor, Head, Operation string }

// DeliverTx is Deliver inside a Write of the caller's. Targets are locked in the
// order given, which must be by mailbox's id.
func (s *Service) DeliverTx(ctx context.Context, t *tx.Tx, p *Prepared, by Origin, targets []Target) ([]Placed, error) {
	placed := make([]Placed, len(targets))
	for i := range targets {
		c := &changing{s: s, ctx: ctx, t: t, id: targets[i].Mailbox, now: s.clock.Now()}
		if err := t.LockMailbox(c.id); err != nil {
			return nil, err
		}
		var err error
		if placed[i], err = c.place(p, &targets[i]); err != nil {
			return nil, err
		}
		if err := c.end(p.org, by.Actor, by.Head, by.Operation); err != nil {
			return nil, err
		}
	}
	return placed, nil
}

func (c *changing) place(p *Prepared, to *Target) (Placed, error) {
	const op = "mailbox.Deliver"
	seq, err := c.takeSize(1, p.body.Size)
	if err != nil {
		return Placed{}, err
	}
	if c.box.Org != p.org || !c.box.Detached.IsZero() {
		return Placed{}, errs.Say(op, errs.State, errs.Mailbox, "The mailbox is not in use.")
	}
	// Take has added the size already.
	if c.box.Size > c.box.Quota && !to.beyond {
		return Placed{}, errs.Say(op, errs.OverQuota, errs.Mailbox, "The mailbox is full.")
	}
	it := NewItem{Folder: to.Folder, Flags: to.Flags, Seq: seq, Now: c.now, Received: to.Received, Sent: p.sent, Size: p.body.Size,
		Body: &p.body, Class: "IPM.Note", Attachment: p.attachment, Meta: p.meta}
	if it.Folder == 0 {
		it.Folder = FolderOf(Inbox)
	}
	if it.Received.IsZero() {
		it.Received = c.now
	}
	if len(to.Keywords) > 0 {
		bits, err := c.keywords(op, to.Keywords)
		if err != nil {
			return Placed{}, err
		}
		it.Flags |= bits
	}
	if it.Thread, err = c.thread(p, ids.Item(seq)); err != nil {
		return Placed{}, err
	}
	uid, validity, err := c.s.store.AddItem(c.ctx, c.t, c.id, it)
	if err != nil {
		return Placed{}, err
	}
	return Placed{ids.Item(seq), uid, validity}, c.warn()
}

// thread finds the conversation of a message by its references, else begins one
// (RFC 5256 §3: only ids count here, subjects do not).
func (c *changing) thread(p *Prepared, item ids.Item) (ids.Item, error) {
	known := p.references
	if p.messageID != 0 {
		known = append(known[:len(known):len(known)], p.messageID)
	}
	if len(known) == 0 {
		return item, nil
	}
	return c.s.store.JoinThread(c.ctx, c.t, c.id, known, item)
}

// keywords returns the bits of keywords, adding those that the mailbox lacks.
func (c *changing) keywords(op string, names []string) (Flags, error) {
	b, err := c.s.store.Box(c.ctx, c.t, c.id)
	if err != nil {
		return 0, err
	}
	all, bits, err := b.Keywords.with(op, names)
	if err == nil && len(all) != len(b.Keywords) {
		err = c.s.store.SetKeywords(c.ctx, c.t, c.id, all)
	}
	return bits, err
}

// Append places a content into a folder, as APPEND does.
func (m *Mailbox) Append(ctx context.Context, p *Prepared, to Target) (Placed, error) {
	to.Mailbox = m.id
	placed, err := m.s.Deliver(ctx, p, Origin{m.actorID(), m.actor.Head(), "mailbox.Append"}, []Target{to})
	if err != nil {
		return Placed{}, err
	}
	return placed[0], nil
}

// Prepare stores a content for Append.
func (m *Mailbox) Prepare(ctx context.Context, content io.Reader, size int64) (*Prepared, error) {
	if err := m.s.Fits(ctx, m.id, max(size, 0)); err != nil {
		return nil, err
	}
	return m.s.Prepare(ctx, m.org, content, size)
}

// cleanKeywords drops empty ones and doubles.
func cleanKeywords(names []string) []string {
	var kept []string
	seen := map[string]bool{}
	for _, n := range names {
		if k := strings.ToLower(n); n != "" && !seen[k] {
			seen[k] = true
			kept = append(kept, n)
		}
	}
	return kept
}

// Body is where a prepared content lies, for who keeps it outside of a mailbox
// (the queue) and counts as a Holder.
func (p *Prepared) Body() Body { return p.body }

// Resume makes a Prepared of a content that is kept outside of a mailbox.
func (s *Service) Resume(ctx context.Context, org ids.Org, b Body) (*Prepared, error) {
	c, err := s.openAt(ctx, org, b)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return parsed(org, c, b)
}

// OpenBody opens a content that is kept outside of a mailbox.
func (s *Service) OpenBody(ctx context.Context, org ids.Org, b Body) (Content, error) {
	return s.openAt(ctx, org, b)
}
