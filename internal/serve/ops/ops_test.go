package ops

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"postroom/internal/base/errs"
	"postroom/internal/base/metrics"
)

func ask(t *testing.T, h http.Handler, path, peer, host, accept string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr, r.Host = peer, host
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestOps(t *testing.T) {
	m := metrics.New()
	m.Counter("postroom_things_total", "Things.").Add(3)
	var fault error
	h := New(Config{Metrics: m, Ready: func(context.Context) error { return fault }})
	both := errors.Join(errs.Say("x", errs.Unavailable, errs.Storage, "A database does not answer.").Because(errors.New("secret detail")),
		errs.Say("x", errs.Unavailable, errs.Nothing, "imap does not listen."))
	for _, c := range []struct {
		name, path, peer, host, accept string
		fault                          error
		code                           int
		want                           string
	}{
		{"metrics", "/metrics", "127.0.0.1:1", "localhost:1", "", nil, 200, "postroom_things_total 3"},
		{"process", "/metrics", "127.0.0.1:1", "localhost:1", "", nil, 200, "process_open_fds"},
		{"alive", "/healthz", "127.0.0.1:1", "localhost", "", both, 200, "ok"},
		{"ready", "/readyz", "127.0.0.1:1", "localhost", "", nil, 200, "ready"},
		{"not ready", "/readyz", "127.0.0.1:1", "localhost", "", both, 503, "A database does not answer.\nimap does not listen.\n"},
		{"not ready, JSON", "/readyz", "127.0.0.1:1", "localhost", "application/json", both, 503,
			`{"ready":false,"reasons":["A database does not answer.","imap does not listen."]}`},
		{"profile", "/debug/pprof/", "127.0.0.1:1", "127.0.0.1:8090", "", nil, 200, "goroutine"},
		{"profile, IPv6", "/debug/pprof/goroutine?debug=1", "[::1]:1", "[::1]:8090", "", nil, 200, "goroutine profile"},
		{"profile from afar", "/debug/pprof/", "192.0.2.1:1", "127.0.0.1", "", nil, 403, "this machine only"},
		{"profile by a foreign name", "/debug/pprof/", "127.0.0.1:1", "rebound.example", "", nil, 403, "this machine only"},
		{"unknown", "/other", "127.0.0.1:1", "localhost", "", nil, 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			fault = c.fault
			code, body := ask(t, h, c.path, c.peer, c.host, c.accept)
			if code != c.code || !strings.Contains(body, c.want) {
				t.Errorf("got %d %.300q, want %d with %q", code, body, c.code, c.want)
			}
			if strings.Contains(body, "secret detail") {
				t.Error("shows a cause")
			}
		})
	}
	if code, _ := ask(t, New(Config{}), "/metrics", "127.0.0.1:1", "localhost", ""); code != 200 {
		t.Errorf("without our metrics: %d", code)
	}
}
