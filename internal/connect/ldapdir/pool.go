package ldapdir

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// pool has the connections of one purpose: those that the service account is
// bound on, or those that only prove passwords. Both stay with a server until
// that fails, since what one tells of its history means nothing to another, and
// what was written to one comes later to another.
type pool struct {
	*config
	service bool // bound as the service account
	slots   chan struct{}
	log     *slog.Logger

	mu      sync.Mutex
	idle    []*session
	closed  bool
	failed  error // all servers, or the account, until then
	until   time.Time
	refused int // in a row: how often the account was
}

func newPool(c *config, service bool, size int, o Options) *pool {
	return &pool{config: c, service: service, slots: make(chan struct{}, size), log: o.Log}
}

func always() bool { return true }
func never() bool  { return false }

var errClosed = errors.New("ldapdir: closed")

// with lends a connection. One that turns out to be dead before anything was
// answered is replaced once where again allows to ask twice.
func (p *pool) with(ctx context.Context, again func() bool, fn func(*session) error) error {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for try := 0; ; try++ {
		s, fresh, err := p.take(ctx)
		if err != nil {
			return err
		}
		err = fn(s)
		if !broken(err) {
			p.give(s)
			return err
		}
		s.close()
		if fresh || try > 0 || !again() || ctx.Err() != nil {
			return err
		}
	}
}

func (p *pool) take(ctx context.Context) (s *session, fresh bool, err error) {
	p.mu.Lock()
	for len(p.idle) > 0 {
		s = p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if s.usable() && s.server == p.servers[p.current.Load()] {
			p.mu.Unlock()
			return s, false, nil
		}
		go s.close()
	}
	if p.closed {
		p.mu.Unlock()
		return nil, false, errClosed
	}
	if p.failed != nil && time.Now().Before(p.until) {
		err := p.failed
		p.mu.Unlock()
		return nil, false, err
	}
	p.mu.Unlock()
	s, err = p.dial(ctx)
	return s, true, err
}

func (p *pool) give(s *session) {
	s.used = time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || !s.usable() || s.server != p.servers[p.current.Load()] {
		go s.close()
		return
	}
	p.idle = append(p.idle, s)
}

// dial asks the servers in their order, from the one that answered last.
func (p *pool) dial(ctx context.Context) (*session, error) {
	first := int(p.current.Load())
	var all error
	for i := range p.servers {
		n := (first + i) % len(p.servers)
		s, err := p.open(ctx, p.servers[n])
		if err == nil {
			p.reached(first, n)
			return s, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		all = errors.Join(all, fmt.Errorf("%s: %w", p.servers[n].text, err))
		if errors.Is(err, errRefused) {
			break // the others would refuse it too, and count it towards a lock-out
		}
	}
	p.missed(all)
	return nil, all
}

// reached moves everybody to server n, unless somebody moved from the first meanwhile.
func (p *pool) reached(first, n int) {
	if n != first && p.current.CompareAndSwap(int32(first), int32(n)) { //nolint:gosec // a few servers
		p.log.Warn("another server of the directory is asked from now on", "server", p.servers[n].text, "before", p.servers[first].text)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed, p.refused = nil, 0
}

// missed remembers a failure: for a second where no server answers, so that
// calls do not queue up behind connects that hang; for up to five minutes where the
// account is refused, so that we do not lock it.
func (p *pool) missed(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := time.Second
	if errors.Is(err, errRefused) {
		p.refused++
		wait = min(5*time.Second<<min(p.refused-1, 10), 5*time.Minute)
	}
	p.failed, p.until = err, time.Now().Add(wait)
}

// open connects, and binds where the pool is the service account's.
func (p *pool) open(ctx context.Context, srv server) (*session, error) {
	s, err := p.connect(ctx, srv)
	if err != nil || !p.service {
		return s, err
	}
	if _, err := s.bind(ctx, p.Account, p.Secret); err != nil {
		s.close()
		switch code(err) {
		case ldap.LDAPResultInvalidCredentials, ldap.LDAPResultInappropriateAuthentication, ldap.LDAPResultInvalidDNSyntax,
			ldap.LDAPResultUnwillingToPerform, ldap.LDAPResultInsufficientAccessRights, ldap.LDAPResultNoSuchObject:
			err = fmt.Errorf("%w: %w", errRefused, err)
		}
		return nil, err
	}
	return s, nil
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, s := range p.idle {
		s.close()
	}
	p.idle = nil
}
