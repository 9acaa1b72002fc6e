package org

import (
	"context"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
)

// View administers one organization's mail domains and tags.
type View struct {
	s       *Service
	org     ids.Org
	by      audit.By
	ifMatch int64
	// Revision is the organization's after the change of tags that the call made, for the next call's ifMatch.
	Revision int64
}

// View is for one call: by goes into the audit record, ifMatch is the revision
// that the caller saw of what he changes (0: whatever it is).
func (s *Service) View(org ids.Org, by audit.By, ifMatch int64) *View {
	return &View{s: s, org: org, by: by, ifMatch: ifMatch}
}

// write runs fn with the organization locked and serving, and records it; fn
// answers the record's detail.
func (v *View) write(ctx context.Context, target, name string, fn func(*tx.Tx, *Organization) (string, error)) error {
	return v.s.Store.Write(ctx, v.org, func(t *tx.Tx) error {
		o, err := v.s.Lock(t, v.org)
		if err != nil {
			return err
		}
		if name == "" {
			name = o.Alias
		}
		detail, err := fn(t, &o)
		if err != nil {
			return err
		}
		return v.s.Trail.Record(t, audit.Record{By: v.by, Org: v.org, Target: target, TargetName: name, Detail: detail})
	})
}

func (v *View) match(revision int64) error {
	if v.ifMatch != 0 && v.ifMatch != revision {
		return errs.Say("org.View", errs.Conflict, errs.Request, "It was changed in the meantime. Load it again.")
	}
	return nil
}
