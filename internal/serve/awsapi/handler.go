package awsapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/base/logging"
	"postroom/internal/base/metrics"
	"postroom/internal/core/audit"
	"postroom/internal/core/auth"
	"postroom/internal/core/provision"
	"postroom/internal/core/statistics"
	"postroom/internal/serve/awsapi/api"
	"postroom/internal/wire/awsjson"
	"postroom/internal/wire/sigv4"
)

const (
	head     = "awsapi"
	service  = "workmail" // the signing name of both models
	callTime = 30 * time.Second
)

// longCalls are the operations that wait for others longer than callTime.
var longCalls = map[string]time.Duration{"Postroom.TestDirectory": 130 * time.Second}

// Region is what the API needs of one that this process serves.
type Region struct {
	Provision *provision.Service
	Lists     *audit.Lists // its trail and its log
	Log       *audit.Log   // takes reads, and refusals of known callers
	// Statistics may be nil: then nothing is counted.
	Statistics *statistics.Recorder
}

// region is a Region with its name.
type region struct {
	Region
	name string
}

// Link is the console of another deployment, for ListRegions.
type Link struct{ Region, ConsoleURL string }

// Config is what a Handler needs. Clock, Log and Metrics may be nil.
type Config struct {
	Regions    map[string]Region // by name
	Order      []string          // of ListRegions, the home region first; those that are not named follow
	Auth       *auth.Service
	Lists      *audit.Lists // of the deployment
	Notes      *audit.Log   // of the deployment: calls that are about no organization
	Version    string       // of the server, for WhoAmI
	Console    string       // URL of the console, before "REGION/"; "" where there is none
	Links      []Link
	BaseDomain string              // of test domains
	Clients    []api.ClientSetting // where mail programs connect to
	Clock      clock.Clock
	Log        *slog.Logger
	Metrics    *metrics.Registry
}

// Handler serves POST /. It is made by New.
type Handler struct {
	Config
	operations map[string]*operation // by target
	reads      []string              // targets of those that change nothing
	regions    map[string]*region
	names      []string // of the regions, for the signature's scope
	verifier   sigv4.Verifier
	origins    *http.CrossOriginProtection
	refused    *refused
	calls      metrics.Counter
	seconds    metrics.Histogram
}

// New makes a Handler. It starts nothing.
func New(c Config) *Handler {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	h := &Handler{
		Config: c, operations: byTarget, regions: map[string]*region{}, origins: http.NewCrossOriginProtection(), refused: newRefused(c.Log, c.Metrics),
		calls:   c.Metrics.Counter("postroom_api_calls_total", "API calls by operation and outcome.", "operation", "outcome"),
		seconds: c.Metrics.Histogram("postroom_api_seconds", "Time to answer an API call.", nil, "operation"),
	}
	for name, o := range byTarget {
		if o.Audit == api.AuditRead {
			h.reads = append(h.reads, name)
		}
	}
	for name, r := range c.Regions {
		h.regions[name] = &region{r, name}
		h.names = append(h.names, name)
	}
	return h
}

// call is one request on its way.
type call struct {
	h       *Handler
	request *http.Request
	answer  http.Header
	id      string
	began   time.Time
	remote  netip.Addr
	op      *operation // nil: unknown
	body    []byte
	actor   auth.Actor
	session bool    // by the console's cookie
	region  *region // nil for operations of the deployment
	ifMatch int64

	// what it is about, for the audit log
	org     ids.Org
	reached bool // the organization is there, and the caller's
	target  string
}

// etag is the revision of what is answered.
func (c *call) etag(revision int64) { c.answer.Set("ETag", `"`+strconv.FormatInt(revision, 10)+`"`) }

// organization opens the organization of the call; to who may not act on it it
// does not exist.
func (c *call) organization(ctx context.Context, id string) (*provision.Organization, error) {
	need := provision.Write
	if c.op.Role == api.RoleRead {
		need = provision.Read
	}
	c.org = ids.Org(id)
	o, err := c.door().Organization(ctx, c.org, need, c.op.name, c.id, c.ifMatch)
	c.reached = err == nil
	return o, err
}

func (c *call) door() *provision.Door { return c.region.Provision.For(c.actor) }

// administration opens the deployment's administrators and keys for the call.
func (c *call) administration() *auth.View {
	return c.h.Auth.For(c.actor).Call(c.op.name, c.id, c.ifMatch)
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{h: h, request: r, answer: w.Header(), id: logging.NewRequest(), began: h.Clock.Now(), remote: remote(r)}
	wait := callTime
	if long := longCalls[r.Header.Get("X-Amz-Target")]; long > 0 {
		wait = long
		// A ResponseWriter that has no deadlines (a test's recorder) has the server's.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(long + 10*time.Second))
	}
	ctx, cancel := context.WithTimeout(logging.WithRequest(r.Context(), c.id), wait)
	defer cancel()
	body := buffers.Get().(*buffer)
	defer body.free()
	out, err := h.guarded(ctx, c, w, body)
	f := failure{}
	if err != nil {
		f = failed(c.model(), err)
	}
	h.write(w, c, out, f)
	h.account(ctx, c, f, err)
}

// guarded runs the call; a panic ends the call, not the server.
func (h *Handler) guarded(ctx context.Context, c *call, w http.ResponseWriter, body *buffer) (out any, err error) {
	defer func() {
		if p := recover(); p != nil {
			h.Log.ErrorContext(ctx, "panic", "operation", c.name(), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			out, err = nil, errs.E(c.name(), errs.Internal, errs.Operation, fmt.Errorf("panic: %v", p))
		}
	}()
	return h.run(ctx, c, w, body)
}

func (h *Handler) run(ctx context.Context, c *call, w http.ResponseWriter, body *buffer) (any, error) {
	if err := c.find(); err != nil {
		return nil, err
	}
	var err error
	if c.body, err = body.read(w, c.request); err != nil {
		return nil, err
	}
	if err := h.authenticate(ctx, c); err != nil {
		return nil, err
	}
	if err := c.authorize(); err != nil {
		return nil, err
	}
	if c.op.run == nil {
		return nil, &refusal{unsupported, c.op.Name + " is not available in this version of Postroom.", errs.Unsupported}
	}
	if err := c.readIfMatch(); err != nil {
		return nil, err
	}
	return c.op.run(ctx, c)
}

func (h *Handler) write(w http.ResponseWriter, c *call, out any, f failure) {
	answer := buffers.Get().(*buffer)
	defer answer.free()
	status, b := http.StatusOK, answer.bytes[:0]
	if f.exception != "" {
		status = f.status()
		b = awsjson.AppendError(b, f.exception, f.text)
		c.answer.Del("ETag")
	} else {
		b = awsjson.Append(b, out)
	}
	answer.bytes = b
	c.answer["Content-Type"] = contentType
	c.answer["X-Amzn-Requestid"] = []string{c.id} // canonical form of x-amzn-RequestId
	c.answer["Content-Length"] = []string{strconv.Itoa(len(b))}
	w.WriteHeader(status)
	w.Write(b)
}

var contentType = []string{awsjson.ContentType}

// model is the call's operation for the table of errors.
func (c *call) model() *api.Operation {
	if c.op == nil {
		return nil
	}
	return c.op.Operation
}

func (c *call) name() string {
	if c.op == nil {
		return "unknown"
	}
	return c.op.name
}

func remote(r *http.Request) netip.Addr {
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return a.Addr().Unmap()
}
