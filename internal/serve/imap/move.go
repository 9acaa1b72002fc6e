package imap

import wire "postroom/internal/wire/imap"

// move is MOVE and UID MOVE (RFC 6851). COPYUID comes before the EXPUNGEs; where
// it stops half-way, what has moved is told all the same (§3.3). MOVE by number
// of messages that others have expunged moves nothing.
func (x *session) move(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.Copy)
	sel := x.sel
	if err := sel.writable(); err != nil {
		return reply{}, err
	}
	spans, err := sel.resolve(a.Set, a.UID)
	if err != nil || len(spans) == 0 {
		return reply{}, err
	}
	to, f, err := x.target(a.Mailbox)
	if err != nil {
		return reply{}, err
	}
	if !a.UID {
		if err := x.allThere(spans); err != nil {
			return reply{}, err
		}
	}
	moved, err := sel.box.Move(x.ctx, sel.folder, sel.ranges(spans), to.box, f.ID)
	if code := copyUID(moved); code != "" {
		x.enc.Respond("", wire.OK, code, "Moved")
	}
	if err == nil && !a.UID && len(moved.To) < count(spans) { // one went since
		err = errGone
	}
	return reply{}, err
}
