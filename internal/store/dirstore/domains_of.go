package dirstore

import (
	"context"

	"postroom/internal/base/ids"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
)

func (s *Orgs) DomainsOf(ctx context.Context, v tx.View, orgs []ids.Org, prefix string, limit int) ([]org.Domain, error) {
	if len(orgs) == 0 {
		return nil, nil
	}
	marks, args := inList(4, orgs)
	return s.domains(ctx, v, `org IN (`+marks+`) AND name >= $1 AND name < $2 ORDER BY name LIMIT $3`,
		append([]any{prefix, prefix + top, limit}, args...)...)
}
