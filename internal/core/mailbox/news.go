package mailbox

import (
	"context"
	"time"

	"postroom/internal/base/ids"
)

// News is an item as the search index reads it. Body.Length is 0 where the item
// has no content.
type News struct {
	Item ids.Item
	Body Body
	Meta []byte // wire/mime's form
}

// NewItems returns at most n items of a mailbox that were made after one, by id,
// those in no folder too.
func (s *Service) NewItems(ctx context.Context, id ids.Mailbox, after ids.Item, n int) ([]News, error) {
	return s.store.NewItems(ctx, id, after, n)
}

// Waiting counts the items that were made after one, and tells when the first of
// them came.
func (s *Service) Waiting(ctx context.Context, id ids.Mailbox, after ids.Item) (count int64, first time.Time, err error) {
	return s.store.Waiting(ctx, id, after)
}

// ItemIDs returns at most n ids of items that were made after one, ascending.
func (s *Service) ItemIDs(ctx context.Context, id ids.Mailbox, after ids.Item, n int) ([]ids.Item, error) {
	return s.store.ItemIDs(ctx, id, after, n)
}

// Boxes returns at most n mailboxes behind one, by id.
func (s *Service) Boxes(ctx context.Context, after ids.Mailbox, n int) ([]Box, error) {
	return s.store.Boxes(ctx, after, n)
}

// Box returns a mailbox's own row.
func (s *Service) Box(ctx context.Context, id ids.Mailbox) (Box, error) {
	return s.store.Box(ctx, nil, id)
}
