package imap

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/ids"
	"postroom/internal/base/metrics"
	"postroom/internal/connect/builtindir"
	"postroom/internal/core/access"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/directory"
	"postroom/internal/core/mailbox"
	"postroom/internal/core/org"
	"postroom/internal/core/tx"
	"postroom/internal/store/authstore"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/mailstore"
	"postroom/internal/store/pack"
	"postroom/internal/store/sqldb"
	"postroom/test/conversation"
)

const (
	base     = "postroom.test"
	password = "Correct horse 9 battery"
	quota    = 64 << 20
)

var by = audit.By{Kind: audit.System, Operation: "test"}

// house is a deployment of one region with the organization "one": alice, bob,
// carol and dora.
type house struct {
	testing.TB
	auth      *auth.Service
	db        *sqldb.DB
	directory *directory.Service
	access    *access.Service
	mailboxes *mailbox.Service
	options   mailbox.Options
	org       ids.Org
	tls       *tls.Config
	roots     *x509.CertPool
	server    *Server
	addrs     map[string]string
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) open(file string, schema sqldb.Schema) *sqldb.DB {
	db, err := sqldb.Open(context.Background(), sqldb.Options{Path: file, Schema: schema})
	h.must(err)
	h.Cleanup(func() { db.Close() })
	return db
}

func newHouse(t testing.TB, change func(*Config)) *house {
	h := &house{TB: t, addrs: map[string]string{}}
	ctx, dir, now := context.Background(), t.TempDir(), clock.System
	deployment := h.open(filepath.Join(dir, "deployment.db"), sqldb.Deployment)
	h.db = h.open(filepath.Join(dir, "region.db"), sqldb.Region)
	claims := org.NewClaims(dirstore.NewClaims(deployment), now)
	sealer, err := auth.NewSealer(make([]byte, 32))
	h.must(err)
	hasher := auth.NewHasher(nil)
	h.auth = auth.New(auth.Config{Store: authstore.New(deployment), Trail: audit.NewTrail(dirstore.NewAudit(deployment), now), Claims: claims,
		BaseDomain: base, Hasher: hasher, Sealer: sealer, Clock: now})
	t.Cleanup(func() { h.auth.Close() })
	packs, err := pack.OpenDir(filepath.Join(dir, "packs"), pack.Options{})
	h.must(err)
	t.Cleanup(func() { packs.Close() })
	trail := audit.NewTrail(dirstore.NewAudit(h.db), now)
	orgStore := dirstore.NewOrgs(h.db)
	keys := org.NewMasterKeyring([32]byte{1}, orgStore)
	orgs := org.New(org.Config{Region: "east", BaseDomain: base, Store: orgStore, Claims: claims, Keys: keys, Trail: trail, Clock: now})
	entries := dirstore.NewEntries(h.db)
	h.directory = directory.New(directory.Config{Store: entries, Builtin: builtindir.New(entries, hasher), Orgs: orgs, Hasher: hasher, Trail: trail, Clock: now})
	h.access = access.New(access.Config{Store: dirstore.NewGrants(h.db), Orgs: orgs, Directory: h.directory, Trail: trail})
	h.options = mailbox.Options{Store: mailstore.New(h.db), Packs: packs, Keys: keys, Access: h.access, Addresses: h.directory, Clock: now}
	h.mailboxes = h.renewed()
	h.must(h.auth.AddRegion(ctx, auth.Region{Name: "east", Directory: h.directory}))
	o, err := orgs.CreateOrganization(ctx, by, org.NewOrganization{Alias: "one"})
	h.must(err)
	if h.org = o.ID; o.State != org.Active {
		o.State = org.Active
		h.must(h.db.Write(ctx, o.ID, func(t *tx.Tx) error { return orgs.Store.UpdateOrganization(t, o) }))
	}
	for _, name := range []string{"alice", "bob", "carol", "dora"} {
		h.user(name)
	}
	h.certify()
	h.listen(change)
	return h
}

// renewed is a service that has nothing in its caches.
func (h *house) renewed() *mailbox.Service {
	s := mailbox.New(h.options)
	h.Cleanup(s.Close)
	return s
}

func (h *house) user(name string) {
	v := h.directory.View(h.org, by, 0)
	in := directory.NewUser{Name: name, DisplayName: name, Password: password, Email: name + "@one." + base}
	_, err := v.CreateUser(context.Background(), in, func(t *tx.Tx, e *directory.Entry) error {
		id, err := h.mailboxes.Provision(t.Context(), t, e.Org, e.ID, quota)
		e.Mailbox = id
		return err
	})
	h.must(err)
}

func (h *house) entry(name string) directory.Entry {
	e, err := h.directory.ByName(context.Background(), nil, h.org, name)
	h.must(err)
	return e
}

func (h *house) box(name string) *mailbox.Mailbox {
	m, err := h.mailboxes.OpenFor(context.Background(), h.entry(name).Mailbox, h.auth.System("east", "test"))
	h.must(err)
	return m
}

func (h *house) deliver(name, text string) {
	ctx := context.Background()
	p, err := h.mailboxes.Prepare(ctx, h.org, strings.NewReader(text), int64(len(text)))
	h.must(err)
	_, err = h.mailboxes.Deliver(ctx, p, mailbox.Origin{Head: "test", Operation: "deliver"}, []mailbox.Target{{Mailbox: h.entry(name).Mailbox,
		Received: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)}})
	h.must(err)
}

