package org

import (
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
)

// Impair makes an organization that serves Impaired and says why, or Active
// again where why is "". It goes on serving.
func (s *Service) Impair(t *tx.Tx, by audit.By, id ids.Org, why string) error {
	o, err := s.Lock(t, id)
	if err != nil {
		return err
	}
	state, detail := Active, "it is Active again"
	if why != "" {
		state, detail = Impaired, "it is Impaired: "+why
	}
	if o.State == state && o.Error == why {
		return nil
	}
	o.State, o.Error, o.Revision = state, why, o.Revision+1
	if err := s.Store.UpdateOrganization(t, o); err != nil {
		return err
	}
	return s.Trail.Record(t, audit.Record{By: by, Org: id, Target: string(id), TargetName: o.Alias, Detail: detail})
}
