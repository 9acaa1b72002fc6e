package mailbox

import (
	"context"

	"postroom/internal/base/ids"
)

// Metas calls f for each message of a folder in a range of uids, by uid, with
// what was parsed at delivery and nothing else: many are searched so. meta is
// valid until f returns; it is empty for an item without content.
func (m *Mailbox) Metas(ctx context.Context, folder ids.Folder, r Range, f func(uid ids.UID, meta []byte) error) error {
	return m.s.store.Metas(ctx, m.id, folder, r, f)
}
