package imap

import (
	"postroom/internal/core/mailbox"
	wire "postroom/internal/wire/imap"
)

// status is RFC 3501 §6.3.10, from the folder's counters.
func (x *session) status(c *wire.Command) (reply, error) {
	a := c.Args.(*wire.StatusCommand)
	p, f, err := x.folder(a.Mailbox)
	if err != nil {
		return reply{}, err
	}
	x.enc.Status(shown(p.prefix, f.Path), a.Items, statusOf(&f))
	return reply{}, nil
}

func statusOf(f *mailbox.Folder) *wire.StatusData {
	return &wire.StatusData{Messages: uint32(f.Total), UIDNext: uint32(f.UIDNext), UIDValidity: f.UIDValidity, Unseen: uint32(f.Unseen), Size: f.Size}
}
