package dirstore

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/tx"
)

// walked is how many entries are looked at one by one: so few are filtered and
// sorted sooner than an index of their order is followed.
const walked = 2000

// order is one of Find's: its columns, and what it is when rows are sorted here.
type order struct{ columns, text, number string }

var orders = map[directory.SortBy]order{
	directory.ByName:        {"sort_key", "sort_key", "0"},
	directory.ByDisplayName: {"display_key", "display_key", "0"},
	directory.ByEmail:       {"email_key", "email_key", "0"},
	directory.ByState:       {"shown, sort_key", "shown || ' ' || sort_key", "0"},
	directory.ByEnabledDate: {"enabled_at", "''", "enabled_at"},
}

func (o order) by(descending bool) string {
	if !descending {
		return o.columns + ", id"
	}
	return strings.ReplaceAll(o.columns, ",", " DESC,") + " DESC, id DESC"
}

// find is a query with what the counts say of it.
type find struct {
	directory.FindQuery
	order
	total int64 // that have the states and roles
	all   int64 // but Deleted ones
	live  bool  // all but Deleted ones: no filter by state
	roles bool  // a filter by role, which not all of the kind pass
}

// Find implements directory.Store.
func (s *Entries) Find(ctx context.Context, v tx.View, q directory.FindQuery) (directory.Found, error) {
	f, err := s.narrow(ctx, v, q)
	found := directory.Found{Total: f.total, Unfiltered: f.all}
	if err != nil || f.total == 0 {
		return found, err
	}
	var list []ids.Entry
	if f.Key == "" && !f.selective() {
		list, err = s.slice(ctx, v, f)
	} else {
		var hits []hit
		if hits, found.More, err = s.hits(ctx, v, f); err == nil {
			found.Total = int64(len(hits))
			list = page(hits, f)
		}
	}
	if err != nil {
		return directory.Found{}, err
	}
	found.Entries, err = s.shown(ctx, v, q.Org, list)
	return found, err
}

// narrow leaves of a query's states and roles those that there are.
func (s *Entries) narrow(ctx context.Context, v tx.View, q directory.FindQuery) (find, error) {
	f := find{FindQuery: q, order: orders[q.SortBy], live: true}
	f.States, f.Roles = nil, nil
	err := s.Q(v).Each(ctx, `SELECT shown, role, n FROM entry_count WHERE org = $1 AND kind = $2 AND n > 0`, []any{string(q.Org), int64(q.Kind)},
		func(scan func(...any) error) error {
			var state directory.State
			var role directory.Role
			var n int64
			if err := scan((*string)(&state), (*string)(&role), &n); err != nil {
				return err
			}
			if state != directory.Deleted {
				f.all += n
			}
			stateFits, roleFits := slices.Contains(q.States, state), len(q.Roles) == 0 || slices.Contains(q.Roles, role)
			if stateFits != (state != directory.Deleted) {
				f.live = false
			}
			if !roleFits {
				f.roles = true
			}
			if !stateFits || !roleFits {
				return nil
			}
			f.total += n
			if !slices.Contains(f.States, state) {
				f.States = append(f.States, state)
			}
			if !slices.Contains(f.Roles, role) {
				f.Roles = append(f.Roles, role)
			}
			return nil
		})
	return f, err
}

// few tells whether they are looked at one by one.
func (f *find) few() bool { return f.total <= walked || slices.Contains(f.States, directory.Deleted) }

// selective tells whether an index of states or roles finds them sooner than
// the order's: they are few among many, or the order's index does not have them.
func (f *find) selective() bool {
	if !f.few() || f.live && !f.roles {
		return false
	}
	return f.roles || len(f.States) > 1 || f.SortBy != directory.ByName && f.SortBy != directory.ByState
}

// filter is the condition on states and roles. It uses no index by state or
// role, but reads both from the order's.
func (f *find) filter(a *arguments) (where string) {
	if !f.live {
		where += ` AND (e.shown || '') IN (` + in(a, f.States) + `)`
	}
	if f.roles {
		where += ` AND (e.role || '') IN (` + in(a, f.Roles) + `)`
	}
	return where
}

