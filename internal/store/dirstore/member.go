package dirstore

import (
	"context"
	"slices"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

func (s *Entries) PutMember(t *tx.Tx, org ids.Org, group, member ids.Entry) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `INSERT INTO member (org, grp, entry) VALUES ($1, $2, $3) ON CONFLICT (org, grp, entry) DO NOTHING`,
		string(org), string(group), string(member))
	return n > 0, err
}

func (s *Entries) DeleteMember(t *tx.Tx, org ids.Org, group, member ids.Entry) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `DELETE FROM member WHERE org = $1 AND grp = $2 AND entry = $3`, string(org), string(group), string(member))
	return n > 0, err
}

func (s *Entries) Members(ctx context.Context, v tx.View, org ids.Org, group, after ids.Entry, limit int) ([]directory.Entry, error) {
	return s.entries(ctx, v, `SELECT `+entryOfE+` FROM member m JOIN entry e ON e.org = m.org AND e.id = m.entry
		WHERE m.org = $1 AND m.grp = $2 AND m.entry > $3 AND e.deleted_at = 0 ORDER BY m.entry LIMIT $4`, string(org), string(group), string(after), limit)
}

func (s *Entries) Groups(ctx context.Context, v tx.View, org ids.Org, member ids.Entry, prefix, afterKey string, after ids.Entry, limit int) ([]directory.Entry, []string, error) {
	if after == "" {
		afterKey = prefix
	}
	var list []directory.Entry
	var keys []string
	err := s.Q(v).Each(ctx, `SELECT `+entryOfE+`, e.sort_key FROM member m JOIN entry e ON e.org = m.org AND e.id = m.grp
		WHERE m.org = $1 AND m.entry = $2 AND e.deleted_at = 0 AND (e.sort_key, e.id) > ($3, $4) AND e.sort_key < $5
		ORDER BY e.sort_key, e.id LIMIT $6`, []any{string(org), string(member), afterKey, string(after), prefix + top, limit},
		func(scan func(...any) error) error {
			var key string
			e, err := scanEntry(scan, &key)
			list, keys = append(list, e), append(keys, key)
			return err
		})
	return list, keys, err
}

// UNION in a recursion drops what it has seen, so that even a cycle ends. CROSS
// JOIN keeps SQLite to the order written: it knows nothing of how few rows a
// recursion has, and would read all members of the organization in each step.
func (s *Entries) GroupsOf(ctx context.Context, v tx.View, org ids.Org, member ids.Entry) ([]ids.Entry, error) {
	var list []ids.Entry
	err := s.Q(v).Each(ctx, `WITH RECURSIVE up (id) AS (
		SELECT m.grp FROM member m CROSS JOIN entry e WHERE m.org = $1 AND m.entry = $2 AND e.org = m.org AND e.id = m.grp AND e.shown = 'ENABLED'
		UNION SELECT m.grp FROM up CROSS JOIN member m CROSS JOIN entry e
			WHERE m.org = $1 AND m.entry = up.id AND e.org = m.org AND e.id = m.grp AND e.shown = 'ENABLED')
		SELECT id FROM up`, []any{string(org), string(member)}, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		list = append(list, ids.Entry(id))
		return err
	})
	return list, err
}

func (s *Entries) Above(ctx context.Context, v tx.View, org ids.Org, group ids.Entry, list []ids.Entry) ([]ids.Entry, error) {
	marks, args := inList(3, list)
	var above []ids.Entry
	err := s.Q(v).Each(ctx, `WITH RECURSIVE up (id) AS (
		SELECT CAST($2 AS TEXT)
		UNION SELECT m.grp FROM up CROSS JOIN member m WHERE m.org = $1 AND m.entry = up.id)
		SELECT id FROM up WHERE id IN (`+marks+`)`, append([]any{string(org), string(group)}, args...), func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		above = append(above, ids.Entry(id))
		return err
	})
	return above, err
}

