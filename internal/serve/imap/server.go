package imap

import (
	"context"
	"errors"
	"net"
	"runtime"
	"sync"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/base/ids"
	"postroom/internal/base/logging"
	"postroom/internal/base/metrics"
	"postroom/internal/base/netx"
	"postroom/internal/core/auth"
	wire "postroom/internal/wire/imap"
)

// Server is the IMAP head. Serve and ServeTLS may run on several listeners.
type Server struct {
	cfg     Config
	workers *workers
	pushes  *pushes
	reading chan struct{} // bounds searches that read bodies

	mu        sync.Mutex
	closing   bool
	listeners map[net.Listener]struct{}
	sessions  map[*session]struct{}
	perUser   map[userKey]int
	wg        sync.WaitGroup

	commands metrics.Counter
	seconds  metrics.Histogram
	ended    metrics.Counter
}

type userKey struct {
	org   ids.Org
	entry ids.Entry
}

// New makes a Server; it starts nothing.
func New(c Config) *Server {
	s := &Server{
		cfg: c.withDefaults(), workers: &workers{}, reading: make(chan struct{}, max(2, runtime.NumCPU())),
		listeners: map[net.Listener]struct{}{}, sessions: map[*session]struct{}{}, perUser: map[userKey]int{},
	}
	s.pushes = &pushes{workers: s.workers}
	m := s.cfg.Metrics
	s.commands = m.Counter("postroom_imap_commands_total", "IMAP commands by name and answer.", "command", "answer")
	s.seconds = m.Histogram("postroom_imap_command_seconds", "Time from a command's line to its answer.", nil, "command")
	s.ended = m.Counter("postroom_imap_sessions_ended_total", "IMAP connections that ended, by reason.", "reason")
	m.GaugeFunc("postroom_imap_connections", "IMAP connections that are open.", func() float64 {
		s.mu.Lock()
		defer s.mu.Unlock()
		return float64(len(s.sessions))
	})
	return s
}

// Serve takes connections that begin in the clear (143) until the listener or
// the server is closed; it then answers nil.
func (s *Server) Serve(l net.Listener) error { return s.serve(l, false) }

// ServeTLS takes connections that begin with TLS (993).
func (s *Server) ServeTLS(l net.Listener) error {
	if s.cfg.TLS == nil {
		l.Close()
		return errs.Say("imap.ServeTLS", errs.Config, errs.Nothing, "IMAP over TLS needs a certificate.")
	}
	return s.serve(l, true)
}

func (s *Server) serve(inner net.Listener, implicit bool) error {
	limits := netx.Limits{Total: s.cfg.Connections, PerAddress: s.cfg.PerAddress, Log: s.cfg.Log}
	if !implicit {
		limits.Refuse = func(c net.Conn) {
			c.Write([]byte("* BYE [UNAVAILABLE] Too many connections; try again later\r\n"))
		}
	}
	l := netx.Limit(inner, limits)
	if !s.track(l) {
		l.Close()
		return nil
	}
	defer s.untrack(l)
	for {
		c, err := l.Accept()
		if err != nil {
			if s.isClosing() || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return errs.E("imap.Serve", errs.Unavailable, errs.Nothing, err)
		}
		s.begin(c, implicit)
	}
}

func (s *Server) track(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.listeners[l] = struct{}{}
	return true
}

func (s *Server) untrack(l net.Listener) {
	l.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, l)
}

func (s *Server) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// begin starts a session on its own goroutine.
func (s *Server) begin(c net.Conn, implicit bool) {
	x := newSession(s, c, implicit)
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		c.Close()
		return
	}
	s.sessions[x] = struct{}{}
	s.wg.Add(1)
	s.mu.Unlock()
	go func() {
		defer s.wg.Done()
		x.run()
		s.mu.Lock()
		delete(s.sessions, x)
		s.mu.Unlock()
	}()
}

// Shutdown takes no more connections, lets running commands finish, says BYE and
// returns when all sessions have ended, or ctx has: then it closes the rest.
func (s *Server) Shutdown(ctx context.Context) error {
	for _, x := range s.stopListening() {
		x.drain(goodbye{"shutdown", "", "The server is shutting down"})
	}
	done := make(chan struct{})
	go func() { s.wg.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	s.Close()
	<-done
	return ctx.Err()
}

// Close ends listeners and connections at once.
func (s *Server) Close() error {
	for _, x := range s.stopListening() {
		x.cancel()
		x.raw.Close()
	}
	return nil
}

func (s *Server) stopListening() []*session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	for l := range s.listeners {
		l.Close()
	}
	list := make([]*session, 0, len(s.sessions))
	for x := range s.sessions {
		list = append(list, x)
	}
	return list
}

// enter counts a user's session; false is one too many.
func (s *Server) enter(a auth.Actor) bool {
	k := userKey{a.Org(), a.Entry()}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.perUser[k] >= s.cfg.PerUser {
		return false
	}
	s.perUser[k]++
	return true
}

func (s *Server) leave(a auth.Actor) {
	k := userKey{a.Org(), a.Entry()}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.perUser[k]--; s.perUser[k] <= 0 {
		delete(s.perUser, k)
	}
}

func newSession(s *Server, c net.Conn, implicit bool) *session {
	x := &session{srv: s, remote: netx.Remote(c), implicit: implicit, state: wire.NotAuthenticated, done: make(chan struct{}, 1)}
	x.raw = &timedConn{Conn: c, write: s.cfg.WriteTimeout, read: s.cfg.LoginTimeout, until: time.Now().Add(s.cfg.LoginTimeout)}
	x.id = logging.NewConnection()
	x.ctx, x.cancel = context.WithCancel(logging.WithConnection(context.Background(), x.id))
	return x
}
