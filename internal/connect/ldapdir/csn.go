package ldapdir

import (
	"context"
	"fmt"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
	"time"

	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

var (
	csnForm  = regexp.MustCompile(`^[0-9]{14}\.[0-9]{6}Z#[0-9a-f]{6}#[0-9a-f]{3}#[0-9a-f]{6}$`)
	timeForm = regexp.MustCompile(`^[0-9]{14}(\.[0-9]{1,9})?Z$`)
)

// controlSync is told by servers that keep contextCSN (RFC 4533 §2.2).
const controlSync = "1.3.6.1.4.1.4203.1.9.1.1"

// csn is where an LDAP server stands: the contextCSN of its naming context
// (OpenLDAP, one per writing server), or the newest modifyTimestamp.
func (d *Reader) csn(ctx context.Context, s *session, since place) (place, error) {
	suffix, err := d.context(ctx, s)
	if err != nil {
		return place{}, err
	}
	e, err := s.base(ctx, suffix, "contextCSN", d.names[attrKey])
	if err != nil {
		return place{}, err
	}
	where := d.key(e)
	if where == "" {
		where = "root"
	}
	var list []string
	for _, v := range e.GetEqualFoldAttributeValues("contextCSN") {
		if csnForm.MatchString(v) {
			list = append(list, v)
		}
	}
	if len(list) > 0 && s.root.controls[controlSync] && !d.still.Load() {
		slices.Sort(list)
		return place{kind: "csn", where: where, at: list}, nil
	}
	if since.kind == "time" && since.where == where { // changedLDAP looks from there on
		return since, nil
	}
	newest, hash, _, err := d.newest(ctx, s, suffix, "")
	return place{kind: "time", where: where, at: []string{newest, hash}}, err
}

// context is the naming context that has the base.
func (c *config) context(ctx context.Context, s *session) (string, error) {
	r, err := s.rootDSE(ctx)
	if err != nil {
		return "", err
	}
	base, err := ldap.ParseDN(c.BaseDN)
	if err != nil {
		return "", err
	}
	best := c.BaseDN
	for _, one := range r.contexts {
		if dn, err := ldap.ParseDN(one); err == nil && (dn.AncestorOfFold(base) || dn.EqualFold(base)) {
			best = one
		}
	}
	return best, nil
}

// newest finds the newest modifyTimestamp from a time on, which has whole
// seconds only: a hash of what changed in the last one tells whether more did.
func (d *Reader) newest(ctx context.Context, s *session, base, from string) (newest, hash string, keys []string, err error) {
	filter := "(objectClass=*)"
	if from != "" {
		filter = "(modifyTimestamp>=" + from + ")"
	}
	newest = "00000101000000Z"
	if from != "" {
		newest = from
	}
	var last []string
	q := query{base: base, scope: ldap.ScopeWholeSubtree, filter: filter, attrs: []string{d.names[attrKey], "modifyTimestamp", "entryCSN"}}
	err = s.pages(ctx, q, func(list []*ldap.Entry) error {
		for _, e := range list {
			t := value(e, "modifyTimestamp")
			if k := d.seenKey(e); k != "" && from != "" {
				keys = append(keys, k)
			}
			if !timeForm.MatchString(t) || t < newest {
				continue
			}
			if t > newest {
				newest, last = t, last[:0]
			}
			last = append(last, d.key(e)+value(e, "entryCSN"))
		}
		return nil
	})
	slices.Sort(last)
	h := fnv.New64a()
	h.Write([]byte(strings.Join(last, " ")))
	return newest, fmt.Sprintf("%016x", h.Sum64()), keys, err
}

// changedLDAP asks the naming context for entries that are newer. Deletions leave
// no trace: where the context moved a Sweep finds them, and where the server does not tell whether it moved, every sweepEvery.
func (d *Reader) changedLDAP(ctx context.Context, s *session, old, now place) (directory.Changes, error) {
	base, err := d.context(ctx, s)
	if err != nil {
		return directory.Changes{}, err
	}
	if now.kind == "time" {
		if len(old.at) != 2 || !timeForm.MatchString(old.at[0]) {
			return directory.Changes{Next: now.mark(), Anew: true}, nil
		}
		newest, hash, keys, err := d.newest(ctx, s, base, old.at[0])
		if err != nil {
			return directory.Changes{}, err
		}
		if newest == old.at[0] && hash == old.at[1] {
			keys = nil
		}
		c := d.sweeps(true, place{kind: "time", where: now.where, at: []string{newest, hash}})
		c.Keys = keys
		return c, nil
	}
	from, next, known := moved(old.at, now.at)
	if !known {
		return directory.Changes{Next: now.mark(), Anew: true}, nil
	}
	now.at = next
	if from == "" {
		if err := d.looksStill(ctx, s, base, now.at[len(now.at)-1]); err != nil {
			return directory.Changes{}, err
		}
		return d.sweeps(old.sweep, now), nil
	}
	var keys []string
	q := query{base: base, scope: ldap.ScopeWholeSubtree, filter: "(entryCSN>=" + from + ")", attrs: []string{d.names[attrKey]}}
	err = s.pages(ctx, q, func(list []*ldap.Entry) error {
		for _, e := range list {
			if k := d.seenKey(e); k != "" {
				keys = append(keys, k)
			}
		}
		return nil
	})
	if err != nil {
		return directory.Changes{}, err
	}
	c := d.sweeps(true, now)
	c.Keys = keys
	return c, nil
}

// looksStill finds out, once a minute, that the contextCSN of a server stands
// still though entries are newer: it is a leftover, and time stamps are used from then on.
func (d *Reader) looksStill(ctx context.Context, s *session, base, newest string) error {
	d.mu.Lock()
	due := time.Since(d.looked) >= time.Minute
	if due {
		d.looked = time.Now()
	}
	d.mu.Unlock()
	if !due {
		return nil
	}
	newer := false
	q := query{base: base, scope: ldap.ScopeWholeSubtree, filter: "(entryCSN>=" + newest + ")", attrs: []string{"entryCSN"}}
	err := s.pages(ctx, q, func(list []*ldap.Entry) error {
		for _, e := range list {
			newer = newer || value(e, "entryCSN") > newest
		}
		return nil
	})
	if err != nil || !newer {
		return err
	}
	e, err := s.base(ctx, base, "contextCSN")
	if err == nil && slices.Max(append(e.GetEqualFoldAttributeValues("contextCSN"), "")) <= newest {
		d.log.Warn("the directory's contextCSN stands still: changes are found by time stamps")
		d.still.Store(true)
	}
	return err
}

// moved compares context CSNs, one per writing server. from is the oldest of
// those that moved, "" for none; next has the newest of each; not known where a
// server wrote that had not before, or a CSN is none.
func moved(old, now []string) (from string, next []string, known bool) {
	was := map[string]string{}
	for _, c := range old {
		if !csnForm.MatchString(c) {
			return "", nil, false
		}
		was[sidOf(c)] = c
	}
	for _, c := range now {
		before, ok := was[sidOf(c)]
		switch {
		case !ok:
			return "", nil, false
		case c > before:
			if from == "" || before < from {
				from = before
			}
			was[sidOf(c)] = c
		}
	}
	for _, c := range was {
		next = append(next, c)
	}
	slices.Sort(next)
	return from, next, true
}

// sidOf is the id of the server that wrote (draft-chu-ldap-csn).
func sidOf(csn string) string { return strings.Split(csn, "#")[2] }
