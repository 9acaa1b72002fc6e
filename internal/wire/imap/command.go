package imap

import "bytes"

// State is where a connection stands (RFC 3501 §3); states can be or-ed.
type State uint8

// The states of a connection.
const (
	NotAuthenticated State = 1 << iota
	Authenticated
	Selected

	anyState = NotAuthenticated | Authenticated | Selected
	signedIn = Authenticated | Selected
)

// Command is one command of a client.
type Command struct {
	Tag  string
	Name string // in upper case; UID commands are "UID FETCH" and so on
	Args any    // pointer to the command's struct of this package, nil without arguments
}

// spec is a command's row: where it is allowed, what reads its arguments up to
// the end of the line. parse is nil for commands without arguments.
type spec struct {
	name   string
	states State
	parse  func(d *Decoder) any
}

// commands is the one table of what is understood.
var commands = table(
	spec{"CAPABILITY", anyState, nil},
	spec{"NOOP", anyState, nil},
	spec{"LOGOUT", anyState, nil},
	spec{"ID", anyState, parseID},

	spec{"STARTTLS", NotAuthenticated, nil},
	spec{"LOGIN", NotAuthenticated, parseLogin},
	spec{"AUTHENTICATE", NotAuthenticated, parseAuthenticate},

	spec{"ENABLE", signedIn, parseEnable},
	spec{"NAMESPACE", signedIn, nil},
	spec{"SELECT", signedIn, parseSelect},
	spec{"EXAMINE", signedIn, parseExamine},
	spec{"CREATE", signedIn, parseMailbox},
	spec{"DELETE", signedIn, parseMailbox},
	spec{"RENAME", signedIn, parseRename},
	spec{"SUBSCRIBE", signedIn, parseMailbox},
	spec{"UNSUBSCRIBE", signedIn, parseMailbox},
	spec{"LIST", signedIn, parseList},
	spec{"LSUB", signedIn, parseLsub},
	spec{"STATUS", signedIn, parseStatus},
	spec{"APPEND", signedIn, parseAppend},
	spec{"IDLE", signedIn, nil},

	spec{"CHECK", Selected, nil},
	spec{"CLOSE", Selected, nil},
	spec{"UNSELECT", Selected, nil},
	spec{"EXPUNGE", Selected, nil},
	spec{"UID EXPUNGE", Selected, parseUIDExpunge},
	spec{"SEARCH", Selected, parseSearch},
	spec{"UID SEARCH", Selected, parseUIDSearch},
	spec{"FETCH", Selected, parseFetch},
	spec{"UID FETCH", Selected, parseUIDFetch},
	spec{"STORE", Selected, parseStore},
	spec{"UID STORE", Selected, parseUIDStore},
	spec{"COPY", Selected, parseCopy},
	spec{"UID COPY", Selected, parseUIDCopy},
	spec{"MOVE", Selected, parseCopy},
	spec{"UID MOVE", Selected, parseUIDCopy},
)

func table(rows ...spec) map[string]*spec {
	t := make(map[string]*spec, len(rows))
	for i := range rows {
		t[rows[i].name] = &rows[i]
	}
	return t
}

// MaxTag is the longest tag, in bytes.
const MaxTag = 64

// ReadCommand reads the next command. state must be the connection's one state;
// arguments of a command that is not allowed there are not looked at.
//
// Errors: io.EOF between commands; *SyntaxError, after which the next call
// works; *TooBigError or an error of the connection, after which none does. The
// Command has what was understood of tag and name; an empty tag is answered by "*".
//
// APPEND comes back with its literal still to be opened, every other command complete.
func ReadCommand(d *Decoder, state State) (Command, error) {
	var c Command
	if !d.begin() {
		c.Tag = tagOf(d.line)
		return c, d.err
	}
	tag := d.run(classTag)
	if len(tag) == 0 || len(tag) > MaxTag || d.peek() != ' ' {
		if d.pos = 0; len(tag) > MaxTag {
			d.Fail("tag longer than %d bytes", MaxTag)
		} else {
			d.Fail("expected a tag and a command")
		}
		return c, d.err
	}
	c.Tag = string(tag)
	d.pos++
	s := d.command()
	if s == nil {
		d.Fail("unknown command")
		return c, d.err
	}
	c.Name, d.name = s.name, s.name
	if s.states&state == 0 {
		d.refuse(BAD, "", s.name+": "+wrongState(s.states))
		return c, d.err
	}
	if s.parse == nil {
		d.ExpectEnd()
	} else {
		c.Args = s.parse(d)
	}
	return c, d.err
}

// command takes the command's name, of one word or of UID and one.
func (d *Decoder) command() *spec {
	var b wordBuf
	mark := d.pos
	word := b.upper(d.run(classAtom))
	n := len(word)
	if string(word) == "UID" && d.peek() == ' ' {
		d.pos++
		second := d.run(classAtom)
		if len(second) > len(b)-4 {
			second = nil
		}
		b[3] = ' '
		for i, c := range second {
			b[4+i] = upperByte(c)
		}
		n = 4 + len(second)
	}
	s := commands[string(b[:n])]
	if s == nil {
		d.pos = mark
	}
	return s
}

func wrongState(allowed State) string {
	switch {
	case allowed == NotAuthenticated:
		return "already signed in"
	case allowed == Selected:
		return "no mailbox is selected"
	}
	return "sign in first"
}

// tagOf finds the tag of a line that cannot be read.
func tagOf(line []byte) string {
	tag, _, ok := bytes.Cut(line[:min(len(line), MaxTag+1)], []byte{' '})
	if !ok {
		return ""
	}
	for _, c := range tag {
		if classes[c]&classTag == 0 {
			return ""
		}
	}
	return string(tag)
}

// ReadDone waits for the line DONE that ends IDLE (RFC 2177). Another line is a
// *SyntaxError: answer BAD to IDLE's tag.
func ReadDone(d *Decoder) error {
	if !d.begin() {
		return d.err
	}
	if !d.keyword("DONE") || !d.End() {
		d.refuse(BAD, "", "IDLE: expected DONE")
	}
	return d.err
}
