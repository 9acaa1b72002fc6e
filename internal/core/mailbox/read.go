package mailbox

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/wire/mime"
)

// Items calls f for each message of a folder in a range of uids, by uid. With
// meta, Item.Meta holds what was parsed at delivery; it is valid until f returns.
func (m *Mailbox) Items(ctx context.Context, folder ids.Folder, r Range, meta bool, f func(Item) error) error {
	return m.s.store.Items(ctx, m.id, folder, r, meta, f)
}

// Item returns one item.
func (m *Mailbox) Item(ctx context.Context, id ids.Item) (Item, error) {
	return m.s.store.Item(ctx, nil, m.id, id)
}

// Parsed decodes what was parsed at delivery.
func (it *Item) Parsed() (*mime.Message, error) {
	msg, err := mime.Decode(it.Meta)
	if err != nil {
		return nil, errs.E("mailbox.Parsed", errs.Internal, errs.Item, err)
	}
	return msg, nil
}

// Open opens the content of an item. Close it after use.
func (m *Mailbox) Open(ctx context.Context, it Item) (Content, error) {
	return m.s.openBody(ctx, m.org, m.id, it.Body)
}

// OpenContent opens the content of an item of any mailbox, for the search index.
func (s *Service) OpenContent(ctx context.Context, org ids.Org, id ids.Mailbox, body ids.Body) (Content, error) {
	return s.openBody(ctx, org, id, body)
}

func (s *Service) openBody(ctx context.Context, org ids.Org, id ids.Mailbox, body ids.Body) (Content, error) {
	if body == 0 {
		return nil, errs.Say("mailbox.Open", errs.NotFound, errs.Item, "This item has no content.")
	}
	b, err := s.store.Body(ctx, nil, id, body)
	if err != nil {
		return nil, err
	}
	return s.openAt(ctx, org, b)
}

func (s *Service) openAt(ctx context.Context, org ids.Org, b Body) (Content, error) {
	key, err := s.keys.Unwrap(ctx, org, b.DataKey)
	if err != nil {
		return nil, err
	}
	return s.packs.Open(ctx, key, b.Place)
}
