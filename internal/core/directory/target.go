package directory

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

// Target is what mail needs to know of who holds an address: a few columns,
// since it is asked for each recipient.
type Target struct {
	Entry   ids.Entry
	Kind    Kind
	Enabled bool        // Entry.Enabled
	Mailbox ids.Mailbox // 0 where none belongs to it
}

// Target answers who holds an address of an organization that serves;
// errs.NotFound, Entry.
func (s *Service) Target(ctx context.Context, v tx.View, org ids.Org, key string) (Target, error) {
	t, found, err := s.Store.TargetByAddress(ctx, v, org, key)
	_, err = orNotFound(Entry{}, found, err, key)
	return t, err
}
