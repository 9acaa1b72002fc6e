package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/wire/address"

	"golang.org/x/text/unicode/norm"
)

// Proposal is a primary address for an entry that is to be enabled.
type Proposal struct {
	ID      ids.Entry
	Name    string
	Email   string // "" where none can be made
	Problem string // why it cannot be enabled so; "" where it can
	// NoPassword is of a user who could not sign in: known to have none, see PolicyAnswer.
	NoPassword bool
}

// AddressSource is what a proposal is made of.
type AddressSource string

const (
	FromName AddressSource = "NAME"
	FromUPN  AddressSource = "UPN"  // userPrincipalName in the entry's directory
	FromMail AddressSource = "MAIL" // its address there
)

// ProposeEmailAddresses answers a proposal for each of 1 to 100 ids, in their
// order: the former primary address where the entry still holds it and no mail
// domain is given; else what from says ("" is FromName), of its name where it has
// no such, in that domain. Without one it is the domain of the UPN or email address
// where that is a verified one, else the default one.
func (v *View) ProposeEmailAddresses(ctx context.Context, list []ids.Entry, domain string, from AddressSource) ([]Proposal, error) {
	const op = "directory.ProposeEmailAddresses"
	if len(list) == 0 || len(list) > 100 {
		return nil, errs.Say(op, errs.Invalid, errs.Request, "Proposals are for 1 to 100 entries at a time.")
	}
	o, err := v.s.Orgs.Serving(ctx, nil, v.org)
	if err != nil {
		return nil, err
	}
	given := domain != ""
	if domain == "" {
		domain = o.DefaultDomain
	}
	d, err := v.s.Orgs.VerifiedDomain(ctx, nil, v.org, address.DomainKey(domain))
	if err != nil {
		return nil, err
	}
	p := proposer{judge: v.judge(), given: given, domain: d.Name, taken: map[string]string{}, made: map[ids.Entry]string{}}
	known := slices.DeleteFunc(slices.Clone(list), func(id ids.Entry) bool { return !searchable(string(id)) })
	entries, err := v.s.Store.Entries(ctx, nil, v.org, known)
	if err != nil {
		return nil, err
	}
	if err := p.make(ctx, entries, from); err != nil {
		return nil, err
	}
	by := map[ids.Entry]*Entry{}
	for i := range entries {
		by[entries[i].ID] = &entries[i]
	}
	bare, err := v.bare(ctx, entries)
	if err != nil {
		return nil, err
	}
	out := make([]Proposal, len(list))
	for i, id := range list {
		if out[i], err = p.propose(ctx, id, by[id]); err != nil {
			return nil, err
		}
		out[i].NoPassword = bare[id]
	}
	return out, nil
}

// bare tells which of some entries are users who would sign in with a password and
// are known to have none.
func (v *View) bare(ctx context.Context, entries []Entry) (map[ids.Entry]bool, error) {
	ours, err := v.s.InStore(ctx, nil, v.org)
	if err != nil || !ours {
		return nil, err
	}
	bare := map[ids.Entry]bool{}
	var users []ids.Entry
	for _, e := range entries {
		if e.Kind == KindUser && e.Role == RoleUser && e.State != Deleted {
			bare[e.ID] = true
			users = append(users, e.ID)
		}
	}
	set, err := v.s.Store.WithPassword(ctx, nil, v.org, users)
	for _, id := range set {
		delete(bare, id)
	}
	return bare, err
}

// proposer makes the proposals of one call.
type proposer struct {
	*judge
	domain string
	given  bool                 // domain was asked for
	made   map[ids.Entry]string // addresses; "" where none can be made
	taken  map[string]string    // address → the name of the row that has it
}

// make makes an address for each entry and looks for who has what may be proposed.
func (p *proposer) make(ctx context.Context, entries []Entry, from AddressSource) error {
	theirs := map[ids.Entry]string{}
	var list []ids.Entry
	for _, e := range entries {
		list = append(list, e.ID)
		if from == FromUPN {
			theirs[e.ID] = e.UPN
		}
	}
	if from == FromMail {
		seen, err := p.v.s.Store.SeenEntries(ctx, nil, p.v.org, list)
		if err != nil {
			return err
		}
		for _, s := range seen {
			theirs[s.Entry] = s.Mail
		}
	}
	var emails []string
	for _, e := range entries {
		made, err := p.address(ctx, e.Name, theirs[e.ID])
		if err != nil {
			return err
		}
		p.made[e.ID] = made
		emails = append(emails, e.Email, made)
	}
	return p.look(ctx, emails)
}

// address is made of what a directory has, else of a name; "" where nothing can be.
func (p *proposer) address(ctx context.Context, name, theirs string) (string, error) {
	local, domain := localOf(theirs), p.domain
	switch at := strings.LastIndexByte(theirs, '@'); {
	case local == "":
		local = localOf(name)
	case at >= 0 && !p.given:
		own, err := p.domainOf(ctx, theirs[at+1:])
		if err != nil {
			return "", err
		}
		domain = cmp.Or(own.name, domain)
	}
	if local == "" {
		return "", nil
	}
	return local + "@" + domain, nil
}

