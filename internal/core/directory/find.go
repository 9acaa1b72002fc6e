package directory

import (
	"context"
	"slices"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
)

// SortBy is an order of Find.
type SortBy string

const (
	ByName        SortBy = "NAME"
	ByDisplayName SortBy = "DISPLAY_NAME" // users only
	ByEmail       SortBy = "EMAIL"
	ByState       SortBy = "STATE" // then by name
	ByEnabledDate SortBy = "ENABLED_DATE"
)

// Search asks for entries of one kind.
type Search struct {
	Query      string  // what the name, the display name or an address begins with, or words that each begin one of theirs; "" for all
	States     []State // none: Enabled and Disabled
	Roles      []Role  // of users; none: all
	SortBy     SortBy  // "": ByName
	Descending bool
	Offset     int
	Limit      int // 1 to 100, 0 is 100
}

// Found is a page with the number of all.
type Found struct {
	Entries    []Entry // what a list shows, see Store.Page
	Total      int64
	Unfiltered int64 // of Find: all but Deleted ones, whatever the filters
	More       bool  // a Query fits more than Total: of each of name, display name, their later words and address MaxMatches are found
}

// MaxMatches of a Search by each of name, display name, their later words and address.
const MaxMatches = 1000

// FindUsers answers any page of the users that fit.
func (v *View) FindUsers(ctx context.Context, q Search) (Found, error) {
	return v.findAll(ctx, "directory.FindUsers", KindUser, q)
}

// FindGroups is FindUsers for groups.
func (v *View) FindGroups(ctx context.Context, q Search) (Found, error) {
	return v.findAll(ctx, "directory.FindGroups", KindGroup, q)
}

// FindResources is FindUsers for resources.
func (v *View) FindResources(ctx context.Context, q Search) (Found, error) {
	return v.findAll(ctx, "directory.FindResources", KindResource, q)
}

func (v *View) findAll(ctx context.Context, op string, kind Kind, q Search) (Found, error) {
	limit, err := pageLimit(op, q.Limit)
	if err != nil {
		return Found{}, err
	}
	if q.SortBy == "" {
		q.SortBy = ByName
	}
	sorts := []SortBy{ByName, ByEmail, ByState, ByEnabledDate}
	if kind == KindUser {
		sorts = append(sorts, ByDisplayName)
	}
	switch {
	case !searchable(q.Query):
		return Found{}, errs.Say(op, errs.Invalid, errs.Request, "The query is not valid text.")
	case q.Offset < 0:
		return Found{}, errs.Say(op, errs.Invalid, errs.Request, "An offset is 0 or more.")
	case !slices.Contains(sorts, q.SortBy):
		return Found{}, errs.Say(op, errs.Invalid, errs.Request, "A list of %ss cannot be sorted by %s.", kind.word(), q.SortBy)
	case len(q.Roles) > 0 && kind != KindUser:
		return Found{}, errs.Say(op, errs.Invalid, errs.Request, "Only users have roles.")
	}
	if len(q.States) == 0 {
		q.States = []State{Enabled, Disabled}
	}
	return v.s.Store.Find(ctx, nil, FindQuery{
		Org: v.org, Kind: kind, Beginning: beginning(q.Query), States: q.States, Roles: q.Roles, SortBy: q.SortBy, Descending: q.Descending,
		Offset: q.Offset, Limit: limit,
	})
}

// FindQuery asks a Store for entries of one kind.
type FindQuery struct {
	Org  ids.Org
	Kind Kind
	Beginning
	States     []State // as shown; at least one
	Roles      []Role  // none: all
	SortBy     SortBy  // ties by id
	Descending bool
	Offset     int
	Limit      int
}

// Relation is what a Related entry is to another.
type Relation byte

const (
	Membership Relation = 'm' // direct members of a group
	Delegation Relation = 'd' // delegates of a resource
)

// Related asks for members or delegates.
type Related struct {
	Query  string // see Search
	Offset int
	Limit  int // 1 to 100, 0 is 100
}

// FindGroupMembers answers any page of the direct members that fit, in order of
// name, with their number, and the group itself. The members have what a list shows.
func (v *View) FindGroupMembers(ctx context.Context, group string, q Related) (Found, Entry, error) {
	return v.findRelated(ctx, target{"directory.FindGroupMembers", group, AcceptAny, KindGroup}, Membership, q)
}

// FindResourceDelegates is FindGroupMembers for the delegates of a resource.
func (v *View) FindResourceDelegates(ctx context.Context, resource string, q Related) (Found, Entry, error) {
	return v.findRelated(ctx, target{"directory.FindResourceDelegates", resource, AcceptAny, KindResource}, Delegation, q)
}

func (v *View) findRelated(ctx context.Context, g target, r Relation, q Related) (Found, Entry, error) {
	limit, err := pageLimit(g.op, q.Limit)
	switch {
	case err != nil:
		return Found{}, Entry{}, err
	case !searchable(q.Query):
		return Found{}, Entry{}, errs.Say(g.op, errs.Invalid, errs.Request, "The query is not valid text.")
	case q.Offset < 0:
		return Found{}, Entry{}, errs.Say(g.op, errs.Invalid, errs.Request, "An offset is 0 or more.")
	}
	e, err := v.alive(ctx, nil, g)
	if err != nil {
		return Found{}, Entry{}, err
	}
	found, err := v.s.Store.Related(ctx, nil, RelatedQuery{Org: v.org, Relation: r, Of: e.ID, Beginning: beginning(q.Query), Offset: q.Offset, Limit: limit})
	return found, e, err
}

// RelatedQuery asks a Store for members or delegates, in order of name, then id.
type RelatedQuery struct {
	Org      ids.Org
	Relation Relation
	Of       ids.Entry
	Beginning
	Offset int
	Limit  int
}

// minIDPrefix is how much of an id is needed to look for it: the first letters of ids mean nothing.
const minIDPrefix = 6

// Lookup answers entries of several organizations that a text fits as a Query does
// or whose id begins with it, at most limit, those that are exactly so first.
func (s *Service) Lookup(ctx context.Context, orgs []ids.Org, text string, limit int) ([]Entry, error) {
	if !searchable(text) {
		return nil, errs.Say("directory.Lookup", errs.Invalid, errs.Request, "The query is not valid text.")
	}
	begin := beginning(text)
	if begin.Key == "" || len(orgs) == 0 {
		return nil, nil
	}
	type mark struct {
		org ids.Org
		id  ids.Entry
	}
	seen := map[mark]bool{}
	var all []Entry
	add := func(list []Entry) {
		for _, e := range list {
			if m := (mark{e.Org, e.ID}); !seen[m] && len(all) < limit {
				seen[m] = true
				all = append(all, e)
			}
		}
	}
	list, err := s.Store.Exactly(ctx, nil, orgs, begin.Key, text, limit)
	if err != nil {
		return nil, err
	}
	add(list)
	if len(text) < minIDPrefix {
		text = ""
	}
	for _, o := range orgs {
		if len(all) == limit {
			break
		}
		list, err := s.Store.Lookup(ctx, nil, LookupQuery{Org: o, Beginning: begin, ID: text, Limit: limit})
		if err != nil {
			return nil, err
		}
		add(list)
	}
	return all, nil
}

// LookupQuery asks a Store for entries of any kind.
type LookupQuery struct {
	Org ids.Org
	Beginning
	ID    string // what an id begins with; "": not by id
	Limit int
}
