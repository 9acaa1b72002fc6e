package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"postroom/internal/base/errs"
	"postroom/internal/core/auth"
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// session is one connection. Its own goroutine only waits for the client, with
// the smallest stack there is; lines are read and commands run on workers, one
// at a time. Commands run under mu, which push takes too when there is something
// to announce in IDLE.
type session struct {
	srv      *Server
	id       string
	remote   netip.Addr
	implicit bool
	raw      *timedConn
	conn     net.Conn // raw, or TLS over it
	secure   bool
	sni      string
	dec      *wire.Decoder
	enc      *wire.Encoder
	ctx      context.Context
	cancel   context.CancelFunc
	done     chan struct{} // of the worker's job
	bye      atomic.Pointer[goodbye]
	poked    atomic.Bool // push is on its way
	ended    bool        // nothing more is to be read

	mu        sync.Mutex
	state     wire.State
	bad       int
	closing   bool   // the command just run was the last
	after     func() // runs behind the command, without mu
	actor     auth.Actor
	unguarded func() // ends the wait for the end of the sign-in
	region    Region
	view      *mailbox.View
	own       *mailbox.Mailbox
	sel       *selected
	idling    *idling // in IDLE
}

// goodbye is why a session ends: a word for the metrics, and what BYE says.
type goodbye struct {
	reason string
	code   wire.Code
	text   string
}

var goodbyeRevoked = goodbye{"revoked", wire.CodeUnavailable, "The user or the password has changed; sign in again"}

const (
	goodbyeTime = time.Second // for a client to take BYE
	maxSignIns  = 10          // failed ones of a connection
)

// run is the life of the session.
func (x *session) run() {
	defer x.close()
	x.srv.workers.do(x.open, x.done)
	for !x.ended {
		x.raw.wait()
		x.srv.workers.do(x.serve, x.done)
	}
	x.srv.workers.do(x.part, x.done)
}

// serve runs the commands that are there, up to where the client is waited for.
func (x *session) serve() {
	for !x.over() {
		x.raw.await(true)
		if !x.arrived() {
			x.raw.arm()
			return
		}
		x.next()
	}
	x.leaveIdle()
	x.ended = true
}

func (x *session) over() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.closing || x.bye.Load() != nil || x.enc.Err() != nil
}

// arrived tells whether there is something to read, or nothing will be.
func (x *session) arrived() bool {
	x.raw.now = true
	defer func() { x.raw.now = false }()
	return !errors.Is(x.dec.Ready(), errNotYet)
}

// open shakes hands where TLS comes first, and greets.
func (x *session) open() {
	defer x.serve()
	x.conn = x.raw
	x.enc = wire.NewEncoder(x.conn)
	x.dec = wire.NewDecoder(x.conn, func() error {
		x.enc.Continue("OK")
		return x.enc.Flush()
	})
	if x.implicit && !x.shakeHands() {
		x.closing = true
		return
	}
	x.log().Debug("imap connection", "tls", x.secure)
	x.enc.Respond("", wire.OK, wire.CodeCapability(x.capabilities()), "Postroom IMAP ready")
	x.enc.Flush()
}

// shakeHands puts TLS over the connection.
func (x *session) shakeHands() bool {
	c := tls.Server(x.raw, x.srv.cfg.TLS)
	if err := c.HandshakeContext(x.ctx); err != nil {
		x.log().Debug("TLS failed", "error", err)
		return false
	}
	x.conn, x.secure, x.sni = c, true, c.ConnectionState().ServerName
	x.enc.Reset(c)
	x.dec.Reset(hasty{c})
	return true
}

func (x *session) log() *slog.Logger {
	return x.srv.cfg.Log.With("connection", x.id, "remote", x.remote.String())
}

// next reads one command and runs it.
func (x *session) next() {
	if x.idling != nil {
		x.readDone()
		return
	}
	c, err := wire.ReadCommand(x.dec, x.state)
	x.raw.await(false)
	if err != nil {
		x.complain(c, err)
		return
	}
	x.execute(&c)
	if f := x.after; f != nil {
		x.after = nil
		f()
	}
}

// complain answers what could not be read.
func (x *session) complain(c wire.Command, err error) {
	var syntax *wire.SyntaxError
	var big *wire.TooBigError
	switch {
	case errors.As(err, &syntax):
		x.enc.Respond(c.Tag, syntax.Status, syntax.Code, syntax.Text)
		x.count(c.Name, syntax.Status)
		x.misbehaved(syntax.Status)
		x.enc.Flush()
	case errors.As(err, &big):
		x.enc.Respond(c.Tag, wire.BAD, wire.CodeTooBig, big.Error())
		x.depart(goodbye{"too big", "", "This is more than the server takes in"})
	case errors.Is(err, errWoken):
		x.depart(goodbye{"ended", "", "The server ends the session"})
	case errors.Is(err, os.ErrDeadlineExceeded):
		x.depart(goodbye{"idle", "", "Nothing was heard for too long"})
	case errors.Is(err, io.EOF):
		x.quit("client left")
	default:
		x.log().Debug("imap connection lost", "error", err)
		x.quit("lost")
	}
}

