package mailbox

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/tx"
)

const (
	maxProperties = 1000
	maxProperty   = 64 << 10 // bytes of one value
)

// NewObject is an item without MIME: what it is stands in its bag.
type NewObject struct {
	Folder     ids.Folder
	Class      string // IPM.…
	Associated bool
	SourceKey  []byte
	ChangeKey  []byte
	Properties []Property
}

// AddObject makes an item from properties alone.
func (m *Mailbox) AddObject(ctx context.Context, o NewObject) (Placed, error) {
	const op = "mailbox.AddObject"
	var size int64
	for _, p := range o.Properties {
		if size += int64(len(p.Value)); len(p.Value) > maxProperty {
			return Placed{}, errs.Say(op, errs.TooLarge, errs.Item, "A property has at most %d bytes.", maxProperty)
		}
	}
	if len(o.Properties) > maxProperties {
		return Placed{}, errs.Say(op, errs.Limit, errs.Item, "An item has at most %d properties.", maxProperties)
	}
	var placed Placed
	err := m.write(ctx, op, func(t *tx.Tx, c *changing) error {
		seq, err := c.takeSize(1, size)
		if err != nil {
			return err
		}
		if c.box.Size > c.box.Quota {
			return errs.Say(op, errs.OverQuota, errs.Mailbox, "The mailbox is full.")
		}
		uid, validity, err := m.s.store.AddItem(ctx, t, m.id, NewItem{Folder: o.Folder, Seq: seq, Now: c.now, Received: c.now, Size: size,
			Thread: ids.Item(seq), Class: o.Class, Associated: o.Associated, SourceKey: o.SourceKey, ChangeKey: o.ChangeKey})
		if err != nil {
			return err
		}
		placed = Placed{ids.Item(seq), uid, validity}
		return m.s.store.SetProperties(ctx, t, m.id, ids.Item(seq), o.Properties)
	})
	return placed, err
}

// Properties returns the bag of an item.
func (m *Mailbox) Properties(ctx context.Context, item ids.Item) ([]Property, error) {
	return m.s.store.Properties(ctx, nil, m.id, item)
}

// PropertyID returns the id that stands for a named property in this mailbox,
// from 0x8000 on, making one where it is new ([MS-OXCDATA] 2.6.1).
func (m *Mailbox) PropertyID(ctx context.Context, guid, name string) (id uint16, err error) {
	err = m.s.store.Write(ctx, m.org, func(t *tx.Tx) (err error) {
		if err = t.LockMailbox(m.id); err != nil {
			return err
		}
		id, err = m.s.store.PropertyID(ctx, t, m.id, guid, name)
		return err
	})
	return id, err
}
