package dirstore

import (
	"context"
	"strconv"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
	"postroom/internal/store/sqldb"
)

// Entries keeps users, groups and resources of a region.
type Entries struct {
	base
	targets targets
}

var _ directory.Store = (*Entries)(nil)

// NewEntries keeps them in db.
func NewEntries(db *sqldb.DB) *Entries { return &Entries{base: base{db}} }

var entryNames = strings.Fields(`org id kind role name display_name state dir_state email hidden
	created_at enabled_at disabled_at deleted_at provisioned_at deprovisioned_at mailbox idp dir_key version revision grants_revision
	resource_type description auto_accept decline_recurring decline_conflicting
	first_name last_name initials telephone street job_title city company zip_code department country office import_id
	upn password_set former_before former_until guard gone_at`)

// derivedNames are columns that the indexes need and that follow from the others.
var derivedNames = []string{"name_key", "sort_key", "display_key", "shown", "email_key", "idp_key", "left_at", "upn_key", "words"}

var (
	entryColumns = strings.Join(entryNames, ", ")
	entryOfE     = "e." + strings.Join(entryNames, ", e.")
	entryStored  = append(append([]string{}, entryNames...), derivedNames...)
	insertEntry  = inserting("entry", entryStored, "")
	updateEntry  = func() string {
		var set []string
		for i, n := range entryStored {
			if n != "org" && n != "id" && n != "kind" && n != "created_at" && n != "grants_revision" {
				set = append(set, n+" = $"+strconv.Itoa(i+1))
			}
		}
		// What is not set is named too: PostgreSQL wants each parameter to be used.
		return `UPDATE entry SET ` + strings.Join(set, ", ") + ` WHERE org = $1 AND id = $2 AND kind = $3 AND created_at = $11 AND grants_revision >= $22`
	}()
)

// entryArgs appends the values of entryStored.
func entryArgs(args []any, e *directory.Entry) []any {
	d := &e.Details
	args = append(args,
		string(e.Org), string(e.ID), int64(e.Kind), string(e.Role), e.Name, e.DisplayName, string(e.State), string(e.Dir), e.Email, e.Hidden,
		ms(e.Created), ms(e.EnabledAt), ms(e.DisabledAt), ms(e.DeletedAt), ms(e.Provisioned), ms(e.Deprovisioned), int64(e.Mailbox),
		e.IdentityProviderUserID, e.Key, e.Version, e.Revision, e.GrantsRevision,
		string(e.ResourceType), e.Description, e.Booking.AutoAccept, e.Booking.DeclineRecurring, e.Booking.DeclineConflicting,
		d.FirstName, d.LastName, d.Initials, d.Telephone, d.Street, d.JobTitle, d.City, d.Company, d.ZipCode, d.Department, d.Country, d.Office, e.ImportID,
		e.UPN, e.PasswordSet, ms(e.FormerBefore), ms(e.FormerUntil), e.Guard, ms(e.GoneAt),
	)
	nameKey, upnKey, left := directory.NameKey(e.Name), directory.NameKey(e.UPN), time.Time{}
	switch {
	case e.State == directory.Deleted:
		nameKey, upnKey, left = "", "", e.DeletedAt
	case e.State == directory.Disabled && e.Mailbox != 0:
		left = e.DisabledAt
	case e.Dir == directory.DirGone:
		left = e.GoneAt
	}
	sort, display := sortKeys(e)
	return append(args, nullIf(nameKey), sort, display, string(e.Shown()), directory.EmailKey(e.Email),
		directory.SortKey(e.IdentityProviderUserID), ms(left), upnKey, directory.LaterWords(sort, display))
}

// sortKeys are sort_key and display_key.
func sortKeys(e *directory.Entry) (name, display string) {
	if e.Name == "" {
		return string(e.ID), directory.SortKey(e.DisplayName)
	}
	return directory.SortKey(e.Name), directory.SortKey(e.DisplayName)
}

