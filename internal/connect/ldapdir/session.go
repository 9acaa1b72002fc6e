package ldapdir

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"postroom/internal/base/netx"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
)

const (
	connectTime   = 5 * time.Second
	operationTime = 30 * time.Second
	pageTime      = 60 * time.Second
)

// reachable are the networks beside the public ones where a directory may be:
// an administrator of the deployment names it, and it stands in their own
// network. Link-local addresses, where clouds keep their metadata, are not.
var reachable = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"),
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("fc00::/7"),
}

// What a server may make us hold, as bytes and as text. Each entry is a packet of
// its own; Active Directory hands over members in ranges, so that 8 MiB is a
// groupOfNames of about 100,000.
const (
	maxPacket   = 8 << 20
	maxExchange = 128 << 20 // bytes of all answers to one question, so of a page
)

func init() { ber.MaxPacketLengthBytes = maxPacket }

var errTooLarge = errors.New("the server's answer is too large")

// metered is a connection whose reads are counted while an exchange runs.
type metered struct {
	net.Conn
	left atomic.Int64
}

func (m *metered) Read(p []byte) (int, error) {
	if m.left.Load() < 0 {
		return 0, errTooLarge
	}
	n, err := m.Conn.Read(p)
	m.left.Add(-int64(n))
	return n, err
}

// session is one connection. It is used by one goroutine at a time, but for a
// search that goes on while its last page is handed over.
type session struct {
	asking sync.Mutex
	raw    *metered
	found  *found
	conn   *ldap.Conn
	server server
	used   time.Time
	root   *root // once read
}

// root are the facts of a server (RFC 4512 §5.1, MS-ADTS 3.1.1.3.2) that do not change while it runs.
type root struct {
	naming, configuration, service string // AD: naming contexts, DN of its NTDS settings
	contexts                       []string
	controls                       map[string]bool
	invocation                     string // AD: of its database; "" until asked
	deleted                        *bool  // AD: whether deletions are seen; nil until asked
}

// connect reaches a server with TLS and says nothing yet.
func (c *config) connect(ctx context.Context, s server) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	d := netx.Dialer{Allow: reachable, Timeout: connectTime}
	plain, err := d.DialContext(ctx, "tcp", s.text)
	if err != nil {
		return nil, err
	}
	raw := &metered{Conn: plain}
	raw.left.Store(maxExchange)
	out := &session{raw: raw, server: s}
	err = out.do(ctx, connectTime, func() error {
		if c.StartTLS {
			if err := startTLS(raw); err != nil {
				return err
			}
		}
		secure := tls.Client(raw, c.tls(s))
		out.found = newFound(secure, raw)
		return secure.HandshakeContext(ctx)
	})
	if err != nil {
		out.close()
		return nil, err
	}
	out.conn = ldap.NewConn(out.found, true)
	out.conn.Start()
	return out, nil
}

// startTLS asks for TLS on a connection (RFC 4511 §4.14).
func startTLS(raw net.Conn) error {
	const request = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16" + "1.3.6.1.4.1.1466.20037"
	if _, err := raw.Write([]byte(request)); err != nil {
		return err
	}
	answer, err := ber.ReadPacket(raw)
	if err != nil {
		return err
	}
	return ldap.GetLDAPError(answer)
}

// do runs one exchange. When its time or the context ends, the connection does too.
func (s *session) do(ctx context.Context, within time.Duration, fn func() error) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { s.raw.Close() })
	s.raw.left.Store(maxExchange)
	err := fn()
	if err != nil && (s.raw.left.Load() < 0 || strings.Contains(err.Error(), "greater than maximum")) {
		err = fmt.Errorf("%w: %w", errTooLarge, err)
	}
	if !stop() {
		return fmt.Errorf("no answer: %w", context.Cause(ctx))
	}
	return err
}

// close ends the connection below the library first: a write that hangs would keep it from closing.
func (s *session) close() {
	s.raw.Close()
	if s.conn != nil {
		s.conn.Close()
	}
}

func (s *session) usable() bool { return !s.conn.IsClosing() && time.Since(s.used) < 2*time.Minute }

// bind proves who we are; an empty password never leaves (RFC 4513 §5.1.2: it would be an anonymous bind that succeeds).
func (s *session) bind(ctx context.Context, name, password string, controls ...ldap.Control) (*ldap.SimpleBindResult, error) {
	var r *ldap.SimpleBindResult
	err := s.do(ctx, operationTime, func() (err error) {
		r, err = s.conn.SimpleBind(ldap.NewSimpleBindRequest(name, password, controls))
		return err
	})
	return r, err
}

// rootDSE reads the server's facts once per connection.
func (s *session) rootDSE(ctx context.Context) (*root, error) {
	if s.root != nil {
		return s.root, nil
	}
	e, err := s.base(ctx, "", "defaultNamingContext", "configurationNamingContext", "dsServiceName", "namingContexts", "supportedControl")
	if err != nil {
		return nil, err
	}
	s.root = &root{
		naming: value(e, "defaultNamingContext"), configuration: value(e, "configurationNamingContext"), service: value(e, "dsServiceName"),
		contexts: e.GetEqualFoldAttributeValues("namingContexts"),
		controls: map[string]bool{},
	}
	for _, v := range e.GetEqualFoldAttributeValues("supportedControl") {
		s.root.controls[v] = true
	}
	return s.root, nil
}
