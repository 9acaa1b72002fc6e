package smtp

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	maxCommand       = 12 << 10         // a line of AUTH, RFC 4954 §4
	dataBlockTimeout = 3 * time.Minute  // RFC 5321 §4.5.3.2.5
	dataTimeout      = 30 * time.Minute // of one message
	handshakeTimeout = 30 * time.Second
	maxDropped       = 256 << 20 // of a message that is refused already
)

// ErrCommand ends a connection that sends a command without end.
var ErrCommand = errors.New("smtp: command line too long")

type mode uint8

const (
	commands mode = iota
	data          // between 354 and CRLF.CRLF
	dropping      // the same, of a message that is refused
)

// dataState is where in a line the message stands.
type dataState uint8

const (
	lineBegin dataState = iota
	lineDot             // "."
	lineDotCR           // "." CR
	lineCR
	lineMid
)

// Conn is a connection as the package comment describes it. Read and Write are
// for one goroutine, that of the library's session; the message may be read in
// another when it comes by BDAT.
type Conn struct {
	net.Conn // under TLS the *tls.Conn
	handOver func(*Conn) bool
	config   *tls.Config // for STARTTLS; nil when there is none
	shake    sync.Once
	shakeErr error
	gone     atomic.Bool // handed over: Close is the other one's
	mute     bool        // the greeting was given before TLS

	in    []byte // read and not yet handed over
	buf   []byte
	eof   error
	out   []byte // to be handed over first
	mode  mode
	chunk int64 // bytes of a BDAT chunk that may go unseen
	line  int   // length of the line of the message at hand
	state dataState
	held  bool   // a CR that was not yet handed over
	match int    // of CRLF.CRLF while dropping
	last  string // the command at hand, upper case, without arguments
	sasl  bool   // the next line answers a 334

	since     time.Time // of the message
	dropped   int64
	pipelined bool
	mu        sync.Mutex
	dataErr   error // under mu: with BDAT another goroutine asks
}

// NewConn watches c. For STARTTLS see Listeners.
func NewConn(c net.Conn) *Conn { return &Conn{Conn: c, buf: make([]byte, 16<<10)} }

// BodyReader reads the message that the library hands over as r, as
// NewBodyReader does, and knows what Conn has seen on the wire.
func (c *Conn) BodyReader(r io.Reader, maxBytes int64) *BodyReader {
	b := NewBodyReader(r, maxBytes)
	b.conn = c
	return b
}

// DataError is what was wrong with the message of the last DATA as it came on
// the wire, or nil.
func (c *Conn) DataError() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dataErr
}

func (c *Conn) setDataError(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dataErr = err
}

// Pipelined says that the client sent the message of the last DATA without
// waiting for 354, which only programs do that do not read answers.
func (c *Conn) Pipelined() bool { return c.pipelined }

// TLS is the state of TLS; ok is false on a clear connection.
func (c *Conn) TLS() (state tls.ConnectionState, ok bool) {
	t, ok := c.Conn.(*tls.Conn)
	if !ok {
		return state, false
	}
	return t.ConnectionState(), true
}

// Close closes the connection unless another Conn goes on with it.
func (c *Conn) Close() error {
	if c.gone.Load() {
		return nil
	}
	return c.Conn.Close()
}

// handshake runs TLS before the first byte.
func (c *Conn) handshake() error {
	c.shake.Do(func() {
		t, ok := c.Conn.(*tls.Conn)
		if !ok || t.ConnectionState().HandshakeComplete {
			return
		}
		c.Conn.SetDeadline(time.Now().Add(handshakeTimeout))
		c.shakeErr = t.Handshake()
		c.Conn.SetDeadline(time.Time{})
	})
	return c.shakeErr
}

// Write sends an answer and learns from it what comes next.
func (c *Conn) Write(p []byte) (int, error) {
	if c.gone.Load() {
		return 0, net.ErrClosed
	}
	if err := c.handshake(); err != nil {
		return 0, err
	}
	c.chunk = 0 // an answer before the chunk was read: it is not taken as one
	c.sasl = bytes.HasPrefix(p, []byte("334"))
	if c.mute {
		c.mute = false
		if bytes.HasPrefix(p, []byte("220")) {
			return len(p), nil
		}
	}
	if c.last == "DATA" && bytes.HasPrefix(p, []byte("354")) {
		c.mode, c.state, c.line, c.held, c.dropped = data, lineBegin, 0, false, 0
		c.setDataError(nil)
		c.pipelined = len(c.in) > 0
		c.since = time.Now()
	}
	c.last = ""
	return c.Conn.Write(p)
}

// Read hands over what the library may see.
func (c *Conn) Read(p []byte) (int, error) {
	if c.gone.Load() {
		return 0, io.EOF
	}
	if err := c.handshake(); err != nil {
		return 0, err
	}
	for len(p) > 0 {
		if len(c.out) > 0 {
			n := copy(p, c.out)
			c.out = c.out[n:]
			return n, nil
		}
		var err error
		switch {
		case c.mode == dropping:
			err = c.drop()
		case c.mode == data:
			err = c.message()
		case c.chunk > 0:
			err = c.bdat()
		default:
			err = c.command()
		}
		if err != nil && len(c.out) == 0 {
			return 0, err
		}
	}
	return 0, nil
}

