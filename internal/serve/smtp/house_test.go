package smtp

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postroom/internal/base/clock"
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
	"postroom/internal/core/tx"
	"postroom/internal/store/authstore"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/flowstore"
	"postroom/internal/store/mailstore"
	"postroom/internal/store/pack"
	"postroom/internal/store/sqldb"
)

const (
	base     = "postroom.test"
	password = "Correct horse 9 battery"
)

// house is a deployment of two regions in a folder of its own.
type house struct {
	t       testing.TB
	dir     string
	auth    *auth.Service
	claims  *org.Claims
	router  *mailflow.Router
	regions map[string]*region
	clock   *clock.Set
	tls     *tls.Config
	roots   *x509.CertPool
	log     *slog.Logger
	servers map[Port]*Server
	addrs   map[string]string
	actors  map[string]auth.Actor
}

type region struct {
	h         *house
	name      string
	db        *sqldb.DB
	packs     *pack.Files
	orgs      *org.Service
	directory *directory.Service
	access    *access.Service
	mailboxes *mailbox.Service
	flow      *mailflow.Service
	delivery  *delivery.Service
	byAlias   map[string]ids.Org
}

// newHouse opens the folder dir, which may have been one before.
func newHouse(t testing.TB, dir string) *house {
	h := &house{t: t, dir: dir, regions: map[string]*region{}, clock: clock.At(time.Now()), log: slog.New(slog.DiscardHandler),
		servers: map[Port]*Server{}, addrs: map[string]string{}, actors: map[string]auth.Actor{}}
	deployment := h.open("deployment.db", sqldb.Deployment)
	h.claims = org.NewClaims(dirstore.NewClaims(deployment), h.clock)
	sealer, err := auth.NewSealer(make([]byte, 32))
	must(t, err)
	hasher := auth.NewHasher(nil)
	h.auth = auth.New(auth.Config{Store: authstore.New(deployment), Trail: audit.NewTrail(dirstore.NewAudit(deployment), h.clock), Claims: h.claims,
		BaseDomain: base, Hasher: hasher, Sealer: sealer, Clock: h.clock, Log: h.log})
	t.Cleanup(func() { h.auth.Close() })
	h.router = mailflow.NewRouter(h.claims)
	for _, name := range []string{"east", "west"} {
		h.region(name, hasher)
	}
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) open(file string, schema sqldb.Schema) *sqldb.DB {
	db, err := sqldb.Open(context.Background(), sqldb.Options{Path: filepath.Join(h.dir, file), Schema: schema})
	must(h.t, err)
	h.t.Cleanup(func() { db.Close() })
	return db
}

func (h *house) region(name string, hasher *auth.Hasher) {
	r := &region{h: h, name: name, db: h.open(name+".db", sqldb.Region), byAlias: map[string]ids.Org{}}
	var err error
	r.packs, err = pack.OpenDir(filepath.Join(h.dir, name), pack.Options{})
	must(h.t, err)
	h.t.Cleanup(func() { r.packs.Close() })
	trail := audit.NewTrail(dirstore.NewAudit(r.db), h.clock)
	orgStore := dirstore.NewOrgs(r.db)
	keys := org.NewMasterKeyring([32]byte{1}, orgStore)
	r.orgs = org.New(org.Config{Region: name, BaseDomain: base, Store: orgStore, Claims: h.claims, Keys: keys, Trail: trail, Clock: h.clock, Log: h.log})
	entries := dirstore.NewEntries(r.db)
	r.directory = directory.New(directory.Config{Store: entries, Builtin: builtindir.New(entries, hasher), Orgs: r.orgs, Hasher: hasher, Trail: trail, Clock: h.clock, Log: h.log})
	r.access = access.New(access.Config{Store: dirstore.NewGrants(r.db), Orgs: r.orgs, Directory: r.directory, Trail: trail})
	r.mailboxes = mailbox.New(mailbox.Options{Store: mailstore.New(r.db), Packs: r.packs, Keys: keys, Access: r.access, Addresses: r.directory, Clock: h.clock, Log: h.log})
	h.t.Cleanup(r.mailboxes.Close)
	r.flow = mailflow.New(mailflow.Options{Region: name, Host: "mx." + base, Store: flowstore.New(r.db), Packs: r.packs, Keys: keys, Mailboxes: r.mailboxes,
		Directory: r.directory, Access: r.access, Clock: h.clock, Log: h.log}, h.router)
	h.t.Cleanup(r.flow.Close)
	r.delivery = delivery.New(r.flow, r.mailboxes)
	must(h.t, h.auth.AddRegion(context.Background(), auth.Region{Name: name, Directory: r.directory}))
	h.regions[name] = r
}

