package directory

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"postroom/internal/base/ids"
	"postroom/internal/core/audit"
	"postroom/internal/core/tx"
	"postroom/internal/wire/address"
)

const (
	applyEntries = 256  // identities in one Write, which so takes about 30 ms
	applyRows    = 2000 // rows that they may touch
)

// apply takes identities over, in Writes of bounded size. What was seen like
// this before writes nothing.
func (m *Mirror) apply(ctx context.Context, page []Identity) error {
	for some := range slices.Chunk(page, applyEntries) {
		if err := m.applySome(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

func (m *Mirror) applySome(ctx context.Context, list []Identity) error {
	keys, last := make([]string, len(list)), make(map[string]int, len(list))
	for i := range list {
		keys[i] = list[i].Key
		last[keys[i]] = i
	}
	rows, err := m.s.Store.Seen(ctx, nil, m.org, keys)
	if err != nil {
		return err
	}
	before := make(map[string]*Seen, len(rows))
	for i := range rows {
		before[rows[i].Key] = &rows[i]
		m.sweep = m.sweep || rows[i].Held // it is there again: perhaps the others are too
	}
	var batch []todo
	var groups []members
	cost := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := m.write(ctx, func(t *tx.Tx) error { return m.applyIn(t, batch) })
		batch, cost = nil, 0
		return err
	}
	for i := range list {
		id := clean(list[i])
		if id.Key == "" || id.Kind != KindUser && id.Kind != KindGroup || last[id.Key] != i { // one that moved meanwhile comes twice
			continue
		}
		s, sum := before[id.Key], hashOf(&id)
		if s == nil || s.Hash != sum || !s.Gone.IsZero() || s.Held || s.Again || s.Wanted != "" {
			c := 5 + 3*len(id.Addresses)
			if cost+c > applyRows {
				if err := flush(); err != nil {
					return err
				}
			}
			batch, cost = append(batch, todo{id, sum}), cost+c
		}
		if id.Kind == KindGroup {
			if sum := membersHash(id.Members); s == nil || s.Members != sum {
				groups = append(groups, members{key: id.Key, sum: sum, keys: id.Members})
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	if err := m.join(ctx, keys); err != nil {
		return err
	}
	return m.putMembers(ctx, groups)
}

// todo is an identity that is to be taken over, with its hash.
type todo struct {
	Identity
	sum string
}

// hashOf is over all of an identity but its members.
func hashOf(i *Identity) string {
	h := sha256.New()
	put := func(list ...string) {
		var n [4]byte
		for _, s := range list {
			binary.BigEndian.PutUint32(n[:], uint32(len(s)))
			h.Write(n[:])
			h.Write([]byte(s))
		}
	}
	flags := [4]byte{'1', byte(i.Kind)} // the first one is the version of this form
	if i.System {
		flags[2] = 1
	}
	if i.Hidden {
		flags[3] = 1
	}
	d := &i.Details
	put(string(flags[:]), string(i.Entry), i.Name, string(i.State), i.DisplayName, i.UPN, i.Mail, i.PasswordSet,
		d.FirstName, d.LastName, d.Initials, d.Telephone, d.Street, d.JobTitle, d.City, d.Company, d.ZipCode, d.Department, d.Country, d.Office)
	for _, a := range i.Addresses {
		put(string(a.Kind), a.Text)
	}
	if i.Fault != "" {
		put("fault", i.Fault)
	}
	return string(h.Sum(nil)[:16])
}

func membersHash(keys []string) string {
	sorted := slices.Sorted(slices.Values(keys))
	h := sha256.New()
	for _, k := range sorted {
		h.Write([]byte(k))
		h.Write([]byte{0})
	}
	return string(h.Sum(nil)[:16])
}

// clean makes what a directory may hold fit for ours.
func clean(i Identity) Identity {
	i.Name, i.DisplayName, i.UPN, i.Mail = line(i.Name, 256), line(i.DisplayName, maxText), line(i.UPN, 1024), line(i.Mail, 320)
	d := &i.Details
	for _, p := range []*string{&d.FirstName, &d.LastName, &d.Initials, &d.Telephone, &d.Street, &d.JobTitle, &d.City, &d.Company, &d.ZipCode, &d.Department, &d.Country, &d.Office} {
		*p = line(*p, maxText)
	}
	i.Fault = line(i.Fault, 1000)
	if !strings.ContainsFunc(i.Name, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) {
		i.Name = ""
		if i.Fault == "" {
			i.Fault = cmp.Or(i.UPN, i.Mail, i.DisplayName, string(i.Entry), i.Key) + " has no name that can be shown."
		}
	}
	if i.State == "" {
		i.State = DirActive
	}
	if i.Kind == KindUser && i.DisplayName == "" {
		i.DisplayName = i.Name
	}
	if i.Kind == KindGroup { // what only users have
		i.DisplayName, i.Details, i.UPN, i.PasswordSet = "", Details{}, "", ""
	}
	if len(i.Key) > 256 || !searchable(i.Key) {
		i.Key = ""
	}
	return i
}

// line is a text in one line of at most limit characters that a database holds.
func line(s string, limit int) string {
	plain := utf8.ValidString(s) && len(s) <= limit && !strings.ContainsFunc(s, unicode.IsControl)
	if plain {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s)[:limit])
	}
	return strings.TrimSpace(s)
}

// applying is one Write of a mirror.
type applying struct {
	m       *Mirror
	t       *tx.Tx
	seen    map[string]Seen
	entries map[ids.Entry]*Entry
	names   map[string]*Entry // who has a folded name
	intents map[string]bool   // folded names that are being made
	domains map[string]bool   // verified mail domains
	made    []*Entry
	named   []MirroredAddress // what is new of them
}

// applyIn is the Write: what it needs is read by few statements, and what is new
// is written by few. No key comes twice.
func (m *Mirror) applyIn(t *tx.Tx, list []todo) error {
	ctx, store := t.Context(), m.s.Store
	a := &applying{m: m, t: t, seen: map[string]Seen{}, entries: map[ids.Entry]*Entry{}, names: map[string]*Entry{}, intents: map[string]bool{}, domains: map[string]bool{}}
	var keys, names []string
	var known []ids.Entry
	for i := range list {
		keys = append(keys, list[i].Key)
		if n := NameKey(list[i].Name); n != "" {
			names = append(names, n)
		}
		if id := list[i].Entry; len(id) >= minID && searchable(string(id)) {
			known = append(known, id)
		}
	}
	seen, err := store.Seen(ctx, t, m.org, keys)
	if err != nil {
		return err
	}
	for _, s := range seen {
		a.seen[s.Key] = s
		if s.Entry != "" {
			known = append(known, s.Entry)
		}
	}
	entries, err := store.Entries(ctx, t, m.org, known)
	if err != nil {
		return err
	}
	for i := range entries {
		a.entries[entries[i].ID] = &entries[i]
	}
	named, intents, err := store.EntriesByName(ctx, t, m.org, names)
	if err != nil {
		return err
	}
	for i := range named {
		e := &named[i]
		if same := a.entries[e.ID]; same != nil {
			e = same
		}
		a.entries[e.ID], a.names[NameKey(e.Name)] = e, e
	}
	for _, n := range intents {
		a.intents[n] = true
	}
	put := make([]Seen, len(list))
	for i := range list {
		s, err := a.one(&list[i])
		if err != nil {
			return err
		}
		a.seen[s.Key], put[i] = s, s
	}
	if err := store.Insert(t, a.made...); err != nil {
		return err
	}
	if err := store.PutMirroredAddress(t, a.named...); err != nil {
		return err
	}
	if err := store.PutSeen(t, put...); err != nil {
		return err
	}
	return a.recordMade()
}

// recordMade records new entries: each by itself where they are few, together
// where they are many, as at the first reading.
func (a *applying) recordMade() error {
	if len(a.made) <= 5 {
		for _, e := range a.made {
			if err := a.m.v.record(a.t, e, "it is in the directory"); err != nil {
				return err
			}
		}
		return nil
	}
	var names []string
	for _, e := range a.made {
		names = append(names, e.Name)
	}
	o := a.m.org
	return a.m.s.Trail.Record(a.t, audit.Record{By: a.m.v.by, Org: o, Target: string(o), TargetName: directoryID(a.m.c.Directory),
		Detail: strconv.Itoa(len(a.made)) + " users and groups are in the directory: " + strings.Join(names, ", ")})
}

// verified tells whether a mail domain is the organization's.
func (a *applying) verified(domain string) bool {
	key := address.DomainKey(domain)
	ok, known := a.domains[key]
	if !known {
		_, err := a.m.s.Orgs.VerifiedDomain(a.t.Context(), a.t, a.m.org, key)
		ok = err == nil
		a.domains[key] = ok
	}
	return ok
}