func scanEntry(scan func(...any) error, more ...any) (e directory.Entry, err error) {
	d := &e.Details
	var created, enabled, disabled, deleted, provisioned, deprovisioned, before, until, gone int64
	into := []any{
		(*string)(&e.Org), (*string)(&e.ID), (*int8)(&e.Kind), (*string)(&e.Role), &e.Name, &e.DisplayName, (*string)(&e.State),
		(*string)(&e.Dir), &e.Email, &e.Hidden, &created, &enabled, &disabled, &deleted, &provisioned, &deprovisioned, (*int64)(&e.Mailbox),
		&e.IdentityProviderUserID, &e.Key, &e.Version, &e.Revision, &e.GrantsRevision,
		(*string)(&e.ResourceType), &e.Description, &e.Booking.AutoAccept, &e.Booking.DeclineRecurring, &e.Booking.DeclineConflicting,
		&d.FirstName, &d.LastName, &d.Initials, &d.Telephone, &d.Street, &d.JobTitle, &d.City, &d.Company, &d.ZipCode, &d.Department,
		&d.Country, &d.Office, &e.ImportID, &e.UPN, &e.PasswordSet, &before, &until, &e.Guard, &gone,
	}
	err = scan(append(into, more...)...)
	e.Created, e.EnabledAt, e.DisabledAt, e.DeletedAt = at(created), at(enabled), at(disabled), at(deleted)
	e.Provisioned, e.Deprovisioned, e.FormerBefore, e.FormerUntil, e.GoneAt = at(provisioned), at(deprovisioned), at(before), at(until), at(gone)
	return e, err
}

func (s *Entries) entries(ctx context.Context, v tx.View, text string, args ...any) ([]directory.Entry, error) {
	var list []directory.Entry
	err := s.Q(v).Each(ctx, text, args, func(scan func(...any) error) error {
		e, err := scanEntry(scan)
		list = append(list, e)
		return err
	})
	return list, err
}

func (s *Entries) Entry(ctx context.Context, v tx.View, org ids.Org, id ids.Entry) (directory.Entry, bool, error) {
	return one(s.entries(ctx, v, `SELECT `+entryColumns+` FROM entry WHERE org = $1 AND id = $2`, string(org), string(id)))
}

func (s *Entries) EntryByName(ctx context.Context, v tx.View, org ids.Org, key string) (directory.Entry, bool, error) {
	return one(s.entries(ctx, v, `SELECT `+entryColumns+` FROM entry WHERE org = $1 AND name_key = $2`, string(org), key))
}

func (s *Entries) EntryByAddress(ctx context.Context, v tx.View, org ids.Org, key string) (directory.Entry, bool, error) {
	return one(s.entries(ctx, v, `SELECT `+entryOfE+` FROM address a JOIN entry e ON e.org = a.org AND e.id = a.entry
		WHERE a.org = $1 AND a.addr_key = $2 AND a.held`, string(org), key))
}

func (s *Entries) EntriesByUPN(ctx context.Context, v tx.View, org ids.Org, key string) ([]directory.Entry, error) {
	return s.entries(ctx, v, `SELECT `+entryColumns+` FROM entry WHERE org = $1 AND upn_key = $2 AND upn_key <> '' LIMIT 2`, string(org), key)
}

