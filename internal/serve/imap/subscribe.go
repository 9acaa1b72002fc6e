package imap

import (
	"strings"

	wire "postroom/internal/wire/imap"
)

// subscribe is SUBSCRIBE and UNSUBSCRIBE (RFC 3501 §6.3.6, §6.3.7). A name may
// be left that is gone, but only what exists is added.
func (x *session) subscribe(c *wire.Command) (reply, error) {
	name := strings.TrimSuffix(c.Args.(*wire.Mailbox).Name, "/")
	if c.Name == "UNSUBSCRIBE" {
		p, err := x.locate(name)
		if err != nil {
			return reply{}, err
		}
		return reply{}, p.box.Subscribe(x.ctx, p.path, false)
	}
	p, f, err := x.folder(name)
	if err != nil {
		return reply{}, err
	}
	return reply{}, p.box.Subscribe(x.ctx, f.Path, true)
}
