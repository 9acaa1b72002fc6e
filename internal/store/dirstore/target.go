package dirstore

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	organization "postroom/internal/core/org"
	"postroom/internal/core/tx"
)

// TargetByAddress reads what mail needs and no more. Of an organization that does
// not serve, nothing is found.
func (s *Entries) TargetByAddress(ctx context.Context, v tx.View, org ids.Org, key string) (t directory.Target, found bool, err error) {
	var id, role, shown string
	var kind, box int64
	found, err = s.Q(v).Found(ctx, `SELECT e.id, e.kind, e.role, e.shown, e.mailbox FROM address a JOIN entry e ON e.org = a.org AND e.id = a.entry
		JOIN organization o ON o.id = a.org AND o.state IN ($3, $4)
		WHERE a.org = $1 AND a.addr_key = $2 AND a.held`, []any{string(org), key, string(organization.Active), string(organization.Impaired)}, &id, &kind, &role, &shown, &box)
	e := directory.Entry{Kind: directory.Kind(kind), Role: directory.Role(role)}
	t = directory.Target{Entry: ids.Entry(id), Kind: e.Kind, Enabled: shown == string(directory.Enabled)}
	if e.HasMailbox() {
		t.Mailbox = ids.Mailbox(box)
	}
	return t, found, err
}
