package auth

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

const maxName = 512 // bytes of a name at sign-in

// Attempt is a mail user's sign-in. Name is an email address, a
// userPrincipalName, ALIAS\name, DOMAIN\name with a directory's NetBIOS name, or
// a bare user name where ServerName is ALIAS.BASE.
type Attempt struct {
	Name       string
	Password   string
	Head       string // smtp, imap …
	Remote     netip.Addr
	ServerName string // that TLS was asked for (RFC 6066 §3), or that the URL stands for
}

// SignIn proves a mail user. Unknown, wrong, disabled, and what a directory says
// beside that (locked, expired) are the same errs.Unauthenticated in the same
// time; errs.Throttled after too many of them, or where too many passwords are
// being hashed; errs.Unavailable where a directory does not answer.
func (s *Service) SignIn(ctx context.Context, a Attempt) (Actor, error) {
	t, attempt, err := s.begin(ctx, a)
	if err != nil {
		s.signIns.Inc(a.Head, outcome(err))
		s.noted(&a, &t, refusalOf(err, &t))
		return Actor{}, err
	}
	actor, err := s.signIn(ctx, a, &t, attempt)
	s.signIns.Inc(a.Head, outcome(err))
	why := refusalOf(err, &t)
	s.noted(&a, &t, why)
	if err != nil {
		s.Log.InfoContext(ctx, "sign-in refused", "head", a.Head, "remote", a.Remote.String(), "org", string(t.org), "entry", string(t.entry.ID),
			"why", outcome(err), "reason", string(why))
	}
	return actor, err
}

func outcome(err error) string {
	if err == nil {
		return "ok"
	}
	kind, _ := errs.Of(err)
	return kind.String()
}

// begin finds who is meant and counts the attempt.
func (s *Service) begin(ctx context.Context, a Attempt) (target, *attempt, error) {
	t, err := s.target(ctx, a.Name, a.ServerName)
	if err != nil {
		return t, nil, err
	}
	attempt, err := s.throttle.admit(t.account, a.Remote)
	return t, attempt, err
}

func (s *Service) signIn(ctx context.Context, a Attempt, t *target, attempt *attempt) (Actor, error) {
	plain, unfit := normal(a.Password)
	if unfit != nil {
		attempt.failed(a.Password)
		return Actor{}, unauthenticated("auth.SignIn", unfit)
	}
	key := userKey{t.org, t.entry.ID}
	version := t.entry.Version
	if !t.may || !s.proofs.holds(key, version, plain) || !t.followed(ctx) {
		var err error
		if version, err = s.check(ctx, t, plain); err != nil {
			attempt.drop()
			return Actor{}, err
		}
		if t.says != directory.Right || !t.may {
			attempt.failed(plain)
			return Actor{}, unauthenticated("auth.SignIn", nil)
		}
		s.rehash(ctx, *t, plain)
		s.proofs.keep(key, version, plain, t.dir.PasswordMark(t.org, t.entry.ID, plain))
	}
	attempt.right()
	return s.userActor(ctx, a, *t, version)
}

// userActor registers the proof and then looks once more: what was revoked
// before the registration shows in the version, what is revoked behind it ends
// the Actor.
func (s *Service) userActor(ctx context.Context, a Attempt, t target, version int64) (Actor, error) {
	l := s.hub.open(proofKey{region: t.region, org: t.org, entry: t.entry.ID}, version)
	e, err := t.dir.ByID(ctx, nil, t.org, t.entry.ID)
	if gone, err := missing(err); err != nil {
		return Actor{}, err
	} else if gone || e.Version != version || !signsIn(&e) {
		s.hub.stop(l)
		s.proofs.forget(t.org, t.entry.ID)
		return Actor{}, unauthenticated("auth.SignIn", nil)
	}
	return Actor{who: &identity{
		kind: User, org: t.org, entry: e.ID, region: t.region, name: e.Name, version: version, hub: s.hub, live: l,
	}, head: a.Head, remote: a.Remote.Unmap()}, nil
}

// signsIn tells whether a mail user of this kind and state may sign in.
func signsIn(e *directory.Entry) bool {
	return e.Kind == directory.KindUser && e.Role == directory.RoleUser && e.Enabled() && e.Mailbox != 0
}

// target is who a name means: perhaps nobody, which then takes as long.
type target struct {
	region  string
	dir     *directory.Service // nil only where no region is served
	asks    ids.Org            // whose directory is asked, also where it has nobody of that name; "" for none's
	org     ids.Org            // "" where there is nobody of that name
	entry   directory.Entry
	may     bool
	account string           // for the throttle
	says    directory.Answer // what check heard
}

// check asks for the password, once, whoever is meant. One that was changed or
// reset meanwhile is wrong, even where its directory takes it for a while: then
// that is asked for nobody, so that it takes as long.
func (s *Service) check(ctx context.Context, t *target, password string) (version int64, err error) {
	if t.dir == nil {
		_, err := s.Hasher.Verify(ctx, "", password)
		t.says = directory.Wrong
		return 0, err
	}
	e := &t.entry
	now := s.Clock.Now()
	guards := now.Before(e.FormerUntil)
	// proven tells whether this process saw the password proven before a time.
	proven := func(before time.Time) bool {
		return slices.Contains(s.Proven(t.org, e.ID, before), t.dir.PasswordMark(t.org, e.ID, password))
	}
	if guards && !e.TakesOne() && proven(e.FormerBefore) {
		_, _, err := t.dir.CheckPassword(ctx, t.asks, "", password)
		t.says = directory.Former
		return e.Version, err
	}
	version, t.says, err = t.dir.CheckPassword(ctx, t.asks, e.ID, password)
	if guards && e.TakesOne() && t.says == directory.Wrong && proven(now) {
		t.says = directory.Former
	}
	return version, err
}