func (s *Entries) Expand(ctx context.Context, v tx.View, org ids.Org, group ids.Entry, limit int) ([]directory.Entry, error) {
	// The groups first: they are few. Their members come once each.
	return s.entries(ctx, v, `WITH RECURSIVE down (id) AS (
		SELECT id FROM entry WHERE org = $1 AND id = $2 AND kind = 2 AND shown = 'ENABLED'
		UNION SELECT m.entry FROM down CROSS JOIN member m CROSS JOIN entry e
			WHERE m.org = $1 AND m.grp = down.id AND e.org = m.org AND e.id = m.entry AND e.kind = 2 AND e.shown = 'ENABLED')
		SELECT `+entryOfE+` FROM entry e WHERE e.org = $1 AND e.kind <> 2 AND e.shown = 'ENABLED' AND e.id IN
			(SELECT m.entry FROM down CROSS JOIN member m WHERE m.org = $1 AND m.grp = down.id) ORDER BY e.id LIMIT $3`,
		string(org), string(group), limit)
}

func (s *Entries) PutDelegate(t *tx.Tx, org ids.Org, resource, delegate ids.Entry) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `INSERT INTO delegate (org, resource, entry) VALUES ($1, $2, $3) ON CONFLICT (org, resource, entry) DO NOTHING`,
		string(org), string(resource), string(delegate))
	return n > 0, err
}

func (s *Entries) DeleteDelegate(t *tx.Tx, org ids.Org, resource, delegate ids.Entry) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `DELETE FROM delegate WHERE org = $1 AND resource = $2 AND entry = $3`, string(org), string(resource), string(delegate))
	return n > 0, err
}

func (s *Entries) Delegates(ctx context.Context, v tx.View, org ids.Org, resource, after ids.Entry, limit int) ([]directory.Entry, error) {
	return s.entries(ctx, v, `SELECT `+entryOfE+` FROM delegate d JOIN entry e ON e.org = d.org AND e.id = d.entry
		WHERE d.org = $1 AND d.resource = $2 AND d.entry > $3 AND e.deleted_at = 0 ORDER BY d.entry LIMIT $4`, string(org), string(resource), string(after), limit)
}

func (s *Entries) PasswordHash(ctx context.Context, v tx.View, org ids.Org, e ids.Entry) (hash string, err error) {
	_, err = s.Q(v).Found(ctx, `SELECT hash FROM credential WHERE org = $1 AND entry = $2`, []any{string(org), string(e)}, &hash)
	return hash, err
}

func (s *Entries) WithPassword(ctx context.Context, v tx.View, org ids.Org, list []ids.Entry) (set []ids.Entry, err error) {
	for part := range slices.Chunk(list, 128) {
		marks, args := inList(2, part)
		err := s.Q(v).Each(ctx, `SELECT entry FROM credential WHERE org = $1 AND entry IN (`+marks+`)`,
			append([]any{string(org)}, args...), func(scan func(...any) error) error {
				var id string
				err := scan(&id)
				set = append(set, ids.Entry(id))
				return err
			})
		if err != nil {
			return nil, err
		}
	}
	return set, nil
}

func (s *Entries) PutPassword(t *tx.Tx, org ids.Org, e ids.Entry, hash string, at time.Time) error {
	_, err := s.Q(t).Exec(t.Context(), `INSERT INTO credential (org, entry, hash, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (org, entry) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at`, string(org), string(e), hash, ms(at))
	return err
}

// related says where rows of an entry lie: the table, its column, the rest of the key.
var related = [][3]string{
	{"credential", "entry", "entry"}, {"address", "entry", "addr_key"},
	{"permission", "owner", "grantee"}, {"permission", "grantee", "owner"},
	{"delegate", "resource", "entry"}, {"delegate", "entry", "resource"},
	{"member", "entry", "grp"}, {"member", "grp", "entry"},
	{"mirrored", "entry", "dir_key"}, {"mirrored_address", "entry", "addr_key"}, {"mirrored_member", "grp", "dir_key"},
}

func (s *Entries) DropRelations(t *tx.Tx, org ids.Org, e ids.Entry, limit int) (int64, error) {
	var total int64
	for _, r := range related {
		n, err := s.Q(t).Exec(t.Context(), `DELETE FROM `+r[0]+` WHERE org = $1 AND `+r[1]+` = $2 AND `+r[2]+` IN
			(SELECT `+r[2]+` FROM `+r[0]+` WHERE org = $1 AND `+r[1]+` = $2 LIMIT $3)`, string(org), string(e), int64(limit)-total)
		total += n
		if err != nil || total >= int64(limit) {
			return total, err
		}
	}
	return total, nil
}
