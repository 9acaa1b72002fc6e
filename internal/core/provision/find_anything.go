package provision

import (
	"context"
	"strings"

	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
)

// MaxFound is how many FindAnything answers; of organizations, of mail domains
// and of directories each a quarter of it.
const MaxFound = 20

// Match is what FindAnything found: an organization, a mail domain or an entry of
// it, or a foreign directory.
type Match struct {
	Org       org.Organization // zero for a directory that no organization has
	Domain    string
	Directory *directory.Directory
	Entry     *directory.Entry
}

// FindAnything answers the organizations and directories that the actor may see,
// and the mail domains and entries in those that serve, whose alias, name, address
// or id begins with a text. only, if not "", is the organization to look into,
// which must serve; it is then not found itself.
func (d *Door) FindAnything(ctx context.Context, text string, only ids.Org, operation, requestID string) ([]Match, error) {
	text = strings.TrimSpace(text)
	if only != "" {
		if _, err := d.Organization(ctx, only, Read, operation, requestID, 0); err != nil {
			return nil, err
		}
		o, err := d.s.Orgs.ByID(ctx, nil, only)
		if err != nil || text == "" {
			return nil, err
		}
		return d.within(ctx, text, []org.Organization{o}, nil)
	}
	all, _, err := d.ListOrganizations(ctx, "", org.MaxOrganizations)
	if err != nil || text == "" {
		return nil, err
	}
	var f found
	var serving []org.Organization
	for _, o := range all {
		f.look(text, Match{Org: o}, o.Alias, string(o.ID))
		if o.State.Serves() {
			serving = append(serving, o)
		}
	}
	list := f.first()
	directories, err := d.directories(ctx, text, all, operation, requestID)
	if err != nil {
		return nil, err
	}
	return d.within(ctx, text, serving, append(list, directories...))
}

// found are matches by the beginning of a name or id.
type found struct {
	exact, begins []Match
}

func (f *found) look(text string, m Match, name, id string) {
	text, name = strings.ToLower(text), strings.ToLower(name)
	switch {
	case name == text, id == text:
		f.exact = append(f.exact, m)
	case strings.HasPrefix(name, text), strings.HasPrefix(id, text) && len(text) > len("m-"):
		f.begins = append(f.begins, m)
	}
}

// first are those that are exactly so, and then some that only begin so.
func (f *found) first() []Match {
	return append(f.exact, f.begins[:min(len(f.begins), MaxFound/4)]...)
}

// directories are the foreign ones of the region, which are few.
func (d *Door) directories(ctx context.Context, text string, all []org.Organization, operation, requestID string) ([]Match, error) {
	r, err := d.Directories(Read, operation, requestID, 0)
	if err != nil {
		return nil, err
	}
	list, err := r.ListDirectories(ctx)
	if err != nil {
		return nil, err
	}
	var f found
	for i := range list {
		m := Match{Directory: &list[i]}
		for _, o := range all {
			if o.ID == list[i].Org {
				m.Org = o
			}
		}
		f.look(text, m, list[i].Alias, list[i].ID)
	}
	return f.first(), nil
}

// within adds mail domains and entries of organizations to what was found.
func (d *Door) within(ctx context.Context, text string, in []org.Organization, matches []Match) ([]Match, error) {
	by := map[ids.Org]org.Organization{}
	list := make([]ids.Org, len(in))
	for i, o := range in {
		by[o.ID], list[i] = o, o.ID
	}
	domains, err := d.s.Orgs.DomainsOf(ctx, list, text, MaxFound/4)
	if err != nil {
		return nil, err
	}
	for _, dom := range domains {
		matches = append(matches, Match{Org: by[dom.Org], Domain: dom.Name})
	}
	entries, err := d.s.Directory.Lookup(ctx, list, text, MaxFound-len(matches))
	for i := range entries {
		matches = append(matches, Match{Org: by[entries[i].Org], Entry: &entries[i]})
	}
	return matches, err
}