func (h *house) certify() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	h.must(err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: base}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), DNSNames: []string{base, "*." + base}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	h.must(err)
	parsed, err := x509.ParseCertificate(der)
	h.must(err)
	h.tls = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	h.roots = x509.NewCertPool()
	h.roots.AddCert(parsed)
}

func (h *house) listen(change func(*Config)) {
	cfg := Config{SignIn: h.auth, TLS: h.tls, Version: "1", Metrics: metrics.New(), MaxMessage: 1 << 20, PerUser: 200, RecheckEvery: 20 * time.Millisecond,
		Region: func(name string) (Region, bool) { return Region{Mailboxes: h.mailboxes}, name == "east" }}
	if os.Getenv("IMAP_LOG") != "" {
		cfg.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	if change != nil {
		change(&cfg)
	}
	h.server = New(cfg)
	for _, port := range []string{"imap", "imaps"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		h.must(err)
		h.addrs[port] = l.Addr().String()
		if port == "imap" {
			go h.server.Serve(l)
		} else {
			go h.server.ServeTLS(l)
		}
	}
	h.Cleanup(func() { h.server.Close(); h.server.wg.Wait() })
}

// TLS implements conversation.World.
func (h *house) TLS() *tls.Config { return &tls.Config{RootCAs: h.roots, ServerName: "mail." + base} }

// Dial implements conversation.World.
func (h *house) Dial(t testing.TB, port string) net.Conn {
	c, err := net.Dial("tcp", h.addrs[port])
	h.must(err)
	if port == "imaps" {
		c = tls.Client(c, h.TLS())
	}
	return c
}

// world is a house with several connections by name.
type world struct {
	*house
	clients map[string]*conversation.Client
	now     string
}

// Do plays the steps of these conversations:
//
//	use NAME             another connection from here on; "first" is the one that open made
//	login NAME           signs in
//	deliver NAME "TEXT"  a message comes in; "\n" in it is CRLF
//	many NAME N          N small messages come in
//	grant OWNER TO, ungrant OWNER TO, password NAME, deregister NAME
//	expunge NAME UID     another protocol deletes
//	flag NAME UID        another protocol flags
func (w *world) Do(t testing.TB, c *conversation.Client, step string) error {
	word := strings.Fields(step)
	ctx := context.Background()
	v := w.directory.View(w.org, by, 0)
	grants := w.access.View(w.org, by, 0)
	switch word[0] {
	case "use":
		w.use(t, c, word[1])
	case "login":
		fmt.Fprintf(c, "login LOGIN %s@one.%s %q\r\n", word[1], base, password)
		for {
			line, err := c.R.ReadString('\n')
			if err != nil || strings.HasPrefix(line, "login ") {
				if err == nil && !strings.HasPrefix(line, "login OK") {
					err = fmt.Errorf("%s", line)
				}
				return err
			}
		}
	case "deliver":
		text, err := strconv.Unquote(strings.TrimSpace(step[strings.IndexByte(step, '"'):]))
		w.must(err)
		w.deliver(word[1], strings.ReplaceAll(text, "\n", "\r\n"))
	case "many":
		n, _ := strconv.Atoi(word[2])
		for i := range n {
			w.deliver(word[1], fmt.Sprintf("From: a@x.test\r\nSubject: number %d\r\n\r\ntext\r\n", i))
		}
	case "grant":
		return grants.PutMailboxPermissions(ctx, word[1], word[2], access.Rights{Full: true})
	case "ungrant":
		return grants.DeleteMailboxPermissions(ctx, word[1], word[2])
	case "password":
		return v.ResetPassword(ctx, string(w.entry(word[1]).ID), "Another horse 7 staple")
	case "deregister":
		_, err := v.DeregisterFromWorkMail(ctx, word[1], func(t *tx.Tx, e *directory.Entry) error {
			return w.mailboxes.Detach(t.Context(), t, e.Mailbox, time.Now())
		})
		return err
	case "expunge", "flag":
		uid, _ := strconv.Atoi(word[2])
		r := []mailbox.Range{{First: ids.UID(uid), Last: ids.UID(uid)}}
		if word[0] == "expunge" {
			return w.box(word[1]).Delete(ctx, 1, r)
		}
		return w.box(word[1]).SetFlags(ctx, 1, r, mailbox.Flagged, 0, nil, nil)
	default:
		return fmt.Errorf("no such step")
	}
	return nil
}

func (w *world) use(t testing.TB, c *conversation.Client, name string) {
	kept := *c
	w.clients[w.now] = &kept
	w.now = name
	if have := w.clients[name]; have != nil {
		*c = *have
		return
	}
	conn := w.Dial(t, "imaps")
	t.Cleanup(func() { conn.Close() })
	*c = conversation.Client{Conn: conn, R: newReader(conn)}
	conn.SetDeadline(time.Now().Add(conversation.Limit))
	if line, err := c.R.ReadString('\n'); err != nil || !strings.HasPrefix(line, "* OK") {
		t.Fatalf("greeting %q: %v", line, err)
	}
}