// slice answers a page by walking along the order's index, from the nearer end.
func (s *Entries) slice(ctx context.Context, v tx.View, f find) ([]ids.Entry, error) {
	if int64(f.Offset) >= f.total {
		return nil, nil
	}
	limit := min(int64(f.Limit), f.total-int64(f.Offset))
	offset, descending, turned := int64(f.Offset), f.Descending, false
	if fromEnd := f.total - offset - limit; fromEnd < offset {
		offset, descending, turned = fromEnd, !descending, true
	}
	args := arguments{string(f.Org), int64(f.Kind), limit, offset}
	where := ` AND e.deleted_at = 0`
	if f.SortBy == directory.ByState {
		where = ` AND e.shown > 'DELETED'` // its index has the Deleted ones too
	}
	if !f.live && len(f.States) == 1 && !f.roles && (f.SortBy == directory.ByName || f.SortBy == directory.ByState) {
		where = ` AND e.shown = ` + args.add(string(f.States[0]))
	} else {
		where += f.filter(&args)
	}
	var list []ids.Entry
	err := s.Q(v).Each(ctx, `SELECT e.id FROM entry e WHERE e.org = $1 AND e.kind = $2`+where+` ORDER BY `+f.by(descending)+` LIMIT $3 OFFSET $4`, args,
		func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			list = append(list, ids.Entry(id))
			return err
		})
	if turned {
		slices.Reverse(list)
	}
	return list, err
}

// hit is an entry that fits, with its place in the order.
type hit struct {
	id     ids.Entry
	text   string
	number int64
}

func page(hits []hit, f find) []ids.Entry {
	slices.SortFunc(hits, func(a, b hit) int {
		c := cmp.Or(strings.Compare(a.text, b.text), cmp.Compare(a.number, b.number), strings.Compare(string(a.id), string(b.id)))
		if f.Descending {
			return -c
		}
		return c
	})
	var list []ids.Entry
	for _, h := range hits[min(f.Offset, len(hits)):min(f.Offset+f.Limit, len(hits))] {
		list = append(list, h.id)
	}
	return list
}

// hits answers all that fit, each once, in no order; of many those that come
// first by each of their keys.
func (s *Entries) hits(ctx context.Context, v tx.View, f find) (list []hit, more bool, err error) {
	seen := map[ids.Entry]bool{}
	get := func(w way, limit int) error {
		n := 0
		text := `SELECT e.id, ` + qualified(f.text) + `, ` + qualified(f.number) + ` FROM ` + w.from
		err := s.Q(v).Each(ctx, text, w.args, func(scan func(...any) error) error {
			var h hit
			if err := scan((*string)(&h.id), &h.text, &h.number); err != nil {
				return err
			}
			if n++; limit > 0 && n > limit {
				more = true
			} else if !seen[h.id] {
				seen[h.id] = true
				list = append(list, h)
			}
			return nil
		})
		return err
	}
	if f.few() {
		err = get(f.walk(), 0)
		return list, false, err
	}
	ways, err := s.ways(ctx, v, search{org: f.Org, kind: f.Kind, Beginning: f.Beginning, filter: f.filter, limit: directory.MaxMatches + 1})
	if err != nil {
		return nil, false, err
	}
	for _, w := range ways {
		if err := get(w, directory.MaxMatches); err != nil {
			return nil, false, err
		}
	}
	return list, more, nil
}

// qualified names the columns of an order's expression as those of e.
func qualified(expression string) string {
	for _, c := range []string{"sort_key", "display_key", "email_key", "shown", "enabled_at"} {
		if strings.HasPrefix(expression, c) || strings.Contains(expression, " "+c) {
			expression = strings.Replace(expression, c, "e."+c, 1)
		}
	}
	return expression
}

// walk reads all that have the states and roles, and tries each.
func (f *find) walk() way {
	args := arguments{string(f.Org), int64(f.Kind)}
	states := in(&args, f.States)
	where := `e.kind = $2 AND e.shown IN (` + states + `)`
	if f.roles {
		roles := in(&args, f.Roles)
		if slices.Contains(f.Roles, directory.RoleUser) {
			where += ` AND (e.role || '') IN (` + roles + `)`
		} else { // by the index of the rare roles
			where = `e.kind + 0 = $2 AND (e.shown || '') IN (` + states + `) AND e.role IN (` + roles + `) AND e.role <> '' AND e.role <> 'USER'`
		}
	}
	where += fits(&args, f.Beginning)
	return way{`entry e WHERE e.org = $1 AND ` + where, args}
}

// shown reads entries as lists show them, in the order of list.
func (s *Entries) shown(ctx context.Context, v tx.View, org ids.Org, list []ids.Entry) ([]directory.Entry, error) {
	if len(list) == 0 {
		return nil, nil
	}
	marks, args := inList(2, list)
	by := make(map[ids.Entry]directory.Entry, len(list))
	rows, err := s.listed(ctx, v, `entry WHERE org = $1 AND id IN (`+marks+`)`, append([]any{string(org)}, args...))
	if err != nil {
		return nil, err
	}
	for _, e := range rows {
		by[e.ID] = e
	}
	all := make([]directory.Entry, 0, len(list))
	for _, id := range list {
		if e, ok := by[id]; ok {
			all = append(all, e)
		}
	}
	return all, nil
}

