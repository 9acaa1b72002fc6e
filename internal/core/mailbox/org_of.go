package mailbox

import (
	"context"

	"postroom/internal/base/ids"
)

// OrgOf returns the organization of a mailbox; errs.NotFound, Mailbox.
func (s *Service) OrgOf(ctx context.Context, id ids.Mailbox) (ids.Org, error) {
	b, err := s.store.Box(ctx, nil, id)
	return b.Org, err
}
