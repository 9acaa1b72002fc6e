package ldapdir

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"postroom/internal/core/directory"

	"github.com/go-ldap/ldap/v3"
)

// byDN begins the key of an entry that has none of its own: its DN follows. It
// never becomes an entry of ours, but stands among the faults.
const byDN = "dn:"

// seenKey is the key of an entry, else one of its DN; "" where that is none either.
func (c *config) seenKey(e *ldap.Entry) string {
	if k := c.key(e); k != "" {
		return k
	}
	_, dn := splitExtended(e.DN)
	if dn == "" || len(dn) > 250 || !utf8.ValidString(dn) || clean(dn) != dn {
		return ""
	}
	return byDN + strings.ToLower(dn)
}

// faulty is what an entry says, with its Fault where it has no key, id or name.
func (c *config) faulty(e *ldap.Entry) directory.Identity {
	i, ok := c.identity(e)
	if ok && strings.TrimSpace(i.Name) != "" {
		return i
	}
	_, dn := splitExtended(e.DN)
	dn = clean(dn)
	switch {
	case i.Key == "":
		i.Key, i.Entry = c.seenKey(e), ""
		i.Fault = fmt.Sprintf("%s has no %s that can be read, by which it would be known.", dn, c.keyName())
	case i.Entry == "":
		i.Fault = dn + " has no objectSid that can be read."
	default:
		i.Name = ""
		i.Fault = fmt.Sprintf("%s has no name that can be shown: see its attribute %s.", dn, c.nameOf(i.Kind))
	}
	return i
}

func (c *config) keyName() string {
	if c.ad {
		return "objectGUID"
	}
	return c.names[attrKey]
}

type twinID [16]byte

// twins finds entries that have the same key, in one reading. One that moved
// meanwhile is read twice and is no twin.
type twins struct {
	*config
	q    query
	seen map[twinID]bool // true: it is known to be of several
}

// look answers the entry that is to be taken for e, with the fault of several; nil where they were told already.
func (t *twins) look(ctx context.Context, s *session, e *ldap.Entry) (*ldap.Entry, string, error) {
	key := t.key(e)
	filter, ok := t.byKey(key)
	if key == "" || !ok {
		return e, "", nil
	}
	sum := sha256.Sum256([]byte(key))
	id := twinID(sum[:16])
	told, before := t.seen[id]
	if !before {
		t.seen[id] = false
		return e, "", nil
	}
	if told {
		return nil, "", nil
	}
	q := t.q
	q.filter = "(&" + t.both + filter + ")"
	list, err := s.search(ctx, q)
	if err != nil {
		return nil, "", err
	}
	list = slices.DeleteFunc(list, func(o *ldap.Entry) bool { return t.key(o) != key })
	if len(list) < 2 {
		return e, "", nil
	}
	slices.SortFunc(list, func(a, b *ldap.Entry) int {
		return strings.Compare(strings.ToLower(inWords(a)), strings.ToLower(inWords(b)))
	})
	t.seen[id] = true
	return list[0], fmt.Sprintf("%d entries of the directory have the same %s: %s and %s. Only the first is shown.", len(list), t.keyName(), inWords(list[0]), inWords(list[1])), nil
}

func inWords(e *ldap.Entry) string {
	_, dn := splitExtended(e.DN)
	return clean(dn)
}