// listed reads entries of any organization and kind as lists show them.
func (s *Entries) listed(ctx context.Context, v tx.View, from string, args []any) ([]directory.Entry, error) {
	var list []directory.Entry
	err := s.Q(v).Each(ctx, `SELECT org, kind, `+listColumns+`, first_name, last_name FROM `+from, args, func(scan func(...any) error) error {
		var e directory.Entry
		var enabled, disabled int64
		err := scan((*string)(&e.Org), (*int8)(&e.Kind), (*string)(&e.ID), (*string)(&e.Role), &e.Name, &e.DisplayName, (*string)(&e.State), (*string)(&e.Dir),
			&e.Email, &e.Hidden, &enabled, &disabled, (*int64)(&e.Mailbox), &e.IdentityProviderUserID, (*string)(&e.ResourceType), &e.Description, &e.Revision,
			&e.Details.FirstName, &e.Details.LastName)
		e.EnabledAt, e.DisabledAt = at(enabled), at(disabled)
		list = append(list, e)
		return err
	})
	return list, err
}

// Related implements directory.Store.
func (s *Entries) Related(ctx context.Context, v tx.View, q directory.RelatedQuery) (directory.Found, error) {
	from := `member r CROSS JOIN entry e WHERE r.org = $1 AND r.grp = $2`
	if q.Relation == directory.Delegation {
		from = `delegate r CROSS JOIN entry e WHERE r.org = $1 AND r.resource = $2`
	}
	from += ` AND e.org = r.org AND e.id = r.entry AND e.deleted_at = 0`
	args := arguments{string(q.Org), string(q.Of)}
	from += fits(&args, q.Beginning)
	n := len(args)
	var found directory.Found
	var list []ids.Entry
	text := `SELECT e.id, COUNT(*) OVER () FROM ` + from + ` ORDER BY e.sort_key, e.id LIMIT $` + strconv.Itoa(n+1) + ` OFFSET $` + strconv.Itoa(n+2)
	err := s.Q(v).Each(ctx, text, append(args, q.Limit, q.Offset), func(scan func(...any) error) error {
		var id string
		err := scan(&id, &found.Total)
		list = append(list, ids.Entry(id))
		return err
	})
	if err == nil && len(list) == 0 && q.Offset > 0 { // behind the last: the rows did not tell the number
		err = s.Q(v).QueryRow(ctx, `SELECT COUNT(*) FROM `+from, args[:n]...).Scan(&found.Total)
	}
	if err != nil {
		return directory.Found{}, err
	}
	found.Entries, err = s.shown(ctx, v, q.Org, list)
	return found, err
}

// Exactly implements directory.Store.
func (s *Entries) Exactly(ctx context.Context, v tx.View, orgs []ids.Org, key, id string, limit int) ([]directory.Entry, error) {
	marks, list := inList(3, orgs)
	by := func(column string) string {
		return ` org IN (` + marks + `) AND ` + column + ` = $1 LIMIT $2`
	}
	var all []directory.Entry
	for _, way := range []struct{ from, is string }{
		{`entry WHERE` + by("name_key"), key},
		{`entry WHERE kind = 1 AND deleted_at = 0 AND` + by("display_key"), key},
		{`entry WHERE (org, id) IN (SELECT org, entry FROM address WHERE held AND` + by("addr_key") + `)`, key},
		{`entry WHERE deleted_at = 0 AND` + by("id"), id},
	} {
		some, err := s.listed(ctx, v, way.from, append([]any{way.is, limit}, list...))
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// Lookup implements directory.Store.
func (s *Entries) Lookup(ctx context.Context, v tx.View, q directory.LookupQuery) ([]directory.Entry, error) {
	ways, err := s.ways(ctx, v, search{org: q.Org, Beginning: q.Beginning, filter: func(*arguments) string { return "" }, limit: q.Limit})
	if err != nil {
		return nil, err
	}
	if q.ID != "" {
		ways = append(ways, way{`entry e WHERE e.org = $1 AND e.deleted_at = 0 AND e.id >= $2 AND e.id < $3 ORDER BY e.id LIMIT $4`,
			arguments{string(q.Org), q.ID, q.ID + top, q.Limit}})
	}
	var list []ids.Entry
	for _, w := range ways {
		err := s.Q(v).Each(ctx, `SELECT e.id FROM `+w.from, w.args, func(scan func(...any) error) error {
			var id ids.Entry
			err := scan((*string)(&id))
			if len(list) < q.Limit && !slices.Contains(list, id) {
				list = append(list, id)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(list) == q.Limit {
			break
		}
	}
	return s.shown(ctx, v, q.Org, list)
}
