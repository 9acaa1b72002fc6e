package mailbox

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
)

// Contents calls f for the messages of a folder in a range of uids, by uid, with
// where their content lies; Length is 0 where there is none. Open one soon, with
// OpenBody: a rewrite of packs moves it some hours later. f must not wait.
func (m *Mailbox) Contents(ctx context.Context, folder ids.Folder, r Range, f func(uid ids.UID, b Body) error) error {
	return m.s.store.Contents(ctx, m.id, folder, r, f)
}

// OpenBody opens a content of this mailbox. Close it after use.
func (m *Mailbox) OpenBody(ctx context.Context, b Body) (Content, error) {
	if b.Length == 0 {
		return nil, errs.Say("mailbox.OpenBody", errs.NotFound, errs.Item, "This item has no content.")
	}
	return m.s.openAt(ctx, m.org, b)
}