// more reads from the network behind what is there.
func (c *Conn) more() error {
	if c.eof != nil {
		return c.eof
	}
	if len(c.in) > 0 { // a command in pieces; else the buffer is free
		if &c.in[0] != &c.buf[0] {
			copy(c.buf, c.in)
		}
		if len(c.in) == len(c.buf) {
			return ErrCommand
		}
	}
	n, err := c.Conn.Read(c.buf[len(c.in):])
	c.in = c.buf[:len(c.in)+n]
	if n > 0 {
		c.eof = nil
		if err == io.EOF {
			c.eof = err
		}
		return nil
	}
	return err
}

// take moves n bytes from in to out; they are read before in is filled again.
func (c *Conn) take(n int) {
	c.out, c.in = c.in[:n], c.in[n:]
}

// command hands over one line.
func (c *Conn) command() error {
	i := bytes.IndexByte(c.in, '\n')
	for i < 0 {
		if len(c.in) > maxCommand {
			return ErrCommand
		}
		if err := c.more(); err != nil {
			c.take(len(c.in))
			return err
		}
		i = bytes.IndexByte(c.in, '\n')
	}
	line := strings.TrimSpace(string(c.in[:min(i, 64)]))
	if c.sasl {
		line = ""
	}
	c.sasl = false
	word, args, _ := strings.Cut(line, " ")
	c.last = strings.ToUpper(word)
	if c.last == "STARTTLS" && args == "" && c.config != nil {
		return c.startTLS()
	}
	c.take(i + 1)
	if c.last == "BDAT" {
		c.setDataError(nil)
		size, _, _ := strings.Cut(strings.TrimSpace(args), " ")
		if n, err := strconv.ParseUint(size, 10, 32); err == nil {
			c.chunk = int64(n)
		}
	}
	return nil
}

func (c *Conn) bdat() error {
	if len(c.in) == 0 {
		c.Conn.SetReadDeadline(time.Now().Add(dataBlockTimeout))
		if err := c.more(); err != nil {
			return err
		}
	}
	n := min(int64(len(c.in)), c.chunk)
	if c.chunk -= n; c.chunk == 0 {
		c.over()
	}
	c.take(int(n))
	return nil
}

// over ends a message or chunk; the library sets the time for what follows.
func (c *Conn) over() {
	c.mode = commands
	c.Conn.SetReadDeadline(time.Time{})
}

// fillData waits for bytes of the message, each block with its own time.
func (c *Conn) fillData() error {
	if len(c.in) > 0 {
		return nil
	}
	limit := c.since.Add(dataTimeout)
	if block := time.Now().Add(dataBlockTimeout); block.Before(limit) {
		limit = block
	}
	c.Conn.SetReadDeadline(limit)
	return c.more()
}

// message hands over good bytes of the message up to and with its end. A CR
// waits for its LF, so that the library never stands between the two when the
// message turns out to be bad.
func (c *Conn) message() error {
	if err := c.fillData(); err != nil {
		return err
	}
	b := c.in
	i, end, bad := c.scan(b)
	out := b[:i]
	if c.held {
		out, c.held = append([]byte{'\r'}, out...), false
	}
	if n := len(out); n > 0 && out[n-1] == '\r' {
		out, c.held = out[:n-1], bad == nil
	}
	c.out = out
	c.in = b[i:]
	switch {
	case end:
		c.over()
	case bad != nil:
		c.setDataError(bad)
		c.mode = dropping
		c.match = map[dataState]int{lineBegin: 2, lineDot: 3, lineDotCR: 4, lineCR: 1, lineMid: 0}[c.state]
	}
	return nil
}

// scan returns how many bytes belong to the message and are good, whether its
// end was met, and what is wrong with the next byte.
func (c *Conn) scan(b []byte) (n int, end bool, bad error) {
	for i := 0; i < len(b); i++ {
		ch := b[i]
		switch c.state {
		case lineCR, lineDotCR:
			if ch != '\n' {
				return i, false, ErrBareCR
			}
			if c.state == lineDotCR {
				return i + 1, true, nil
			}
			c.state, c.line = lineBegin, 0
			continue
		}
		switch ch {
		case '\n':
			return i, false, ErrBareLF
		case 0:
			return i, false, ErrNUL
		case '\r':
			if c.state == lineDot {
				c.state = lineDotCR
			} else {
				c.state = lineCR
			}
			continue
		}
		if c.state == lineBegin && ch == '.' {
			c.state = lineDot
		} else {
			c.state = lineMid
		}
		skip := max(special(b[i:]), 1)
		if c.state == lineDot {
			skip = 1
		}
		if c.line += skip; c.line > MaxLine+1 { // and the dot that was stuffed
			return i, false, ErrLine
		}
		i += skip - 1
	}
	return len(b), false, nil
}

// endOfData is what drop looks for.
const endOfData = "\r\n.\r\n"

// drop reads the rest of a refused message and then ends it for the library:
// from every state that it can be in, these bytes are a line and the end.
func (c *Conn) drop() error {
	for {
		for i, ch := range c.in {
			switch {
			case ch == endOfData[c.match]:
				c.match++
			case ch == '\r':
				c.match = 1
			default:
				c.match = 0
			}
			if c.match == len(endOfData) {
				c.in = c.in[i+1:]
				c.over()
				c.out = []byte("\x00" + endOfData)
				return nil
			}
		}
		if c.dropped += int64(len(c.in)); c.dropped > maxDropped {
			return c.DataError()
		}
		c.in = nil
		if err := c.fillData(); err != nil {
			return err
		}
	}
}