var by = audit.By{Kind: audit.System, Operation: "test"}

// organization makes ALIAS with its mail domain ALIAS.postroom.test.
func (r *region) organization(alias string) {
	o, err := r.orgs.CreateOrganization(context.Background(), by, org.NewOrganization{Alias: alias})
	must(r.h.t, err)
	if o.State != org.Active {
		o.State = org.Active
		must(r.h.t, r.db.Write(context.Background(), o.ID, func(t *tx.Tx) error { return r.orgs.Store.UpdateOrganization(t, o) }))
	}
	r.byAlias[alias] = o.ID
}

func (r *region) view(alias string) *directory.View {
	return r.directory.View(r.byAlias[alias], by, 0)
}

func (r *region) mailboxHook(quota int64) directory.Hook {
	return func(t *tx.Tx, e *directory.Entry) error {
		if e.Mailbox != 0 {
			return r.mailboxes.Reattach(t.Context(), t, e.Mailbox)
		}
		id, err := r.mailboxes.Provision(t.Context(), t, e.Org, e.ID, quota)
		e.Mailbox = id
		return err
	}
}

// id is the id of a name.
func (r *region) id(alias, name string) string {
	e, err := r.directory.ByName(context.Background(), nil, r.byAlias[alias], name)
	must(r.h.t, err)
	return string(e.ID)
}

// user makes NAME@ALIAS.postroom.test, enabled, with the password where signsIn.
func (r *region) user(alias, name string, quota int64, signsIn bool) directory.Entry {
	v := r.view(alias)
	in := directory.NewUser{Name: name, Email: name + "@" + alias + "." + base, DisplayName: strings.ToUpper(name[:1]) + name[1:]}
	if signsIn {
		in.Password = password
	}
	e, err := v.CreateUser(context.Background(), in, r.mailboxHook(quota))
	must(r.h.t, err)
	return e
}

func (r *region) group(alias, name string, members ...string) directory.Entry {
	v := r.view(alias)
	hook, err := v.Registered(name+"@"+alias+"."+base, nil)
	must(r.h.t, err)
	e, err := v.CreateGroup(context.Background(), directory.NewGroup{Name: name}, hook)
	must(r.h.t, err)
	for _, m := range members {
		must(r.h.t, v.AssociateMemberToGroup(context.Background(), string(e.ID), r.id(alias, m)))
	}
	return e
}

// furnish makes the people of the tests.
//
//	east/one: alice, bob, carol (alias cc), dora (disabled), full (no room), room1,
//	          group all (bob, group inner (carol, dora)), group empty
//	          alice may send as bob and as group all, on behalf of carol
//	east/two: dave       west/three: wendy
func (h *house) furnish() {
	ctx := context.Background()
	e, w := h.regions["east"], h.regions["west"]
	e.organization("one")
	e.organization("two")
	w.organization("three")
	for _, name := range []string{"alice", "bob", "carol", "dora"} {
		e.user("one", name, 1<<30, name == "alice" || name == "bob")
	}
	e.user("one", "full", 1, false)
	v := e.view("one")
	must(h.t, v.CreateAlias(ctx, e.id("one", "carol"), "cc@one."+base))
	hook, err := v.Registered("room1@one."+base, e.mailboxHook(1<<30))
	must(h.t, err)
	_, err = v.CreateResource(ctx, directory.NewResource{Name: "room1", Type: directory.Room}, hook)
	must(h.t, err)
	e.group("one", "inner", "carol", "dora")
	e.group("one", "all", "bob", "inner")
	e.group("one", "empty")
	_, err = v.DeregisterFromWorkMail(ctx, e.id("one", "dora"), func(t *tx.Tx, e *directory.Entry) error { return nil })
	must(h.t, err)
	grants := e.access.View(e.byAlias["one"], by, 0)
	must(h.t, grants.PutMailboxPermissions(ctx, e.id("one", "bob"), e.id("one", "alice"), access.Rights{SendAs: true}))
	must(h.t, grants.PutMailboxPermissions(ctx, e.id("one", "all"), e.id("one", "alice"), access.Rights{SendAs: true}))
	must(h.t, grants.PutMailboxPermissions(ctx, e.id("one", "carol"), e.id("one", "alice"), access.Rights{OnBehalf: true}))
	e.user("two", "dave", 1<<30, true)
	w.user("three", "wendy", 1<<30, true)
}

