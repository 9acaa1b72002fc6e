package mailbox

import (
	"context"

	"postroom/internal/base/ids"
)

// SnapshotReady tells whether Snapshot need not read the folder whole.
func (m *Mailbox) SnapshotReady(folder ids.Folder) bool {
	c := m.s.snapshots
	c.mu.Lock()
	defer c.mu.Unlock()
	el := c.byKey[snapshotKey{m.id, folder}]
	return el != nil && el.Value.(*cached).cost > 0
}

// SnapshotAt returns the messages that lay in a folder when f was read, for a
// session that has told them by f's counters. Those that have left since are
// in it with no item; flags are those of now.
func (m *Mailbox) SnapshotAt(ctx context.Context, f Folder) (*Snapshot, error) {
	snap, err := m.Snapshot(ctx, f.ID)
	if err != nil || snap.UIDNext == f.UIDNext && int64(snap.n) == f.Total {
		return snap, err
	}
	left, err := m.s.store.LeftSince(ctx, m.id, f.ID, f.SeqCounts)
	if err != nil {
		return nil, err
	}
	var back []Entry
	for _, uid := range left {
		if uid < f.UIDNext {
			back = append(back, Entry{UID: uid})
		}
	}
	var newer []ids.UID
	snap.Each(snap.Find(f.UIDNext), snap.n, func(_ int, e Entry) bool {
		newer = append(newer, e.UID)
		return true
	})
	old := *snap.with(back, newer)
	old.UIDNext, old.UIDValidity, old.Seq = f.UIDNext, f.UIDValidity, f.SeqCounts
	return &old, nil
}
