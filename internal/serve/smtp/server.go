package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"postroom/internal/base/clock"
	"postroom/internal/base/metrics"
	"postroom/internal/base/netx"
	"postroom/internal/core/auth"
	"postroom/internal/core/delivery"
	"postroom/internal/core/mailflow"
)

// Port is what a listener is for.
type Port uint8

const (
	MX          Port = iota // other servers; STARTTLS offered, no AUTH
	Submission              // signed-in users; STARTTLS comes first (RFC 6409)
	Submissions             // the same with TLS from the first byte (RFC 8314)
)

func (p Port) String() string { return [...]string{"mx", "submission", "submissions"}[p] }

// Config is how a server behaves. What is zero has the default named.
type Config struct {
	Port Port
	// Host is the server's own name, in the greeting and in trace fields.
	Host string
	// TLS is needed for the two submission ports; MX does not offer STARTTLS without.
	TLS *tls.Config

	MaxMessage     int64         // bytes of a message as sent; 40 MiB, as WorkMail
	MaxRecipients  int           // of one transaction; 500, as WorkMail
	MaxErrors      int           // refused commands of one connection; 20
	MaxConnections int           // of this port; 2000
	MaxPerAddress  int           // of one network; 100
	Idle           time.Duration // between two commands; 5 minutes (RFC 5321 §4.5.3.2.7)
	Stall          time.Duration // between two parts of a message; 3 minutes
	Transfer       time.Duration // of one message as a whole; 30 minutes
	SpoolDir       string        // for messages beyond 256 KiB; the system's
	Clock          clock.Clock
	Log            *slog.Logger
	Metrics        *metrics.Registry
}

func (c *Config) defaults() {
	def := func(p *int, v int) {
		if *p == 0 {
			*p = v
		}
	}
	long := func(p *time.Duration, v time.Duration) {
		if *p == 0 {
			*p = v
		}
	}
	if c.MaxMessage == 0 {
		c.MaxMessage = 40 << 20
	}
	def(&c.MaxRecipients, 500)
	def(&c.MaxErrors, 20)
	def(&c.MaxConnections, 2000)
	def(&c.MaxPerAddress, 100)
	long(&c.Idle, 5*time.Minute)
	long(&c.Stall, 3*time.Minute)
	long(&c.Transfer, 30*time.Minute)
	if c.Host == "" {
		c.Host, _ = os.Hostname()
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
}

// Services are what the head calls.
type Services struct {
	Auth   *auth.Service
	Router *mailflow.Router
	// Delivery has the way in of each region that this process serves.
	Delivery map[string]*delivery.Service
}

// Server is one port.
type Server struct {
	Config
	auth    *auth.Service
	router  *mailflow.Router
	doors   map[string]*delivery.Door
	ctx     context.Context
	cancel  context.CancelFunc
	stopped atomic.Bool
	running sync.WaitGroup

	mu        sync.Mutex
	listeners []net.Listener
	conns     map[*conn]struct{}

	messages metrics.Counter
	refusals metrics.Counter
	open     metrics.Gauge
	seconds  metrics.Histogram
}

// New makes a server; Serve gives it listeners.
func New(c Config, s Services) *Server {
	c.defaults()
	srv := &Server{Config: c, auth: s.Auth, router: s.Router, doors: map[string]*delivery.Door{}, conns: map[*conn]struct{}{},
		messages: c.Metrics.Counter("postroom_smtp_messages_total", "Messages by port and reply code.", "port", "code"),
		refusals: c.Metrics.Counter("postroom_smtp_refusals_total", "Refused commands by port, command and reply code.", "port", "command", "code"),
		open:     c.Metrics.Gauge("postroom_smtp_connections", "Connections that are open.", "port"),
		seconds:  c.Metrics.Histogram("postroom_smtp_message_seconds", "From the end of the message to the reply.", nil, "port"),
	}
	for region, d := range s.Delivery {
		srv.doors[region] = d.For(s.Auth.System(region, "smtp"))
	}
	srv.ctx, srv.cancel = context.WithCancel(context.Background())
	return srv
}

// Serve takes connections until Shutdown or Close, and then answers nil.
func (s *Server) Serve(l net.Listener) error {
	limits := netx.Limits{Total: s.MaxConnections, PerAddress: s.MaxPerAddress, Log: s.Log}
	if s.Port != Submissions { // there nobody could read it
		limits.Refuse = func(c net.Conn) {
			c.Write([]byte("421 4.7.0 " + s.Host + " Too many connections, try again later\r\n"))
		}
	}
	limited := netx.Limit(l, limits)
	s.mu.Lock()
	if s.stopped.Load() {
		s.mu.Unlock()
		return limited.Close()
	}
	s.listeners = append(s.listeners, limited)
	s.mu.Unlock()
	for {
		n, err := limited.Accept()
		if err != nil {
			if s.stopped.Load() || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		c := newConn(s, n)
		if !s.add(c) {
			n.Close()
			continue
		}
		go func() {
			defer s.running.Done()
			defer s.remove(c)
			c.serve()
		}()
	}
}

func (s *Server) add(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped.Load() {
		return false
	}
	s.running.Add(1)
	s.conns[c] = struct{}{}
	s.open.Add(1, s.Port.String())
	return true
}

func (s *Server) remove(c *conn) {
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	s.open.Add(-1, s.Port.String())
}

// stop closes the listeners and calls f for each connection.
func (s *Server) stop(f func(*conn)) {
	s.stopped.Store(true)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.listeners {
		l.Close()
	}
	s.listeners = nil
	for c := range s.conns {
		f(c)
	}
}

// Shutdown takes no more connections, tells those that wait for a command 421,
// lets those that are sending a message finish, and waits. When ctx ends first,
// it closes what is left and answers ctx's error.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stop((*conn).wake)
	done := make(chan struct{})
	go func() {
		s.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		s.cancel()
		return nil
	case <-ctx.Done():
		s.Close()
		return ctx.Err()
	}
}

// Close ends all connections at once.
func (s *Server) Close() error {
	s.stop(func(c *conn) { c.raw.Close() })
	s.cancel()
	s.running.Wait()
	return nil
}