// inbox answers the messages of NAME@ALIAS in the order in which they came.
func (h *house) inbox(alias, name string) (list []string) {
	h.t.Helper()
	ctx := context.Background()
	for _, r := range h.regions {
		o, ok := r.byAlias[alias]
		if !ok {
			continue
		}
		e, err := r.directory.ByName(ctx, nil, o, name)
		must(h.t, err)
		err = mailstore.New(r.db).Items(ctx, e.Mailbox, mailbox.FolderOf(mailbox.Inbox), mailbox.Range{First: 1, Last: 1 << 31}, false, func(it mailbox.Item) error {
			c, err := r.mailboxes.OpenContent(ctx, o, e.Mailbox, it.Body)
			if err != nil {
				return err
			}
			defer c.Close()
			b, err := io.ReadAll(io.NewSectionReader(c, 0, c.Size()))
			list = append(list, string(b))
			return err
		})
		must(h.t, err)
		return list
	}
	h.t.Fatalf("no organization %q", alias)
	return nil
}

// certify makes the server's certificate.
func (h *house) certify() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(h.t, err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mx." + base}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"mx." + base, "*." + base}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	must(h.t, err)
	parsed, err := x509.ParseCertificate(der)
	must(h.t, err)
	h.tls = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	h.roots = x509.NewCertPool()
	h.roots.AddCert(parsed)
}

func (h *house) config(p Port) Config {
	return Config{Port: p, Host: "mx." + base, TLS: h.tls, SpoolDir: h.dir, Clock: h.clock, Log: h.log, MaxMessage: 1 << 20, MaxPerAddress: 1000}
}

func (h *house) services() Services {
	d := map[string]*delivery.Service{}
	for name, r := range h.regions {
		d[name] = r.delivery
	}
	return Services{Auth: h.auth, Router: h.router, Delivery: d}
}

// listen starts the three ports; change may alter their settings.
func (h *house) listen(change func(*Config)) {
	if h.tls == nil {
		h.certify()
	}
	for _, p := range []Port{MX, Submission, Submissions} {
		c := h.config(p)
		if change != nil {
			change(&c)
		}
		s := New(c, h.services())
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(h.t, err)
		go s.Serve(l)
		h.t.Cleanup(func() { s.Close() })
		h.servers[p], h.addrs[p.String()] = s, l.Addr().String()
	}
}

// Dial, TLS and Do make a house a conversation.World.
func (h *house) Dial(t testing.TB, port string) net.Conn {
	c, err := net.Dial("tcp", h.addrs[port])
	must(t, err)
	return c
}

func (h *house) TLS() *tls.Config { return &tls.Config{RootCAs: h.roots, ServerName: "mx." + base} }

// drain works on the queues until nothing is due.
func (h *house) drain() {
	h.t.Helper()
	for n := 1; n > 0; {
		n = 0
		for _, r := range h.regions {
			m, err := r.flow.Drain(context.Background())
			must(h.t, err)
			n += m
		}
	}
}

func (h *house) queued(alias string) (list []mailflow.Queued) {
	h.t.Helper()
	for _, r := range h.regions {
		if o, ok := r.byAlias[alias]; ok {
			list, _, err := r.flow.For(h.auth.System(r.name, "test")).Queue(context.Background(), o, "", 100)
			must(h.t, err)
			return list
		}
	}
	return nil
}

func plain(name, password string) string {
	return b64("\x00" + name + "\x00" + password)
}

func describe(list []string) string {
	var b bytes.Buffer
	for _, m := range list {
		fmt.Fprintf(&b, "---\n%s\n", m)
	}
	return b.String()
}
