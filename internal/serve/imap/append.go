package imap

import (
	"bytes"
	"errors"
	"io"

	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// append is RFC 3501 §6.3.11. Folder and quota are looked at before the client
// is asked for the message; it is answered when the message is lasting.
func (x *session) append(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.Append)
	to, f, err := x.target(a.Mailbox)
	if err != nil {
		return reply{}, err
	}
	if a.Message.Size == 0 {
		return reply{}, sayNO("", "An empty message is none")
	}
	body := &message{literal: a.Message}
	p, err := to.box.Prepare(x.ctx, body, a.Message.Size)
	if err == nil || body.open {
		if end := a.Message.Done(); err == nil {
			err = end
		}
	}
	if err != nil {
		if body.err != nil {
			err = body.err
		}
		return reply{}, x.readFailed(err)
	}
	placed, err := to.box.Append(x.ctx, p, mailbox.Target{
		Folder: f.ID, Flags: mailbox.Flags(a.Flags.System) & systemBits, Keywords: a.Flags.Keywords, Received: a.Date,
	})
	if err != nil {
		return reply{}, err
	}
	return reply{code: wire.CodeAppendUID(placed.UIDValidity, wire.SetOf([]uint32{uint32(placed.UID)}))}, nil
}

// readFailed answers what went wrong while a message came in.
func (x *session) readFailed(err error) error {
	var n interface{ Timeout() bool }
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errWoken):
		x.quit("lost")
		return sayBAD("", "The message broke off")
	case errors.As(err, &n) && n.Timeout() && x.ctx.Err() == nil:
		x.depart(goodbye{"idle", "", "Nothing was heard for too long"})
		return sayBAD("", "The message broke off")
	}
	return err
}

// message is a literal that is asked for when it is first read, and has no NUL
// (RFC 3501 §9: CHAR8).
type message struct {
	literal *wire.Literal
	open    bool
	err     error
}

func (m *message) Read(p []byte) (int, error) {
	if !m.open {
		if _, err := m.literal.Open(); err != nil {
			m.err = err
			return 0, err
		}
		m.open = true
	}
	n, err := m.literal.Read(p)
	if bytes.IndexByte(p[:n], 0) >= 0 {
		err = sayNO(wire.CodeCannot, "The message holds a NUL, which no literal may")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		m.err = err
	}
	return n, err
}