// followed tells whether what was proven before still counts: a foreign directory
// might have changed or locked an account since its mirror stands still.
func (t *target) followed(ctx context.Context) bool {
	follows, err := t.dir.Follows(ctx, t.org)
	return err == nil && follows
}

// target chooses one organization by the name alone, and in it address, then
// userPrincipalName, then user name. All names cost the same look-ups.
func (s *Service) target(ctx context.Context, name, serverName string) (target, error) {
	if len(name) > maxName || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
		name = ""
	}
	t := target{account: "?" + address.Fold(name)}
	c := s.chooses(name, serverName)
	claim, found, err := s.Claims.Find(ctx, c.first, c.name)
	if err != nil {
		return t, err
	}
	brought, alone, err := s.Claims.Brought(ctx, c.second, c.name)
	if err != nil {
		return t, err
	}
	if !found && alone {
		claim, found = brought, true
	}
	r, served := s.region(claim.Region)
	if !found || !served {
		claim = org.Claim{}
		s.mu.Lock()
		if s.any != nil {
			r = *s.any
		}
		s.mu.Unlock()
	}
	if t.dir = r.Directory; t.dir == nil {
		return t, nil
	}
	_, err = t.dir.Orgs.Serving(ctx, nil, claim.Org)
	stopped, err := missing(err)
	if err != nil {
		return t, err
	}
	e, ok, err := find(ctx, t.dir, claim.Org, c.local)
	if !stopped {
		t.asks = claim.Org
	}
	if err != nil || !ok || claim.Org == "" || stopped {
		return t, err
	}
	t.region, t.org, t.entry, t.may = r.Name, claim.Org, e, signsIn(&e)
	t.account = string(t.org) + "/" + string(e.ID)
	return t, nil
}

// choice is the claim that decides on the organization: of the first kind, or
// where nobody has that, of the second. local is the name in it.
type choice struct{ first, second, name, local string }

func (s *Service) chooses(name, serverName string) choice {
	if alias, rest, ok := strings.Cut(name, `\`); ok {
		return choice{org.ClaimAlias, org.ClaimNetBIOS, org.FoldName(org.ClaimAlias, alias), rest}
	}
	if i := strings.LastIndexByte(name, '@'); i >= 0 {
		return choice{org.ClaimDomain, org.ClaimSuffix, org.FoldName(org.ClaimDomain, name[i+1:]), name}
	}
	host := strings.ToLower(strings.TrimSuffix(serverName, "."))
	alias, ok := strings.CutSuffix(host, "."+s.BaseDomain)
	if !ok || s.BaseDomain == "" || strings.Contains(alias, ".") {
		alias = ""
	}
	return choice{org.ClaimAlias, "", alias, name}
}

// find looks for an address, a userPrincipalName and a user name, all always, and
// takes the first that exists.
func find(ctx context.Context, dir *directory.Service, org ids.Org, name string) (directory.Entry, bool, error) {
	key := ""
	if a, err := address.Parse(name); err == nil {
		key = a.Key()
	}
	byAddress, err := dir.ByAddress(ctx, nil, org, key)
	noAddress, err := missing(err)
	if err != nil {
		return directory.Entry{}, false, err
	}
	byUPN, err := dir.ByUPN(ctx, nil, org, name)
	noUPN, err := missing(err)
	if err != nil {
		return directory.Entry{}, false, err
	}
	byName, err := dir.ByName(ctx, nil, org, name)
	noName, err := missing(err)
	switch {
	case err != nil:
		return directory.Entry{}, false, err
	case !noAddress && key != "":
		return byAddress, true, nil
	case !noUPN && name != "":
		return byUPN, true, nil
	case !noName && name != "":
		return byName, true, nil
	}
	return directory.Entry{}, false, nil
}

// missing takes "there is none" and "it does not serve" out of an error.
func missing(err error) (bool, error) {
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.State) {
		return true, nil
	}
	return err != nil, err
}

// rehash stores a proven password anew where its hash has old parameters. A
// failure only means that it is tried again at the next sign-in.
func (s *Service) rehash(ctx context.Context, t target, plain string) {
	if in, err := t.dir.InStore(ctx, nil, t.org); err != nil || !in {
		return
	}
	old, err := t.dir.Store.PasswordHash(ctx, nil, t.org, t.entry.ID)
	if err != nil || !s.Hasher.Stale(old) {
		return
	}
	fresh, err := s.Hasher.Hash(ctx, plain)
	if err == nil {
		err = t.dir.Store.Write(ctx, t.org, func(x *tx.Tx) error {
			if err := x.LockOrg(t.org); err != nil {
				return err
			}
			now, err := t.dir.Store.PasswordHash(ctx, x, t.org, t.entry.ID)
			if err != nil || now != old {
				return err // changed meanwhile
			}
			return t.dir.Store.PutPassword(x, t.org, t.entry.ID, fresh, s.Clock.Now())
		})
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		s.Log.WarnContext(ctx, "a password keeps its old hash for now", "entry", string(t.entry.ID), "error", err)
	}
}