func (s *Entries) Entries(ctx context.Context, v tx.View, org ids.Org, list []ids.Entry) ([]directory.Entry, error) {
	var all []directory.Entry
	for len(list) > 0 {
		n := min(len(list), 100)
		marks, args := inList(2, list[:n])
		list = list[n:]
		some, err := s.entries(ctx, v, `SELECT `+entryColumns+` FROM entry WHERE org = $1 AND id IN (`+marks+`)`, append([]any{string(org)}, args...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// inList writes parameters from number first on. Their count is a power of two,
// the last repeated, so that few statements exist.
func inList[S ~string](first int, list []S) (marks string, args []any) {
	n := 1
	for n < len(list) {
		n *= 2
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(first+i))
		args = append(args, string(list[min(i, len(list)-1)]))
	}
	return b.String(), args
}

func (s *Entries) Insert(t *tx.Tx, list ...*directory.Entry) error {
	s.NewEdition(t)
	more := map[counted]int{}
	err := s.insert(t, insertEntry, len(list), func(args []any, n int) []any {
		more[countedAs(list[n])]++
		return entryArgs(args, list[n])
	})
	if err == nil {
		err = s.putWords(t, list...)
	}
	for c, n := range more {
		if err == nil {
			err = s.count(t, c, n)
		}
	}
	return err
}

func (s *Entries) Update(t *tx.Tx, e *directory.Entry) error {
	was, now := counted{org: e.Org, kind: e.Kind}, countedAs(e)
	words, err := s.counted(t, e.ID, &was)
	if err != nil {
		return err
	}
	n, err := s.exec(t, updateEntry, entryArgs(nil, e)...)
	if err == nil && n != 1 {
		err = errs.Say("dirstore.Update", errs.Internal, errs.Storage, "The entry %s is not there as it was read.", e.ID)
	}
	if err == nil {
		err = s.changeWords(t, e, words)
	}
	if err != nil || was == now {
		return err
	}
	if err := s.count(t, was, -1); err != nil {
		return err
	}
	return s.count(t, now, 1)
}

// counted is what entries are counted by.
type counted struct {
	org   ids.Org
	kind  directory.Kind
	shown directory.State
	role  directory.Role
}

func countedAs(e *directory.Entry) counted { return counted{e.Org, e.Kind, e.Shown(), e.Role} }

func (s *Entries) count(t *tx.Tx, c counted, n int) error {
	_, err := s.exec(t, `INSERT INTO entry_count (org, kind, shown, role, n) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (org, kind, shown, role) DO UPDATE SET n = entry_count.n + excluded.n`, string(c.org), int64(c.kind), string(c.shown), string(c.role), n)
	return err
}

// counted reads as what an entry is counted, and answers which words it has in
// entry_word; it changes nothing where there is none.
func (s *Entries) counted(t *tx.Tx, id ids.Entry, c *counted) (words string, err error) {
	_, err = s.Q(t).Found(t.Context(), `SELECT kind, shown, role, words FROM entry WHERE org = $1 AND id = $2`, []any{string(c.org), string(id)},
		(*int8)(&c.kind), (*string)(&c.shown), (*string)(&c.role), &words)
	if c.shown == directory.Deleted {
		words = ""
	}
	return words, err
}

func (s *Entries) Counts(ctx context.Context, v tx.View, org ids.Org) (list []directory.Count, err error) {
	err = s.Q(v).Each(ctx, `SELECT kind, shown, CAST(SUM(n) AS BIGINT) FROM entry_count WHERE org = $1 GROUP BY kind, shown ORDER BY kind, shown`, []any{string(org)},
		func(scan func(...any) error) error {
			var n directory.Count
			err := scan((*int8)(&n.Kind), (*string)(&n.State), &n.Entries)
			list = append(list, n)
			return err
		})
	return list, err
}

func (s *Entries) EnabledUsers(ctx context.Context, v tx.View) (map[ids.Org]int64, error) {
	out := map[ids.Org]int64{}
	err := s.Q(v).Each(ctx, `SELECT org, CAST(SUM(n) AS BIGINT) FROM entry_count WHERE kind = $1 AND shown = 'ENABLED' GROUP BY org`, []any{int64(directory.KindUser)},
		func(scan func(...any) error) error {
			var org ids.Org
			var n int64
			err := scan((*string)(&org), &n)
			out[org] = n
			return err
		})
	return out, err
}

// listColumns are what a list shows: a page of a hundred is read often.
const listColumns = `id, role, name, display_name, state, dir_state, email, hidden, enabled_at, disabled_at, mailbox, idp, resource_type, description, revision`

// pages are the orders of lists: the key's column and what its index asks for.
var pages = map[directory.Index]struct{ key, where string }{
	directory.IndexName:    {"sort_key", ` AND deleted_at = 0`},
	directory.IndexDisplay: {"display_key", ` AND deleted_at = 0`},
	directory.IndexEmail:   {"email_key", ` AND deleted_at = 0 AND email_key <> ''`},
	directory.IndexIdP:     {"idp_key", ` AND deleted_at = 0 AND idp_key <> ''`},
	directory.IndexState:   {"sort_key", ``},
}

func (s *Entries) Page(ctx context.Context, v tx.View, q directory.PageQuery) ([]directory.Entry, []string, error) {
	p := pages[q.Index]
	prefix := q.Prefix
	args := []any{string(q.Org), int64(q.Kind)}
	if q.Index == directory.IndexState {
		p.where, prefix = ` AND shown = $7`, ""
	}
	after, id := q.AfterKey, string(q.After)
	if id == "" {
		after = prefix
	}
	args = append(args, after, id, prefix+top, q.Limit)
	if q.Index == directory.IndexState {
		args = append(args, q.Prefix)
	}
	var list []directory.Entry
	var keys []string
	text := `SELECT ` + listColumns + `, ` + p.key + ` FROM entry WHERE org = $1 AND kind = $2` + p.where +
		` AND (` + p.key + `, id) > ($3, $4) AND ` + p.key + ` < $5 ORDER BY ` + p.key + `, id LIMIT $6`
	err := s.Q(v).Each(ctx, text, args, func(scan func(...any) error) error {
		e := directory.Entry{Org: q.Org, Kind: q.Kind}
		var key string
		var enabled, disabled int64
		err := scan((*string)(&e.ID), (*string)(&e.Role), &e.Name, &e.DisplayName, (*string)(&e.State), (*string)(&e.Dir), &e.Email, &e.Hidden,
			&enabled, &disabled, (*int64)(&e.Mailbox), &e.IdentityProviderUserID, (*string)(&e.ResourceType), &e.Description, &e.Revision, &key)
		e.EnabledAt, e.DisabledAt = at(enabled), at(disabled)
		list, keys = append(list, e), append(keys, key)
		return err
	})
	return list, keys, err
}

func (s *Entries) AnyEnabled(ctx context.Context, v tx.View, org ids.Org) (found bool, err error) {
	for _, kind := range []directory.Kind{directory.KindUser, directory.KindGroup, directory.KindResource} {
		var x int
		found, err = s.Q(v).Found(ctx, `SELECT 1 FROM entry WHERE org = $1 AND kind = $2 AND shown = 'ENABLED' LIMIT 1`, []any{string(org), int64(kind)}, &x)
		if found || err != nil {
			return found, err
		}
	}
	return false, nil
}

func (s *Entries) DeleteEntry(t *tx.Tx, org ids.Org, e ids.Entry) error {
	was := counted{org: org}
	if _, err := s.counted(t, e, &was); err != nil {
		return err
	}
	n, err := s.exec(t, `DELETE FROM entry WHERE org = $1 AND id = $2 AND state = 'DELETED'`, string(org), string(e))
	if err != nil || n == 0 {
		return err
	}
	return s.count(t, was, -1)
}

func (s *Entries) Left(ctx context.Context, v tx.View, before time.Time, afterOrg ids.Org, after ids.Entry, limit int) ([]directory.Entry, error) {
	return s.entries(ctx, v, `SELECT `+entryColumns+` FROM entry WHERE left_at > 0 AND left_at < $1 AND (org, id) > ($2, $3) ORDER BY org, id LIMIT $4`,
		ms(before), string(afterOrg), string(after), limit)
}

func (s *Entries) DropFormer(t *tx.Tx, until time.Time, limit int) (int64, error) {
	return s.Q(t).Exec(t.Context(), `UPDATE entry SET guard = '', former_before = 0, former_until = 0 WHERE (org, id) IN
		(SELECT org, id FROM entry WHERE former_until > 0 AND former_until <= $1 LIMIT $2)`, ms(until), limit)
}
