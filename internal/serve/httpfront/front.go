// Package httpfront is the one HTTP server of a process: listeners, TLS,
// time-outs, limits, security headers and a graceful end, for all heads that
// speak HTTP. Heads give it handlers; it knows none of them, keeps no state of
// a request, and refuses HTTP/2 without TLS, long headers, and connections
// beyond its limits.
package httpfront

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"postroom/internal/base/metrics"
	"postroom/internal/base/netx"
)

// HeaderTimeout is how long a client may take to send its headers.
const HeaderTimeout = 10 * time.Second

const (
	requestTime = time.Minute // a handler that takes longer bodies sets its own (http.ResponseController)
	answerTime  = time.Minute
	idleTime    = 2 * time.Minute
	headerBytes = 32 << 10
	streams     = 100 // of one HTTP/2 connection
)

// Config is what a Server needs; all of it may be nil or zero.
type Config struct {
	API        http.Handler // takes POST /
	Home       string       // where GET / leads a browser; "": a word about what this is
	Total      int          // connections at once; 0 is 4096
	PerAddress int          // of one network; 0 is 512
	// HSTS is how long browsers shall remember to use TLS only; 0 says nothing.
	// It is for servers with a name and a certificate that browsers trust.
	HSTS    time.Duration
	TLS     *tls.Config // for ServeTLS
	Log     *slog.Logger
	Metrics *metrics.Registry
}

// Server serves handlers on any number of listeners. It is made by New.
type Server struct {
	config Config
	mux    *http.ServeMux
	http   *http.Server

	mu        sync.Mutex
	listeners []*netx.Listener
}

// New makes a server. It listens nowhere yet.
func New(c Config) *Server {
	if c.Total == 0 {
		c.Total = 4096
	}
	if c.PerAddress == 0 {
		c.PerAddress = 512
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{config: c, mux: http.NewServeMux()}
	if c.Home == "" {
		s.mux.HandleFunc("GET /{$}", welcome)
	} else {
		s.mux.Handle("GET /{$}", http.RedirectHandler(c.Home, http.StatusSeeOther))
	}
	if c.API != nil {
		s.mux.Handle("POST /{$}", c.API)
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	s.http = &http.Server{
		Handler: secured(c, s.mux), ReadHeaderTimeout: HeaderTimeout, ReadTimeout: requestTime, WriteTimeout: answerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: headerBytes, Protocols: protocols, HTTP2: &http.HTTP2Config{MaxConcurrentStreams: streams},
		// Clients that break TLS or go away are not news.
		ErrorLog: slog.NewLogLogger(c.Log.With("server", "http").Handler(), slog.LevelDebug),
	}
	if c.TLS != nil { // before Serve, which would set one of its own
		s.http.TLSConfig = c.TLS.Clone()
		// Whichever of Serve and ServeTLS comes first decides for both: without this
		// a Serve in front of ServeTLS leaves HTTP/2 agreed upon and unserved.
		s.http.TLSConfig.NextProtos = []string{"h2", "http/1.1"}
	}
	c.Metrics.GaugeFunc("postroom_http_connections", "Open HTTP connections.", func() float64 { return float64(s.Open()) })
	return s
}

// Handle gives a pattern of http.ServeMux to a handler, such as
// "/console/". It is called before Serve.
func (s *Server) Handle(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// Handler is all that is served, for a listener of one's own.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// Serve serves HTTP/1.1 on l until Shutdown or Close, and then answers nil.
func (s *Server) Serve(l net.Listener) error { return ended(s.http.Serve(s.limited(l))) }

// ServeTLS is Serve with TLS, and with HTTP/2 for those who ask for it.
func (s *Server) ServeTLS(l net.Listener) error {
	if s.config.TLS == nil {
		return errors.New("httpfront: TLS is not configured")
	}
	return ended(s.http.ServeTLS(s.limited(l), "", ""))
}

// Shutdown ends listening and waits until what runs is answered.
func (s *Server) Shutdown(ctx context.Context) error { return s.http.Shutdown(ctx) }

// Close ends everything at once.
func (s *Server) Close() error { return s.http.Close() }

// Open is the number of connections now.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, l := range s.listeners {
		open, _ := l.Open()
		n += open
	}
	return n
}

func (s *Server) limited(l net.Listener) net.Listener {
	limited := netx.Limit(l, netx.Limits{Total: s.config.Total, PerAddress: s.config.PerAddress, Log: s.config.Log})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners = append(s.listeners, limited)
	return limited
}

func ended(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
