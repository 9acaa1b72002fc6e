package provision_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/dnsx"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/connect/builtindir"
	"postroom/internal/core/access"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/delivery"
	"postroom/internal/core/directory"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/mailflow"
	"postroom/internal/core/org"
	"postroom/internal/core/provision"
	"postroom/internal/store/authstore"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/flowstore"
	"postroom/internal/store/mailstore"
	"postroom/internal/store/pack"
	"postroom/internal/store/sqldb"
	"postroom/internal/wire/address"
	"postroom/test/services"
)

const quota = 1 << 20 // of a new mailbox

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// house is a deployment of two regions, without organizations.
type house struct {
	*testing.T
	ctx        context.Context
	clock      *clock.Set
	dns        *dnsx.Fake
	deployment *sqldb.DB
	auth       *auth.Service
	claims     *org.Claims
	router     *mailflow.Router
	us, eu     *region
	abroad     map[string]directory.Foreign // by server; it changes under none's feet
}

type region struct {
	db        *sqldb.DB
	entries   *dirstore.Entries
	mortal    *mortal // the same, as the directory's
	orgs      *org.Service
	dir       *directory.Service
	access    *access.Service
	boxes     *mailbox.Service
	flow      *mailflow.Service
	lists     *audit.Lists
	provision *provision.Service
}

// story runs on both engines.
func story(t *testing.T, tell func(h *house)) {
	t.Run("SQLite", func(t *testing.T) {
		dir := t.TempDir()
		tell(newHouse(t, func(name string) sqldb.Options { return sqldb.Options{Path: filepath.Join(dir, name+".db")} }))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		dsn := services.Postgres(t, services.NoFsync)
		tell(newHouse(t, func(name string) sqldb.Options { return sqldb.Options{DSN: dsn, Name: name} }))
	})
}

func newHouse(t *testing.T, options func(name string) sqldb.Options) *house {
	h := &house{T: t, ctx: t.Context(), clock: clock.At(start), dns: &dnsx.Fake{}, abroad: map[string]directory.Foreign{}}
	open := func(name string, s sqldb.Schema) *sqldb.DB {
		o := options(name)
		o.Schema = s
		db, err := sqldb.Open(h.ctx, o)
		h.must(err)
		t.Cleanup(func() { db.Close() })
		return db
	}
	h.deployment = open("deployment", sqldb.Deployment)
	h.claims = org.NewClaims(dirstore.NewClaims(h.deployment), h.clock)
	h.router = mailflow.NewRouter(h.claims)
	sealer, err := auth.NewSealer(bytes.Repeat([]byte{7}, 32))
	h.must(err)
	hasher := auth.NewHasher(nil)
	h.auth = auth.New(auth.Config{Store: authstore.New(h.deployment), Trail: audit.NewTrail(dirstore.NewAudit(h.deployment), h.clock), Claims: h.claims,
		BaseDomain: "postroom.test", Hasher: hasher, Sealer: sealer, Clock: h.clock})
	_, _, err = h.auth.Bootstrap(h.ctx)
	h.must(err)
	for _, name := range []string{"us-east-1", "eu-west-1"} {
		r := &region{db: open("region_"+name[:2], sqldb.Region)}
		log := open("log_"+name[:2], sqldb.Log)
		packs, err := pack.OpenDir(t.TempDir(), pack.Options{})
		h.must(err)
		t.Cleanup(func() { packs.Close() })
		h.services(r, name, log, packs, hasher)
		h.must(h.auth.AddRegion(h.ctx, auth.Region{Name: name, Directory: r.dir}))
		if h.us == nil {
			h.us = r
		} else {
			h.eu = r
		}
	}
	return h
}

