package dirstore

import (
	"context"
	"slices"
	"strings"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

const addressColumns = `org, entry, kind, addr_key, text, held`

func (s *Entries) addresses(ctx context.Context, v tx.View, where string, args ...any) ([]directory.Address, error) {
	var list []directory.Address
	err := s.Q(v).Each(ctx, `SELECT `+addressColumns+` FROM address WHERE `+where, args, func(scan func(...any) error) error {
		var a directory.Address
		err := scan((*string)(&a.Org), (*string)(&a.Entry), (*string)(&a.Kind), &a.Key, &a.Text, &a.Held)
		list = append(list, a)
		return err
	})
	return list, err
}

func (s *Entries) Holder(ctx context.Context, v tx.View, org ids.Org, key string) (directory.Address, bool, error) {
	return one(s.addresses(ctx, v, `org = $1 AND addr_key = $2 AND held`, string(org), key))
}

func (s *Entries) Holders(ctx context.Context, v tx.View, org ids.Org, keys []string) (all []directory.Address, err error) {
	for part := range slices.Chunk(keys, 128) {
		marks, args := inList(2, part)
		some, err := s.addresses(ctx, v, `org = $1 AND addr_key IN (`+marks+`) AND held`, append([]any{string(org)}, args...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (s *Entries) Addresses(ctx context.Context, v tx.View, org ids.Org, e ids.Entry, after string, limit int) ([]directory.Address, error) {
	return s.addresses(ctx, v, `org = $1 AND entry = $2 AND addr_key > $3 ORDER BY addr_key LIMIT $4`, string(org), string(e), after, limit)
}

func (s *Entries) PutAddress(t *tx.Tx, a directory.Address) error {
	_, domain, _ := strings.Cut(a.Key, "@")
	if i := strings.LastIndexByte(a.Key, '@'); i >= 0 {
		domain = a.Key[i+1:]
	}
	_, err := s.exec(t, `INSERT INTO address (org, entry, addr_key, kind, domain, text, held) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (org, entry, addr_key) DO UPDATE SET kind = excluded.kind, text = excluded.text, held = excluded.held`,
		string(a.Org), string(a.Entry), a.Key, string(a.Kind), domain, a.Text, a.Held)
	return err
}

func (s *Entries) DeleteAddress(t *tx.Tx, org ids.Org, e ids.Entry, key string) error {
	_, err := s.exec(t, `DELETE FROM address WHERE org = $1 AND entry = $2 AND addr_key = $3`, string(org), string(e), key)
	return err
}

func (s *Entries) DomainUsed(ctx context.Context, v tx.View, org ids.Org, domain string) (id ids.Entry, found bool, err error) {
	found, err = s.Q(v).Found(ctx, `SELECT e.id FROM address a JOIN entry e ON e.org = a.org AND e.id = a.entry
		WHERE a.org = $1 AND a.domain = $2 AND a.held AND e.state = 'ENABLED' LIMIT 1`, []any{string(org), domain}, (*string)(&id))
	return id, found, err
}

func (s *Entries) DropDomain(t *tx.Tx, org ids.Org, domain string, limit int) (int64, error) {
	// What is primary for an entry is one of these rows, or it is lost already.
	_, err := s.exec(t, `UPDATE entry SET email = '', email_key = '', revision = revision + 1 WHERE org = $1 AND email_key <> '' AND id IN
		(SELECT entry FROM address WHERE org = $1 AND domain = $2 ORDER BY entry, addr_key LIMIT $3)
		AND email_key IN (SELECT addr_key FROM address WHERE org = $1 AND domain = $2 ORDER BY entry, addr_key LIMIT $3)`,
		string(org), domain, limit)
	if err != nil {
		return 0, err
	}
	// Should the mail domain come back, what a foreign directory named is given again.
	_, err = s.exec(t, `UPDATE mirrored_address SET given = false WHERE org = $1 AND (entry, addr_key) IN
		(SELECT entry, addr_key FROM address WHERE org = $1 AND domain = $2 ORDER BY entry, addr_key LIMIT $3)`, string(org), domain, limit)
	if err != nil {
		return 0, err
	}
	return s.exec(t, `DELETE FROM address WHERE org = $1 AND (entry, addr_key) IN
		(SELECT entry, addr_key FROM address WHERE org = $1 AND domain = $2 ORDER BY entry, addr_key LIMIT $3)`, string(org), domain, limit)
}
