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

// ReadBodies calls f with each of some contents of this mailbox, in order, open
// until f returns, or with why it cannot be opened. What lies together is fetched
// together.
func (m *Mailbox) ReadBodies(ctx context.Context, list []Body, f func(i int, c Content, err error)) {
	sealed := make([]Sealed, len(list))
	failed := make([]error, len(list))
	for i, b := range list {
		sealed[i].At = b.Place
		sealed[i].Key, failed[i] = m.s.keys.Unwrap(ctx, m.org, b.DataKey)
	}
	contents, closed := m.s.packs.OpenAll(ctx, sealed)
	defer func() { // those that f has not come to
		for _, c := range contents {
			if c != nil {
				c.Close()
			}
		}
	}()
	for i, c := range contents {
		err := failed[i]
		if err == nil {
			err = closed[i]
		}
		if err != nil {
			f(i, nil, err)
			continue
		}
		f(i, c, nil)
		c.Close()
		contents[i] = nil
	}
}
