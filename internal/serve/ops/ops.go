// Package ops is what an operator's tools ask: metrics, whether the process
// lives, whether it serves and if not why, and Go's profiles. It belongs on a
// loopback listener. It refuses to answer profiles to any other peer, changes
// nothing, and shows no name, address or text of anyone's mail.
package ops

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"strings"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/metrics"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Config is what the handler shows. Metrics may be nil; Ready answers why the
// server does not serve, several faults joined, or nil.
type Config struct {
	Metrics *metrics.Registry
	Ready   func(context.Context) error
}

// readyTime is how long /readyz asks.
const readyTime = 5 * time.Second

// New makes the handler of /metrics, /healthz, /readyz and /debug/pprof/.
func New(c Config) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(c.gatherers(), promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 20 * time.Second}))
	mux.HandleFunc("GET /healthz", healthy)
	mux.HandleFunc("GET /readyz", c.ready)
	profiles := http.NewServeMux()
	profiles.HandleFunc("GET /debug/pprof/", pprof.Index)
	profiles.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	profiles.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	profiles.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	profiles.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.Handle("/debug/pprof/", local(profiles))
	return mux
}

// gatherers are ours, and what Go and the kernel tell of the process.
func (c Config) gatherers() prometheus.Gatherer {
	process := prometheus.NewRegistry()
	process.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if c.Metrics == nil {
		return process
	}
	return prometheus.Gatherers{process, c.Metrics.Gatherer()}
}

func healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("ok\n"))
}

// ready answers 200, or 503 with the reasons: text, or JSON where it is asked for.
func (c Config) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	why := reasons(c.Ready(ctx))
	status := http.StatusOK
	if len(why) > 0 {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Cache-Control", "no-store")
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(map[string]any{"ready": len(why) == 0, "reasons": why})
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	if len(why) == 0 {
		why = []string{"ready"}
	}
	w.Write([]byte(strings.Join(why, "\n") + "\n"))
}

// reasons are the public sentences of joined errors.
func reasons(err error) []string {
	if err == nil {
		return []string{}
	}
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		var why []string
		for _, e := range all.Unwrap() {
			why = append(why, reasons(e)...)
		}
		return why
	}
	return []string{errs.Public(err)}
}

// local lets only this machine in: a profile has parts of the memory.
func local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !peer.Addr().Unmap().IsLoopback() || !loopbackName(r.Host) {
			http.Error(w, "Profiles are shown to this machine only, by its loopback address.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// loopbackName refuses what a browser sends that was led here by a foreign name.
func loopbackName(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && a.IsLoopback()
}
