package dirstore

import (
	"context"
	"strings"
	"time"

	"postroom/internal/base/ids"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Orgs keeps organizations, mail domains, tags and client tokens of a region.
type Orgs struct{ base }

var _ org.Store = (*Orgs)(nil)

// NewOrgs keeps them in db.
func NewOrgs(db *sqldb.DB) *Orgs { return &Orgs{base{db}} }

const orgColumns = `id, alias, state, directory_id, directory_type, default_domain, error, org_key, created_at, completed_at, revision`

func (s *Orgs) organizations(ctx context.Context, v tx.View, where string, args ...any) ([]org.Organization, error) {
	var list []org.Organization
	err := s.Q(v).Each(ctx, `SELECT `+orgColumns+` FROM organization WHERE `+where, args, func(scan func(...any) error) error {
		var o org.Organization
		var created, completed int64
		err := scan((*string)(&o.ID), &o.Alias, (*string)(&o.State), &o.DirectoryID, &o.DirectoryType, &o.DefaultDomain, &o.Error, &o.Key,
			&created, &completed, &o.Revision)
		o.Created, o.Completed = at(created), at(completed)
		list = append(list, o)
		return err
	})
	return list, err
}

func one[T any](list []T, err error) (x T, found bool, _ error) {
	if err != nil || len(list) == 0 {
		return x, false, err
	}
	return list[0], true, nil
}

func (s *Orgs) Organization(ctx context.Context, v tx.View, id ids.Org) (org.Organization, bool, error) {
	return one(s.organizations(ctx, v, `id = $1`, string(id)))
}

func (s *Orgs) OrganizationByAlias(ctx context.Context, v tx.View, alias string) (org.Organization, bool, error) {
	return one(s.organizations(ctx, v, `alias_key = $1`, alias))
}

func (s *Orgs) Organizations(ctx context.Context, v tx.View, after ids.Org, limit int) ([]org.Organization, error) {
	return s.organizations(ctx, v, `id > $1 AND state <> 'Deleted' ORDER BY id LIMIT $2`, string(after), limit)
}

func (s *Orgs) InsertOrganization(t *tx.Tx, o org.Organization, max int) (bool, error) {
	n, err := s.exec(t, `UPDATE region_count SET organizations = organizations + 1 WHERE id = 1 AND organizations < $1`, max)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = s.exec(t, `INSERT INTO organization (id, alias, alias_key, state, directory_id, directory_type, default_domain, error, org_key,
		created_at, completed_at, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		string(o.ID), o.Alias, strings.ToLower(o.Alias), string(o.State), o.DirectoryID, o.DirectoryType, o.DefaultDomain, o.Error, o.Key,
		ms(o.Created), ms(o.Completed), o.Revision)
	return err == nil, err
}

func (s *Orgs) UpdateOrganization(t *tx.Tx, o org.Organization) error {
	alias := strings.ToLower(o.Alias)
	if o.State == org.Deleted {
		n, err := s.exec(t, `UPDATE organization SET state = 'Deleted' WHERE id = $1 AND state <> 'Deleted'`, string(o.ID))
		if err == nil && n > 0 {
			_, err = s.exec(t, `UPDATE region_count SET organizations = organizations - 1 WHERE id = 1`)
		}
		if err != nil {
			return err
		}
		alias = ""
	}
	_, err := s.exec(t, `UPDATE organization SET state = $2, directory_id = $3, directory_type = $4, default_domain = $5, error = $6,
		org_key = $7, completed_at = $8, revision = $9, alias_key = $10 WHERE id = $1`,
		string(o.ID), string(o.State), o.DirectoryID, o.DirectoryType, o.DefaultDomain, o.Error, o.Key, ms(o.Completed), o.Revision, nullIf(alias))
	return err
}

const domainColumns = `org, name, token, state, test, created_at, verified_at, checked_at, next_check, revision`

func (s *Orgs) domains(ctx context.Context, v tx.View, where string, args ...any) ([]org.Domain, error) {
	var list []org.Domain
	err := s.Q(v).Each(ctx, `SELECT `+domainColumns+` FROM mail_domain WHERE `+where, args, func(scan func(...any) error) error {
		var d org.Domain
		var created, verified, checked, next int64
		err := scan((*string)(&d.Org), &d.Name, &d.Token, (*string)(&d.State), &d.Test, &created, &verified, &checked, &next, &d.Revision)
		d.Created, d.VerifiedAt, d.Checked, d.NextCheck = at(created), at(verified), at(checked), at(next)
		list = append(list, d)
		return err
	})
	return list, err
}

func (s *Orgs) Domain(ctx context.Context, v tx.View, id ids.Org, name string) (org.Domain, bool, error) {
	return one(s.domains(ctx, v, `org = $1 AND name = $2`, string(id), name))
}

func (s *Orgs) Domains(ctx context.Context, v tx.View, id ids.Org, after string, limit int) ([]org.Domain, error) {
	return s.domains(ctx, v, `org = $1 AND name > $2 ORDER BY name LIMIT $3`, string(id), after, limit)
}

func (s *Orgs) DomainsToCheck(ctx context.Context, v tx.View, now time.Time, limit int) ([]org.Domain, error) {
	return s.domains(ctx, v, `next_check > 0 AND next_check <= $1 ORDER BY next_check LIMIT $2`, ms(now), limit)
}

func (s *Orgs) DomainsOf(ctx context.Context, v tx.View, orgs []ids.Org, prefix string, limit int) ([]org.Domain, error) {
	if len(orgs) == 0 {
		return nil, nil
	}
	marks, args := inList(4, orgs)
	return s.domains(ctx, v, `org IN (`+marks+`) AND name >= $1 AND name < $2 ORDER BY name LIMIT $3`,
		append([]any{prefix, prefix + top, limit}, args...)...)
}

func (s *Orgs) CountDomains(ctx context.Context, v tx.View, id ids.Org) (n int, err error) {
	err = s.Q(v).QueryRow(ctx, `SELECT COUNT(*) FROM mail_domain WHERE org = $1`, string(id)).Scan(&n)
	return n, err
}

func (s *Orgs) InsertDomain(t *tx.Tx, d org.Domain) error {
	_, err := s.Q(t).Exec(t.Context(), `INSERT INTO mail_domain (`+domainColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		string(d.Org), d.Name, d.Token, string(d.State), d.Test, ms(d.Created), ms(d.VerifiedAt), ms(d.Checked), ms(d.NextCheck), d.Revision)
	return err
}

func (s *Orgs) UpdateDomain(t *tx.Tx, d org.Domain) error {
	_, err := s.Q(t).Exec(t.Context(), `UPDATE mail_domain SET token = $3, state = $4, created_at = $5, verified_at = $6, checked_at = $7,
		next_check = $8, revision = $9 WHERE org = $1 AND name = $2`,
		string(d.Org), d.Name, d.Token, string(d.State), ms(d.Created), ms(d.VerifiedAt), ms(d.Checked), ms(d.NextCheck), d.Revision)
	return err
}

func (s *Orgs) DeleteDomain(t *tx.Tx, id ids.Org, name string) error {
	_, err := s.Q(t).Exec(t.Context(), `DELETE FROM mail_domain WHERE org = $1 AND name = $2`, string(id), name)
	return err
}

func (s *Orgs) Tags(ctx context.Context, v tx.View, id ids.Org) ([]org.Tag, error) {
	var list []org.Tag
	err := s.Q(v).Each(ctx, `SELECT name, value FROM tag WHERE org = $1 ORDER BY name`, []any{string(id)}, func(scan func(...any) error) error {
		var g org.Tag
		err := scan(&g.Key, &g.Value)
		list = append(list, g)
		return err
	})
	return list, err
}

func (s *Orgs) PutTag(t *tx.Tx, id ids.Org, g org.Tag) error {
	_, err := s.Q(t).Exec(t.Context(), `INSERT INTO tag (org, name, value) VALUES ($1, $2, $3)
		ON CONFLICT (org, name) DO UPDATE SET value = excluded.value`, string(id), g.Key, g.Value)
	return err
}

func (s *Orgs) DeleteTag(t *tx.Tx, id ids.Org, key string) error {
	_, err := s.Q(t).Exec(t.Context(), `DELETE FROM tag WHERE org = $1 AND name = $2`, string(id), key)
	return err
}

func (s *Orgs) Replay(ctx context.Context, v tx.View, r org.Replay) (org.Replay, bool, error) {
	var time int64
	found, err := s.Q(v).Found(ctx, `SELECT input, answer, at FROM client_token WHERE operation = $1 AND owner = $2 AND org = $3 AND token = $4`,
		[]any{r.Operation, r.Owner, string(r.Org), r.Token}, &r.Input, &r.Answer, &time)
	r.At = at(time)
	return r, found, err
}

func (s *Orgs) PutReplay(t *tx.Tx, r org.Replay) error {
	_, err := s.Q(t).Exec(t.Context(), `INSERT INTO client_token (operation, owner, org, token, input, answer, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (operation, owner, org, token) DO UPDATE SET input = excluded.input, answer = excluded.answer, at = excluded.at`,
		r.Operation, r.Owner, string(r.Org), r.Token, r.Input, r.Answer, ms(r.At))
	return err
}

func (s *Orgs) DeleteReplays(t *tx.Tx, before time.Time, limit int) (int64, error) {
	return s.Q(t).Exec(t.Context(), `DELETE FROM client_token WHERE (operation, owner, org, token) IN
		(SELECT operation, owner, org, token FROM client_token WHERE at < $1 LIMIT $2)`, ms(before), limit)
}

// The tables of an organization with the rest of each key. Its audit chain and
// client tokens stay: the tokens end by their age.
var erased = [][2]string{
	{"permission", "owner, grantee"}, {"delegate", "resource, entry"}, {"member", "grp, entry"}, {"address", "entry, addr_key"},
	{"credential", "entry"}, {"intent", "id"}, {"entry", "id"}, {"entry_word", "word, kind, entry"}, {"entry_count", "kind, shown, role"}, {"tag", "name"}, {"mail_domain", "name"}, {"mailbox_purge", "mailbox"},
	{"mirrored", "dir_key"}, {"mirrored_address", "entry, addr_key"}, {"mirrored_member", "grp, dir_key"}, {"mirror", "org"},
	{"sign_in", "entry, ok, day, head, remote, reason"}, {"statistic", "step, at"},
}

func (s *Orgs) Erase(t *tx.Tx, id ids.Org, limit int) (int64, error) {
	var total int64
	for _, e := range erased {
		n, err := s.exec(t, `DELETE FROM `+e[0]+` WHERE org = $1 AND (`+e[1]+`) IN (SELECT `+e[1]+` FROM `+e[0]+` WHERE org = $1 LIMIT $2)`,
			string(id), int64(limit)-total)
		total += n
		if err != nil || total >= int64(limit) {
			return total, err
		}
	}
	return total, nil
}
