package imap

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Limits bound what one client can make the Decoder hold or read.
type Limits struct {
	Line     int   // bytes of a command outside its literals
	Command  int   // bytes of a command with its buffered literals
	Literals int   // buffered literals in one command
	Append   int64 // bytes of one streamed literal (APPEND)
	Drain    int64 // bytes of one refused non-synchronising literal that are read and dropped
	Total    int64 // bytes of all commands until the next SetLimits; 0 is no limit
	Strict   bool  // an oversized literal ends the connection even where it need not
}

// LimitsBeforeLogin is what a stranger may send.
var LimitsBeforeLogin = Limits{Line: 64 << 10, Command: 64 << 10, Literals: 16, Total: 1 << 20, Strict: true}

// LimitsAfterLogin returns the limits of a signed-in user who may append
// messages of at most maxAppend bytes.
func LimitsAfterLogin(maxAppend int64) Limits {
	return Limits{Line: 64 << 10, Command: 1 << 20, Literals: 256, Append: maxAppend, Drain: max(4*maxAppend, 1<<20)}
}

// readBuffer holds most lines; a long read of a streamed literal goes around it.
const readBuffer = 2048

// readers are shared, so that an idle connection holds none.
var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, readBuffer) }}

// maxDepth bounds parentheses within parentheses, whatever the command.
const maxDepth = 50

// Decoder reads commands. It keeps the first error of a command; after it every
// method answers false, so callers check once at the end.
//
// Methods named after a piece of grammar ask: they take it if it is there and
// answer false, without an error, if it is not. Expect methods complain.
// A Decoder is used by one goroutine at a time.
type Decoder struct {
	// UTF8 says that the client has enabled UTF-8 mailbox names (UTF8=ACCEPT or
	// IMAP4rev2); they are then not modified UTF-7.
	UTF8 bool

	src    io.Reader
	r      *bufio.Reader // reads src; nil between commands, see Ready
	cont   func() error
	limits Limits

	line []byte // rest of the command up to its next literal, without CRLF; aliases r's buffer or long
	long []byte
	pos  int
	name string // of the command, for complaints

	err   error // first error of this command
	fatal error // no more commands after this

	active   bool  // a command is not read to its end
	needLine bool  // its rest stands behind a literal, not read yet
	left     int64 // bytes of a literal that come before needLine's line

	used     int
	literals int
	total    int64
	depth    int
	keys     int // search keys
}

// NewDecoder returns a Decoder with LimitsBeforeLogin. cont sends a command
// continuation request; it is called before a synchronising literal is read.
func NewDecoder(r io.Reader, cont func() error) *Decoder {
	return &Decoder{src: r, cont: cont, limits: LimitsBeforeLogin}
}

// SetLimits replaces the limits and starts counting Total anew.
func (d *Decoder) SetLimits(l Limits) { d.limits, d.total = l, 0 }

// Buffered returns how many bytes were received and not used. More than 0 when
// STARTTLS has been read means that somebody injects commands: close.
func (d *Decoder) Buffered() int {
	if d.r == nil {
		return 0
	}
	return d.r.Buffered()
}

// Ready returns nil when ReadCommand, ReadDone and the like have something to
// read, else the reader's error, which is not kept: it may be that nothing has
// come yet. The Decoder then holds no buffer until it is asked again.
func (d *Decoder) Ready() error {
	if d.fatal != nil {
		return d.fatal
	}
	if d.active && !d.needLine {
		_, d.active = announced(d.line)
	}
	if d.active { // a literal comes that nobody wants
		return nil
	}
	d.take()
	_, err := d.r.Peek(1)
	if err != nil {
		d.release()
	}
	return err
}

func (d *Decoder) take() {
	if d.r == nil {
		d.r = readers.Get().(*bufio.Reader)
		d.r.Reset(d.src)
	}
}

func (d *Decoder) release() {
	if d.r != nil {
		d.r.Reset(nil)
		readers.Put(d.r)
	}
	d.r, d.line, d.long = nil, nil, nil
}

// Reset drops all state but the limits and reads from r (after STARTTLS).
func (d *Decoder) Reset(r io.Reader) {
	d.release()
	*d = Decoder{UTF8: d.UTF8, src: r, cont: d.cont, limits: d.limits}
}

// Err returns the first error of the command.
func (d *Decoder) Err() error { return d.err }

func (d *Decoder) setErr(err error) bool {
	if d.err == nil {
		d.err = err
	}
	return false
}

func (d *Decoder) setFatal(err error) bool {
	if d.fatal == nil {
		d.fatal = err
	}
	return d.setErr(err)
}

// Fail records a complaint answered with BAD, with the place in the line.
func (d *Decoder) Fail(format string, args ...any) bool {
	if d.err != nil {
		return false
	}
	text := fmt.Sprintf(format, args...)
	if d.name != "" {
		text = d.name + ": " + text
	}
	return d.setErr(&SyntaxError{Status: BAD, Text: fmt.Sprintf("%s at byte %d", text, d.pos+1)})
}

func (d *Decoder) refuse(status Status, code Code, text string) bool {
	return d.setErr(&SyntaxError{Status: status, Code: code, Text: text})
}

