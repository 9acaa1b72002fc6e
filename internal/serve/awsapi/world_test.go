package awsapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
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
	"postroom/internal/core/mailflow"
	"postroom/internal/core/org"
	"postroom/internal/core/provision"
	"postroom/internal/core/statistics"
	"postroom/internal/serve/httpfront"
	"postroom/internal/store/authstore"
	"postroom/internal/store/dirstore"
	"postroom/internal/store/flowstore"
	"postroom/internal/store/mailstore"
	"postroom/internal/store/pack"
	"postroom/internal/store/sqldb"
	"postroom/internal/store/statstore"
	"postroom/internal/wire/sigv4"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workmail"
	"github.com/aws/smithy-go"
)

const (
	east         = "us-east-1"
	west         = "eu-west-1"
	baseDomain   = "postroom.test"
	goodPassword = "Correct horse 9 battery"
)

// key is an access key of an administrator.
type key struct {
	admin      ids.Admin
	id, secret string
}

// world is a deployment of two regions over real stores, served over HTTP.
type world struct {
	t       testing.TB
	dir     string
	url     string
	handler *Handler
	auth    *auth.Service
	claims  *org.Claims
	clock   *clock.Set
	log     *safeBuffer
	dns     *zone
	hasher  *auth.Hasher
	places  map[string]*place
	foreign foreigners
	notes   *audit.Log
	root    key // full access to all
	first   string
}

type place struct {
	db     *sqldb.DB
	orgs   *org.Service
	dir    *directory.Service
	log    *audit.Log
	region Region
}

// zone answers TXT from a map.
type zone struct {
	mu   sync.Mutex
	text map[string][]string
}

func (z *zone) TXT(_ context.Context, name string) ([]string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	return z.text[name], nil
}

func (z *zone) set(name, text string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.text[name] = []string{text}
}

// safeBuffer is a log that may be read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newWorld(t testing.TB) *world {
	w := &world{
		t: t, dir: t.TempDir(), clock: clock.At(time.Now()), log: &safeBuffer{}, dns: &zone{text: map[string][]string{}},
		hasher: auth.NewHasher(nil), places: map[string]*place{},
	}
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if _, bench := t.(*testing.B); bench {
		log = slog.New(slog.DiscardHandler)
	}
	deployment := w.open("deployment.db", sqldb.Deployment)
	w.claims = org.NewClaims(dirstore.NewClaims(deployment), w.clock)
	sealer, err := auth.NewSealer(make([]byte, 32))
	must(t, err)
	trail := dirstore.NewAudit(deployment)
	logStore := dirstore.NewAudit(w.open("deployment-log.db", sqldb.Log))
	w.notes = audit.NewLog(logStore, w.clock, log)
	t.Cleanup(func() { w.notes.Close() })
	w.auth = auth.New(auth.Config{
		Store: authstore.New(deployment), Trail: audit.NewTrail(trail, w.clock), Notes: w.notes, Claims: w.claims, BaseDomain: baseDomain,
		Hasher: w.hasher, Sealer: sealer, Clock: w.clock, Log: log, Console: "localhost",
	})
	t.Cleanup(func() { w.auth.Close() })
	regions := map[string]Region{}
	for _, name := range []string{east, west} {
		w.region(name, log)
		regions[name] = w.places[name].region
	}
	w.first, _, err = w.auth.Bootstrap(context.Background())
	must(t, err)
	a, err := w.operator().FindAdministrator(context.Background(), auth.FirstAdministrator)
	must(t, err)
	w.root = w.keyOf(a.ID)
	w.handler = New(Config{
		Regions: regions, Order: []string{east, west}, Auth: w.auth, Lists: audit.NewLists(trail, logStore), Notes: w.notes, Version: "test", Clock: w.clock, Log: log,
		Console: "http://localhost/console/", Metrics: metrics.New(),
	})
	front := httpfront.New(httpfront.Config{API: w.handler})
	server := httptest.NewServer(front.Handler())
	t.Cleanup(server.Close)
	w.url = server.URL + "/"
	return w
}

func (w *world) open(file string, schema sqldb.Schema) *sqldb.DB {
	db, err := sqldb.Open(context.Background(), sqldb.Options{Path: filepath.Join(w.dir, file), Schema: schema})
	must(w.t, err)
	w.t.Cleanup(func() { db.Close() })
	return db
}