func (p *proposer) propose(ctx context.Context, id ids.Entry, e *Entry) (Proposal, error) {
	const op = "directory.ProposeEmailAddresses"
	r := Proposal{ID: id}
	if e == nil || e.State == Deleted {
		r.Problem = "There is no such user, group or resource."
		return r, nil
	}
	r.Name = e.Name
	switch err := own(op, e); {
	case err != nil:
		r.Problem = errs.Public(err)
		return r, nil
	case e.State == Enabled:
		r.Email, r.Problem = e.Email, e.Name+" is enabled already."
		return r, nil
	case e.Dir != DirActive:
		r.Problem = e.Name + " is not active in its directory."
		return r, nil
	}
	r.Email = p.made[id]
	if e.Email != "" && !p.given {
		problem, holder, err := p.problem(ctx, op, e.Email)
		if err != nil {
			return r, err
		}
		if problem == "" && (holder == "" || holder == id) {
			r.Email = e.Email
		}
	}
	if r.Email == "" {
		r.Problem = "No address can be made of this name. Write one."
		return r, nil
	}
	key := EmailKey(r.Email)
	if other, found := p.taken[key]; found {
		r.Problem = "The same address is proposed for " + other + "."
		return r, nil
	}
	problem, holder, err := p.problem(ctx, op, r.Email)
	if holder != id {
		r.Problem = problem
	}
	p.taken[key] = e.Name
	return r, err
}

// CheckEmailAddress tells why an address cannot be given to an entry now ("": it
// can), and who holds it. One that is not enabled loses it to whom it is given.
func (v *View) CheckEmailAddress(ctx context.Context, email string) (problem string, holder ids.Entry, err error) {
	j := v.judge()
	if err := j.look(ctx, []string{email}); err != nil {
		return "", "", err
	}
	return j.problem(ctx, "directory.CheckEmailAddress", email)
}

// judge tells of addresses whether they can be given to an entry. What it needs it reads once.
type judge struct {
	v       *View
	holders map[string]*Entry // who holds an address, by its key
	domains map[string]ownDomain
}

// ownDomain is a mail domain as it is written here, or why it is none of the
// organization's verified ones.
type ownDomain struct{ name, problem string }

func (v *View) judge() *judge {
	return &judge{v: v, holders: map[string]*Entry{}, domains: map[string]ownDomain{}}
}

// look finds who holds addresses.
func (j *judge) look(ctx context.Context, emails []string) error {
	var keys []string
	for _, email := range emails {
		if a, err := address.Parse(email); err == nil {
			keys = append(keys, a.Key())
		}
	}
	held, err := j.v.s.Store.Holders(ctx, nil, j.v.org, keys)
	if err != nil {
		return err
	}
	var list []ids.Entry
	for _, a := range held {
		list = append(list, a.Entry)
	}
	entries, err := j.v.s.Store.Entries(ctx, nil, j.v.org, list)
	if err != nil {
		return err
	}
	by := map[ids.Entry]*Entry{}
	for i := range entries {
		by[entries[i].ID] = &entries[i]
	}
	for _, a := range held {
		j.holders[a.Key] = by[a.Entry]
	}
	return nil
}

func (j *judge) domainOf(ctx context.Context, domain string) (ownDomain, error) {
	key := address.DomainKey(domain)
	if d, known := j.domains[key]; known {
		return d, nil
	}
	has, err := j.v.s.Orgs.VerifiedDomain(ctx, nil, j.v.org, key)
	d := ownDomain{name: has.Name}
	if kind, _ := errs.Of(err); kind == errs.NotFound || kind == errs.State || kind == errs.Invalid {
		d, err = ownDomain{problem: errs.Public(err)}, nil
	}
	j.domains[key] = d
	return d, err
}

// problem tells of an address that was looked for.
func (j *judge) problem(ctx context.Context, op, email string) (problem string, holder ids.Entry, err error) {
	a, err := parseEmail(op, email)
	if err != nil {
		return errs.Public(err), "", nil
	}
	d, err := j.domainOf(ctx, a.Domain)
	e := j.holders[a.Key()]
	if err != nil || d.problem != "" || e == nil {
		return d.problem, "", err
	}
	if e.State == Enabled {
		problem = errs.Public(errs.Say(op, errs.InUse, errs.Address, "The address %s belongs to the %s %s.", email, e.Kind.word(), e.Name))
	}
	return problem, e.ID, nil
}

// letters are those that no decomposition makes ASCII, and what stands inside a
// word without parting it: O'Brien is obrien.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ı", "i", "ħ", "h",
	"ŋ", "n", "ŧ", "t", "ə", "e", "\u2010", "-", "'", "", "`", "", "\u2018", "", "\u2019", "", "\u02bb", "", "\u02bc", "", "\u2032", "")

// localOf makes the local part of an address of a name, "" where nothing is left:
// lower case, marks taken off letters, dots for what else an address cannot have.
func localOf(name string) string {
	name, _, _ = strings.Cut(name, "@")
	name = strings.ReplaceAll(name, "\u00b4", "") // an accent that is typed for an apostrophe
	var b strings.Builder
	for _, r := range letters.Replace(strings.ToLower(norm.NFKD.String(name))) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			b.WriteRune(r)
		case unicode.In(r, unicode.Mn, unicode.Cf):
		default:
			b.WriteByte('.')
		}
	}
	parts := strings.FieldsFunc(b.String(), func(r rune) bool { return r == '.' })
	local := strings.Join(parts, ".")
	if len(local) > 64 {
		local = strings.TrimRight(local[:64], ".")
	}
	return local
}