// begin reads the first line of the next command.
func (d *Decoder) begin() bool {
	d.finish()
	if d.fatal != nil {
		d.err, d.line = d.fatal, nil
		return false
	}
	d.err, d.name = nil, ""
	d.used, d.literals, d.depth, d.keys = 0, 0, 0, 0
	d.active = true
	d.take()
	return d.readLine()
}

// finish brings the reader to the end of a command that was left early.
func (d *Decoder) finish() {
	for d.active && d.fatal == nil {
		if d.needLine {
			if !d.discard() || !d.readLine() && d.fatal != nil {
				return
			}
		}
		n, ok := announced(d.line)
		if !ok {
			break
		}
		if n > d.drainable() {
			d.setFatal(&TooBigError{What: "literal", Limit: d.drainable()})
			return
		}
		d.left, d.needLine = n, true
	}
	d.active = false
}

// drainable is the size of the largest literal that is read only to be dropped.
func (d *Decoder) drainable() int64 {
	return max(d.limits.Drain, int64(d.limits.Command-d.used))
}

func (d *Decoder) discard() bool {
	n, err := io.CopyN(io.Discard, d.r, d.left)
	d.left -= n
	d.total += n
	if d.limits.Drain == 0 {
		d.used += int(n)
	}
	return err == nil || d.setFatal(noEOF(err))
}

// announced reports the size of a non-synchronising literal at the end of line.
func announced(line []byte) (int64, bool) {
	rest, ok := bytes.CutSuffix(line, []byte("+}"))
	if !ok {
		return 0, false
	}
	i := bytes.LastIndexByte(rest, '{')
	if i < 0 {
		return 0, false
	}
	return parseInt(rest[i+1:])
}

func (d *Decoder) readLine() bool {
	d.line, d.pos, d.needLine = nil, 0, false
	if cap(d.long) > readBuffer*4 {
		d.long = nil // one long command does not make the connection fat
	}
	d.long = d.long[:0]
	started := d.used > 0
	for {
		frag, err := d.r.ReadSlice('\n')
		d.used += len(frag)
		d.total += int64(len(frag))
		switch {
		case len(d.long)+len(frag) > d.limits.Line:
			d.line = append(d.long, frag...)
			return d.setFatal(&TooBigError{What: "line", Limit: int64(d.limits.Line)})
		case d.used > d.limits.Command:
			return d.setFatal(&TooBigError{What: "command", Limit: int64(d.limits.Command)})
		case d.limits.Total > 0 && d.total > d.limits.Total:
			return d.setFatal(&TooBigError{What: "commands before sign-in", Limit: d.limits.Total})
		case errors.Is(err, bufio.ErrBufferFull):
			d.long = append(d.long, frag...)
			continue
		case err != nil:
			if started || len(d.long)+len(frag) > 0 {
				err = noEOF(err)
			}
			return d.setFatal(err)
		}
		d.line = frag
		if len(d.long) > 0 {
			d.long = append(d.long, frag...)
			d.line = d.long
		}
		break
	}
	// A lone LF ends a line too: people type at this protocol.
	d.line = bytes.TrimSuffix(d.line[:len(d.line)-1], []byte{'\r'})
	if i := bytes.IndexByte(d.line, 0); i >= 0 {
		d.pos = i
		return d.Fail("NUL")
	}
	if i := bytes.IndexByte(d.line, '\r'); i >= 0 {
		d.pos = i
		return d.Fail("CR without LF")
	}
	return true
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// peek returns the next byte, 0 at the end of the line or after an error.
func (d *Decoder) peek() byte {
	if d.err != nil || d.pos >= len(d.line) {
		return 0
	}
	return d.line[d.pos]
}

// End takes the end of the command. One space before it is let pass: known
// clients send it.
func (d *Decoder) End() bool {
	if d.err == nil && d.pos == len(d.line)-1 {
		d.SP()
	}
	if d.err != nil || d.pos < len(d.line) {
		return false
	}
	d.active = false
	return true
}

// ExpectEnd complains if the command goes on.
func (d *Decoder) ExpectEnd() bool { return d.End() || d.Fail("expected end of line") }

// Special takes the byte b.
func (d *Decoder) Special(b byte) bool {
	if d.err != nil || d.pos >= len(d.line) || d.line[d.pos] != b {
		return false
	}
	d.pos++
	return true
}

// ExpectSpecial complains if b is not next.
func (d *Decoder) ExpectSpecial(b byte) bool {
	return d.Special(b) || d.Fail("expected %q", rune(b))
}

// SP takes one space.
func (d *Decoder) SP() bool { return d.Special(' ') }

// ExpectSP complains if no space is next.
func (d *Decoder) ExpectSP() bool { return d.Special(' ') || d.Fail("expected SP") }

// ExpectList reads "(", items divided by single spaces, ")"; the list may be
// empty, and may hold at most limit items.
func (d *Decoder) ExpectList(limit int, item func() bool) bool {
	if !d.ExpectSpecial('(') {
		return false
	}
	if d.Special(')') {
		return true
	}
	if d.depth++; d.depth > maxDepth {
		return d.Fail("more than %d parentheses deep", maxDepth)
	}
	for n := 1; ; n++ {
		if n > limit {
			return d.Fail("more than %d items in a list", limit)
		}
		if !item() {
			return d.Fail("expected a list item")
		}
		if d.Special(')') {
			d.depth--
			return true
		}
		if !d.Special(' ') {
			return d.Fail("expected SP or ')'")
		}
	}
}