func (w *world) region(name string, log *slog.Logger) {
	p := &place{db: w.open(name+".db", sqldb.Region)}
	packs, err := pack.OpenDir(filepath.Join(w.dir, name), pack.Options{})
	must(w.t, err)
	w.t.Cleanup(func() { packs.Close() })
	store, logStore := dirstore.NewAudit(p.db), dirstore.NewAudit(w.open(name+"-log.db", sqldb.Log))
	trail := audit.NewTrail(store, w.clock)
	p.log = audit.NewLog(logStore, w.clock, log)
	w.t.Cleanup(func() { p.log.Close() })
	orgStore := dirstore.NewOrgs(p.db)
	keys := org.NewMasterKeyring([32]byte{1}, orgStore)
	p.orgs = org.New(org.Config{
		Region: name, BaseDomain: baseDomain, Store: orgStore, Claims: w.claims, Keys: keys, Resolver: w.dns, Trail: trail, Clock: w.clock, Log: log,
		Hosts: org.Hosts{Mail: "mx." + baseDomain, Autodiscover: "autodiscover." + baseDomain},
	})
	entries := dirstore.NewEntries(p.db)
	dir := directory.New(directory.Config{
		Store: entries, Builtin: builtindir.New(entries, w.hasher), Orgs: p.orgs, Hasher: w.hasher, Trail: trail, Clock: w.clock, Log: log,
		Connect: w.foreign.connect,
	})
	p.dir = dir
	grants := access.New(access.Config{Store: dirstore.NewGrants(p.db), Orgs: p.orgs, Directory: dir, Trail: trail})
	boxes := mailbox.New(mailbox.Options{Store: mailstore.New(p.db), Packs: packs, Keys: keys, Access: grants, Addresses: dir, Clock: w.clock, Log: log})
	w.t.Cleanup(boxes.Close)
	count := statistics.New(statstore.New(p.db), w.clock, log)
	signIns := auth.NewSignInLog(authstore.NewSignIns(p.db), w.clock, log)
	w.t.Cleanup(func() { count.Close(); signIns.Close() })
	flow := mailflow.New(mailflow.Options{
		Region: name, Host: "mx." + baseDomain, Store: flowstore.New(p.db), Packs: packs, Keys: keys, Mailboxes: boxes,
		Directory: dir, Access: grants, Clock: w.clock, Log: log, Count: count,
	}, mailflow.NewRouter(w.claims))
	w.t.Cleanup(flow.Close)
	must(w.t, w.auth.AddRegion(context.Background(), auth.Region{Name: name, Directory: dir, SignIns: signIns, Statistics: count}))
	p.region = Region{
		Provision: provision.New(provision.Config{
			Orgs: p.orgs, Directory: dir, Access: grants, Mailboxes: boxes, Queue: flow, Purges: entries, Quota: 50 << 30, Log: log,
		}),
		Lists: audit.NewLists(store, logStore), Log: p.log, Statistics: count,
	}
	w.places[name] = p
}

func (w *world) operator() *auth.View { return w.auth.For(w.auth.Operator("test")) }

func (w *world) keyOf(admin ids.Admin) key {
	k, secret, err := w.operator().CreateAccessKey(context.Background(), admin)
	must(w.t, err)
	return key{admin, k.ID, secret}
}

// administrator makes one with these rights and a key.
func (w *world) administrator(name string, r auth.Rights) key {
	w.t.Helper()
	a, err := w.operator().CreateAdministrator(context.Background(), auth.NewAdmin{Name: name, Password: goodPassword, Rights: r})
	must(w.t, err)
	return w.keyOf(a.ID)
}

// sdk is AWS's own client. It does not retry, so that each answer is seen.
func (w *world) sdk(k key, region string) *workmail.Client {
	return workmail.New(workmail.Options{
		Region: region, BaseEndpoint: aws.String(w.url), Retryer: aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret}, nil
		}),
	})
}

func (w *world) organization(c *workmail.Client, alias string) *string {
	w.t.Helper()
	out, err := c.CreateOrganization(w.t.Context(), &workmail.CreateOrganizationInput{Alias: &alias})
	must(w.t, err)
	return out.OrganizationId
}

// signed is a raw call with a good signature.
func (w *world) signed(k key, region, target, body string, change ...func(*http.Request)) reply {
	w.t.Helper()
	r := w.request(target, body)
	for _, f := range change {
		f(r)
	}
	sigv4.Sign(r, []byte(body), k.id, k.secret, region, service, w.clock.Now())
	return w.do(r)
}

func (w *world) request(target, body string) *http.Request {
	r, err := http.NewRequest(http.MethodPost, w.url, strings.NewReader(body))
	must(w.t, err)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", target)
	return r
}

// reply is an answer as it came.
type reply struct {
	status int
	header http.Header
	text   string
	json   map[string]any
}

func (w *world) do(r *http.Request) reply {
	w.t.Helper()
	out, err := http.DefaultClient.Do(r)
	must(w.t, err)
	defer out.Body.Close()
	b, err := io.ReadAll(out.Body)
	must(w.t, err)
	a := reply{status: out.StatusCode, header: out.Header, text: string(b)}
	if err := json.Unmarshal(b, &a.json); err != nil {
		w.t.Fatalf("%d, not JSON: %.200q", a.status, b)
	}
	return a
}

// code is the exception of an answer, "" for success.
func (a reply) code() string {
	s, _ := a.json["__type"].(string)
	return s
}

func (a reply) str(name string) string {
	s, _ := a.json[name].(string)
	return s
}

// codeOf is the exception of an SDK's error, "" for none.
func codeOf(err error) string {
	var e smithy.APIError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.ErrorCode()
	}
	return err.Error()
}

// want fails unless err is this exception.
func want(t testing.TB, err error, code string) {
	t.Helper()
	if got := codeOf(err); got != code {
		t.Errorf("answered %q (%v), want %q", got, err, code)
	}
}

// flush writes the audit notes that wait.
func (w *world) flush() {
	w.t.Helper()
	must(w.t, w.notes.Flush(context.Background()))
	for _, p := range w.places {
		must(w.t, p.log.Flush(context.Background()))
	}
}

func ifMatch(tag string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("If-Match", tag) }
}

// tampered is a call that was changed behind its signature.
func (w *world) tampered(target, body string, change func(*http.Request)) reply {
	w.t.Helper()
	r := w.request(target, body)
	sigv4.Sign(r, []byte(body), w.root.id, w.root.secret, east, service, w.clock.Now())
	change(r)
	return w.do(r)
}

// signedAt is a call whose signature is off by seconds.
func (w *world) signedAt(target, body string, seconds int) reply {
	w.t.Helper()
	r := w.request(target, body)
	sigv4.Sign(r, []byte(body), w.root.id, w.root.secret, east, service, w.clock.Now().Add(time.Duration(seconds)*time.Second))
	return w.do(r)
}
