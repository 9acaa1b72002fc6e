package directory

import (
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
}

// ProposeEmailAddresses answers a proposal for each of 1 to 100 ids, in their
// order: the former primary address where the entry still holds it and no mail
// domain is given, else its name in that domain ("": the default one).
func (v *View) ProposeEmailAddresses(ctx context.Context, list []ids.Entry, domain string) ([]Proposal, error) {
	const op = "directory.ProposeEmailAddresses"
	if len(list) == 0 || len(list) > 100 {
		return nil, errs.Say(op, errs.Invalid, errs.Request, "Proposals are for 1 to 100 entries at a time.")
	}
	o, err := v.s.Orgs.Serving(ctx, nil, v.org)
	if err != nil {
		return nil, err
	}
	given := domain != ""
	if !given {
		domain = o.DefaultDomain
	}
	d, err := v.s.Orgs.VerifiedDomain(ctx, nil, v.org, address.DomainKey(domain))
	if err != nil {
		return nil, err
	}
	known := slices.DeleteFunc(slices.Clone(list), func(id ids.Entry) bool { return !searchable(string(id)) })
	entries, err := v.s.Store.Entries(ctx, nil, v.org, known)
	if err != nil {
		return nil, err
	}
	by := map[ids.Entry]*Entry{}
	for i := range entries {
		by[entries[i].ID] = &entries[i]
	}
	out := make([]Proposal, len(list))
	taken := map[string]string{} // address → the name of the row that has it
	for i, id := range list {
		if out[i], err = v.propose(ctx, id, by[id], d.Name, given, taken); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (v *View) propose(ctx context.Context, id ids.Entry, e *Entry, domain string, given bool, taken map[string]string) (Proposal, error) {
	const op = "directory.ProposeEmailAddresses"
	p := Proposal{ID: id}
	if e == nil || e.State == Deleted {
		p.Problem = "There is no such user, group or resource."
		return p, nil
	}
	p.Name = e.Name
	switch err := own(op, e); {
	case err != nil:
		p.Problem = errs.Public(err)
		return p, nil
	case e.State == Enabled:
		p.Email, p.Problem = e.Email, e.Name+" is enabled already."
		return p, nil
	case e.Dir != DirActive:
		p.Problem = e.Name + " is not active in its directory."
		return p, nil
	}
	if local := localOf(e.Name); local != "" {
		p.Email = local + "@" + domain
	}
	if e.Email != "" && !given {
		if problem, holder, err := v.checkEmail(ctx, op, e.Email); err != nil {
			return p, err
		} else if problem == "" && (holder == "" || holder == e.ID) {
			p.Email = e.Email
		}
	}
	if p.Email == "" {
		p.Problem = "No address can be made of this name. Write one."
		return p, nil
	}
	key := EmailKey(p.Email)
	if other, found := taken[key]; found {
		p.Problem = "The same address is proposed for " + other + "."
		return p, nil
	}
	problem, holder, err := v.checkEmail(ctx, op, p.Email)
	if holder != e.ID {
		p.Problem = problem
	}
	taken[key] = e.Name
	return p, err
}

// CheckEmailAddress tells why an address cannot be given to an entry now ("": it
// can), and who holds it. One that is not enabled loses it to whom it is given.
func (v *View) CheckEmailAddress(ctx context.Context, email string) (problem string, holder ids.Entry, err error) {
	return v.checkEmail(ctx, "directory.CheckEmailAddress", email)
}

func (v *View) checkEmail(ctx context.Context, op, email string) (problem string, holder ids.Entry, err error) {
	a, err := parseEmail(op, email)
	if err != nil {
		return errs.Public(err), "", nil
	}
	if _, err := v.s.Orgs.VerifiedDomain(ctx, nil, v.org, address.DomainKey(a.Domain)); err != nil {
		if kind, _ := errs.Of(err); kind == errs.NotFound || kind == errs.State {
			return errs.Public(err), "", nil
		}
		return "", "", err
	}
	has, found, err := v.s.Store.Holder(ctx, nil, v.org, a.Key())
	if err != nil || !found {
		return "", "", err
	}
	e, found, err := v.s.Store.Entry(ctx, nil, v.org, has.Entry)
	if err != nil || !found {
		return "", "", err
	}
	if e.State == Enabled {
		problem = errs.Public(errs.Say(op, errs.InUse, errs.Address, "The address %s belongs to the %s %s.", email, e.Kind.word(), e.Name))
	}
	return problem, e.ID, nil
}

// letters are those that no decomposition makes ASCII.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l")

// localOf makes the local part of an address of a name, "" where nothing is left:
// lower case, marks taken off letters, dots for what else an address cannot have.
func localOf(name string) string {
	name, _, _ = strings.Cut(name, "@")
	var b strings.Builder
	for _, r := range letters.Replace(norm.NFD.String(strings.ToLower(name))) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
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
