package dirstore

import (
	"context"
	"encoding/json"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

// intended is the column entry: an Entry, and beside its fields, since one
// version, what else the call was to do.
type intended struct {
	directory.Entry
	Intent planned
}

type planned struct {
	Email   string   `json:",omitempty"`
	Mailbox bool     `json:",omitempty"`
	Groups  []string `json:",omitempty"`
	By      audit.By
	Back    bool `json:",omitempty"`
}

func (s *Entries) PutIntent(t *tx.Tx, i directory.Intent) error {
	raw, err := json.Marshal(intended{i.Entry, planned{i.Email, i.Mailbox, i.Groups, i.By, i.Back}})
	if err == nil {
		_, err = s.Q(t).Exec(t.Context(), `INSERT INTO intent (org, id, name_key, entry, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (org, id) DO UPDATE SET entry = excluded.entry`,
			string(i.Org), i.ID, i.NameKey, raw, ms(i.Created))
	}
	return err
}

func (s *Entries) intents(ctx context.Context, v tx.View, where string, args ...any) ([]directory.Intent, error) {
	var list []directory.Intent
	err := s.Q(v).Each(ctx, `SELECT org, id, name_key, entry, created_at FROM intent WHERE `+where, args, func(scan func(...any) error) error {
		var i directory.Intent
		var raw []byte
		var created int64
		if err := scan((*string)(&i.Org), &i.ID, &i.NameKey, &raw, &created); err != nil {
			return err
		}
		i.Created = at(created)
		var in intended
		err := json.Unmarshal(raw, &in)
		p := in.Intent
		i.Entry, i.Email, i.Mailbox, i.Groups, i.By, i.Back = in.Entry, p.Email, p.Mailbox, p.Groups, p.By, p.Back
		list = append(list, i)
		return err
	})
	return list, err
}

func (s *Entries) Intent(ctx context.Context, v tx.View, org ids.Org, id string) (directory.Intent, bool, error) {
	return one(s.intents(ctx, v, `org = $1 AND id = $2`, string(org), id))
}

func (s *Entries) IntentByName(ctx context.Context, v tx.View, org ids.Org, key string) (directory.Intent, bool, error) {
	return one(s.intents(ctx, v, `org = $1 AND name_key = $2`, string(org), key))
}

func (s *Entries) Intents(ctx context.Context, v tx.View, before time.Time, limit int) ([]directory.Intent, error) {
	return s.intents(ctx, v, `created_at <= $1 ORDER BY created_at LIMIT $2`, ms(before), limit)
}

func (s *Entries) DeleteIntent(t *tx.Tx, org ids.Org, id string) error {
	_, err := s.Q(t).Exec(t.Context(), `DELETE FROM intent WHERE org = $1 AND id = $2`, string(org), id)
	return err
}

func (s *Entries) PutPurge(t *tx.Tx, p directory.Purge) error {
	_, err := s.Q(t).Exec(t.Context(), `INSERT INTO mailbox_purge (mailbox, org) VALUES ($1, $2) ON CONFLICT (mailbox) DO NOTHING`, int64(p.Mailbox), string(p.Org))
	return err
}

func (s *Entries) Purges(ctx context.Context, v tx.View, after ids.Mailbox, limit int) ([]directory.Purge, error) {
	var list []directory.Purge
	err := s.Q(v).Each(ctx, `SELECT org, mailbox FROM mailbox_purge WHERE mailbox > $1 ORDER BY mailbox LIMIT $2`, []any{int64(after), limit},
		func(scan func(...any) error) error {
			var p directory.Purge
			err := scan((*string)(&p.Org), (*int64)(&p.Mailbox))
			list = append(list, p)
			return err
		})
	return list, err
}

func (s *Entries) DeletePurge(t *tx.Tx, id ids.Mailbox) error {
	_, err := s.Q(t).Exec(t.Context(), `DELETE FROM mailbox_purge WHERE mailbox = $1`, int64(id))
	return err
}
