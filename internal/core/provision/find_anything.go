package provision

import (
	"context"
	"strings"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
)

// MaxFound is how many FindAnything answers.
const MaxFound = 20

// Match is what FindAnything found: an organization, or an entry of it.
type Match struct {
	Org   org.Organization
	Entry *directory.Entry // nil: the organization itself
}

// FindAnything answers the organizations that the actor may see, and the entries
// in those that serve, whose alias, name, address or id begins with a text.
// only, if not "", is the organization to look into, which must serve; it is
// then not found itself.
func (d *Door) FindAnything(ctx context.Context, text string, only ids.Org, operation, requestID string) ([]Match, error) {
	text = strings.TrimSpace(text)
	if only != "" {
		if _, err := d.Organization(ctx, only, Read, operation, requestID, 0); err != nil {
			return nil, err
		}
		o, err := d.s.Orgs.ByID(ctx, nil, only)
		if err != nil {
			return nil, err
		}
		return d.entries(ctx, text, []org.Organization{o}, MaxFound)
	}
	all, _, err := d.ListOrganizations(ctx, "", org.MaxOrganizations)
	if err != nil || text == "" {
		return nil, err
	}
	var exact, begins []Match
	var serving []org.Organization
	folded := strings.ToLower(text)
	for _, o := range all {
		switch alias := strings.ToLower(o.Alias); {
		case alias == folded, string(o.ID) == folded:
			exact = append(exact, Match{Org: o})
		case strings.HasPrefix(alias, folded), strings.HasPrefix(string(o.ID), folded) && len(folded) > len("m-"):
			begins = append(begins, Match{Org: o})
		}
		if o.State.Serves() {
			serving = append(serving, o)
		}
	}
	list := append(exact, begins[:min(len(begins), MaxFound/4)]...)
	entries, err := d.entries(ctx, text, serving, MaxFound-len(list))
	return append(list, entries...), err
}

func (d *Door) entries(ctx context.Context, text string, in []org.Organization, limit int) ([]Match, error) {
	by := map[ids.Org]org.Organization{}
	list := make([]ids.Org, len(in))
	for i, o := range in {
		by[o.ID], list[i] = o, o.ID
	}
	found, err := d.s.Directory.Lookup(ctx, list, text, limit)
	matches := make([]Match, len(found))
	for i := range found {
		matches[i] = Match{by[found[i].Org], &found[i]}
	}
	return matches, err
}
