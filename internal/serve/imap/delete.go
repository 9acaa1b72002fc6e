package imap

import wire "postroom/internal/wire/imap"

// delete is RFC 3501 §6.3.4. Who deletes the folder that he has selected has
// none selected then.
func (x *session) delete(c *wire.Command) (reply, error) {
	p, f, err := x.folder(c.Args.(*wire.Mailbox).Name)
	if err != nil {
		return reply{}, err
	}
	if err := p.box.DeleteFolder(x.ctx, p.path); err != nil {
		return reply{}, err
	}
	if x.sel != nil && x.sel.box.ID() == p.box.ID() && x.sel.folder == f.ID {
		x.unselect()
	}
	return reply{}, nil
}
