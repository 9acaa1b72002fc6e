package smtp

import (
	"crypto/tls"
	"io"
	"net"
	"sync"
	"time"
)

// Listeners gives the connections of l as *Conn: clear yields them as they
// come, secure those that asked for STARTTLS, after the handshake. Each is
// for a go-smtp server of its own: clear's has TLSConfig set, so that it
// offers STARTTLS, and never uses it; secure's has none and
// AllowInsecureAuth, since there everything is under TLS. Both want
// MaxLineLength above MaxLine. Without config clear has no STARTTLS. Closing
// clear closes l.
func Listeners(l net.Listener, config *tls.Config) (clear, secure net.Listener) {
	s := &secureListener{conns: make(chan *Conn), closed: make(chan struct{}), addr: l.Addr()}
	return &clearListener{Listener: l, config: config, secure: s}, s
}

// ListenTLS gives the connections of l as *Conn under TLS from the first byte
// (RFC 8314 §3.3). Its server is set up as secure's of Listeners.
func ListenTLS(l net.Listener, config *tls.Config) net.Listener {
	return &tlsListener{l, config}
}

type clearListener struct {
	net.Listener
	config *tls.Config
	secure *secureListener
}

func (l *clearListener) Accept() (net.Conn, error) {
	raw, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := NewConn(raw)
	c.config, c.handOver = l.config, l.secure.give
	return c, nil
}

type tlsListener struct {
	net.Listener
	config *tls.Config
}

func (l *tlsListener) Accept() (net.Conn, error) {
	raw, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return NewConn(tls.Server(raw, l.config)), nil
}

type secureListener struct {
	conns  chan *Conn
	closed chan struct{}
	once   sync.Once
	addr   net.Addr
}

func (l *secureListener) give(c *Conn) bool {
	select {
	case l.conns <- c:
		return true
	case <-l.closed:
		return false
	}
}

func (l *secureListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *secureListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *secureListener) Addr() net.Addr { return l.addr }

// startTLS answers the command, and ends this session: the connection goes on
// in another one that knows nothing of it.
func (c *Conn) startTLS() error {
	c.in = nil // sent in the clear behind the command: never executed
	c.gone.Store(true)
	c.Conn.SetDeadline(time.Now().Add(handshakeTimeout))
	if _, err := c.Conn.Write([]byte("220 2.0.0 Ready to start TLS\r\n")); err != nil {
		c.Conn.Close()
		return io.EOF
	}
	t := tls.Server(c.Conn, c.config)
	if err := t.Handshake(); err != nil {
		c.Conn.Close()
		return io.EOF
	}
	t.SetDeadline(time.Time{})
	next := NewConn(t)
	next.mute = true
	if !c.handOver(next) {
		t.Close()
	}
	return io.EOF
}
