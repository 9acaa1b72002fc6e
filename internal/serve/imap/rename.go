package imap

import wire "postroom/internal/wire/imap"

// rename is RFC 3501 §6.3.5, within one mailbox.
func (x *session) rename(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.Rename)
	from, _, err := x.folder(a.From)
	if err != nil {
		return reply{}, err
	}
	to, err := x.locate(a.To)
	if err != nil {
		return reply{}, err
	}
	if to.box.ID() != from.box.ID() {
		return reply{}, sayNO(wire.CodeCannot, "A folder cannot move to another mailbox")
	}
	if err := x.mayHold(to); err != nil {
		return reply{}, err
	}
	return reply{}, from.box.RenameFolder(x.ctx, from.path, to.path)
}
