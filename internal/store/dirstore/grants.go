package dirstore

import (
	"cmp"
	"context"
	"slices"

	"postroom/internal/base/ids"
	"postroom/internal/core/access"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Grants keeps the permissions of a region.
type Grants struct{ base }

var _ access.Store = (*Grants)(nil)

// NewGrants keeps them in db.
func NewGrants(db *sqldb.DB) *Grants { return &Grants{base{db}} }

func (s *Grants) grants(ctx context.Context, v tx.View, where string, args ...any) ([]access.Grant, error) {
	var list []access.Grant
	err := s.Q(v).Each(ctx, `SELECT org, owner, grantee, full_access, send_as, on_behalf FROM permission WHERE `+where, args,
		func(scan func(...any) error) error {
			var g access.Grant
			err := scan((*string)(&g.Org), (*string)(&g.Owner), (*string)(&g.Grantee), &g.Full, &g.SendAs, &g.OnBehalf)
			list = append(list, g)
			return err
		})
	return list, err
}

func (s *Grants) GrantsTo(ctx context.Context, v tx.View, org ids.Org, owner ids.Entry, grantees []ids.Entry) ([]access.Grant, error) {
	var all []access.Grant
	for len(grantees) > 0 {
		n := min(len(grantees), 128)
		marks, args := inList(3, grantees[:n])
		grantees = grantees[n:]
		some, err := s.grants(ctx, v, `org = $1 AND owner = $2 AND grantee IN (`+marks+`)`, append([]any{string(org), string(owner)}, args...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (s *Grants) FullAccess(ctx context.Context, v tx.View, org ids.Org, grantees []ids.Entry) ([]ids.Entry, error) {
	seen := map[ids.Entry]bool{}
	var list []ids.Entry
	for len(grantees) > 0 {
		n := min(len(grantees), 128)
		marks, args := inList(2, grantees[:n])
		grantees = grantees[n:]
		some, err := s.grants(ctx, v, `org = $1 AND full_access AND grantee IN (`+marks+`)`, append([]any{string(org)}, args...)...)
		if err != nil {
			return nil, err
		}
		for _, g := range some {
			if !seen[g.Owner] {
				seen[g.Owner], list = true, append(list, g.Owner)
			}
		}
	}
	return list, nil
}

func (s *Grants) Grants(ctx context.Context, v tx.View, org ids.Org, owner, after ids.Entry, limit int) ([]access.Grant, error) {
	return s.grants(ctx, v, `org = $1 AND owner = $2 AND grantee > $3 ORDER BY grantee LIMIT $4`, string(org), string(owner), string(after), limit)
}

func (s *Grants) Held(ctx context.Context, v tx.View, org ids.Org, grantees []ids.Entry, after access.Grant, limit int) ([]access.Grant, error) {
	var all []access.Grant
	for some := range slices.Chunk(grantees, 128) {
		marks, args := inList(5, some)
		page, err := s.grants(ctx, v, `org = $1 AND (owner > $2 OR owner = $2 AND grantee > $3) AND grantee IN (`+marks+`) ORDER BY owner, grantee LIMIT $4`,
			append([]any{string(org), string(after.Owner), string(after.Grantee), limit}, args...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
	}
	slices.SortFunc(all, func(a, b access.Grant) int {
		return cmp.Or(cmp.Compare(a.Owner, b.Owner), cmp.Compare(a.Grantee, b.Grantee))
	})
	return all[:min(limit, len(all))], nil
}

func (s *Grants) PutGrant(t *tx.Tx, g access.Grant) error {
	_, err := s.Q(t).Exec(t.Context(), `INSERT INTO permission (org, owner, grantee, full_access, send_as, on_behalf) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (org, owner, grantee) DO UPDATE SET full_access = excluded.full_access, send_as = excluded.send_as, on_behalf = excluded.on_behalf`,
		string(g.Org), string(g.Owner), string(g.Grantee), g.Full, g.SendAs, g.OnBehalf)
	return err
}

func (s *Grants) DeleteGrant(t *tx.Tx, org ids.Org, owner, grantee ids.Entry) (bool, error) {
	n, err := s.Q(t).Exec(t.Context(), `DELETE FROM permission WHERE org = $1 AND owner = $2 AND grantee = $3`, string(org), string(owner), string(grantee))
	return n > 0, err
}

func (s *Grants) RaiseGrants(t *tx.Tx, org ids.Org, owner ids.Entry) error {
	_, err := s.Q(t).Exec(t.Context(), `UPDATE entry SET grants_revision = grants_revision + 1 WHERE org = $1 AND id = $2`, string(org), string(owner))
	return err
}