func (h *house) services(r *region, name string, log *sqldb.DB, packs mailbox.Packs, hasher *auth.Hasher) {
	trail, orgs := audit.NewTrail(dirstore.NewAudit(r.db), h.clock), dirstore.NewOrgs(r.db)
	keys := org.NewMasterKeyring([32]byte{1}, orgs)
	r.lists = audit.NewLists(dirstore.NewAudit(r.db), dirstore.NewAudit(log))
	r.entries = dirstore.NewEntries(r.db)
	r.mortal = &mortal{Store: r.entries}
	r.orgs = org.New(org.Config{Region: name, BaseDomain: "postroom.test", Store: orgs, Claims: h.claims, Keys: keys,
		Resolver: dnsx.Texts{Resolver: h.dns}, Trail: trail, Clock: h.clock})
	r.dir = directory.New(directory.Config{Store: r.mortal, Builtin: builtindir.New(r.entries, hasher), Orgs: r.orgs, Hasher: hasher, Trail: trail, Clock: h.clock,
		Connect: func(_ context.Context, set directory.Settings) (directory.Foreign, error) {
			f := h.abroad[set.Servers[0]]
			if f == nil || strings.Contains(set.UserFilter, "((") {
				return nil, errs.Say("house.Connect", errs.Invalid, errs.Directory, "These settings cannot work.")
			}
			return f, nil
		}})
	r.access = access.New(access.Config{Store: dirstore.NewGrants(r.db), Orgs: r.orgs, Directory: r.dir, Trail: trail})
	r.boxes = mailbox.New(mailbox.Options{Store: mailstore.New(r.db), Packs: packs, Keys: keys, Access: r.access, Addresses: r.dir, Clock: h.clock})
	h.Cleanup(r.boxes.Close)
	r.flow = mailflow.New(mailflow.Options{Region: name, Host: "mx.postroom.test", Store: flowstore.New(r.db), Packs: packs, Keys: keys,
		Mailboxes: r.boxes, Directory: r.dir, Access: r.access, Clock: h.clock}, h.router)
	delivery.New(r.flow, r.boxes)
	h.Cleanup(r.flow.Close)
	r.provision = provision.New(provision.Config{Orgs: r.orgs, Directory: r.dir, Access: r.access, Mailboxes: r.boxes, Queue: r.flow, Purges: r.entries, Quota: quota})
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// want fails unless err is of this kind about this subject.
func (h *house) want(err error, kind errs.Kind, subject errs.Subject) {
	h.Helper()
	if k, s := errs.Of(err); err == nil || k != kind || s != subject {
		h.Fatalf("got %v, want %s %s", err, kind, subject)
	}
}

func (h *house) equal(got, want any) {
	h.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		h.Fatalf("got %s, want %s", g, w)
	}
}

// root may do everything.
func (h *house) root() auth.Actor { return h.auth.Operator("test") }

// administrator signs calls and has these rights.
func (h *house) administrator(name string, rights auth.Rights) auth.Actor {
	h.Helper()
	v := h.auth.For(h.root()).Call("Test", "r", 0)
	a, err := v.CreateAdministrator(h.ctx, auth.NewAdmin{Name: name, Rights: rights})
	h.must(err)
	key, _, err := v.CreateAccessKey(h.ctx, a.ID)
	h.must(err)
	_, actor, err := h.auth.AccessKey(h.ctx, key.ID)
	h.must(err)
	return actor
}

func (h *house) organization(r *region, alias string) org.Organization {
	h.Helper()
	o, err := r.provision.For(h.root()).CreateOrganization(h.ctx, "CreateOrganization", "r", org.NewOrganization{Alias: alias})
	h.must(err)
	return o
}

// open is an organization as root sees it.
func (h *house) open(r *region, id ids.Org) *provision.Organization {
	h.Helper()
	o, err := r.provision.For(h.root()).Organization(h.ctx, id, provision.Write, "Test", "r", 0)
	h.must(err)
	return o
}

// user makes an enabled user with a mailbox.
func (h *house) user(o *provision.Organization, name, email string) directory.Entry {
	h.Helper()
	e, err := o.CreateUserWithMailbox(h.ctx, directory.NewUser{Name: name, DisplayName: name}, email)
	h.must(err)
	return e
}

// deliver puts a message into the mailbox of whoever has the address.
func (h *house) deliver(r *region, o ids.Org, to ids.Mailbox, text string) {
	h.Helper()
	text = "Message-ID: <" + ids.Hex(8) + "@example.org>\r\nFrom: a@example.org\r\nSubject: s\r\n\r\n" + text + "\r\n"
	p, err := r.boxes.Prepare(h.ctx, o, strings.NewReader(text), int64(len(text)))
	h.must(err)
	_, err = r.boxes.Deliver(h.ctx, p, mailbox.Origin{Head: "test", Operation: "deliver"}, []mailbox.Target{{Mailbox: to}})
	h.must(err)
}

// route is where mail to an address goes, without what a router remembers.
func (h *house) route(r *region, to string) (mailflow.Recipient, error) {
	h.Helper()
	a, err := address.Parse(to)
	h.must(err)
	return r.flow.For(h.auth.System("us-east-1", "test")).Route(h.ctx, a, 0)
}

// rows counts every table of a database.
func (h *house) rows(db *sqldb.DB) map[string]int64 {
	h.Helper()
	text := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`
	if db.Engine() == sqldb.Postgres {
		text = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`
	}
	var tables []string
	h.must(db.Q(nil).Each(h.ctx, text, nil, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		tables = append(tables, name)
		return err
	}))
	if len(tables) < 5 {
		h.Fatal("tables", tables)
	}
	counts := map[string]int64{}
	for _, name := range tables {
		var n int64
		h.must(db.Q(nil).QueryRow(h.ctx, `SELECT COUNT(*) FROM "`+name+`"`).Scan(&n))
		counts[name] = n
	}
	return counts
}

func sorted(list []string) []string { slices.Sort(list); return list }
