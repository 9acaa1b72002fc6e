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
// no such, in that domain. Without one it is the domain of the UPN or mail address
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
	p := proposer{v: v, from: from, given: domain != "", taken: map[string]string{}, verified: map[string]string{}}
	if !p.given {
		domain = o.DefaultDomain
	}
	d, err := v.s.Orgs.VerifiedDomain(ctx, nil, v.org, address.DomainKey(domain))
	if err != nil {
		return nil, err
	}
	p.domain = d.Name
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
	for i, id := range list {
		if out[i], err = p.propose(ctx, id, by[id]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// proposer makes the proposals of one call.
type proposer struct {
	v        *View
	from     AddressSource
	domain   string
	given    bool              // domain was asked for
	taken    map[string]string // address → the name of the row that has it
	verified map[string]string // domain of a UPN or mail address → as it is here; "" where it is not verified
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
	var err error
	if r.Email, err = p.address(ctx, e); err != nil {
		return r, err
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
	problem, holder, err := p.v.checkEmail(ctx, op, r.Email)
	if holder != e.ID {
		r.Problem = problem
	}
	p.taken[key] = e.Name
	return r, err
}

// address is what is proposed for an entry; "" where nothing can be made.
func (p *proposer) address(ctx context.Context, e *Entry) (string, error) {
	if e.Email != "" && !p.given {
		problem, holder, err := p.v.checkEmail(ctx, "directory.ProposeEmailAddresses", e.Email)
		if err != nil || problem == "" && (holder == "" || holder == e.ID) {
			return e.Email, err
		}
	}
	theirs := ""
	switch p.from {
	case FromUPN:
		theirs = e.UPN
	case FromMail:
		var err error
		if theirs, err = p.v.s.MirroredMail(ctx, p.v.org, e.ID); err != nil {
			return "", err
		}
	}
	local, domain := localOf(theirs), p.domain
	switch at := strings.LastIndexByte(theirs, '@'); {
	case local == "":
		local = localOf(e.Name)
	case at >= 0 && !p.given:
		own, err := p.ownDomain(ctx, theirs[at+1:])
		if err != nil {
			return "", err
		}
		if own != "" {
			domain = own
		}
	}
	if local == "" {
		return "", nil
	}
	return local + "@" + domain, nil
}

// ownDomain is a mail domain as it is written here; "" where it is none of the
// organization's verified ones.
func (p *proposer) ownDomain(ctx context.Context, domain string) (string, error) {
	key := address.DomainKey(domain)
	if name, known := p.verified[key]; known {
		return name, nil
	}
	d, err := p.v.s.Orgs.VerifiedDomain(ctx, nil, p.v.org, key)
	if kind, _ := errs.Of(err); kind == errs.NotFound || kind == errs.State || kind == errs.Invalid {
		d.Name, err = "", nil
	}
	p.verified[key] = d.Name
	return d.Name, err
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