// misbehaved counts commands that were no commands.
func (x *session) misbehaved(s wire.Status) {
	if s != wire.BAD {
		return
	}
	if x.bad++; x.bad >= x.srv.cfg.BadCommands {
		x.depart(goodbye{"bad commands", "", "Too many bad commands"})
	}
}

// depart ends the session with BYE. The first reason counts.
func (x *session) depart(g goodbye) { x.bye.CompareAndSwap(nil, &g) }

// quit ends the session without a word.
func (x *session) quit(reason string) {
	x.depart(goodbye{reason: reason})
	x.closing = true
}

// end has the session say BYE from outside, whatever it does.
func (x *session) end(g goodbye) {
	x.depart(g)
	x.cancel()
	x.raw.interrupt(true)
	time.AfterFunc(goodbyeTime, func() { x.raw.Close() })
}

// drain has the session say BYE behind the command that runs.
func (x *session) drain(g goodbye) {
	x.depart(g)
	x.raw.interrupt(false)
}

// part says BYE where there is one to say.
func (x *session) part() {
	g := x.bye.Load()
	if g == nil || g.text == "" {
		return
	}
	x.raw.write = goodbyeTime
	x.enc.Respond("", wire.BYE, g.code, g.text)
	x.enc.Flush()
}

func (x *session) close() {
	x.cancel()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.unselect()
	if x.own != nil {
		x.unguarded()
		x.srv.leave(x.actor)
	}
	reason := "logout"
	if g := x.bye.Load(); g != nil {
		reason = g.reason
	}
	x.srv.ended.Inc(reason)
	x.log().Debug("imap connection ended", "reason", reason)
	x.conn.Close()
	x.raw.Close()
}

// reply is the text of a tagged OK.
type reply struct {
	code  wire.Code
	text  string
	later bool // the tagged answer comes from what runs after the command
}

// execute runs a command and answers its tag.
func (x *session) execute(c *wire.Command) {
	x.mu.Lock()
	defer x.mu.Unlock()
	begun := time.Now()
	if x.own != nil && x.actor.Revoked() { // end may not have come to it yet
		x.depart(goodbyeRevoked)
		return
	}
	h, ok := commands[c.Name]
	if !ok {
		x.answer(c, reply{}, sayBAD("", c.Name+" is not served here"))
		return
	}
	r, err := x.served(h, c)
	if !r.later {
		x.answer(c, r, err)
	}
	x.enc.Flush()
	x.srv.seconds.Observe(time.Since(begun).Seconds(), c.Name)
}

// served runs a command, where the mailbox may still be looked at, and announces
// what has changed.
func (x *session) served(h command, c *wire.Command) (reply, error) {
	if h.sync != syncNone {
		if err := x.recheck(); err != nil {
			return reply{}, err
		}
	}
	r, err := x.guarded(h.run, c)
	if x.sel != nil && h.sync != syncNone && !r.later {
		if e := x.announce(h.sync == syncAll); err == nil {
			err = e
		}
	}
	return r, err
}

// guarded keeps a fault in one command from ending the whole server.
func (x *session) guarded(run func(*session, *wire.Command) (reply, error), c *wire.Command) (r reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			x.log().Error("panic in a command", "command", c.Name, "panic", p, "stack", string(debug.Stack()))
			x.depart(goodbye{"fault", wire.CodeServerBug, "An internal error occurred"})
			r, err = reply{}, errs.E("imap."+c.Name, errs.Internal, errs.Nothing, nil)
		}
	}()
	return run(x, c)
}

// answer writes the tagged response.
func (x *session) answer(c *wire.Command, r reply, err error) {
	status, code, text := wire.OK, r.code, r.text
	if err != nil {
		status, code, text = x.refused(c, err)
	}
	if text == "" {
		text = c.Name + " done"
	}
	x.enc.Respond(c.Tag, status, code, text)
	x.count(c.Name, status)
	x.misbehaved(status)
}

func (x *session) refused(c *wire.Command, err error) (wire.Status, wire.Code, string) {
	var syntax *wire.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Status, syntax.Code, syntax.Text
	}
	var s *said
	if errors.As(err, &s) {
		return s.status, s.code, s.text
	}
	if isOurs(err) && x.ctx.Err() == nil {
		x.log().Error("imap command failed", "command", c.Name, "error", err)
	}
	a := refusal(err)
	return a.status, a.code, errs.Public(err)
}

func (x *session) count(name string, s wire.Status) {
	if name == "" {
		name = "unknown"
	}
	x.srv.commands.Inc(name, string(s))
}
