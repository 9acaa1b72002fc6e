package provision

import (
	"context"

	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

// Mirror follows the foreign directories that organizations of the region have,
// until ctx ends. Who is gone from one keeps the mailbox as one who was deregistered.
func (s *Service) Mirror(ctx context.Context) {
	gone := func(t *tx.Tx, e *directory.Entry) error {
		return s.Mailboxes.Detach(t.Context(), t, e.Mailbox, s.Directory.Clock.Now())
	}
	back := func(t *tx.Tx, e *directory.Entry) error { return s.Mailboxes.Reattach(t.Context(), t, e.Mailbox) }
	s.Directory.RunMirrors(ctx, gone, back)
}
