package ldapdir

import (
	"context"
	"slices"

	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// hand runs a read that hands over pages; it is asked again only before the first.
func hand[T any](ctx context.Context, d *Reader, op string, page func([]T) error, read func(*session, func([]T) error) error) error {
	handed := false
	once := func(list []T) error {
		handed = true
		if err := page(list); err != nil {
			return passed{err}
		}
		return nil
	}
	return fault(op, d.service.with(ctx, func() bool { return !handed }, func(s *session) error { return read(s, once) }))
}

// Read hands over all users and groups under the base and filters.
func (d *Reader) Read(ctx context.Context, page func([]directory.Identity) error) error {
	return hand(ctx, d, "ldapdir.Read", page, func(s *session, page func([]directory.Identity) error) error {
		return d.readAll(ctx, s, "", page)
	})
}

// ReadKeys hands over those that are under the base and filters now.
func (d *Reader) ReadKeys(ctx context.Context, keys []string, page func([]directory.Identity) error) error {
	return hand(ctx, d, "ldapdir.ReadKeys", page, func(s *session, page func([]directory.Identity) error) error {
		for part := range slices.Chunk(keys, batch) {
			var filters []string
			for _, k := range part {
				if f, ok := d.byKey(k); ok {
					filters = append(filters, f)
				}
			}
			if len(filters) == 0 {
				continue
			}
			if err := d.readAll(ctx, s, anyOf(filters), page); err != nil {
				return err
			}
		}
		return nil
	})
}

// readAll reads those that match also, in pages, groups with their members.
func (d *Reader) readAll(ctx context.Context, s *session, also string, page func([]directory.Identity) error) error {
	base, err := d.basedn(ctx, s)
	if err != nil {
		return err
	}
	q := query{base: base, scope: ldap.ScopeWholeSubtree, filter: "(&" + d.both + also + ")", attrs: append(d.read(), "cn")}
	if d.ad {
		q.controls = []ldap.Control{extendedDN}
	}
	twice := twins{config: d.config, q: q, seen: map[twinID]bool{}}
	return s.pages(ctx, q, func(list []*ldap.Entry) error {
		out := make([]directory.Identity, 0, len(list))
		entries := map[string]*ldap.Entry{} // of groups
		for _, e := range list {
			e, note, err := twice.look(ctx, s, e)
			if err != nil {
				return err
			}
			if e == nil {
				continue
			}
			i := d.faulty(e)
			if i.Key == "" {
				d.log.Warn("an entry of the directory has neither an id nor a name that can be read, and is left out", "dn", clip(e.DN, 200))
				continue
			}
			if note != "" {
				i.Fault = note
				out = slices.DeleteFunc(out, func(o directory.Identity) bool { return o.Key == i.Key })
			}
			if i.Kind == directory.KindGroup {
				entries[i.Key] = e
			}
			out = append(out, i)
		}
		var groups []group
		for n := range out {
			if e := entries[out[n].Key]; e != nil && out[n].Kind == directory.KindGroup {
				groups = append(groups, group{e, &out[n]})
			}
		}
		if err := d.members(ctx, s, groups); err != nil {
			return err
		}
		if len(out) == 0 {
			return nil
		}
		return page(out)
	})
}

// Keys hands over the keys of all users and groups under the base and filters.
func (d *Reader) Keys(ctx context.Context, page func([]string) error) error {
	return hand(ctx, d, "ldapdir.Keys", page, func(s *session, page func([]string) error) error {
		base, err := d.basedn(ctx, s)
		if err != nil {
			return err
		}
		id := "objectGUID"
		if !d.ad {
			id = d.names[attrKey]
		}
		q := query{base: base, scope: ldap.ScopeWholeSubtree, filter: d.both, attrs: []string{id}}
		return s.pages(ctx, q, func(list []*ldap.Entry) error {
			keys := make([]string, 0, len(list))
			for _, e := range list {
				if k := d.seenKey(e); k != "" {
					keys = append(keys, k)
				}
			}
			return page(keys)
		})
	})
}
