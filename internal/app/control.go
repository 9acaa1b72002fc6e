package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"postroom/internal/base/errs"
)

// The control socket, DIR/control.sock: who has the machine talks to the server
// that runs, without a password. A connection is one command: a line of JSON
// comes in, lines of JSON go out, steps and at last a result or an error. A client
// that goes away ends its command.

type controlRequest struct {
	Command string          `json:"command"`
	Args    json.RawMessage `json:"args,omitempty"`
}

type controlReply struct {
	Step   *Step           `json:"step,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
	Kind   errs.Kind       `json:"kind,omitempty"`
	Done   bool            `json:"done,omitempty"`
}

const (
	socketName    = "control.sock"
	controlLimit  = 64 << 10 // of a request
	controlPeers  = 16       // commands at once
	controlSilent = 10 * time.Second
)

// socketPath shortens what is too long for the address of a socket.
func socketPath(dir string) (path string, done func(), err error) {
	path = filepath.Join(dir, socketName)
	if len(path) < 100 {
		return path, func() {}, nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", d.Fd(), socketName), func() { d.Close() }, nil
}

// control serves the socket.
type control struct {
	app      *App
	listener net.Listener
	running  sync.WaitGroup
	ctx      context.Context
	stop     context.CancelFunc
	ended    sync.Once
	slots    chan struct{}
}

// controlHead binds the socket; the folder's lock is held, so one that lies
// there is left by a crash.
func (a *App) controlHead() (head, error) {
	l, err := a.listenControl()
	if err != nil {
		return head{}, errs.Say("app.Start", errs.Config, errs.Nothing, "The control socket in %s cannot be opened: %v", a.Config.Data, err)
	}
	c := &control{app: a, listener: l, slots: make(chan struct{}, controlPeers)}
	c.ctx, c.stop = context.WithCancel(context.Background())
	return head{"control", l, c.serve, c.shutdown, c.close}, nil
}

func (a *App) listenControl() (net.Listener, error) {
	path, done, err := socketPath(a.Config.Data)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	old := syscall.Umask(0o177)
	l, err := net.Listen("unix", path)
	syscall.Umask(old)
	if err != nil {
		return nil, err
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // the name may be one of /proc
	return l, nil
}

func (c *control) serve(l net.Listener) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			if c.ctx.Err() != nil {
				return nil
			}
			if ne := net.Error(nil); errors.As(err, &ne) && ne.Timeout() || errors.Is(err, syscall.EMFILE) {
				time.Sleep(50 * time.Millisecond)
				continue
			}
			return err
		}
		select {
		case c.slots <- struct{}{}:
			c.running.Go(func() {
				defer func() { <-c.slots }()
				c.serveConn(conn.(*net.UnixConn))
			})
		default:
			conn.Close()
		}
	}
}

// shutdown lets no command begin, and ends those that run: a backup or restore
// that is cut off leaves what was there before.
func (c *control) shutdown(ctx context.Context) error {
	c.close()
	ended := make(chan struct{})
	go func() { c.running.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *control) close() error {
	c.ended.Do(func() {
		c.stop()
		c.listener.Close()
		os.Remove(filepath.Join(c.app.Config.Data, socketName))
	})
	return nil
}

// allowed tells whether the peer is root or who runs this server.
func allowed(conn *net.UnixConn) bool {
	raw, err := conn.SyscallConn()
	if err != nil {
		return false
	}
	ok := false
	err = raw.Control(func(fd uintptr) {
		peer, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
		ok = err == nil && (peer.Uid == 0 || int(peer.Uid) == os.Geteuid())
	})
	return ok && err == nil
}

func (c *control) serveConn(conn *net.UnixConn) {
	defer conn.Close()
	if !allowed(conn) {
		c.app.Log.Warn("control socket: refused a peer that is neither root nor this server's user")
		return
	}
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	if conn.SetReadDeadline(time.Now().Add(controlSilent)) != nil {
		return
	}
	in := bufio.NewReader(io.LimitReader(conn, controlLimit))
	line, err := in.ReadBytes('\n')
	if err != nil || conn.SetReadDeadline(time.Time{}) != nil {
		return
	}
	go func() { // its end, by whatever error, is the end of the command
		_, _ = io.Copy(io.Discard, conn)
		cancel()
	}()
	var out sync.Mutex
	send := func(r controlReply) {
		out.Lock()
		defer out.Unlock()
		if conn.SetWriteDeadline(time.Now().Add(controlSilent)) != nil || json.NewEncoder(conn).Encode(r) != nil {
			cancel()
		}
	}
	var req controlRequest
	if err := json.Unmarshal(line, &req); err != nil {
		send(controlReply{Error: "The request is no JSON.", Kind: errs.Invalid, Done: true})
		return
	}
	result, err := c.app.Do(ctx, req.Command, req.Args, func(s Step) { send(controlReply{Step: &s}) })
	if err != nil {
		kind, _ := errs.Of(err)
		c.app.Log.Warn("control command failed", "command", req.Command, "error", err)
		send(controlReply{Error: errs.Public(err), Kind: kind, Done: true})
		return
	}
	text, err := json.Marshal(result)
	if err != nil {
		send(controlReply{Error: err.Error(), Done: true})
		return
	}
	send(controlReply{Result: text, Done: true})
}

// ErrNoServer says that no server listens on a folder's control socket.
var ErrNoServer = errors.New("no server runs on this data folder")

// Control runs a command in the server that has the data folder, and reads its
// result into result (nil: none is wanted). ErrNoServer where none runs.
func Control(ctx context.Context, dir, command string, args, result any, p Progress) error {
	const op = "app.Control"
	path, done, err := socketPath(dir)
	if err != nil {
		return ErrNoServer
	}
	defer done()
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return ErrNoServer
	case errors.Is(err, fs.ErrPermission):
		return errs.Say(op, errs.Denied, errs.Nothing, "The server on %s belongs to another user: use his account, or root.", dir)
	case err != nil:
		return errs.Say(op, errs.Unavailable, errs.Nothing, "The server on %s does not answer: %v", dir, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	text, err := json.Marshal(args)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(conn).Encode(controlRequest{command, text}); err != nil {
		return errs.Say(op, errs.Unavailable, errs.Nothing, "The server on %s does not take the command: %v", dir, err)
	}
	for d := json.NewDecoder(conn); ; {
		var r controlReply
		if err := d.Decode(&r); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return errs.Say(op, errs.Unavailable, errs.Nothing, "The server ended before it answered. Its log says why.")
		}
		switch {
		case r.Step != nil && p != nil:
			p(*r.Step)
		case r.Error != "":
			return errs.Say(op, r.Kind, errs.Nothing, "%s", r.Error)
		case r.Done && result != nil:
			return json.Unmarshal(r.Result, result)
		case r.Done:
			return nil
		}
	}
}
