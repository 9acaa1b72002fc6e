package ldapdir

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/core/directory"
	"postroom/internal/wire/address"

	"github.com/go-ldap/ldap/v3"
)

// Reader is a directory that is only read: it is no directory.Writer.
type Reader struct {
	*config
	log     *slog.Logger
	service *pool // for everything but passwords
	proofs  *pool // for passwords alone, never bound as the service account

	mu            sync.Mutex
	swept         time.Time     // when a Sweep was last asked for
	looked        time.Time     // when contextCSN was last looked at, see looksStill
	still         atomic.Bool   // contextCSN stands still
	watch         *watch        // of Wait
	wrong, nobody time.Duration // how long a wrong password takes, and a user that is not there
}

// Directory is one that is changed too.
type Directory struct{ *Reader }

var (
	_ directory.Foreign         = (*Reader)(nil)
	_ directory.Foreign         = (*Directory)(nil)
	_ directory.PasswordChanger = (*Directory)(nil)
)

// Open checks the settings and connects to nothing yet. It answers a *Reader
// for AD Connector and where ReadOnly is set, else a *Directory.
// errs.Invalid, Directory.
func Open(s directory.Settings, o Options) (directory.Foreign, error) {
	r, err := OpenReader(s, o)
	if err != nil {
		return nil, err
	}
	if s.ReadOnly || s.Kind == directory.ADConnector {
		return r, nil
	}
	return &Directory{r}, nil
}

// OpenReader is Open for a directory that is not to be changed, whatever it is.
func OpenReader(s directory.Settings, o Options) (*Reader, error) {
	c, err := parse(s)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock != nil {
		c.clock = o.Clock
	}
	return &Reader{config: c, log: o.Log, service: newPool(c, true, 4, o), proofs: newPool(c, false, 8, o)}, nil
}

// Close ends all connections; a Wait that waits ends too.
func (d *Reader) Close() {
	d.service.close()
	d.proofs.close()
	d.mu.Lock()
	w := d.watch
	d.watch = nil
	d.mu.Unlock()
	if w != nil {
		w.stop()
	}
}

// Facts are the kind's.
func (d *Reader) Facts() directory.Facts {
	f := directory.Facts{Type: d.Kind.Type(), UserNames: 64}
	if d.ad {
		f.UserNames = 20 // of a sAMAccountName (MS-SAMR 3.1.1.6)
	}
	return f
}

// ask runs a read, which may be asked twice, and says its error as the house does.
func (d *Reader) ask(ctx context.Context, op string, fn func(*session) error) error {
	return fault(op, d.service.with(ctx, always, fn))
}

// basedn is where the identities are.
func (c *config) basedn(ctx context.Context, s *session) (string, error) {
	if c.BaseDN != "" {
		return c.BaseDN, nil
	}
	r, err := s.rootDSE(ctx)
	if err == nil && r.naming == "" {
		err = errs.Say("ldapdir.Base", errs.Invalid, errs.Directory, "The server does not tell its naming context: set the base DN.")
	}
	if err != nil {
		return "", err
	}
	return r.naming, nil
}

// Lookup reads an identity back, with its members and what Create left in it.
func (d *Reader) Lookup(ctx context.Context, _ ids.Org, r directory.Ref) (i directory.Identity, err error) {
	const op = "ldapdir.Lookup"
	err = d.ask(ctx, op, func(s *session) error {
		e, err := d.find(ctx, s, op, r, append(d.read(), d.proofAttributes()...)...)
		if err != nil {
			return err
		}
		var ok bool
		if i, ok = d.identity(e); !ok {
			return notFound(op)
		}
		i.Made, i.Half = d.madeBy(e)
		if i.Kind == directory.KindGroup {
			return d.members(ctx, s, []group{{e, &i}})
		}
		return nil
	})
	return i, err
}

// find reads the entry of a Ref under the base and filters, by key where there
// is one, else by name. What the server's matching takes for equal is compared
// again as we do.
func (c *config) find(ctx context.Context, s *session, op string, r directory.Ref, attrs ...string) (*ldap.Entry, error) {
	base, err := c.basedn(ctx, s)
	if err != nil {
		return nil, err
	}
	match, ok := c.byKey(r.Key)
	if r.Key == "" {
		match, ok = equal(c.nameOf(r.Kind), r.Name), r.Name != ""
	}
	if !ok {
		return nil, notFound(op)
	}
	q := query{
		base: base, scope: ldap.ScopeWholeSubtree, filter: "(&" + c.of(r.Kind) + match + ")",
		attrs: append([]string{c.nameOf(r.Kind), "objectClass"}, attrs...),
	}
	if c.ad {
		q.controls = []ldap.Control{extendedDN}
	}
	list, err := s.search(ctx, q)
	if code(err) == ldap.LDAPResultNoSuchObject {
		return nil, notFound(op)
	}
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if r.Key != "" || address.Fold(value(e, c.nameOf(r.Kind))) == address.Fold(r.Name) {
			return e, nil
		}
	}
	return nil, notFound(op)
}

// nameOf is the attribute of the name: a groupOfNames has cn and no uid.
func (c *config) nameOf(k directory.Kind) string {
	if !c.ad && k == directory.KindGroup {
		return "cn"
	}
	return c.names[attrName]
}

// byKey is the filter of a key; not ok where it is none.
func (c *config) byKey(key string) (filter string, ok bool) {
	if dn, ok := strings.CutPrefix(key, byDN); ok {
		if c.ad {
			return equal("distinguishedName", dn), true
		}
		return equal("entryDN", dn), true
	}
	if !c.ad {
		return equal(c.names[attrKey], key), key != ""
	}
	b := guidBytes(key)
	return equal("objectGUID", string(b)), b != nil
}
